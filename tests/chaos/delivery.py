"""What AWS does by itself: time passes, queues and streams are delivered, schedules fire, SES takes mails."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from typing import Any

from chaos import stack as moto
from chaos.lambdas import Queue, Reader, context, handler
from chaos.shop import (
    MINUTE,
    MONDAY,
    MOST_DELIVERIES,
    MOST_RECOVERIES,
)
from chaos.wire import (
    Call,
    Killed,
    Wire,
)
from moto.dynamodb.models import dynamodb_backends
from undivided.attention.quiet import told
from undivided.aws import wiring
from undivided.aws.items import read_desk, read_entry
from undivided.aws.wire import Item, item
from undivided.errors import Fault
from undivided.outbox import Entry, EntryId, Kind
from undivided.values import moment, stamp

CAPACITY = 1
"""Of everybody in the shop (chaos/shop.py)."""


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
        return _plain_text(self.raw)


@cache
def _plain_text(raw: bytes) -> str:
    """Read it in the old manner, which parses no header: invariants read every mail of every run."""
    part = next(one for one in message_from_bytes(raw).walk() if one.get_content_type() == "text/plain")
    text = part.get_payload(decode=True)
    assert isinstance(text, bytes)
    return text.decode(part.get_content_charset("ascii")).replace("\r\n", "\n")


@dataclass(slots=True)
class Delivery:
    """The stack, its clock, and everything that is on its way."""

    stack: moto.Stack
    wire: Wire
    now: datetime = MONDAY
    queues: dict[str, Queue] = field(default_factory=dict)
    readers: tuple[Reader, ...] = ()
    schedules: list[tuple[datetime, str, str]] = field(default_factory=list)
    """When, message, name."""
    sent: list[Sent] = field(default_factory=list)
    interruptions: list[str] = field(default_factory=list)
    """Mails that reached a specialist while another shopper's question lay open in front of them."""
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
        soon = stamp(self.now + 5 * MINUTE)  # the sweep has moved it on so far while its moment had not come
        left = [
            read_entry(one)
            for one in self.items("", "OUT#")
            if one["status"] == "sending" or (one["status"] == "pending" and str(one.get("due_at", "9")) <= soon)
        ]
        return failed + [f"{one.id} {one.status}" for one in left if not self.waits(one)] + self.overdue()

    def waits(self, entry: Entry) -> bool:
        """Say whether an entry is news for somebody who has another shopper before them: it goes when they turn."""
        return any(
            len(read_desk(one).focus) >= CAPACITY for who in told((entry.mail,)) for one in self.items(f"SPEC#{who}")
        )

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
        self.interruptions += interruptions(self, self.sent[-1])
        if self.send_events:
            self.event("Send", self.sent[-1], send={})

    def items(self, prefix: str, kind: str = "") -> list[Item]:
        """Read the items whose keys begin so, past the API, which takes a hundred times as long."""
        found = (one for partition in self._partitions(prefix) for one in partition.values())
        items = [item(one.to_json()["Attributes"]) for one in found if one.range_key.value.startswith(kind)]
        return sorted(items, key=lambda one: (str(one["pk"]), str(one["sk"])))

    def _partitions(self, prefix: str) -> list[Any]:
        table = dynamodb_backends[moto.ACCOUNT][moto.REGION].tables[moto.TABLE]
        return [items for key, items in table.items.items() if key.value.startswith(prefix)]


def interruptions(made: Delivery, sent: Sent) -> list[str]:
    """Say whether a mail that SES has just taken disturbs its reader: invariant 7, from the table as it stands."""
    entries = {one.key: one for one in map(read_entry, made.items("", "OUT#"))}
    mail = entries[sent.entry].mail
    if mail.kind in (Kind.UNDERSTOOD, Kind.REFUSED) or "asked" in mail.data or "proven" in mail.data:
        return []
    held = {key for one in made.items(f"SPEC#{mail.to}") for key in read_desk(one).focus}
    before = (entries[one.entry] for one in made.sent[:-1] if one.entry in entries)
    seen = {one.conversation for one in before if one.mail.to == mail.to and one.mail.opens} & held
    full = len(seen) >= CAPACITY and sent.entry.conversation not in seen
    return [f"{sent.entry} {mail.kind} reached {mail.to}, who has {sorted(seen)} open"] if full else []


def _all_failed(batch: list[dict[str, Any]]) -> dict[str, Any]:
    return {"batchItemFailures": [{"itemIdentifier": one["dynamodb"]["SequenceNumber"]} for one in batch]}
