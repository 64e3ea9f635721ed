"""The doctor against moto, and against scripted answers where moto has none (SES accounts, Lambda's limits)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from undivided.expertise.learned import Learned, Rebuild

from console import checkups, doctor, mx
from console.checkups import ERROR, FINE, WARNING, Finding
from console.stack import Stack

REGION = "eu-west-1"
SESSION = boto3.session.Session("testing", "testing", region_name=REGION)
TOPIC = f"arn:aws:sns:{REGION}:123456789012:shop-alarms"
OUTPUTS = {
    "SendingIdentity": "ask.shop.example",
    "MailDomain": "ask.shop.example",
    "Receiving": "ses",
    "ReceiptRule": "shop-received",
    "ConfigBucket": "shop-mail",
    "MailBucket": "shop-mail",
    "KeysParameter": "/undivided/shop/keys",
    "AlarmTopicArn": TOPIC,
}
SHOP = {"name": "Kessel & Crema", "mail_domain": "ask.shop.example", "specialists": [{"id": "anna"}]}


class Scripted:
    """Answers each operation with what the test says; errors are raised."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers

    class exceptions:  # noqa: N801 - as botocore has it
        class NotFoundException(ClientError):
            pass

    def __getattr__(self, operation: str) -> Any:
        answer = self.answers[operation]

        def call(**_: Any) -> Any:
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call


def refused(code: str, kind: type[ClientError] = ClientError) -> ClientError:
    return kind({"Error": {"Code": code, "Message": "as the test wants it"}}, "Operation")


@dataclass(frozen=True)
class Examined(Stack):
    """A stack whose clients are moto's, but for those that are scripted."""

    scripted: Any = None

    def client(self, service: str) -> Any:
        return (self.scripted or {}).get(service) or SESSION.client(service)


def stack(**scripted: Any) -> Stack:
    return Examined("shop", REGION, OUTPUTS, scripted=scripted)


def levels(findings: Iterator[Finding]) -> list[str]:
    return [one.level for one in findings]


@pytest.fixture(autouse=True)
def aws() -> Iterator[None]:
    with mock_aws():
        yield


# ── One checkup each ─────────────────────────────────────────────────────────────────────────────────────────────────


def dkim(status: str, *, verified: bool = True) -> Scripted:
    attributes = {
        "Status": status,
        "Tokens": ["one", "two", "three"],
        "SigningHostedZone": "dkim.example.amazonses.com",
    }
    return Scripted(get_email_identity={"VerifiedForSendingStatus": verified, "DkimAttributes": attributes})


def test_a_verified_domain_that_signs_is_well() -> None:
    assert levels(checkups.identity(stack(sesv2=dkim("SUCCESS")))) == [FINE]


@pytest.mark.parametrize(("status", "verified"), [("PENDING", False), ("FAILED", True), ("TEMPORARY_FAILURE", True)])
def test_a_domain_that_does_not_sign_gets_its_records(status: str, verified: bool) -> None:
    (found,) = checkups.identity(stack(sesv2=dkim(status, verified=verified)))
    assert found.level == ERROR
    assert "two._domainkey.ask.shop.example  CNAME  two.dkim.example.amazonses.com" in found.do


def test_a_domain_that_ses_does_not_know_is_missing() -> None:
    missing = refused("NotFoundException", Scripted.exceptions.NotFoundException)
    (found,) = checkups.identity(stack(sesv2=Scripted(get_email_identity=missing)))
    assert (found.level, "SES has no identity" in found.what) == (ERROR, True)


OURS = f"inbound-smtp.{REGION}.amazonaws.com"


@pytest.mark.parametrize(
    ("hosts", "level"),
    [
        ([OURS], FINE),
        ([OURS, "mx.elsewhere.example"], WARNING),
        (["mx.elsewhere.example"], ERROR),
        (["inbound-smtp.us-east-1.amazonaws.com"], ERROR),
        ([], ERROR),
    ],
)
def test_the_mail_domain_must_lead_to_ses_here(hosts: list[str], level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mx, "exchangers", lambda _: tuple(mx.Exchanger(10, host) for host in hosts))
    (found,) = checkups.exchanger(stack())
    assert found.level == level
    assert (f"MX  10 {OURS}" in found.do) is (level != FINE)


