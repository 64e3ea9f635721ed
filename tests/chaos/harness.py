"""A whole stack in one process: the real handlers on moto, fed as Lambda feeds them, with time and trouble in the test's hands.

`World` is a shop with three specialists who are always on duty. `settle()` delivers until nothing is left to deliver;
`survive()` lets the time pass that recovery needs. `sweep()` runs an act once without trouble, and then again and again,
with trouble at each of its AWS calls.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import random
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from itertools import pairwise
from typing import Any
from unittest import mock

import boto3
from chaos import stack as moto
from chaos.lambdas import MOST_RECEIVES, Queue, Reader, context, handler
from chaos.wire import (
    AFTER,
    BEFORE,
    Call,
    Happening,
    Killed,
    Wire,
    conflicting,
    killed,
    lost_answer,
    nothing,
    throttled,
)
from moto.dynamodb.models import dynamodb_backends
from undivided.aws import clients, wiring
from undivided.aws.items import conversation as read_conversation
from undivided.aws.items import read_desk, read_entry
from undivided.aws.wire import Item, item
from undivided.errors import Fault
from undivided.mail.keys import KeyRing
from undivided.record import ENTRY_TAG, Entry, EntryId, Record
from undivided.runtime import Runtime
from undivided.state import About, Conversation, Desk, Question, Shopper
from undivided.steps.ask import ask
from undivided.values import Address, ConversationId, SpecialistId, moment, stamp

MONDAY = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
MAIL_DOMAIN = "ask.shop.example"
MINUTE = timedelta(minutes=1)
MOST_DELIVERIES = 400
MOST_RECOVERIES = 8
"""Rounds of six minutes: a message comes again after one, a claim is taken over after three."""
LATER = (MOST_RECOVERIES + 1) * 6 * MINUTE
ALWAYS = {"zone": "UTC", "windows": [[day, 0, 1440] for day in range(7)]}
PEOPLE = (("anna", "saws"), ("kevin", "drills"), ("omar", "everything"))
SHOP = {
    "name": "Shop",
    "url": "https://shop.example",
    "owner": "owner@people.example",
    "mail_domain": MAIL_DOMAIN,
    "ask_address": f"ask@{MAIL_DOMAIN}",
    "zone": "UTC",
    "languages": ["en"],
    "currency": "EUR",
    "specialists": [
        {"id": who, "name": who.title(), "email": f"{who}@people.example", "hours": ALWAYS, "languages": ["en"],
         "about": about, "categories": [about]}
        for who, about in PEOPLE
    ],
    "fallback": "omar",
    "products": [{"sku": "S-1", "title": "Saw", "category": "saws"}],
    "version": "1",
}  # fmt: skip
PASS = {f"{name}Verdict": {"status": "PASS"} for name in ("spf", "dkim", "dmarc", "spam", "virus")}
ENVIRONMENT = {
    "TABLE": moto.TABLE,
    "MAIL_BUCKET": moto.BUCKET,
    "QUESTIONS_QUEUE": f"https://sqs.{moto.REGION}.amazonaws.com/{moto.ACCOUNT}/questions",
    "TIMERS_QUEUE": f"https://sqs.{moto.REGION}.amazonaws.com/{moto.ACCOUNT}/timers",
    "ORDERS_PARAMETER": "/undivided/orders",
    "WEBHOOK_PARAMETER": "/undivided/webhook",
    "WEBHOOK_QUEUE": f"https://sqs.{moto.REGION}.amazonaws.com/{moto.ACCOUNT}/webhook",
    "LESSONS_QUEUE": f"https://sqs.{moto.REGION}.amazonaws.com/{moto.ACCOUNT}/{moto.LESSONS}",
    "TIMERS_QUEUE_ARN": f"arn:aws:sqs:{moto.REGION}:{moto.ACCOUNT}:timers",
    "SCHEDULE_GROUP": moto.GROUP,
    "SCHEDULE_ROLE_ARN": moto.ROLE,
    "SCHEDULE_DLQ_ARN": f"arn:aws:sqs:{moto.REGION}:{moto.ACCOUNT}:timers-dead",
    "KEYS_PARAMETER": moto.KEYS,
    "CONFIGURATION_SET": "undivided",
    "EVENT_BUS": moto.BUS,
    "PUBLIC_URL": "https://ask.shop.example",
    "MAIL_DOMAIN": MAIL_DOMAIN,
    "AWS_REGION": moto.REGION,
    "AWS_DEFAULT_REGION": moto.REGION,
    "POWERTOOLS_SERVICE_NAME": "undivided",
    "POWERTOOLS_METRICS_NAMESPACE": "Undivided",
    "POWERTOOLS_LOG_LEVEL": "CRITICAL",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail that SES accepted."""

    ses_id: str
    tag: str
    to: str
    raw: bytes

    @property
    def entry(self) -> EntryId:
        return EntryId.read(self.tag)

    @property
    def mail(self) -> EmailMessage:
        parsed = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def text(self) -> str:
        body = self.mail.get_body(("plain",))
        assert body
        return str(body.get_content())


