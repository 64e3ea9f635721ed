"""Every function: its handler, its environment, its log, and who notices when it fails."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from template.shapes import of_type, target

ROOT = Path(__file__).resolve().parents[2]
LONGEST_HANDLER = 60
ENVIRONMENT = {
    "TABLE",
    "MAIL_BUCKET",
    "QUESTIONS_QUEUE",
    "RECEIVED_QUEUE",
    "TIMERS_QUEUE",
    "TIMERS_QUEUE_ARN",
    "SCHEDULE_GROUP",
    "SCHEDULE_ROLE_ARN",
    "SCHEDULE_DLQ_ARN",
    "KEYS_PARAMETER",
    "LESSONS_QUEUE",
    "ORDERS_PARAMETER",
    "WEBHOOK_PARAMETER",
    "WEBHOOK_QUEUE",
    "WEBHOOK_URL",
    "CONFIGURATION_SET",
    "EVENT_BUS",
    "PUBLIC_URL",
    "MAIL_DOMAIN",
    "POWERTOOLS_SERVICE_NAME",
    "POWERTOOLS_METRICS_NAMESPACE",
    "LOG_LEVEL",
}
LAMBDAS_OWN = {"AWS_REGION", "AWS_LAMBDA_FUNCTION_NAME"}


def made(expanded: dict[str, Any]) -> dict[str, Any]:
    return of_type(expanded, "AWS::Lambda::Function")


def test_every_folder_is_a_function_and_every_function_a_folder(functions: dict[str, Any]) -> None:
    folders = {f"functions/{path.parent.name}" for path in (ROOT / "functions").glob("*/handler.py")}
    assert {one["CodeUri"] for one in functions.values()} == folders


def test_handlers_are_short_and_their_folders_bring_nothing_else(functions: dict[str, Any]) -> None:
    """A requirements.txt would make `sam build` ask for the runtime's own Python; packages belong into the layer."""
    for one in functions.values():
        folder = ROOT / one["CodeUri"]
        lines = (folder / "handler.py").read_text().splitlines()
        assert len(lines) < LONGEST_HANDLER, folder
        assert any(line.startswith("def handler(") for line in lines), folder
        assert [path.name for path in folder.iterdir() if path.name != "__pycache__"] == ["handler.py"]


def test_no_folder_shadows_the_standard_library(functions: dict[str, Any]) -> None:
    assert "functions/email" not in {one["CodeUri"] for one in functions.values()}


def test_all_functions_have_the_same_environment(expanded: dict[str, Any]) -> None:
    for name, one in made(expanded).items():
        assert set(one["Environment"]["Variables"]) == ENVIRONMENT, name


def test_the_code_reads_no_variable_that_the_template_does_not_set() -> None:
    sources = [*(ROOT / "layers/undivided/undivided").rglob("*.py"), *(ROOT / "functions").rglob("*.py")]
    reads = re.compile(r"""environ(?:\.get\(|\[)\s*["']([A-Z_]+)["']""")
    read = {name for path in sources for name in reads.findall(path.read_text())}
    assert read
    assert read <= ENVIRONMENT | LAMBDAS_OWN


def test_every_function_runs_as_the_parameters_say(expanded: dict[str, Any]) -> None:
    for name, one in made(expanded).items():
        assert one["Handler"] == "handler.handler", name
        assert one["Runtime"] == {"Ref": "LambdaRuntime"}, name
        assert one["Architectures"] == [{"Ref": "LambdaArchitecture"}], name
        assert [layer["Ref"].startswith("UndividedLayer") for layer in one["Layers"]] == [True], name
        assert one["TracingConfig"] == {"Mode": "Active"}, name
        assert "ReservedConcurrentExecutions" not in one, name


def test_the_shopper_does_not_wait_longer_than_the_api(functions: dict[str, Any]) -> None:
    """API Gateway gives up after 29 s."""
    assert all(functions[name]["Timeout"] < 29 for name in ("IntakeFunction", "PagesFunction", "OrdersFunction"))


def test_every_log_group_is_kept_for_a_time_and_every_function_has_its_own(
    resources: dict[str, Any], expanded: dict[str, Any]
) -> None:
    groups = of_type(resources, "AWS::Logs::LogGroup")
    assert all(one["RetentionInDays"] == {"Ref": "LogRetention"} for one in groups.values())
    used = [target(one["LoggingConfig"]["LogGroup"]) for one in made(expanded).values()]
    api = target(resources["Api"]["Properties"]["AccessLogSetting"]["DestinationArn"])
    assert sorted([*used, api]) == sorted(groups)


def test_functions_may_write_the_logs_that_they_have(resources: dict[str, Any]) -> None:
    prefix = "/undivided/${AWS::StackName}/"
    names = [one["LogGroupName"]["Fn::Sub"] for one in of_type(resources, "AWS::Logs::LogGroup").values()]
    assert all(name.startswith(prefix) for name in names)
    (logs,) = [
        one for one in resources["RunPolicy"]["Properties"]["PolicyDocument"]["Statement"] if one["Sid"] == "Logs"
    ]
    assert logs["Resource"]["Fn::Sub"].endswith(f"log-group:{prefix}*")


def test_every_function_that_fails_raises_an_alarm(expanded: dict[str, Any]) -> None:
    found = of_type(expanded, "AWS::CloudWatch::Alarm").values()
    assert {target(one["Dimensions"][0]["Value"]) for one in found if one["MetricName"] == "Errors"} == set(
        made(expanded)
    )


def test_a_new_layer_makes_cloudformation_call_setup(expanded: dict[str, Any]) -> None:
    layer = expanded["Setup"]["Properties"]["Layer"]["Ref"]
    assert expanded[layer]["Type"] == "AWS::Lambda::LayerVersion"
    assert layer != "UndividedLayer"  # the transform names it by its content, so it changes with it


def test_cloudformation_waits_longer_than_setup_may_run(resources: dict[str, Any]) -> None:
    assert resources["Setup"]["Properties"]["ServiceTimeout"] > resources["SetupFunction"]["Properties"]["Timeout"]
