"""Asked straight, moto answers as it does through all of botocore."""

from __future__ import annotations

import json
import re
from hashlib import md5
from typing import Any

import pytest
from botocore.exceptions import ClientError
from chaos.harness import MAIL_DOMAIN, PEOPLE, Sent, World, world
from chaos.shop import ENVIRONMENT
from quickservices import WAYS
from undivided.aws.dynamo import Cancelled, Store
from undivided.aws.wire import put, update
from undivided.errors import Fault


def dialogue(made: World) -> list[str]:
    """Lead one conversation to its sale with a second in line; return what DynamoDB was asked and said, and the table."""
    said: list[str] = []
    made.wire.listeners.append(
        lambda call, answer: (
            said.append(
                f"{call.operation} {json.dumps([call.params, dict(answer, ResponseMetadata=0)], sort_keys=True)}"
            )
            if call.service == "dynamodb"
            else None
        )
    )
    for name in ("ida", "tom"):
        made.ask(name=name)
        made.settle()
    for text in ("/pass\n", "The blade of 20 mm fits.\n", "Buy it.\n\n/won 49.90 EUR\n"):
        made.reply(_last_question(made), text)
        made.survive()
        made.sweep()
        made.survive()
    stands = sorted(_without_chance(repr(one), made.sent) for one in made.items(""))
    return [_without_chance(one, made.sent) for one in said] + stands


def _last_question(made: World) -> Sent:
    people = {f"{who}@people.example" for who, _ in PEOPLE}
    return next(one for one in reversed(made.sent) if one.to in people)


def _without_chance(text: str, sent: list[Sent]) -> str:
    """Replace the random ids that SES, botocore and claims gave; a whole number of capacity units may be written in two ways."""
    text = re.sub(r'"ClientRequestToken": "[^"]*", ', "", text)
    text = re.sub(r"['\"][0-9a-f]{16}['\"]", "claim", text)
    text = re.sub(r'("CapacityUnits": \d+)\.0', r"\1", text)
    for number, one in enumerate(sent):
        text = text.replace(one.ses_id.partition("@")[0], f"mail-{number}")
    return text


def test_a_whole_conversation_is_answered_alike() -> None:
    both = []
    for whole in (False, True):
        with world() as made:
            made.wire.whole = whole
            both.append(dialogue(made))
    straight, through = both
    operations = {one.partition(" ")[0] for one in straight}
    assert operations >= {"Query", "GetItem", "TransactWriteItems", "UpdateItem", "PutItem"}, operations
    for one, other in zip(straight, through, strict=True):
        assert one == other


@pytest.mark.parametrize("whole", [False, True])
def test_what_is_refused_is_refused_as_botocore_says_it(whole: bool) -> None:
    with world() as made:
        made.wire.whole, made.wire.live = whole, True
        store = Store(made.stack.dynamodb, "undivided")
        taken = put({"pk": "a", "sk": "b"}, "attribute_not_exists(pk)", meaning="taken")
        assert store.attempt(taken)
        assert not store.attempt(taken)
        changed = update(("a", "b"), "SET #status = :s", "#status = :was", s="sent", was="pending")
        assert store.update(changed) == (False, {"pk": "a", "sk": "b"})
        with pytest.raises(Cancelled, match=r"^taken$"):
            store.transact([put({"pk": "c", "sk": "d"}), taken])
        assert store.get(("c", "d")) is None, "nothing of a cancelled transaction stands"
        with pytest.raises(Fault, match="ResourceNotFound"):
            Store(made.stack.dynamodb, "nowhere").get(("a", "b"))


# --- every service but the table -------------------------------------------------------------------------------

