"""The custom resource against moto: receipt rules in anybody's rule set, keys, configuration, and always an answer."""

from __future__ import annotations

import json
import threading
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.backends import get_backend
from undivided.aws import receiving, setup
from undivided.aws.answering import NEVER_MADE, Answer
from undivided.errors import Refused

REGION = "eu-west-1"
TOPIC = f"arn:aws:sns:{REGION}:123456789012:shop-received"
RULE = receiving.ReceiptRule("shop-received", "ask.shop.example", "shop-mail", TOPIC)
SESSION = boto3.session.Session("testing", "testing", region_name=REGION)
"""One for all tests: it keeps the services' descriptions, which take longer to read than a test takes."""
PACKAGED = json.dumps({"mail_domain": "ask.shop.example", "name": "Shop"}).encode()


class Ses:
    """moto's SES with the one call that it lacks, and with failures to order: operation -> error codes, in turn."""

    def __init__(self) -> None:
        self._client: Any = SESSION.client("ses")
        self.calls: list[str] = []
        self.failures: dict[str, list[str]] = {}

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._client, name)
        return self._noting(name, real) if callable(real) and name != "exceptions" else real

    def _noting(self, name: str, real: Any) -> Any:
        def call(**arguments: Any) -> Any:
            self.calls.append(name)
            if self.failures.get(name):
                code = self.failures[name].pop(0)
                raise ClientError({"Error": {"Code": code, "Message": "ordered by the test"}}, name)
            return real(**arguments)

        return call

    def delete_receipt_rule(self, *, RuleSetName: str, RuleName: str) -> None:  # noqa: N803 - SES's own words
        rules = get_backend("ses")["123456789012"][REGION].receipt_rule_set[RuleSetName].rules
        rules[:] = [rule for rule in rules if rule["name" if "name" in rule else "Name"] != RuleName]

    def sets(self) -> dict[str, list[str]]:
        """Return the names of the rules in each set, in order."""
        found = get_backend("ses")["123456789012"][REGION].receipt_rule_set
        return {
            name: [rule["Name"] for rule in self._client.describe_receipt_rule_set(RuleSetName=name)["Rules"]]
            for name in found
        }

    def active(self) -> str | None:
        return (self._client.describe_active_receipt_rule_set().get("Metadata") or {}).get("Name")

    def has(self, rule_set: str, *rules: dict[str, Any], active: bool = True) -> None:
        """Lay out somebody's rule set, rules in the order given."""
        self._client.create_receipt_rule_set(RuleSetName=rule_set)
        for rule in reversed(rules):
            self._client.create_receipt_rule(RuleSetName=rule_set, Rule=rule)
        if active:
            self._client.set_active_receipt_rule_set(RuleSetName=rule_set)


def theirs(name: str, *recipients: str, topic: str = "arn:aws:sns:eu-west-1:123456789012:theirs") -> dict[str, Any]:
    store = {"S3Action": {"BucketName": "their-mail", "ObjectKeyPrefix": "", "TopicArn": topic}}
    return {"Name": name, "Enabled": True, "Recipients": list(recipients), "Actions": [store]}


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[setup.Clients]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        s3 = SESSION.client("s3")
        for bucket in ("shop-mail", "their-mail"):
            s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        for topic in ("shop-received", "theirs"):
            SESSION.client("sns").create_topic(Name=topic)
        yield setup.Clients(SESSION.client("ssm"), s3, Ses())  # type: ignore[arg-type]


@pytest.fixture
def ses(aws: setup.Clients) -> Any:
    return aws.ses