def test_without_a_resolver_it_says_how_to_look(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(_: str) -> None:
        raise mx.CannotAsk("nobody answers")

    monkeypatch.setattr(mx, "exchangers", silent)
    (found,) = checkups.exchanger(stack())
    assert (found.level, "dig +short MX ask.shop.example" in found.do) == (WARNING, True)


def receive(*rules: dict[str, Any]) -> None:
    ses = SESSION.client("ses")
    ses.create_receipt_rule_set(RuleSetName="company")
    for rule in reversed(rules):
        ses.create_receipt_rule(RuleSetName="company", Rule=rule)
    ses.set_active_receipt_rule_set(RuleSetName="company")


def rule(name: str, *recipients: str, enabled: bool = True, **action: Any) -> dict[str, Any]:
    return {"Name": name, "Enabled": enabled, "Recipients": list(recipients), "Actions": [action] if action else []}


STOP = {"StopAction": {"Scope": "RuleSet"}}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([rule("shop-received", "ask.shop.example")], [FINE]),
        ([rule("shop-received", "ask.shop.example"), rule("rest", **STOP)], [FINE]),
        ([rule("rest", **STOP), rule("shop-received", "ask.shop.example")], [FINE, WARNING]),
        ([rule("rest"), rule("shop-received", "ask.shop.example")], [FINE]),
        ([rule("shop-received", "ask.shop.example", enabled=False)], [ERROR]),
        ([rule("shop-received", "ask.other.example")], [ERROR]),
        ([rule("rest")], [ERROR]),
        (None, [ERROR]),
    ],
)
def test_the_receipt_rule_must_be_there_and_come_to_its_turn(
    rules: list[dict[str, Any]] | None, expected: list[str]
) -> None:
    if rules is not None:
        receive(*rules)
    assert levels(checkups.receipt_rule(stack())) == expected


def quota(sent: float = 10, most: float = 50_000) -> dict[str, Any]:
    return {"Max24HourSend": most, "MaxSendRate": 14.0, "SentLast24Hours": sent}


HEALTHY = {
    "ProductionAccessEnabled": True,
    "SendingEnabled": True,
    "EnforcementStatus": "HEALTHY",
    "SendQuota": quota(),
}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, [FINE]),
        ({"ProductionAccessEnabled": False}, [ERROR, FINE]),
        ({"SendingEnabled": False, "EnforcementStatus": "SHUTDOWN"}, [ERROR, FINE]),
        ({"EnforcementStatus": "PROBATION"}, [ERROR, FINE]),
        ({"SendQuota": quota(sent=40_000)}, [WARNING]),
        ({"SendQuota": quota(most=-1)}, [FINE]),
    ],
)
def test_the_account_must_be_able_to_send(said: dict[str, Any], expected: list[str]) -> None:
    assert levels(checkups.account(stack(sesv2=Scripted(get_account=HEALTHY | said)))) == expected


@pytest.mark.parametrize(("most", "level"), [(10, WARNING), (100, FINE), (1000, FINE)])
def test_a_new_accounts_low_limit_is_named(most: int, level: str) -> None:
    limited = Scripted(get_account_settings={"AccountLimit": {"ConcurrentExecutions": most}})
    assert levels(checkups.functions_at_once(stack(**{"lambda": limited}))) == [level]


@pytest.mark.parametrize(
    ("shop", "expected"),
    [
        (None, [ERROR]),
        ("no json", [ERROR]),
        (SHOP, [FINE]),
        (SHOP | {"paused": True}, [FINE, WARNING]),
        (SHOP | {"mail_domain": "ask.other.example"}, [ERROR]),
    ],
)
def test_the_shop_must_be_loaded_and_be_this_stacks(shop: Any, expected: list[str]) -> None:
    s3 = SESSION.client("s3")
    s3.create_bucket(Bucket="shop-mail", CreateBucketConfiguration={"LocationConstraint": REGION})
    if shop is not None:
        body = shop if isinstance(shop, str) else json.dumps(shop)
        s3.put_object(Bucket="shop-mail", Key="config/shop.json", Body=body.encode())
    found = list(checkups.roster(stack()))
    assert [one.level for one in found] == expected
    assert all("roster apply undivided.yaml --stack shop" in one.do for one in found if one.level == ERROR)


