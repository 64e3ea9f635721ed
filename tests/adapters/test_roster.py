"""`undivided roster`: check, compile, and apply on moto's S3; what was applied is what the Lambdas' `ShopStore` reads."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime

import boto3
import pytest
from moto import mock_aws
from moto.sqs.models import sqs_backends
from shopfiles import EXAMPLE, ROOT
from undivided.aws.desks import Desks
from undivided.aws.dynamo import Store
from undivided.aws.shopstore import ShopStore
from undivided.desk import Desk
from undivided.shopjson import shop_from
from undivided.values import SpecialistId, Unusable

from console import roster
from console.changes import changes
from console.main import main as undivided
from console.stack import NoStack, Stack

KEYS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
OUTPUTS = {
    "ConfigBucket": "shop-mail",
    "MailDomain": "ask.shop.example",
    "TableName": "shop",
    "TimersQueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/timers",
}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "undivided.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")
    return path


@pytest.fixture
def stack():
    with mock_aws():
        made = Stack("shop", "us-east-1", OUTPUTS, credentials=KEYS)
        made.client("s3").create_bucket(Bucket="shop-mail")
        made.client("s3").put_bucket_versioning(Bucket="shop-mail", VersioningConfiguration={"Status": "Enabled"})
        key = [{"AttributeName": one, "KeyType": kind} for one, kind in (("pk", "HASH"), ("sk", "RANGE"))]
        names = [{"AttributeName": one, "AttributeType": "S"} for one in ("pk", "sk")]
        made.client("dynamodb").create_table(
            TableName="shop", KeySchema=key, AttributeDefinitions=names, BillingMode="PAY_PER_REQUEST"
        )
        made.client("sqs").create_queue(QueueName="timers")
        yield made


def asked_of_the_clock(stack) -> list[tuple[str, int]]:
    """Take every message out of the timers queue, with the delay that it was sent with."""
    found = []
    (queue,) = sqs_backends["123456789012"]["us-east-1"].queues.values()
    for one in list(queue._messages):
        found.append((one.body, round(one.delayed_until - one.sent_timestamp) // 1000))
        queue._messages.remove(one)
    return found


def deployed(stack):
    return ShopStore(stack.client("s3"), "shop-mail", lambda: datetime.now(UTC)).shop()


def writes(stack):
    return len(stack.client("s3").list_object_versions(Bucket="shop-mail").get("Versions", []))


def test_apply_loads_what_the_file_says(file, stack, capsys):
    assert roster.apply(file, stack) == 0
    shop = deployed(stack)
    assert list(shop.specialists) == ["kevin", "jane", "luca", "claire", "petra"]
    assert shop.specialists["jane"].hours.windows[0].start == 510
    out = capsys.readouterr().out
    assert "added specialist kevin" in out
    assert "demo" not in out


def test_apply_twice_writes_once(file, stack, capsys):
    roster.apply(file, stack)
    capsys.readouterr()
    assert roster.apply(file, stack) == 0
    assert "nothing has changed" in capsys.readouterr().out
    assert writes(stack) == 1


def test_apply_prints_what_changed(file, stack, capsys):
    roster.apply(file, stack)
    text = (
        EXAMPLE.replace("capacity: 2", "capacity: 3")
        .replace("  luca:\n", "  luca-2:\n")
        .replace("currency: EUR", "currency: CHF")
    )
    file.write_text(text.replace("  - {sku: SCALE-2", "  - {sku: SCALE-3"), encoding="utf-8")
    capsys.readouterr()
    roster.apply(file, stack)
    assert capsys.readouterr().out.splitlines()[1:-1] == [
        "added specialist luca-2",
        "removed specialist luca",
        "changed specialist claire: capacity",
        "added product SCALE-3",
        "removed product SCALE-2",
        "changed currency: EUR -> CHF",
    ]
    assert deployed(stack).specialists["claire"].capacity == 3


def test_a_wrong_file_changes_nothing_and_prints_every_problem(file, stack, capsys):
    roster.apply(file, stack)
    file.write_text(
        EXAMPLE.replace("capacity: 2", "capacity: 0").replace("fallback: petra", "fallback: petr"), encoding="utf-8"
    )
    capsys.readouterr()
    assert roster.apply(file, stack) == 1
    assert capsys.readouterr().err.splitlines() == [
        f'{file}:19: fallback: nobody in specialists is called "petr"; did you mean "petra"?',
        f"{file}:76: capacity: 0 is too small; write 1 or more",
    ]
    assert writes(stack) == 1


def test_another_mail_domain_than_the_deployed_one_is_refused(file, stack):
    """Answers would go to a domain that nobody receives for."""
    other = Stack("shop", "us-east-1", OUTPUTS | {"MailDomain": "ask.other.example"}, credentials=KEYS)
    with pytest.raises(Unusable, match="or deploy again with MailDomain=ask"):
        roster.apply(file, other)
    assert writes(stack) == 0


def test_a_stack_of_an_older_template_is_refused(file, stack):
    with pytest.raises(NoStack, match="no output ConfigBucket"):
        roster.apply(file, Stack("shop", "us-east-1", {}, credentials=KEYS))


def test_rubbish_in_the_bucket_is_replaced(file, stack, capsys):
    stack.client("s3").put_object(Bucket="shop-mail", Key=roster.KEY, Body=b"{")
    assert roster.apply(file, stack) == 0
    assert deployed(stack).name == "Kessel & Crema"


def test_whoever_has_not_answered_is_welcomed_again(file, stack, capsys):
    roster.apply(file, stack)
    asked_of_the_clock(stack)
    proven = Desk(SpecialistId("kevin"), proven_at=datetime.now(UTC))
    Desks(Store(stack.client("dynamodb"), "shop")).save(proven, datetime.now(UTC))
    assert roster.welcome(stack) == 0
    assert [json.loads(body)["welcome"] for body, _ in asked_of_the_clock(stack)] == ["jane", "luca", "claire", "petra"]
    assert "welcoming kevin" not in capsys.readouterr().out.splitlines()[-5:]


class OnThisMachine(Stack):
    """The demo's stack, but its client talks to moto."""

    def client(self, service):
        return boto3.client(service, region_name=self.region, **self.credentials)