class TestInstall:
    def test_without_an_active_set_it_makes_and_activates_its_own(self, ses: Ses) -> None:
        assert receiving.install(ses, RULE) == "shop-received"
        assert ses.active() == "shop-received"
        (rule,) = ses.describe_active_receipt_rule_set()["Rules"]
        assert rule["Recipients"] == ["ask.shop.example"]
        assert rule["ScanEnabled"] is True
        assert rule["Actions"] == [
            {"S3Action": {"BucketName": "shop-mail", "ObjectKeyPrefix": "received/", "TopicArn": TOPIC}}
        ]

    def test_an_inactive_set_of_somebody_stays_inactive_and_untouched(self, ses: Ses) -> None:
        ses.has("old", theirs("catch"), active=False)
        receiving.install(ses, RULE)
        assert (ses.active(), ses.sets()["old"]) == ("shop-received", ["catch"])

    def test_it_joins_somebodys_active_set_in_front(self, ses: Ses) -> None:
        ses.has("company", theirs("sales", "shop.example"), theirs("rest"))
        assert receiving.install(ses, RULE) == "company"
        assert ses.sets() == {"company": ["shop-received", "sales", "rest"]}
        assert ses.active() == "company"

    @pytest.mark.parametrize("steps", range(2, 4))
    def test_twice_is_as_once(self, ses: Ses, steps: int) -> None:
        ses.has("company", theirs("sales", "shop.example"))
        receiving.install(ses, RULE)
        once = ses.describe_active_receipt_rule_set()["Rules"]
        for _ in range(steps - 1):
            receiving.install(ses, RULE)
        assert ses.describe_active_receipt_rule_set()["Rules"] == once

    @pytest.mark.parametrize("died_after", ["create_receipt_rule_set", "create_receipt_rule"])
    def test_a_try_that_died_half_way_is_finished(self, ses: Ses, died_after: str) -> None:
        following = {
            "create_receipt_rule_set": "create_receipt_rule",
            "create_receipt_rule": "set_active_receipt_rule_set",
        }
        ses.failures[following[died_after]] = ["InternalFailure"]
        with pytest.raises(ClientError):
            receiving.install(ses, RULE)
        assert receiving.install(ses, RULE) == "shop-received"
        assert (ses.active(), ses.sets()) == ("shop-received", {"shop-received": ["shop-received"]})

    def test_another_domain_moves_the_rule_in_place(self, ses: Ses) -> None:
        receiving.install(ses, RULE)
        receiving.install(ses, receiving.ReceiptRule(RULE.name, "ask.other.example", RULE.bucket, RULE.topic))
        (rule,) = ses.describe_active_receipt_rule_set()["Rules"]
        assert rule["Recipients"] == ["ask.other.example"]

    @pytest.mark.parametrize("taken", ["ask.shop.example", "Ask.Shop.Example", "info@ask.shop.example"])
    def test_a_domain_that_somebody_receives_for_is_refused(self, ses: Ses, taken: str) -> None:
        ses.has("company", theirs("sales", "shop.example", taken))
        with pytest.raises(Refused, match="received already by sales in the active rule set company"):
            receiving.install(ses, RULE)
        assert ses.sets() == {"company": ["sales"]}

    @pytest.mark.parametrize("other", ["shop.example", "task.shop.example", "ask.shop.example.org", ".shop.example"])
    def test_a_domain_that_only_looks_alike_is_no_rival(self, ses: Ses, other: str) -> None:
        ses.has("company", theirs("sales", other))
        assert receiving.install(ses, RULE) == "company"

    def test_somebodys_rule_with_our_name_is_not_taken_over(self, ses: Ses) -> None:
        ses.has("company", theirs("shop-received", "elsewhere.example"))
        before = ses.describe_active_receipt_rule_set()["Rules"]
        with pytest.raises(Refused, match="is not this stack's"):
            receiving.install(ses, RULE)
        assert ses.describe_active_receipt_rule_set()["Rules"] == before

    def test_our_rule_of_an_earlier_stack_gets_the_new_bucket(self, ses: Ses) -> None:
        ses.has("company", theirs("shop-received", "ask.shop.example", topic=TOPIC))
        receiving.install(ses, RULE)
        (rule,) = ses.describe_active_receipt_rule_set()["Rules"]
        assert rule["Actions"][0]["S3Action"]["BucketName"] == "shop-mail"

    @pytest.mark.parametrize("code", ["InvalidS3Configuration", "InvalidSnsTopic"])
    def test_it_waits_for_policies_that_do_not_count_yet(self, ses: Ses, code: str) -> None:
        ses.failures["create_receipt_rule"] = [code] * 3
        pauses: list[float] = []
        receiving.install(ses, RULE, pauses.append)
        assert (pauses, ses.sets()) == ([5.0] * 3, {"shop-received": ["shop-received"]})

    @pytest.mark.parametrize(("code", "tries"), [("InvalidS3Configuration", 6), ("LimitExceeded", 1)])
    def test_it_does_not_wait_for_ever_nor_for_anything_else(self, ses: Ses, code: str, tries: int) -> None:
        ses.failures["create_receipt_rule"] = [code] * 10
        with pytest.raises(ClientError, match=code):
            receiving.install(ses, RULE, lambda _: None)
        assert ses.calls.count("create_receipt_rule") == tries

    def test_a_name_that_ses_refuses_says_what_to_do(self) -> None:
        with pytest.raises(Refused, match="shorter stack name"):
            receiving.ReceiptRule("x" * 65, "ask.shop.example", "b", TOPIC)