OBJECT = {"Bucket": ENVIRONMENT["MAIL_BUCKET"], "Key": "sent/a b.ä"}
TEXT = {"Body": b"Yes.\n", "ContentType": "text/plain"}
SCHEDULE = {"Name": "look", "GroupName": ENVIRONMENT["SCHEDULE_GROUP"]}
LATER = {
    "ScheduleExpression": "at(2026-05-04T09:30:00)",
    "ScheduleExpressionTimezone": "UTC",
    "FlexibleTimeWindow": {"Mode": "OFF"},
    "ActionAfterCompletion": "DELETE",
    "Target": {"Arn": ENVIRONMENT["TIMERS_QUEUE_ARN"], "RoleArn": ENVIRONMENT["SCHEDULE_ROLE_ARN"], "Input": "look"},
}
LESSON = {"QueueUrl": ENVIRONMENT["LESSONS_QUEUE"], "MessageBody": "learn", "MessageGroupId": "lessons"}
MAIL = {"Destinations": ["ida@mail.example"], "RawMessage": {"Data": b"From: a@ask.shop.example\n\nYes.\n"}}
FACT = {"EventBusName": ENVIRONMENT["EVENT_BUS"], "Source": "undivided", "DetailType": "won", "Detail": "{}"}
TALK: tuple[tuple[str, dict[str, Any]], ...] = (
    ("s3.PutObject", OBJECT | TEXT),
    ("s3.GetObject", OBJECT),
    ("s3.PutObject", OBJECT | TEXT | {"IfNoneMatch": "*", "Body": b"No.\n"}),
    ("s3.PutObject", OBJECT | {"Body": b"Whatever."}),
    ("s3.GetObject", OBJECT),
    ("s3.GetObject", OBJECT | {"IfNoneMatch": '"another"'}),
    ("s3.GetObject", OBJECT | {"IfNoneMatch": f'"{md5(b"Whatever.").hexdigest()}"'}),
    ("s3.GetObject", OBJECT | {"Key": "nothing"}),
    ("sqs.SendMessage", {"QueueUrl": ENVIRONMENT["TIMERS_QUEUE"], "MessageBody": "look", "DelaySeconds": 3}),
    ("sqs.SendMessage", {"QueueUrl": ENVIRONMENT["TIMERS_QUEUE"], "MessageBody": "look", "DelaySeconds": 901}),
    ("sqs.SendMessage", LESSON | {"MessageDeduplicationId": "one"}),
    ("sqs.SendMessage", LESSON),
    ("scheduler.CreateSchedule", SCHEDULE | LATER),
    ("scheduler.CreateSchedule", SCHEDULE | LATER),
    ("scheduler.GetSchedule", SCHEDULE),
    ("scheduler.DeleteSchedule", SCHEDULE),
    ("scheduler.DeleteSchedule", SCHEDULE),
    ("ses.SendRawEmail", MAIL | {"Source": f"ask@{MAIL_DOMAIN}"}),
    ("ses.SendRawEmail", MAIL | {"Source": "ask@elsewhere.example"}),
    ("ssm.GetParameter", {"Name": ENVIRONMENT["KEYS_PARAMETER"], "WithDecryption": True}),
    ("ssm.GetParameter", {"Name": ENVIRONMENT["KEYS_PARAMETER"], "WithDecryption": False}),
    ("ssm.GetParameter", {"Name": "/nothing", "WithDecryption": True}),
    ("events.PutEvents", {"Entries": [FACT]}),
    ("events.PutEvents", {"Entries": [FACT | {"Detail": "no JSON"}]}),
)
BY_CHANCE = frozenset(
    {"MessageId", "EventId", "CreationDate", "LastModificationDate", "LastModifiedDate", "ResponseMetadata"}
)


def test_what_is_asked_of_the_other_services_is_answered_alike() -> None:
    """Straight, some fields are missing that nobody here reads; what is there must be what botocore reads."""
    assert {operation for operation, _ in TALK} > WAYS.keys()
    straight, through = _told(whole=False), _told(whole=True)
    for (operation, _), one, other in zip(TALK, straight, through, strict=True):
        assert one == _of(one, other), operation
    assert sum("refused" in one for one in straight) == 9


def _of(one: Any, other: Any) -> Any:
    """Leave out of `other` the fields that `one` has not."""
    if isinstance(one, dict):
        return {name: _of(one[name], value) for name, value in other.items() if name in one}
    return other


def _told(*, whole: bool) -> list[dict[str, Any]]:
    with world() as made:
        made.wire.whole = whole
        clients = {client.meta.service_model.service_name: client for client in made.stack.clients()}
        return [_answer(clients[operation.partition(".")[0]], operation, params) for operation, params in TALK]


def _answer(client: Any, operation: str, params: dict[str, Any]) -> dict[str, Any]:
    try:
        answer = client._make_api_call(operation.partition(".")[2], dict(params))
    except ClientError as refusal:
        return {"refused": [type(refusal).__name__, str(refusal), refusal.response["Error"]]}
    if "Body" in answer:
        answer["Body"] = answer["Body"].read()
    return _steady(answer)


def _steady(answer: Any) -> Any:
    """Leave out what is given by chance, at any depth."""
    if isinstance(answer, list):
        return [_steady(one) for one in answer]
    if isinstance(answer, dict):
        return {name: _steady(value) for name, value in answer.items() if name not in BY_CHANCE}
    return answer