@dataclass(slots=True)
class World:
    """The stack, its clock, and everything that is on its way."""

    stack: moto.Stack
    wire: Wire
    now: datetime = MONDAY
    queues: dict[str, Queue] = field(default_factory=dict)
    readers: tuple[Reader, ...] = ()
    schedules: list[tuple[datetime, str, str]] = field(default_factory=list)
    """When, message, name."""
    sent: list[Sent] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)
    """What the event bus was told."""
    notices: list[str] = field(default_factory=list)
    """SES ids of received mails."""
    send_events: bool = True
    """False: SES's Send events never come."""
    chance: random.Random | None = None
    """Given: deliveries are doubled, and records of different items change places."""
    killed: int = 0
    busy: list[str] = field(default_factory=list)
    """The handlers that run now: the second was started at a call of the first."""
    _read: int = 0
    _asked: int = 0

    # --- what people do ----------------------------------------------------------------------------------------

    def ask(self, text: str = "Which blade fits?", sku: str = "S-1", name: str = "ida") -> ConversationId:
        """Ask with the form, and again while it answers with an error."""
        self._asked += 1
        key = ConversationId(f"aaaaaaaaaa{'abcdefghij'[self._asked]}a")
        shopper = Shopper(name.title(), Address(f"{name}@mail.example"), "en")
        asked = Question(key, shopper, About(sku), text, self.now, None)
        for _ in range(MOST_RECEIVES):
            if self.process(lambda: ask(asked, self.runtime)):
                return key
        raise AssertionError("the shopper gave up")

    def reply(self, to: Sent, text: str, sender: str | None = None) -> str:
        """Answer a mail that came from us, from the mailbox that it reached; return SES's id for the answer."""
        mail = EmailMessage(policy=policy.SMTP)
        mail["From"] = sender or to.to
        mail["To"] = to.mail["Reply-To"]
        mail["Subject"] = f"Re: {to.mail['Subject']}"
        mail["Message-ID"] = f"<reply-{len(self.notices)}@people.example>"
        mail["In-Reply-To"] = f"<{to.ses_id.partition('@')[0]}@{moto.REGION}.amazonses.com>"
        mail["References"] = mail["In-Reply-To"]
        mail.set_content(text)
        recipient = to.mail["Reply-To"].addresses[0].addr_spec
        return self.arrive(bytes(mail), [recipient], sender or to.to)

    def arrive(self, raw: bytes, recipients: list[str], source: str, verdicts: dict[str, Any] | None = None) -> str:
        """Receive a mail as SES does: stored first, then announced."""
        ses_id = f"in-{len(self.notices) + 1:04d}"
        self.notices.append(ses_id)
        key = f"received/{ses_id}"
        self.stack.s3.put_object(Bucket=moto.BUCKET, Key=key, Body=raw)
        action = {"type": "S3", "bucketName": moto.BUCKET, "objectKey": key}
        receipt = {"recipients": recipients, "action": action, **PASS, **(verdicts or {})}
        mail = {"messageId": ses_id, "source": source, "destination": recipients}
        notice = {"notificationType": "Received", "mail": mail, "receipt": receipt}
        self.queues["received"].put(json.dumps(notice), self.now)
        return ses_id

    def event(self, kind: str, sent: Sent, **detail: Any) -> None:
        """Have SES publish what became of a mail that it took."""
        mail = {"messageId": sent.ses_id, "destination": [sent.to], "tags": {ENTRY_TAG: [sent.tag]}}
        self.queues["deliveries"].put(json.dumps({"eventType": kind, "mail": mail, **detail}), self.now)

    def bounce(self, sent: Sent) -> None:
        people = [{"emailAddress": sent.to, "diagnosticCode": "550 nobody here"}]
        self.event("Bounce", sent, bounce={"bounceType": "Permanent", "bouncedRecipients": people})

    def sweep(self) -> None:
        self.queues["timers"].put('{"sweep": true}', self.now)

    def to(self, address: str) -> list[Sent]:
        return [one for one in self.sent if one.to == address]

    def last_to(self, address: str) -> Sent:
        return self.to(address)[-1]

    def asked(self, name: str = "ida") -> None:
        """Put a question into the queue with a fixed promise, and with no trouble on the way there."""
        happening, self.wire.happening = self.wire.happening, nothing
        self.ask(name=name)
        self.wire.happening = happening

    # --- time and delivery -------------------------------------------------------------------------------------

    def advance(self, by: timedelta) -> None:
        """Let time pass; what becomes due on the way is delivered at its time."""
        until = self.now + by
        self.settle()
        while (coming := self._next_time()) and coming <= until:
            self.now = max(self.now, coming)
            self.settle()
        self.now = until
        self.settle()

    def survive(self) -> None:
        """Let the time pass in which everything comes again that failed: messages, claims, what only the sweep finds."""
        self.settle()
        for _ in range(MOST_RECOVERIES):
            if not self.open():
                return
            self.advance(6 * MINUTE)
            if self.overdue():
                self.sweep()
                self.settle()
        raise AssertionError(f"never recovered: {self.open()}")

    def open(self) -> list[str]:
        """Name what still waits to be done now; in the end there must be none."""
        failed = [one.body for queue in self.queues.values() for one in queue.waiting if one.receives]
        claimed = [f"{one['pk']} {one['sk']} sending" for one in self.items("") if one.get("status") == "sending"]
        return failed + claimed + self.overdue()

    def overdue(self) -> list[str]:
        """Name what the sweep of every minute would find; when there is nothing, the harness saves itself the sweep."""
        now = stamp(self.now)
        return [f"{one['pk']} {one['sk']}" for one in self.items("") if str(one.get("due_at", "9")) <= now]

    def settle(self) -> None:
        """Deliver until nothing is left that could be delivered now."""
        for _ in range(MOST_DELIVERIES):
            self._fire_schedules()
            self._read_stream()
            if not any([self._stream_turn(), self._queue_turn()]):
                return
        raise AssertionError(f"still busy after {MOST_DELIVERIES} deliveries: {self.waiting()}")

    def waiting(self) -> dict[str, int]:
        queued = {queue.name: len(queue.waiting) for queue in self.queues.values()}
        return queued | {reader.function: len(reader.waiting) for reader in self.readers}

    def run(self, function: str, event: dict[str, Any]) -> dict[str, Any] | None:
        """Run one handler on one event in the process; None if the process ended, and the next one starts cold."""
        self.busy.append(function)
        try:
            answer: dict[str, Any] | None = self.process(lambda: handler(function)(event, context(function)))
        finally:
            self.busy.pop()
        return answer

    def process(self, work: Callable[[], Any]) -> Any:
        """Do some work as the code under test; None if the process ended, or for a fault of AWS that came through."""
        before, self.wire.live = self.wire.live, True
        self.wire.processes += 1
        try:
            return work()
        except (Killed, Fault):
            self.killed += 1
            wiring.runtime.cache_clear()
            return None
        finally:
            self.wire.live = before

    def _stream_turn(self) -> bool:
        for reader in self.readers:
            if reader.function not in self.busy and (batch := reader.next()):
                answer = self.run(reader.function, {"Records": batch})
                reader.answered(batch, answer if answer is not None else _all_failed(batch))
                return True
        return False

    def _queue_turn(self) -> bool:
        for queue in self.queues.values():
            if messages := queue.next(self.now):
                answer = self.run(queue.function, queue.event(messages))
                if answer is not None:
                    queue.answered(messages, answer)
                if answer is None:
                    queue.bury()
                self._double(queue, messages)
                return True
        return False

    def _double(self, queue: Queue, messages: list[Any]) -> None:
        if self.chance and self.chance.random() < 0.3:
            queue.put(messages[0].body, self.now)

    def _fire_schedules(self) -> None:
        due = [one for one in self.schedules if one[0] <= self.now]
        for one in due:
            self.schedules.remove(one)
            self.queues["timers"].put(one[1], self.now)
            self.stack.scheduler.delete_schedule(Name=one[2], GroupName=moto.GROUP)

    def _read_stream(self) -> None:
        shard = dynamodb_backends[moto.ACCOUNT][moto.REGION].tables[moto.TABLE].stream_shard
        fresh = [one.to_json() for one in shard.items[self._read :]]
        self._read += len(fresh)
        for record in self._troubled(fresh):
            for reader in self.readers:
                reader.offer(record)

    def _troubled(self, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Keep the order of each item's records, as DynamoDB does; anything else may change places and come twice."""
        if not self.chance:
            return records
        by_item: dict[str, list[dict[str, Any]]] = {}
        for record in records:
            by_item.setdefault(json.dumps(record["dynamodb"]["Keys"]), []).append(record)
        mixed: list[dict[str, Any]] = []
        while by_item:
            key = self.chance.choice(sorted(by_item))
            mixed += [by_item[key].pop(0)] * (2 if self.chance.random() < 0.3 else 1)
            if not by_item[key]:
                del by_item[key]
        return mixed

    def _next_time(self) -> datetime | None:
        times = [one[0] for one in self.schedules]
        times += [one.visible_at for queue in self.queues.values() for one in queue.waiting]
        return min((one for one in times if one > self.now), default=None)

    # --- what AWS did ------------------------------------------------------------------------------------------

    def listen(self, call: Call, answer: Any) -> None:
        """Take over what AWS would now bring on its way by itself."""
        if call.name == "sqs.SendMessage":
            self._enqueue(call.params["QueueUrl"], call.params["MessageBody"], call.params.get("DelaySeconds", 0))
        elif call.name == "scheduler.CreateSchedule":
            at = call.params["ScheduleExpression"].removeprefix("at(").removesuffix(")")
            self.schedules.append((moment(f"{at}+00:00"), call.params["Target"]["Input"], call.params["Name"]))
        elif call.name == "events.PutEvents":
            self.told += call.params["Entries"]
        elif call.name == "ses.SendRawEmail":
            self._mailed(call.params, answer["MessageId"])

    def _enqueue(self, url: str, body: str, delay: int) -> None:
        self.queues[url.rpartition("/")[2]].put(body, self.now + timedelta(seconds=delay))

    def _mailed(self, params: dict[str, Any], ses_id: str) -> None:
        raw = params["RawMessage"]["Data"]
        tag = str(message_from_bytes(raw)["X-SES-MESSAGE-TAGS"]).partition("=")[2]
        (to,) = params["Destinations"]
        self.sent.append(Sent(ses_id, tag, to, raw))
        if self.send_events:
            self.event("Send", self.sent[-1], send={})

    # --- what stands in the end --------------------------------------------------------------------------------

    @property
    def runtime(self) -> Runtime:
        """The runtime as a new process has it, for looking at the outcome."""
        return wiring.runtime()

    def conversation(self, key: ConversationId) -> Conversation:
        return self.record(key).conversation

    def record(self, key: ConversationId) -> Record:
        found = self.runtime.conversations.record(key)
        assert found, f"{key} is lost"
        return found

    def conversations(self) -> dict[ConversationId, Conversation]:
        found = [read_conversation(one) for one in self.items("CONV#") if one["sk"] == "META"]
        return {one.id: one for one in sorted(found, key=lambda one: one.id)}

    def desks(self) -> dict[str, Desk]:
        known = {desk.specialist: desk for desk in map(read_desk, self.items("SPEC#"))}
        return {who: known.get(SpecialistId(who), Desk(SpecialistId(who))) for who, _ in PEOPLE}

    def entries(self) -> list[Entry]:
        return [read_entry(one) for one in self.items("") if str(one["sk"]).startswith("OUT#")]

    def items(self, prefix: str) -> list[Item]:
        """Read the table's items past the API, which takes a hundred times as long."""
        table = dynamodb_backends[moto.ACCOUNT][moto.REGION].tables[moto.TABLE]
        found = [item(one.to_json()["Attributes"]) for one in table.all_items()]
        return [one for one in found if str(one["pk"]).startswith(prefix)]


def _all_failed(batch: list[dict[str, Any]]) -> dict[str, Any]:
    return {"batchItemFailures": [{"itemIdentifier": one["dynamodb"]["SequenceNumber"]} for one in batch]}


@contextmanager
def world(**fields: Any) -> Iterator[World]:
    """Make a world in a fresh moto account, with the process' environment and clients pointing into it."""
    with moto.stack(MAIL_DOMAIN) as stack, mock.patch.dict(os.environ, ENVIRONMENT):
        made = World(stack, Wire(), **fields)
        made.queues = {
            name: Queue(name, function, batch)
            for name, function, batch in (
                ("questions", "router", 5),
                ("received", "email_in", 5),
                ("timers", "clock", 10),
                ("deliveries", "email_events", 10),
                (moto.LESSONS, "learn", 10),
            )
        }
        made.readers = (
            Reader.of("email_out", "EmailOutFunction", "Outbox"),
            Reader.of("effects", "EffectsFunction", "Changes"),
        )
        _fill(stack)
        made.wire.lay(stack.clients())
        made.wire.listeners.append(made.listen)
        with _patched(made):
            yield made


def _fill(stack: moto.Stack) -> None:
    stack.s3.put_object(Bucket=moto.BUCKET, Key="config/shop.json", Body=json.dumps(SHOP).encode())
    ring = KeyRing({1: b"k" * 32})
    stack.ssm.put_parameter(Name=moto.KEYS, Type="SecureString", Value=ring.to_json())


@contextmanager
def _patched(made: World) -> Iterator[None]:
    """Point the bootstrap's clients and clock into the world; everything else of it is real."""
    names = ("dynamodb", "s3", "sqs", "ses", "scheduler", "events", "ssm")
    wiring.runtime.cache_clear()
    with (
        mock.patch.multiple(clients, **{name: mock.Mock(return_value=getattr(made.stack, name)) for name in names}),
        mock.patch.object(wiring, "_now", lambda: made.now),  # noqa: PT008 - the time is asked anew at each call
        mock.patch.object(boto3, "client", _no_other_client),
    ):
        yield
    wiring.runtime.cache_clear()


def _no_other_client(service: str, *_args: Any, **_options: Any) -> Any:
    raise AssertionError(f"a client for {service} was built outside of aws/clients.py: the harness cannot see it")


# --- sweeps ----------------------------------------------------------------------------------------------------

Act = Callable[[World], object]


@dataclass(frozen=True, slots=True)
class Sweep:
    """What trouble at every call of an act led to."""

    calls: tuple[str, ...]
    """The calls of the act without trouble."""
    failures: tuple[str, ...]
    outcomes: Counter[str]
    """What `check` returned, counted."""

    def report(self) -> str:
        return f"{len(self.calls)} calls, {sum(self.outcomes.values())} runs: {dict(self.outcomes)}"


READS = frozenset({"GetItem", "BatchGetItem", "Query", "GetObject", "GetParameter"})


@dataclass(frozen=True, slots=True)
class Point:
    """One call of the act, as it was made without trouble."""

    number: int
    name: str
    first: bool
    """It is the first call of its process."""

    @property
    def reads(self) -> bool:
        return self.name.partition(".")[2] in READS


Troubles = Callable[[World, Point], list[tuple[str, Happening]]]
"""What may happen at a point, by name."""


def crashes(_world: World, point: Point) -> list[tuple[str, Happening]]:
    """Before and after the call."""
    return [(f"killed {moment_}", killed(point.number, moment_)) for moment_ in (BEFORE, AFTER)]


def distinct_crashes(world: World, point: Point) -> list[tuple[str, Happening]]:
    """Leave out the crashes that AWS cannot tell from an earlier one.

    A process that dies leaves nothing but what AWS has. So dying before a call is dying after the one before it, unless
    it is the process' first; and dying after a read is dying before it.
    """
    before, after = crashes(world, point)
    return [before] * point.first + [after] * (not point.reads)


def refusals(_world: World, point: Point) -> list[tuple[str, Happening]]:
    """The answer is lost, or AWS takes no more, or (where it writes) another transaction is in the way."""
    number = point.number
    lost = [] if point.reads else [("lost answer of", lost_answer(number)), ("conflict at", conflicting(number))]
    return [*lost, ("throttled", throttled(number))]


def overtaken(act: Act) -> Troubles:
    """Before a call is made, everything that `act` sets in motion happens elsewhere, to its end."""

    def troubles(made: World, point: Point) -> list[tuple[str, Happening]]:
        def happening(call: Call, moment_: str) -> None:
            if (call.number, moment_) == (point.number, BEFORE):
                made.wire.live = False
                act(made)
                made.settle()
                made.wire.live = True

        return [("overtaken at", happening)]

    return troubles


def sweep(
    prepare: Act, act: Act, check: Callable[[World, Any], str], summary: Callable[[World], Any], troubles: Troubles
) -> Sweep:
    """Run `act` after `prepare` with each trouble at each of its calls, and `check` what is left of it.

    Each run is a fork of the one prepared world, so that preparing costs once. `check` is given the `summary` of the
    run without trouble, and returns a word for what it found, to be counted.
    """
    warm()
    with world() as made:
        prepare(made)
        made.survive()
        start = len(made.wire.calls)
        points, expected = _in_fork(lambda: _untroubled(made, act, check, summary, start))
        failures, outcomes = [], Counter[str]()
        for point in points:
            for trouble, happening in troubles(made, point):
                word, wrong = _in_fork(lambda happening=happening: _try(made, act, happening, expected, check))
                outcomes[word] += 1
                failures += [f"{trouble} {point}: {wrong}"] if wrong else []
        return Sweep(tuple(point.name for point in points), tuple(failures), outcomes)


@cache
def warm() -> None:
    """Do everything once, so that no fork has to import a module or compile a template by itself."""
    with world() as made:
        made.ask()
        made.settle()
        made.reply(made.last_to(f"{PEOPLE[0][0]}@people.example"), "Yes.\n")
        made.sweep()
        made.survive()


def _untroubled(made: World, act: Act, check: Any, summary: Any, start: int) -> tuple[list[Point], Any]:
    act(made)
    made.settle()
    calls = made.wire.calls[start - 1 :] if start else [None, *made.wire.calls]
    points = [
        Point(call.number, call.name, first=last is None or last.process != call.process)
        for last, call in pairwise(calls)
        if call
    ]
    _until_later(made)
    expected = summary(made)
    check(made, expected)
    return points, expected


def _until_later(made: World) -> None:
    """Recover, and come to the same hour in every run: reminders and promises go by the clock."""
    later = made.now + LATER
    made.survive()
    made.advance(later - made.now)
    made.survive()


def _try(made: World, act: Act, happening: Happening, expected: Any, check: Any) -> tuple[str, str]:
    made.wire.happening = happening
    try:
        act(made)
        _until_later(made)
        return check(made, expected), ""
    except Exception:  # noqa: BLE001 - whatever went wrong is the finding
        return "wrong", traceback.format_exc(limit=-6)


def _in_fork(work: Callable[[], Any]) -> Any:
    """Do `work` in a copy of this process and return what it returned: nothing of it happens here."""
    read, write = os.pipe()
    gc.freeze()  # what is shared stays shared: a collection in the fork would copy every page
    child = os.fork()
    if not child:
        gc.disable()
        try:
            with os.fdopen(write, "wb") as pipe:
                pickle.dump(work(), pipe)
        except BaseException:  # noqa: BLE001 - the fork must never return into the test
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        found = pipe.read()
    os.waitpid(child, 0)
    assert found, "the forked run ended without an answer; its traceback is in the output"
    return pickle.loads(found)