class TestRemove:
    def test_everything_that_install_made_is_gone(self, ses: Ses) -> None:
        rule_set = receiving.install(ses, RULE)
        assert receiving.remove(ses, RULE, rule_set) is True
        assert (ses.active(), ses.sets()) == (None, {})

    def test_somebodys_rules_stay_as_they_were(self, ses: Ses) -> None:
        ses.has("company", theirs("sales", "shop.example"), theirs("rest"))
        before = ses.describe_active_receipt_rule_set()
        receiving.remove(ses, RULE, receiving.install(ses, RULE))
        assert ses.describe_active_receipt_rule_set()["Rules"] == before["Rules"]
        assert ses.active() == "company"

    def test_a_rule_that_somebody_added_to_our_set_keeps_the_set_active(self, ses: Ses) -> None:
        receiving.install(ses, RULE)
        ses.create_receipt_rule(RuleSetName="shop-received", Rule=theirs("late", "late.example"))
        receiving.remove(ses, RULE, "shop-received")
        assert (ses.active(), ses.sets()) == ("shop-received", {"shop-received": ["late"]})

    def test_our_set_that_is_no_longer_active_goes_and_the_active_one_stays(self, ses: Ses) -> None:
        receiving.install(ses, RULE)
        ses.has("company", theirs("sales", "shop.example"))
        receiving.remove(ses, RULE, "shop-received")
        assert (ses.active(), ses.sets()) == ("company", {"company": ["sales"]})

    @pytest.mark.parametrize("rule_set", [None, "company", "never-there"])
    def test_what_is_not_ours_is_left_alone(self, ses: Ses, rule_set: str | None) -> None:
        ses.has("company", theirs("shop-received", "elsewhere.example"))
        assert receiving.remove(ses, RULE, rule_set) is False
        assert ses.sets() == {"company": ["shop-received"]}

    def test_twice_is_as_once(self, ses: Ses) -> None:
        rule_set = receiving.install(ses, RULE)
        receiving.remove(ses, RULE, rule_set)
        assert receiving.remove(ses, RULE, rule_set) is False

    @pytest.mark.parametrize("died_at", ["set_active_receipt_rule_set", "delete_receipt_rule_set"])
    def test_a_removal_that_died_half_way_is_finished(self, ses: Ses, died_at: str) -> None:
        receiving.install(ses, RULE)
        ses.failures[died_at] = ["InternalFailure"]
        with pytest.raises(ClientError):
            receiving.remove(ses, RULE, "shop-received")
        receiving.remove(ses, RULE, "shop-received")
        assert (ses.active(), ses.sets()) == (None, {})

    def test_without_any_active_set_there_is_nothing_to_do(self, ses: Ses) -> None:
        assert receiving.remove(ses, RULE) is False


def test_the_key_is_random_secret_and_never_overwritten(aws: setup.Clients) -> None:
    assert setup.make_keys(aws.ssm, "/undivided/shop/keys") is True
    first = aws.ssm.get_parameter(Name="/undivided/shop/keys", WithDecryption=True)["Parameter"]
    assert setup.make_keys(aws.ssm, "/undivided/shop/keys") is False
    setup.make_keys(aws.ssm, "/undivided/other/keys")
    other = aws.ssm.get_parameter(Name="/undivided/other/keys", WithDecryption=True)["Parameter"]
    assert aws.ssm.get_parameter(Name="/undivided/shop/keys", WithDecryption=True)["Parameter"] == first
    assert first["Type"] == "SecureString"
    assert {version: len(b64decode(key)) for version, key in json.loads(first["Value"]).items()} == {"1": 32}
    assert first["Value"] != other["Value"]


def shop_in(aws: setup.Clients) -> bytes:
    return aws.s3.get_object(Bucket="shop-mail", Key="config/shop.json")["Body"].read()


