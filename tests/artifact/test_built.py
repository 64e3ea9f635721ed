"""What ships is what was tested: each handler runs from the built folders, with nothing of this project around it."""

from __future__ import annotations

import json
import re
import shutil
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from artifact.conftest import ACCOUNT, CREDENTIALS, REGION, ROOT, Built, client, run

pytestmark = pytest.mark.slow
MEGABYTE = 1_000_000
LARGEST_LAYER = 20 * MEGABYTE
AARCH64 = 183
"""e_machine of ELF files."""


def names() -> list[str]:
    return sorted(path.parent.name for path in (ROOT / "functions").glob("*/handler.py"))


def logical(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_")) + "Function"


def environment(aws: str) -> dict[str, str]:
    """Return what the template sets, pointed at the loopback AWS; nothing of this process's environment comes along."""
    return CREDENTIALS | {
        "AWS_ENDPOINT_URL": aws,
        "AWS_REGION": REGION,
        "TABLE": "table",
        "MAIL_BUCKET": "mail",
        "QUESTIONS_QUEUE": f"{aws}/{ACCOUNT}/questions",
        "RECEIVED_QUEUE": f"{aws}/{ACCOUNT}/received",
        "TIMERS_QUEUE": f"{aws}/{ACCOUNT}/timers",
        "TIMERS_QUEUE_ARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:timers",
        "SCHEDULE_GROUP": "shop",
        "SCHEDULE_ROLE_ARN": f"arn:aws:iam::{ACCOUNT}:role/schedules",
        "SCHEDULE_DLQ_ARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:timers-dead",
        "KEYS_PARAMETER": "/undivided/shop/keys",
        "ORDERS_PARAMETER": "/undivided/shop/orders",
        "WEBHOOK_PARAMETER": "/undivided/shop/webhook",
        "WEBHOOK_QUEUE": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/webhook",
        "WEBHOOK_URL": "",
        "CONFIGURATION_SET": "shop",
        "EVENT_BUS": "shop",
        "PUBLIC_URL": "https://ask.shop.example",
        "MAIL_DOMAIN": "ask.shop.example",
        "POWERTOOLS_SERVICE_NAME": "undivided",
        "POWERTOOLS_METRICS_NAMESPACE": "Undivided",
        "LOG_LEVEL": "INFO",
    }


def invoke(name: str, event: dict[str, Any], built: Built, boto3_folder: Path, aws: str) -> Any:
    """Run the built handler with `-I -S -B`: no site-packages, no working directory, no variables of Python, no traces."""
    paths = [built.folder / logical(name), built.layer, boto3_folder]
    command = [
        sys.executable,
        "-I",
        "-S",
        "-B",
        Path(__file__).with_name("bare.py"),
        json.dumps(event),
        *map(str, paths),
    ]
    done = subprocess.run(command, env=environment(aws), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, f"{name} failed:\n{done.stdout}\n{done.stderr}"
    print(done.stdout, done.stderr)
    (answer,) = [line for line in done.stdout.splitlines() if line.startswith("answer:")]
    return json.loads(answer.removeprefix("answer:"))


# ── Events that each handler can finish on an empty stack ────────────────────────────────────────────────────────────


def message(body: str) -> dict[str, Any]:
    source = {"eventSource": "aws:sqs", "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:q", "awsRegion": REGION}
    return {
        "Records": [
            {"messageId": "m1", "receiptHandle": "r", "body": body, "attributes": {}, "messageAttributes": {}, **source}
        ]
    }


def change(pk: str, sk: str) -> dict[str, Any]:
    keys = {"pk": {"S": pk}, "sk": {"S": sk}}
    stream = {"Keys": keys, "NewImage": keys, "SequenceNumber": "1", "StreamViewType": "NEW_AND_OLD_IMAGES"}
    return {"Records": [{"eventID": "e1", "eventName": "INSERT", "eventSource": "aws:dynamodb", "dynamodb": stream}]}


def visit(method: str, resource: str, **parts: str) -> dict[str, Any]:
    path = resource.format(**parts)
    return {
        "httpMethod": method, "resource": resource, "path": path, "pathParameters": parts or None, "headers": {},
        "queryStringParameters": None, "body": None, "isBase64Encoded": False,
        "requestContext": {"identity": {"sourceIp": "192.0.2.1"}, "requestId": "r1", "stage": "live"},
    }  # fmt: skip


ALL_DONE = {"batchItemFailures": []}
GIVEN_BACK = {"batchItemFailures": [{"itemIdentifier": "m1"}]}
NOT_OURS = "this is no message of ours"
LESSON = json.dumps(
    {"fact": {"name": "ended", "data": {"outcome": "won"}}, "conversation": "aaaabbbbcccc", "version": 4, "index": 0}
)

BATCHES = {
    "router": (message(NOT_OURS), GIVEN_BACK),
    "email_in": (message(NOT_OURS), GIVEN_BACK),
    "clock": (message('{"sweep": true}'), ALL_DONE),
    "email_out": (change("CONV#aaaaaaaaaaaa", "OUT#00000001"), ALL_DONE),
    "effects": (change("SEEN#a", "-"), ALL_DONE),
    "email_events": (message(NOT_OURS), GIVEN_BACK),
    "webhook": (message(NOT_OURS), GIVEN_BACK),
    "learn": (message(LESSON), ALL_DONE),
}


VISITS = [
    ("intake", visit("GET", "/ask"), 200, "text/html"),
    ("pages", visit("GET", "/q/{key}", key="a" * 31), 404, "text/html"),
    ("pages", visit("GET", "/o/{key}", key="a" * 31), 404, "text/html"),
    ("orders", visit("POST", "/orders/{source}", source="nobody"), 404, "application/json"),
]


@pytest.fixture(scope="module")
def cloud() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield an address that takes CloudFormation's answers, and the list that they end in."""
    answers: list[dict[str, Any]] = []

    class Taker(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            answers.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Taker)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", answers
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def installed(built: Built, runtimes_boto3: Path, aws: str, cloud: tuple[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Return the answer of the built `setup`, which puts the packaged shop and the keys where the others read them."""
    properties = {
        "Receiving": "none",
        "RuleName": "shop-received",
        "MailDomain": "ask.shop.example",
        "MailBucket": "mail",
        "TopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:shop-received",
        "KeysParameter": "/undivided/shop/keys",
    }
    same = {"StackId": "s", "RequestId": "r", "LogicalResourceId": "Setup"}
    event = {"RequestType": "Create", "ResponseURL": cloud[0], "ResourceProperties": properties} | same
    invoke("setup", event, built, runtimes_boto3, aws)
    return cloud[1][-1]


def test_setup_loads_shop_and_keys_and_tells_cloudformation(installed: dict[str, Any], built: Built, aws: str) -> None:
    assert installed["Status"] == "SUCCESS"
    loaded = client("s3", aws).get_object(Bucket="mail", Key="config/shop.json")["Body"].read()
    assert loaded == (built.layer / "undivided/shop.json").read_bytes()


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("name", BATCHES)
def test_the_built_handler_runs(name: str, built: Built, runtimes_boto3: Path, aws: str) -> None:
    event, answer = BATCHES[name]
    assert invoke(name, event, built, runtimes_boto3, aws) == answer


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(("name", "event", "status", "kind"), VISITS)
def test_the_built_handler_answers_a_visit(
    name: str, event: dict[str, Any], status: int, kind: str, built: Built, runtimes_boto3: Path, aws: str
) -> None:
    answer = invoke(name, event, built, runtimes_boto3, aws)
    told = {key.lower(): value for key, value in answer["headers"].items()}["content-type"]
    assert (answer["statusCode"], told.partition(";")[0]) == (status, kind)


def test_every_function_is_tried_here() -> None:
    assert set(names()) == {*BATCHES, *(name for name, *_ in VISITS), "setup"}


def test_a_built_function_holds_its_handler_alone(built: Built) -> None:
    for name in names():
        assert [path.name for path in (built.folder / logical(name)).iterdir()] == ["handler.py"], name


# ── The layer ────────────────────────────────────────────────────────────────────────────────────────────────────────


def versions(layer: Path) -> dict[str, str]:
    found = (re.match(r"([A-Za-z0-9_.]+)-([^-]+)\.dist-info", path.name) for path in layer.glob("*.dist-info"))
    return {one[1].replace("_", "-").lower(): one[2] for one in found if one}


def size(layer: Path) -> int:
    return sum(path.stat().st_size for path in layer.rglob("*") if path.is_file())


def test_the_layer_is_small(built: Built, arm64: Path) -> None:
    for layer in (built.layer, arm64):
        print(f"{layer}: {size(layer) / MEGABYTE:.1f} MB")
        assert size(layer) <= LARGEST_LAYER


def test_the_layer_for_lambda_has_the_versions_that_were_tested(built: Built, arm64: Path) -> None:
    pinned = dict(re.findall(r"^([a-z0-9-]+)==([^\s;\\]+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE))
    assert versions(arm64) == versions(built.layer)
    assert versions(arm64)
    assert versions(arm64).items() <= pinned.items()


def test_what_is_compiled_in_it_runs_on_lambdas_processor(arm64: Path) -> None:
    compiled = list(arm64.rglob("*.so"))
    assert compiled
    for path in compiled:
        header = path.read_bytes()[:20]
        assert header[:4] == b"\x7fELF", path
        assert struct.unpack("<H", header[18:20])[0] == AARCH64, path


def test_both_layers_hold_the_same_code_of_ours(built: Built, arm64: Path, source: Path) -> None:
    def ours(folder: Path) -> dict[str, bytes]:
        files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
        return {str(path.relative_to(folder)): path.read_bytes() for path in files}

    assert ours(arm64 / "undivided") == ours(built.layer / "undivided")
    assert ours(arm64 / "undivided") == ours(source / "layers/undivided/undivided")


def test_cold_starts_compile_nothing_of_ours(built: Built) -> None:
    """Byte code without a check of the source's time, which a zip does not keep (PEP 552)."""
    ours = built.layer / "undivided"
    for source_file in ours.rglob("*.py"):
        compiled = source_file.parent / "__pycache__" / f"{source_file.stem}.{sys.implementation.cache_tag}.pyc"
        assert compiled.read_bytes()[4:8] == b"\x01\x00\x00\x00", compiled


def test_nothing_is_shipped_that_nobody_reads(arm64: Path) -> None:
    names = {path.name for path in arm64.rglob("*")}
    assert not names & {"__pycache__", "tests", "RECORD", ".lock", "console", "boto3", "botocore"}
    assert not list(arm64.rglob("*.pyi"))


def test_a_build_without_a_shop_says_what_to_do(source: Path, tmp_path: Path) -> None:
    layer = tmp_path / "layer"
    shutil.copytree(source / "layers/undivided", layer)
    (layer / "undivided/shop.json").unlink()
    said = run("make", "build-UndividedLayer", f"ARTIFACTS_DIR={tmp_path}/out", cwd=layer, status=2)
    assert "python -m console.roster compile undivided.yaml" in said