@pytest.mark.parametrize("address", ["http://127.0.0.1:4566", "http://localhost:4566", "http://[::1]:4566"])
def test_in_the_demo_everybody_is_always_on_duty_and_it_says_so(file, stack, capsys, address):
    demo = OnThisMachine("demo", "us-east-1", OUTPUTS, address, KEYS)
    roster.apply(file, demo)
    assert "this is the demo" in capsys.readouterr().out
    assert {len(one.hours.windows) for one in deployed(stack).specialists.values()} == {7}
    roster.apply(file, demo, as_written=True)
    assert "changed specialist jane: hours" in capsys.readouterr().out


@pytest.mark.parametrize("address", [None, "https://vpce.s3.eu-west-1.amazonaws.com", "https://10.0.0.7"])
def test_elsewhere_the_hours_are_those_of_the_file(file, stack, address):
    roster.apply(file, OnThisMachine("shop", "us-east-1", OUTPUTS, address, KEYS))
    assert len(deployed(stack).specialists["jane"].hours.windows) == 5


def test_check_on_the_command_line(file, capsys):
    assert undivided(["roster", "check", str(file)]) == 0
    assert capsys.readouterr().out == f"{file}: 5 specialists, 16 products, no error\n"
    file.write_text(EXAMPLE.replace("capacity: 2", "capacity: two"), encoding="utf-8")
    assert undivided(["roster", "check", str(file)]) == 1
    assert capsys.readouterr().err == f"{file}:76: capacity: two is not a whole number; write a whole number, like 1\n"


def test_a_file_that_is_not_there(tmp_path, capsys):
    assert undivided(["roster", "check", str(tmp_path / "shop.yaml")]) == 1
    assert "cannot be read (No such file or directory); name the shop's undivided.yaml" in capsys.readouterr().err


def test_warnings_stop_nothing(file, capsys):
    file.write_text(EXAMPLE.replace("skus: [MOKA-6]", "skus: [MOKA-7]"), encoding="utf-8")
    assert roster.check(file) == 0
    assert f"{file}:67: warning: no product has the sku" in capsys.readouterr().err


def test_compile_as_the_layer_s_build_calls_it(file, tmp_path):
    """A process of its own, as `make` starts it."""
    out = tmp_path / "shop.json"
    command = [sys.executable, "-m", "console.roster", "compile", str(file), str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    once = out.read_bytes()
    assert shop_from(json.loads(once)).specialists["claire"].capacity == 2
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert out.read_bytes() == once
    file.write_text("name: x\n")
    failed = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert failed.returncode == 1
    assert f'{file}:1: "specialists" is missing' in failed.stderr
    assert out.read_bytes() == once, "a wrong file leaves the last good one"


def test_compile_for_the_demo(file, tmp_path):
    assert roster.main(["compile", "--always", str(file), str(tmp_path / "shop.json")]) == 0
    shop = shop_from(json.loads((tmp_path / "shop.json").read_text()))
    assert {len(one.hours.windows) for one in shop.specialists.values()} == {7}


def test_long_settings_are_shortened():
    lines = list(changes({"reasons": ["a"]}, {"reasons": ["b" * 200], "paused": True}))
    assert lines[0] == "changed paused: nothing -> True"
    assert all(len(line) < 150 for line in lines)