def test_the_packaged_shop_is_loaded_when_it_changed_and_leaves_what_the_owner_applied(aws: setup.Clients) -> None:
    assert setup.copy_packaged(aws.s3, "shop-mail", b"first") is True
    aws.s3.put_object(Bucket="shop-mail", Key="config/shop.json", Body=b"applied by hand")
    assert setup.copy_packaged(aws.s3, "shop-mail", b"first") is False
    assert shop_in(aws) == b"applied by hand"
    assert setup.copy_packaged(aws.s3, "shop-mail", b"second") is True
    assert shop_in(aws) == b"second"


def test_a_shop_that_somebody_deleted_comes_back(aws: setup.Clients) -> None:
    setup.copy_packaged(aws.s3, "shop-mail", b"first")
    aws.s3.delete_object(Bucket="shop-mail", Key="config/shop.json")
    assert setup.copy_packaged(aws.s3, "shop-mail", b"first") is True
    assert shop_in(aws) == b"first"


# ── Answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def asked(kind: str = "Create", resource: str | None = None, **properties: str) -> dict[str, Any]:
    wanted = {
        "Receiving": "ses",
        "RuleName": RULE.name,
        "MailDomain": RULE.domain,
        "MailBucket": RULE.bucket,
        "TopicArn": RULE.topic,
        "KeysParameter": "/undivided/shop/keys",
        "Layer": "arn:aws:lambda:eu-west-1:123456789012:layer:shop:1",
    }
    event = {
        "RequestType": kind,
        "StackId": "stack",
        "RequestId": "request",
        "LogicalResourceId": "Setup",
        "ResponseURL": "https://answers.example/one",
        "ResourceProperties": wanted | properties,
    }
    return event | ({"PhysicalResourceId": resource} if resource else {})


class Cloud:
    """CloudFormation's side: keeps every answer that it gets."""

    def __init__(self) -> None:
        self.answers: list[dict[str, Any]] = []

    def put(self, url: str, body: bytes) -> None:
        assert url == "https://answers.example/one"
        self.answers.append(json.loads(body))

    def ask(
        self, aws: setup.Clients, event: dict[str, Any], packaged: bytes = PACKAGED, seconds: float = 60
    ) -> dict[str, Any]:
        answer = Answer(event, self.put)
        given = setup.handle(event, seconds, make=lambda: aws, packaged=lambda: packaged, answer=answer)
        assert given is not None
        assert self.answers[-1].items() >= given.items()
        assert (
            self.answers[-1].items()
            >= {"StackId": "stack", "RequestId": "request", "LogicalResourceId": "Setup"}.items()
        )
        return given


def test_creation_does_everything_and_names_the_rule(aws: setup.Clients, ses: Ses) -> None:
    answer = Cloud().ask(aws, asked())
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", "shop-received/shop-received")
    assert (ses.active(), shop_in(aws)) == ("shop-received", PACKAGED)
    assert aws.ssm.get_parameter(Name="/undivided/shop/keys")


def test_without_receiving_ses_is_never_asked(aws: setup.Clients, ses: Ses) -> None:
    cloud = Cloud()
    created = cloud.ask(aws, asked(Receiving="none"))
    assert (created["Status"], created["PhysicalResourceId"]) == ("SUCCESS", "no-receipt-rule/shop-received")
    for left in (created["PhysicalResourceId"], NEVER_MADE):
        assert cloud.ask(aws, asked("Delete", left, Receiving="none"))["Status"] == "SUCCESS"
    assert ses.calls == []


def test_switching_receiving_off_removes_the_rule_as_cloudformation_asks_it(aws: setup.Clients, ses: Ses) -> None:
    cloud = Cloud()
    before = cloud.ask(aws, asked())["PhysicalResourceId"]
    after = cloud.ask(aws, asked("Update", before, Receiving="none"))["PhysicalResourceId"]
    assert after != before  # the sign for CloudFormation to remove the old one
    assert cloud.ask(aws, asked("Delete", before))["Status"] == "SUCCESS"
    assert ses.active() is None


def test_when_another_set_became_active_the_rule_moves_there(aws: setup.Clients, ses: Ses) -> None:
    cloud = Cloud()
    before = cloud.ask(aws, asked())["PhysicalResourceId"]
    ses.has("company", theirs("sales", "shop.example"))
    after = cloud.ask(aws, asked("Update", before))["PhysicalResourceId"]
    assert after == "company/shop-received"
    cloud.ask(aws, asked("Delete", before))
    assert (ses.active(), ses.sets()) == ("company", {"company": ["shop-received", "sales"]})


