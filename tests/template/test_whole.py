"""The rest of the stack: state, mail, API, outputs, what watches; and what the linters say."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from template.shapes import listed, of_type, target, texts

ROOT = Path(__file__).resolve().parents[2]
OUTPUTS = {
    "ApiUrl", "FormUrl", "TableName", "MailBucket", "ConfigBucket", "KeysParameter", "MailDomain", "SendingIdentity",
    "Receiving", "ReceiptRule", "ConfigurationSet", "ReceivedTopicArn", "EventsTopicArn", "AlarmTopicArn",
    "QuestionsQueueUrl", "ReceivedQueueUrl", "TimersQueueUrl", "DeliveriesQueueUrl", "LessonsQueueUrl",
    "EventBusName",
}  # fmt: skip


def tool(*words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"SAM_CLI_TELEMETRY": "0"}
    program = Path(sys.executable).with_name(words[0])
    return subprocess.run([program, *words[1:]], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_cfn_lint_has_nothing_to_say() -> None:
    found = tool("cfn-lint", "template.yaml")
    assert (found.returncode, found.stdout) == (0, "")


def test_sam_validates_it() -> None:
    found = tool("sam", "validate", "--lint", "--region", "eu-west-1")
    assert found.returncode == 0, found.stderr


def test_nothing_is_ignored() -> None:
    assert "cfn-lint" not in (ROOT / "template.yaml").read_text()
    assert not list(ROOT.glob(".cfnlintrc*"))


def test_cloudformation_knows_no_yaml_aliases() -> None:
    assert not re.search(r"^[^#']*: [&*][a-z]", (ROOT / "template.yaml").read_text(), re.MULTILINE)


def test_every_promised_output_is_there(written: dict[str, Any]) -> None:
    assert set(written["Outputs"]) == OUTPUTS


def test_only_the_mail_domain_must_be_told(written: dict[str, Any]) -> None:
    assert [name for name, one in written["Parameters"].items() if "Default" not in one] == ["MailDomain"]


@pytest.mark.parametrize(
    ("parameter", "good", "bad"),
    [
        (
            "MailDomain",
            ["ask.shop.example", "a-b.co"],
            ["Ask.shop.example", "shop", "a@shop.example", "-a.example", ""],
        ),
        (
            "PublicUrl",
            ["", "https://ask.shop.example", "http://localhost:8080", "https://shop.example/ask/us"],
            ["ask.shop.example", "https://ask.shop.example/", "https:// a", "ftp://x"],
        ),
    ],
)
def test_parameters_refuse_what_would_break_later(
    written: dict[str, Any], parameter: str, good: list[str], bad: list[str]
) -> None:
    pattern = re.compile(written["Parameters"][parameter]["AllowedPattern"])
    assert [text for text in good if not pattern.fullmatch(text)] == []
    assert [text for text in bad if pattern.fullmatch(text)] == []


# ── State ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_table_is_as_the_code_expects_it(resources: dict[str, Any]) -> None:
    table = resources["Table"]["Properties"]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert [(key["AttributeName"], key["KeyType"]) for key in table["KeySchema"]] == [("pk", "HASH"), ("sk", "RANGE")]
    (due,) = table["GlobalSecondaryIndexes"]
    assert due["IndexName"] == "due"
    assert [(key["AttributeName"], key["KeyType"]) for key in due["KeySchema"]] == [
        ("due_shard", "HASH"),
        ("due_at", "RANGE"),
    ]
    assert {one["AttributeType"] for one in table["AttributeDefinitions"]} == {"S"}
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


@pytest.mark.parametrize("name", ["Table", "MailBucket"])
def test_customers_words_outlive_the_stack_but_a_failed_creation_leaves_nothing(
    resources: dict[str, Any], name: str
) -> None:
    assert resources[name]["DeletionPolicy"] == "RetainExceptOnCreate"
    assert resources[name]["UpdateReplacePolicy"] == "Retain"


def test_the_bucket_is_closed_encrypted_and_forgets(resources: dict[str, Any]) -> None:
    bucket = resources["MailBucket"]["Properties"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert "AES256" in set(texts(bucket["BucketEncryption"]))
    ends = {one.get("Prefix"): one.get("ExpirationInDays") for one in bucket["LifecycleConfiguration"]["Rules"]}
    assert ends["received/"] == ends["sent/"] == {"Ref": "MailRetention"}


def test_the_bucket_takes_mail_from_our_rule_and_nothing_without_tls(resources: dict[str, Any]) -> None:
    tls, rule = resources["MailBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert (tls["Effect"], tls["Principal"]) == ("Deny", "*")
    assert tls["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert len(tls["Resource"]) == 2
    condition, ses, otherwise = rule["Fn::If"]
    assert (condition, otherwise) == ("Receives", {"Ref": "AWS::NoValue"})
    assert (ses["Action"], ses["Resource"]) == ("s3:PutObject", {"Fn::Sub": "${MailBucket.Arn}/received/*"})


# ── Mail ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_policies_name_the_rule_that_setup_makes(resources: dict[str, Any]) -> None:
    rule = resources["Setup"]["Properties"]["RuleName"]["Fn::Sub"]
    sources = [
        text
        for name in ("MailBucketPolicy", "ReceivedTopicPolicy")
        for text in texts(resources[name]["Properties"]["PolicyDocument"])
        if "receipt-rule/" in text
    ]
    assert [text.rpartition("receipt-rule/")[2] for text in sources] == [rule, rule]


def test_setup_runs_when_ses_can_already_store_and_announce(resources: dict[str, Any]) -> None:
    assert set(resources["Setup"]["DependsOn"]) == {
        "MailBucketPolicy",
        "ReceivedTopicPolicy",
        "ReceivedSubscription",
        "ReceivedQueuePolicy",
    }


def test_all_that_happens_to_a_mail_is_told(resources: dict[str, Any]) -> None:
    destination = resources["ConfigurationSetEvents"]["Properties"]["EventDestination"]
    assert set(destination["MatchingEventTypes"]) == {
        "send", "reject", "delivery", "deliveryDelay", "bounce", "complaint", "renderingFailure",
    }  # fmt: skip
    assert destination["Enabled"] is True
    assert target(destination["SnsDestination"]["TopicARN"]) == "EventsTopic"


def test_opening_and_clicking_are_never_tracked(resources: dict[str, Any]) -> None:
    text = json.dumps(resources["ConfigurationSetEvents"])
    assert "open" not in text
    assert "click" not in text
    assert "TrackingOptions" not in json.dumps(resources["ConfigurationSet"])


# ── The API ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_routes_lead_to_their_functions(resources: dict[str, Any]) -> None:
    paths = resources["Api"]["Properties"]["DefinitionBody"]["paths"]
    led = {
        (method, path): re.search(r"\$\{AWS::StackName\}-([a-z-]+)/invocations", "".join(texts(one)))[1]  # type: ignore[index]
        for path, methods in paths.items()
        for method, one in methods.items()
    }
    assert led == {
        ("get", "/ask"): "intake",
        ("post", "/questions"): "intake",
        ("get", "/q/{key}"): "pages",
        ("post", "/q/{key}"): "pages",
        ("get", "/q/{key}/{action}"): "pages",
        ("post", "/q/{key}/{action}"): "pages",
        ("get", "/s/{key}"): "pages",
        ("post", "/s/{key}"): "pages",
        ("get", "/p/{key}"): "pages",
        ("post", "/p/{key}"): "pages",
        ("get", "/w/{key}"): "pages",
        ("get", "/answers"): "pages",
        ("get", "/o/{key}"): "pages",
        ("get", "/f/{key}/{name}"): "pages",
        ("get", "/act/{key}"): "pages",
        ("post", "/act/{key}"): "pages",
        ("post", "/orders/{source}"): "orders",
    }


@pytest.mark.parametrize("name", ["intake", "pages", "orders"])
def test_the_names_in_the_routes_are_the_functions_names(functions: dict[str, Any], name: str) -> None:
    assert functions[f"{name.capitalize()}Function"]["FunctionName"] == {"Fn::Sub": f"${{AWS::StackName}}-{name}"}


def test_the_access_log_holds_no_key_and_no_address(resources: dict[str, Any]) -> None:
    told = json.loads(resources["Api"]["Properties"]["AccessLogSetting"]["Format"])
    assert "$context.resourcePath" in told.values()
    assert not any(
        word in text for text in told.values() for word in ("context.path", "sourceIp", "userAgent", "identity")
    )


def test_nothing_else_of_the_api_records_the_paths(resources: dict[str, Any]) -> None:
    """The stage's trace segment holds the whole URL, and its execution log the path; both would hold keys."""
    api = resources["Api"]["Properties"]
    assert api["TracingEnabled"] is False
    assert not any({"LoggingLevel", "DataTraceEnabled"} & set(one) for one in api["MethodSettings"])


