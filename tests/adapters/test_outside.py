"""The adapters beyond the table, against moto and against the errors that AWS really gives."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from chaos import stack as moto
from chaos.wire import BEFORE, Wire, cancelled, conflicting, error, lost_answer, refused, throttled
from fakes import outside as fake
from hypothesis import given
from hypothesis import strategies as st
from undivided.aws.bucket import Bucket, MailStore
from undivided.aws.bus import Bus
from undivided.aws.dynamo import Store
from undivided.aws.keystore import FRESH, Secret
from undivided.aws.meter import Meter
from undivided.aws.post import LARGEST, Ses
from undivided.aws.queues import Queue, Schedules, _batches
from undivided.aws.wire import item, put, wire
from undivided.changes import Fact
from undivided.errors import (
    Conflict,
    Fault,
    NotThereYet,
    Permanent,
    Refused,
    Retryable,
    Throttled,
    TooLarge,
    Unavailable,
    Unknown,
    Unsent,
)
from undivided.values import ConversationId

if TYPE_CHECKING:
    from collections.abc import Iterator

    from undivided.ports.objects import MailStore

NOW = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
KEY = ConversationId("abcdefghijkl")
MAIL = b"""From: a@ask.shop.example\r
Subject: hello\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=b\r
\r
--b\r
Content-Type: text/plain\r
\r
words\r
--b\r
Content-Type: application/octet-stream\r
Content-Transfer-Encoding: base64\r
\r
AAEC\r
--b--\r
"""


@pytest.fixture
def stack() -> Iterator[moto.Stack]:
    with moto.stack() as made:
        yield made


@pytest.fixture
def wired(stack: moto.Stack) -> Wire:
    laid = Wire(live=True)
    laid.lay(stack.clients())
    return laid


# --- bucket ----------------------------------------------------------------------------------------------------


@pytest.fixture(params=["memory", "s3"])
def mails(request: pytest.FixtureRequest, stack: moto.Stack) -> MailStore:
    if request.param == "s3":
        stack.s3.put_object(Bucket=moto.BUCKET, Key="received/1", Body=MAIL)
        return MailStore(Bucket(stack.s3, moto.BUCKET))
    return fake.MailStore(fake.Texts({"received/1": MAIL}))


def test_mail_is_read_whole_and_by_its_parts(mails: MailStore) -> None:
    assert mails.raw("received/1") == MAIL
    assert [mails.part("received/1", number).strip() for number in (1, 2)] == [b"words", b"\x00\x01\x02"]
    assert mails.part("received/1", 3) == b""
    with pytest.raises(NotThereYet):
        mails.raw("received/2")


def test_a_mail_is_sent_again_as_it_was_first_written(mails: MailStore) -> None:
    assert mails.keep_sent("abcdefghijkl.1.0", b"first") == b"first"
    assert mails.keep_sent("abcdefghijkl.1.0", b"second") == b"first"
    assert mails.raw("sent/abcdefghijkl.1.0") == b"first"


def test_texts_are_kept(stack: moto.Stack) -> None:
    for texts in (fake.Texts(), Bucket(stack.s3, moto.BUCKET)):
        texts.put("texts/a", b"{}", "application/json")
        assert texts.get("texts/a") == b"{}"
        with pytest.raises(NotThereYet):
            texts.get("texts/b")


# --- queues and schedules --------------------------------------------------------------------------------------


def received(stack: moto.Stack, queue: str) -> list[str]:
    found: list[str] = []
    while answer := stack.sqs.receive_message(QueueUrl=stack.queue_url(queue), MaxNumberOfMessages=10).get("Messages"):
        found += [one["Body"] for one in answer]
    return found


def test_messages_reach_the_queue_in_batches(stack: moto.Stack, wired: Wire) -> None:
    queue = Queue(stack.sqs, stack.queue_url("questions"))
    queue.send("one")
    queue.send_all(f"{number}" for number in range(23))
    queue.send_all(())
    assert sorted(received(stack, "questions")) == sorted(["one", *(f"{number}" for number in range(23))])
    batches = [call for call in wired.calls if call.operation == "SendMessageBatch"]
    assert [len(call.params["Entries"]) for call in batches] == [10, 10, 3]


@given(sizes=st.lists(st.integers(1, 262_144), max_size=30))
def test_batches_keep_within_what_sqs_takes(sizes: list[int]) -> None:
    bodies = [chr(97 + number % 26) * size for number, size in enumerate(sizes)]
    batches = list(_batches(bodies))
    assert [body for batch in batches for body in batch] == bodies
    assert all(0 < len(batch) <= 10 and sum(map(len, batch)) <= 262_144 for batch in batches)


def test_a_message_that_was_not_taken_is_no_success(stack: moto.Stack) -> None:
    @dataclass
    class HalfDeaf:
        def send_message_batch(self, **_asked: Any) -> Any:
            return {"Successful": [], "Failed": [{"Id": "0", "Code": "InternalError", "SenderFault": False}]}

    with pytest.raises(Unavailable, match="1 of 2"):
        Queue(HalfDeaf(), "url").send_all(["a", "b"])  # type: ignore[arg-type]


@pytest.fixture
def schedules(stack: moto.Stack) -> Schedules:
    timers = Queue(stack.sqs, stack.queue_url("timers"))
    arn = stack.queue_arn("timers")
    return Schedules(stack.scheduler, timers, moto.GROUP, arn, moto.ROLE, stack.queue_arn("deliveries"))


@pytest.mark.parametrize(("later", "delay"), [(-90.0, 0), (0.0, 0), (0.2, 1), (89.01, 90), (900.0, 900)], ids=str)
def test_near_looks_are_delayed_messages(schedules: Schedules, wired: Wire, later: float, delay: int) -> None:
    schedules.remind_at(KEY, NOW + timedelta(seconds=later), NOW)
    (call,) = wired.calls
    assert (call.name, call.params["DelaySeconds"]) == ("sqs.SendMessage", delay)
    assert json.loads(call.params["MessageBody"]) == {"conversation": KEY}


def test_far_looks_are_schedules_that_end_by_themselves(schedules: Schedules, stack: moto.Stack) -> None:
    when = NOW + timedelta(hours=3, microseconds=1)
    for _ in range(2):
        schedules.remind_at(KEY, when, NOW)
    schedules.remind_at(KEY, when + timedelta(hours=1), NOW)
    names = [one["Name"] for one in stack.scheduler.list_schedules(GroupName=moto.GROUP)["Schedules"]]
    assert sorted(names) == [f"{KEY}-2026-05-01T123001", f"{KEY}-2026-05-01T133001"]
    made = stack.scheduler.get_schedule(GroupName=moto.GROUP, Name=min(names))
    assert made["ScheduleExpression"] == "at(2026-05-01T12:30:01)", "never before its time"
    assert made["ScheduleExpressionTimezone"] == "UTC"
    assert made["ActionAfterCompletion"] == "DELETE"
    assert json.loads(made["Target"]["Input"]) == {"conversation": KEY}
    assert made["Target"]["DeadLetterConfig"]["Arn"].endswith("deliveries")


# --- SES -------------------------------------------------------------------------------------------------------

RAW = b"From: r@ask.shop.example\r\nTo: ida@mail.example\r\nSubject: x\r\n\r\nx"


def send(stack: moto.Stack, raw: bytes = RAW, source: str = "r@ask.shop.example") -> str:
    return Ses(stack.ses).send(raw, source, ("ida@mail.example",))


def test_ses_takes_a_mail_and_names_it(stack: moto.Stack, wired: Wire) -> None:
    assert send(stack)
    (call,) = wired.calls
    assert call.params == {
        "Source": "r@ask.shop.example",
        "Destinations": ["ida@mail.example"],
        "RawMessage": {"Data": RAW},
    }


def test_an_identity_that_nobody_verified_is_never_sent_from(stack: moto.Stack) -> None:
    with pytest.raises(Refused) as refusal:
        send(stack, source="r@elsewhere.example")
    assert refusal.value.code == "MessageRejected"


def test_a_mail_beyond_what_ses_takes_is_not_tried(stack: moto.Stack, wired: Wire) -> None:
    with pytest.raises(TooLarge):
        send(stack, b"x" * (LARGEST + 1))
    assert wired.calls == []


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("Throttling", 400, Unsent),
        ("ThrottlingException", 429, Unsent),
        ("TooManyRequestsException", 429, Unsent),
        ("AccountSendingPausedException", 400, Unsent),
        ("ConfigurationSetDoesNotExist", 400, Unsent),
        ("ConfigurationSetSendingPausedException", 400, Unsent),
        ("AccessDenied", 403, Unsent),
        ("ExpiredToken", 403, Unsent),
        ("MessageRejected", 400, Refused),
        ("InvalidParameterValue", 400, Refused),
        ("MailFromDomainNotVerifiedException", 400, Refused),
        ("InternalFailure", 500, Unknown),
        ("ServiceUnavailable", 503, Unknown),
        ("", 502, Unknown),
    ],
)
def test_ses_errors_say_whether_it_was_sent(
    stack: moto.Stack, wired: Wire, code: str, status: int, kind: type[Fault]
) -> None:
    wired.happening = refused(0, code, status)
    with pytest.raises(kind) as raised:
        send(stack)
    assert raised.value.code == code


@pytest.mark.parametrize(
    ("silence", "kind"),
    [
        (ReadTimeoutError(endpoint_url="x"), Unknown),
        (ConnectionClosedError(endpoint_url="x"), Unknown),
        (ConnectTimeoutError(endpoint_url="x"), Unsent),
        (EndpointConnectionError(endpoint_url="x"), Unsent),
        (NoCredentialsError(), Unsent),
    ],
    ids=lambda one: getattr(one, "__name__", type(one).__name__),
)
def test_silence_says_whether_it_may_have_been_sent(
    stack: moto.Stack, wired: Wire, silence: Exception, kind: type[Fault]
) -> None:
    def happening(_call: Any, _moment: str) -> None:
        raise silence

    wired.happening = happening
    with pytest.raises(kind):
        send(stack)


# --- the bus and the secret ------------------------------------------------------------------------------------


def test_the_bus_is_told_what_happened(stack: moto.Stack, wired: Wire) -> None:
    Bus(stack.events, moto.BUS).tell(Fact("answered", {"specialist": "anna"}), KEY, 4, 1)
    (entry,) = wired.calls[0].params["Entries"]
    assert (entry["EventBusName"], entry["Source"], entry["DetailType"]) == (moto.BUS, "undivided", "answered")
    assert json.loads(entry["Detail"]) == {
        "schema": 1, "specialist": "anna", "conversation": KEY, "id": f"{KEY}.4.1",
    }  # fmt: skip


def test_a_fact_that_the_bus_did_not_take_is_told_again() -> None:
    @dataclass
    class Full:
        def put_events(self, **_asked: Any) -> Any:
            return {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "ThrottlingException"}]}

    with pytest.raises(Unavailable):
        Bus(Full(), moto.BUS).tell(Fact("x"), KEY, 1, 0)  # type: ignore[arg-type]


@dataclass
class Clock:
    time: float = 1000.0
    reads: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.time


def test_the_secret_is_read_seldom_and_survives_an_outage(stack: moto.Stack, wired: Wire) -> None:
    clock = Clock()
    secret = Secret(stack.ssm, moto.KEYS, clock)
    with pytest.raises(NotThereYet):
        secret.secret()
    wired.live = False
    stack.ssm.put_parameter(Name=moto.KEYS, Type="SecureString", Value="one")
    assert secret.secret() == "one"
    stack.ssm.put_parameter(Name=moto.KEYS, Type="SecureString", Value="two", Overwrite=True)
    assert secret.secret() == "one"
    wired.live, wired.happening = True, throttled(len(wired.calls))
    clock.time += FRESH
    assert secret.secret() == "one", "the last one while the service fails"
    assert secret.secret() == "two"
    assert "two" not in repr(secret)


# --- DynamoDB's own ways of saying no --------------------------------------------------------------------------


@pytest.fixture
def store(stack: moto.Stack) -> Store:
    return Store(stack.dynamodb, moto.TABLE, pause=lambda _seconds: None)


ITEM = {"pk": "a", "sk": "b", "count": 3, "text": "ä"}


def test_items_survive_the_wire(store: Store) -> None:
    store.transact([put(ITEM)])
    assert store.get(("a", "b")) == ITEM
    assert item(wire(ITEM)) == ITEM
    assert item({"x": {"L": []}, "y": {"N": "1"}}) == {"y": 1}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("TransactionConflict", Conflict),
        ("ThrottlingError", Throttled),
        ("ProvisionedThroughputExceeded", Throttled),
        ("ItemCollectionSizeLimitExceeded", TooLarge),
        ("ValidationError", Refused),
        ("SomethingNew", Refused),
    ],
)
def test_a_cancelled_transaction_is_sorted_by_its_reasons(store: Store, wired: Wire, code: str, kind: type) -> None:
    def happening(call: Any, moment: str) -> None:
        if moment == BEFORE:
            raise cancelled(call, code)

    wired.happening = happening
    with pytest.raises(kind):
        store.transact([put(ITEM), put({**ITEM, "sk": "c"})])


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("ProvisionedThroughputExceededException", 400, Throttled),
        ("ThrottlingException", 400, Throttled),
        ("RequestLimitExceeded", 400, Throttled),
        ("TransactionInProgressException", 400, Conflict),
        ("ExpiredTokenException", 400, Unavailable),
        ("InternalServerError", 500, Unavailable),
        ("ValidationException", 400, Refused),
        ("AccessDeniedException", 400, Refused),
        ("ResourceNotFoundException", 400, NotThereYet),
    ],
)
def test_errors_say_whether_to_try_again(store: Store, wired: Wire, code: str, status: int, kind: type[Fault]) -> None:
    for number, call in enumerate((lambda: store.get(("a", "b")), lambda: store.transact([put(ITEM)]))):
        wired.happening = refused(number, code, status)
        with pytest.raises(kind) as raised:
            call()
        assert issubclass(kind, Retryable) != issubclass(kind, Permanent)
        assert raised.value.code == code


def test_a_lost_answer_may_have_been_a_success(store: Store, wired: Wire) -> None:
    wired.happening = lost_answer(0)
    with pytest.raises(Unavailable):
        store.transact([put(ITEM)])
    assert store.get(("a", "b")) == ITEM


def test_another_transaction_in_the_way_is_a_conflict(store: Store, wired: Wire) -> None:
    wired.happening = conflicting(0)
    with pytest.raises(Conflict):
        store.transact([put(ITEM)])
    wired.happening = conflicting(1)
    with pytest.raises(Conflict):
        store.attempt(put(ITEM))
    assert store.get(("a", "b")) is None


def test_every_transaction_carries_a_token(stack: moto.Stack, store: Store) -> None:
    """botocore repeats it in its own retries, so that a commit is not refused by itself."""
    tokens: list[str] = []
    stack.dynamodb.meta.events.register(
        "before-call.dynamodb.TransactWriteItems",
        lambda params, **_: tokens.append(json.loads(params["body"])["ClientRequestToken"]),
    )
    store.transact([put(ITEM)])
    store.transact([put(ITEM)])
    assert len(set(tokens)) == 2


def test_what_a_batch_left_over_is_asked_for_again(store: Store, stack: moto.Stack) -> None:
    store.transact([put({**ITEM, "sk": str(number)}) for number in range(5)])
    whole = stack.dynamodb.batch_get_item

    def halves(RequestItems: Any) -> Any:  # noqa: N803 - as boto3 names it
        keys = RequestItems[moto.TABLE]["Keys"]
        answer = whole(RequestItems={moto.TABLE: {**RequestItems[moto.TABLE], "Keys": keys[:2]}})
        return {**answer, "UnprocessedKeys": {moto.TABLE: {"Keys": keys[2:]}} if keys[2:] else {}}

    stack.dynamodb.batch_get_item = halves
    assert len(store.batch([("a", str(number)) for number in range(5)])) == 5
    stack.dynamodb.batch_get_item = lambda **asked: {
        "Responses": {},
        "UnprocessedKeys": {moto.TABLE: asked["RequestItems"][moto.TABLE]},
    }
    with pytest.raises(Throttled):
        store.batch([("a", "1")])


def test_a_long_partition_is_read_page_by_page(store: Store, wired: Wire) -> None:
    for start in range(0, 60, 20):
        store.transact([put({"pk": "a", "sk": f"{n:03d}", "text": "x" * 60_000}) for n in range(start, start + 20)])
    found = list(store.query("pk = :pk", {":pk": "a"}))
    assert [one["sk"] for one in found] == [f"{number:03d}" for number in range(60)]
    assert sum(call.operation == "Query" for call in wired.calls) > 2


def test_a_meter_counts_what_was_asked(stack: moto.Stack) -> None:
    """On a client of its own: the stack's clients are every test's, and would go on asking for units."""
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    client = boto3.client("dynamodb", region_name=stack.dynamodb.meta.region_name, **keys)
    meter, store = Meter(), Store(client, moto.TABLE)
    meter.watch(client)
    store.transact([put(ITEM)])
    for _ in range(3):
        store.get(("a", "b"))
    assert meter.requests == {"dynamodb.TransactWriteItems": 1, "dynamodb.GetItem": 3}
    assert meter.units["dynamodb.GetItem"] > 0
    assert "dynamodb.GetItem" in meter.report()


def test_errors_keep_the_word_of_the_service(store: Store, wired: Wire) -> None:
    def happening(call: Any, _moment: str) -> None:
        raise error(call, "ThrottlingException")

    wired.happening = happening
    with pytest.raises(Throttled) as raised:
        store.get(("a", "b"))
    assert raised.value.code == "ThrottlingException"
    assert raised.value.__cause__ is not None