def test_deleting_the_stack_keeps_keys_and_shop(aws: setup.Clients, ses: Ses) -> None:
    cloud = Cloud()
    made = cloud.ask(aws, asked())["PhysicalResourceId"]
    assert cloud.ask(aws, asked("Delete", made))["PhysicalResourceId"] == made
    assert (ses.sets(), shop_in(aws)) == ({}, PACKAGED)
    assert aws.ssm.get_parameter(Name="/undivided/shop/keys")


def test_a_refusal_is_answered_with_its_reason_and_its_removal_touches_nobody(aws: setup.Clients, ses: Ses) -> None:
    ses.has("company", theirs("sales", "ask.shop.example"))
    cloud = Cloud()
    answer = cloud.ask(aws, asked())
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("FAILED", NEVER_MADE)
    assert "received already by sales" in answer["Reason"]
    assert cloud.ask(aws, asked("Delete", NEVER_MADE))["Status"] == "SUCCESS"
    assert ses.sets() == {"company": ["sales"]}


def test_a_failed_update_keeps_its_identity(aws: setup.Clients, ses: Ses) -> None:
    cloud = Cloud()
    made = cloud.ask(aws, asked())["PhysicalResourceId"]
    ses.failures["describe_active_receipt_rule_set"] = ["InternalFailure"]
    answer = cloud.ask(aws, asked("Update", made))
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("FAILED", made)


def test_a_shop_for_another_domain_is_refused_before_anything_is_made(aws: setup.Clients, ses: Ses) -> None:
    answer = Cloud().ask(aws, asked(), packaged=b'{"mail_domain": "ask.other.example"}')
    assert (answer["Status"], ses.sets()) == ("FAILED", {})
    assert "make them the same" in answer["Reason"]


@pytest.mark.parametrize("missing", ["RuleName", "MailBucket", "Receiving", "KeysParameter"])
def test_a_request_that_lacks_something_is_answered_too(aws: setup.Clients, missing: str) -> None:
    event = asked()
    del event["ResourceProperties"][missing]
    answer = Cloud().ask(aws, event)
    assert (answer["Status"], answer["Reason"]) == ("FAILED", f"KeyError: '{missing}'")


def test_a_shop_that_was_not_packaged_is_answered(aws: setup.Clients) -> None:
    def gone() -> bytes:
        raise FileNotFoundError("shop.json")

    cloud = Cloud()
    answer = setup.handle(asked(), 60, make=lambda: aws, packaged=gone, answer=Answer(asked(), cloud.put))
    assert (answer or {})["Status"] == "FAILED"


def test_a_long_reason_still_fits_into_an_answer(aws: setup.Clients) -> None:
    cloud = Cloud()
    Answer(asked(), cloud.put).failure("x" * 10_000)
    assert len(json.dumps(cloud.answers[0])) < 4096


def test_when_time_runs_out_the_answer_comes_first_and_stays_the_only_one(aws: setup.Clients) -> None:
    cloud, answered = Cloud(), threading.Event()

    def put(url: str, body: bytes) -> None:
        cloud.put(url, body)
        answered.set()

    def slow() -> bytes:
        assert answered.wait(10), "no answer while the work still went on"
        return PACKAGED

    event = asked()
    setup.handle(event, 10.05, make=lambda: aws, packaged=slow, answer=Answer(event, put))
    assert [one["Status"] for one in cloud.answers] == ["FAILED"]
    assert "try again" in cloud.answers[0]["Reason"]


def test_what_a_late_creation_left_is_removed_afterwards(aws: setup.Clients, ses: Ses) -> None:
    receiving.install(ses, RULE)  # done, but its answer came too late
    assert Cloud().ask(aws, asked("Delete", NEVER_MADE))["Status"] == "SUCCESS"
    assert ses.sets() == {}


def test_an_answer_that_could_not_be_sent_is_raised_so_that_lambda_calls_again(aws: setup.Clients) -> None:
    def broken(_url: str, _body: bytes) -> None:
        raise OSError("no route")

    with pytest.raises(OSError, match="no route"):
        setup.handle(asked(), 60, make=lambda: aws, packaged=lambda: PACKAGED, answer=Answer(asked(), broken))
    assert Cloud().ask(aws, asked())["Status"] == "SUCCESS"