def test_the_api_is_throttled_and_takes_photos(resources: dict[str, Any]) -> None:
    api = resources["Api"]["Properties"]
    (all_methods,) = api["MethodSettings"]
    assert (all_methods["ResourcePath"], all_methods["HttpMethod"]) == ("/*", "*")
    assert 0 < all_methods["ThrottlingRateLimit"] <= all_methods["ThrottlingBurstLimit"]
    assert api["BinaryMediaTypes"] == ["multipart~1form-data"]


def test_any_page_may_post_a_question_also_from_a_script(expanded: dict[str, Any]) -> None:
    """The transform adds the answers to the browser's question before the question."""
    (api,) = of_type(expanded, "AWS::ApiGateway::RestApi").values()
    answer = api["Body"]["paths"]["/questions"]["options"]["x-amazon-apigateway-integration"]["responses"]["default"]
    assert answer["responseParameters"]["method.response.header.Access-Control-Allow-Origin"] == "'*'"


def test_the_table_of_public_addresses_has_one_stage(expanded: dict[str, Any]) -> None:
    assert [one["StageName"] for one in of_type(expanded, "AWS::ApiGateway::Stage").values()] == ["live"]


# ── What watches ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_alarm_tells_somebody_and_names_a_page_of_the_runbook(resources: dict[str, Any]) -> None:
    headings = {
        line.lstrip("# ").strip()
        for line in (ROOT / "docs/runbook.md").read_text().splitlines()
        if line.startswith("#")
    }
    for name, one in of_type(resources, "AWS::CloudWatch::Alarm").items():
        assert one["AlarmActions"] == one["OKActions"] == [{"Ref": "AlarmTopic"}], name
        assert one["TreatMissingData"] == "notBreaching", name
        page = re.search(r"See docs/runbook\.md, (.+)\.$", one["AlarmDescription"])
        assert page, name
        assert page[1] in headings, name