REFUSED = Learned(rebuild=Rebuild(datetime(2026, 5, 4, tzinfo=UTC), taken=False))
STALE = Learned()
STALE.model.stale = True


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (None, [FINE]),
        (b"of another release", [ERROR]),
        (Learned().dump(), [FINE]),
        (REFUSED.dump(), [FINE, WARNING]),
        (STALE.dump(), [FINE, WARNING]),
    ],
)
def test_what_was_learned_must_be_readable_and_the_last_rebuild_must_count(state: Any, expected: list[str]) -> None:
    s3 = SESSION.client("s3")
    s3.create_bucket(Bucket="shop-mail", CreateBucketConfiguration={"LocationConstraint": REGION})
    if state is not None:
        s3.put_object(Bucket="shop-mail", Key="model/learned", Body=state)
    found = list(checkups.learned(stack()))
    assert [one.level for one in found] == expected
    assert all(one.do == "undivided expertise rebuild --stack shop" for one in found if one.level != FINE)


def test_signing_keys_are_looked_for_but_never_read() -> None:
    assert levels(checkups.keys(stack())) == [ERROR]
    SESSION.client("ssm").put_parameter(Name="/undivided/shop/keys", Value="x", Type="SecureString")
    (found,) = checkups.keys(stack())
    assert found == Finding(FINE, "the signing keys exist")


def test_dead_letters_of_this_stack_are_counted() -> None:
    sqs = SESSION.client("sqs")
    urls = {
        name: sqs.create_queue(QueueName=name)["QueueUrl"]
        for name in ("shop-timers-dead", "shop-timers", "shopping-dead")
    }
    assert levels(checkups.dead_letters(stack())) == [FINE]
    for url in urls.values():
        sqs.send_message(QueueUrl=url, MessageBody="x")
    assert [one.what for one in checkups.dead_letters(stack())] == ["1 in shop-timers-dead"]


@pytest.mark.parametrize(
    ("address", "level"), [(None, WARNING), ("PendingConfirmation", WARNING), (f"{TOPIC}:1", FINE)]
)
def test_somebody_must_hear_the_alarms(address: str | None, level: str) -> None:
    subscriptions = [{"SubscriptionArn": address}] if address else []
    told = Scripted(list_subscriptions_by_topic={"Subscriptions": subscriptions})
    assert levels(checkups.alarms(stack(sns=told))) == [level]


# ── The whole ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_right_that_lacks_is_a_finding_and_the_rest_goes_on() -> None:
    denied = Scripted(get_account=refused("AccessDenied"), get_email_identity=refused("AccessDenied"))
    found = list(doctor.examine(stack(sesv2=denied), [checkups.account, checkups.identity, checkups.keys]))
    assert [one.level for one in found] == [WARNING, WARNING, ERROR]
    assert found[0].what.startswith("cannot look at the account: ")


def test_nothing_is_ever_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every operation that the checkups call only reads; the scripted ones are `get_` by their names."""
    called: list[str] = []
    real = Examined.client

    def noting(self: Examined, service: str) -> Any:
        client = real(self, service)
        if not isinstance(client, Scripted):
            client.meta.events.register("before-call", lambda model, **_: called.append(model.name))
        return client

    monkeypatch.setattr(Examined, "client", noting)
    monkeypatch.setattr(mx, "exchangers", lambda _: ())
    limits = Scripted(get_account_settings={"AccountLimit": {"ConcurrentExecutions": 10}})
    ses = Scripted(get_account=HEALTHY, **dkim("PENDING").answers)
    findings = list(doctor.examine(stack(sesv2=ses, **{"lambda": limits})))
    assert len(called) > 4
    assert all(name.startswith(("Get", "Describe", "List")) for name in called), called
    assert all(one.do for one in findings if one.level != FINE)


def test_the_report_says_what_to_do_and_sums_up(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    findings = [Finding(FINE, "a"), Finding(WARNING, "b", "do one\nand two"), Finding(ERROR, "c", "do three")]
    monkeypatch.setattr(doctor, "find_stack", lambda *_: stack())
    monkeypatch.setattr(doctor, "examine", lambda _: findings)
    assert doctor.main(["--stack", "shop"]) == 1
    assert capsys.readouterr().out == (
        "      ok  a\n"
        " warning  b\n"
        "          → do one\n"
        "            and two\n"
        " missing  c\n"
        "          → do three\n"
        "\n"
        "1 missing, 1 to look at\n"
    )
    monkeypatch.setattr(doctor, "examine", lambda _: findings[:2])
    assert doctor.main([]) == 0
    assert doctor.report(findings[:1]).endswith("\nall is well")