def test_the_owner_reads_about_every_parameter_and_what_the_alarms_cost(written: dict[str, Any]) -> None:
    guide = (ROOT / "docs/deploy.md").read_text()
    assert [name for name in written["Parameters"] if f"`{name}`" not in guide] == []
    alarms = len(of_type(written["Resources"], "AWS::CloudWatch::Alarm"))
    assert (
        f"{alarms} alarms, of which CloudWatch gives ten for free, cost\nsome ${(alarms - 10) * 0.1:.2f} a month"
        in guide
    )


def test_the_dashboard_shows_things_that_exist(resources: dict[str, Any]) -> None:
    body = resources["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    shown = [metric for one in json.loads(body)["widgets"] for metric in one["properties"]["metrics"]]
    queues = {one["QueueName"]["Fn::Sub"] for one in of_type(resources, "AWS::SQS::Queue").values()}
    names = {one["FunctionName"]["Fn::Sub"] for one in of_type(resources, "AWS::Serverless::Function").values()}
    assert {metric[3] for metric in shown if metric[0] == "AWS/SQS"} == queues
    assert {metric[3] for metric in shown if metric[0] == "AWS/Lambda"} == names


def test_the_account_is_warned_before_ses_is(resources: dict[str, Any]) -> None:
    limits = {one["MetricName"]: one["Threshold"] for one in of_type(resources, "AWS::CloudWatch::Alarm").values()}
    assert limits["Reputation.BounceRate"] < 0.05
    assert limits["Reputation.ComplaintRate"] < 0.001


def test_the_sweep_comes_every_minute(resources: dict[str, Any]) -> None:
    sweep = resources["Sweep"]["Properties"]
    assert sweep["ScheduleExpression"] == "rate(1 minute)"
    assert json.loads(sweep["Target"]["Input"]) == {"sweep": True}
    assert target(sweep["Target"]["Arn"]) == "TimersQueue"


# ── What is deployed ─────────────────────────────────────────────────────────────────────────────────────────────────


def pins(path: str) -> dict[str, str]:
    """Return name -> version of a requirements file."""
    return dict(re.findall(r"^([a-z0-9_.-]+)==([^\s;\\]+)", (ROOT / path).read_text(), re.MULTILINE))


def test_the_layer_has_the_versions_that_were_tested() -> None:
    layer, tested = pins("layers/undivided/requirements.txt"), pins("requirements.txt")
    assert layer
    assert layer.items() <= tested.items()


def test_the_layer_leaves_boto3_to_the_runtime() -> None:
    assert not {"boto3", "botocore", "s3transfer"} & set(pins("layers/undivided/requirements.txt"))


def test_the_layer_has_what_its_project_file_asks_for() -> None:
    project = tomllib.loads((ROOT / "layers/undivided/pyproject.toml").read_text())["project"]
    asked = {re.split(r"[<>=\[ ]", one)[0] for one in project["dependencies"]}
    assert asked <= set(pins("layers/undivided/requirements.txt"))


def test_every_file_of_the_layer_is_checked_against_a_hash_and_no_index_is_named() -> None:
    text = (ROOT / "layers/undivided/requirements.txt").read_text()
    assert text.count("==") == len(re.findall(r"== ?[^\\\n]+\\\n    --hash", text))
    assert not re.search(r"https?://|--index|--find-links", text)


def test_deploying_needs_no_more_than_the_right_to_make_roles() -> None:
    """CAPABILITY_NAMED_IAM would be asked for roles with fixed names."""
    deploy = tomllib.loads((ROOT / "samconfig.toml").read_text())["default"]["deploy"]["parameters"]
    assert listed(deploy["capabilities"]) == ["CAPABILITY_IAM"]
