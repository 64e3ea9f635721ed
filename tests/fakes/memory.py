"""The table, held in dicts: one double for each port that the real one serves, all sharing one `Memory`.

They keep every promise of undivided/ports/ (tests/adapters/test_contract.py holds them to it), so that steps and
journeys can be tested without AWS.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from undivided.attention.quiet import told
from undivided.changes import Changes
from undivided.commits import RESUME_AGAIN, UNANSWERED, bare_id, committed, credited, distinct, new_entries, posted
from undivided.counting import Counted, count
from undivided.desk import Desk
from undivided.errors import Conflict, Duplicate
from undivided.knowledge.publishing import Decided, Standing
from undivided.message import Message
from undivided.outbox import POST, Entry, EntryId, Post, Status, sent_key
from undivided.plain import from_plain, to_plain
from undivided.record import MailRef, Record, Roster
from undivided.record import Received as ReceivedMail
from undivided.state import NEW_LANE, Conversation, Place
from undivided.values import Money, SpecialistId

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from undivided.config import Cap
    from undivided.outbox import Mail
    from undivided.values import ConversationId

OPEN = (Status.PENDING, Status.SENDING)
LinePlace = tuple[str, "datetime", "ConversationId"]
"""Lane, eligible_at, conversation: sorts as the line does."""


@dataclass(slots=True)
class Memory:
    """Everything that the table holds."""

    conversations: dict[ConversationId, Conversation] = field(default_factory=dict)
    messages: dict[ConversationId, dict[int, Message]] = field(default_factory=dict)
    entries: dict[EntryId, Entry] = field(default_factory=dict)
    marked: dict[EntryId, datetime] = field(default_factory=dict)
    """Entries that the sweep has marked, and when it may do so again."""
    later: dict[tuple[ConversationId, int], datetime] = field(default_factory=dict)
    """Version of a conversation that the sweep has put off -> until when."""
    desks: dict[SpecialistId, Desk] = field(default_factory=dict)
    lines: dict[SpecialistId, set[LinePlace]] = field(default_factory=dict)
    references: dict[str, MailRef] = field(default_factory=dict)
    received: dict[str, ReceivedMail] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    caps: dict[tuple[str, str], datetime] = field(default_factory=dict)
    askers: dict[str, set[tuple[datetime, ConversationId]]] = field(default_factory=dict)
    orders: dict[str, ConversationId | None] = field(default_factory=dict)
    early: dict[str, dict[str, Money]] = field(default_factory=dict)
    """Order -> refund -> amount that came back before the order was credited."""
    roster: Roster = field(default_factory=Roster)
    counts: dict[str, Counted] = field(default_factory=dict)
    decided: dict[tuple[str, ConversationId, int], Decided] = field(default_factory=dict)
    turns: dict[SpecialistId, set[ConversationId]] = field(default_factory=dict)

    def name_turns(self, partition: ConversationId, mails: Iterable[Mail]) -> None:
        for who in told(mails):
            self.turns.setdefault(SpecialistId(who), set()).add(partition)

    def refuse_second(self, seen: str | None, received: ReceivedMail | None) -> None:
        if seen in self.seen or (received and received.ses_id in self.received):
            raise Duplicate("this event has been dealt with")

    def refuse_moved(self, desk: Desk) -> None:
        if self.desks.get(desk.specialist, Desk(desk.specialist)).version != desk.version:
            raise Conflict(f"the desk of {desk.specialist} had moved on from version {desk.version}")

    def keep(self, entry: Entry) -> None:
        """Keep an entry that was moved: the sweep's mark comes off."""
        self.entries[entry.key] = plainly(entry)
        self.marked.pop(entry.key, None)


def plainly(value):
    """Return a value as the table gives it back: times to the millisecond."""
    return from_plain(type(value), to_plain(value))


@dataclass(slots=True)
class Conversations:
    memory: Memory

    def conversation(self, key: ConversationId) -> Conversation | None:
        return self.memory.conversations.get(key)

    def record(self, key: ConversationId) -> Record | None:
        conversation = self.memory.conversations.get(key)
        if conversation is None:
            return None
        messages = self.memory.messages.get(key, {})
        return Record(conversation, tuple(messages[one] for one in sorted(messages)), Entries(self.memory).entries(key))

    def commit(
        self,
        changes: Changes,
        now: datetime,
        *,
        seen: str | None = None,
        received: ReceivedMail | None = None,
        references: tuple[MailRef, ...] = (),
        asker: str = "",
    ) -> Conversation:
        after = committed(changes)
        self.memory.refuse_second(seen, received)
        if any(order in self.memory.orders for order in credited(changes)):
            raise Duplicate("this order has been dealt with")
        stands = self.memory.conversations.get(after.id)
        if (stands.version if stands else 0) != (changes.before.version if changes.before else 0):
            raise Conflict(f"{after.id} had moved on")
        for desk in changes.desks:
            self.memory.refuse_moved(desk)
        self._apply(changes, after, now)
        if seen:
            self.memory.seen.add(seen)
        if received:
            self.memory.received[received.ses_id] = plainly(received)
        for one in distinct(references):
            self.memory.references.setdefault(bare_id(one.message_id), one)
        self.memory.orders |= dict.fromkeys(credited(changes), after.id)
        if asker:
            self.memory.askers.setdefault(asker, set()).add((after.asked_at, after.id))
        return after

    def _apply(self, changes: Changes, after: Conversation, now: datetime) -> None:
        memory = self.memory
        memory.conversations[after.id] = after
        for message in changes.messages:
            memory.messages.setdefault(after.id, {})[message.number] = plainly(message)
        for entry in new_entries(changes, now):
            memory.keep(entry)
        memory.name_turns(after.id, changes.mails)
        for desk in changes.desks:
            memory.desks[desk.specialist] = plainly(replace(desk, version=desk.version + 1))
        for place in changes.before.places if changes.before else ():
            Lines(memory).remove(place, after.id)
        for place in after.places:
            memory.lines.setdefault(place.specialist, set()).add((place.lane, place.eligible_at, after.id))


@dataclass(slots=True)
class Askers:
    memory: Memory

    def conversations(self, hashes: Iterable[str], limit: int) -> tuple[ConversationId, ...]:
        found = sorted((one for name in hashes for one in self.memory.askers.get(name, ())), reverse=True)
        return tuple(conversation for _, conversation in found[:limit])


@dataclass(slots=True)
class Orders:
    memory: Memory

    def conversation(self, order: str) -> ConversationId | None:
        return self.memory.orders.get(order)

    def close(self, order: str, now: datetime) -> bool:
        fresh = order not in self.memory.orders
        self.memory.orders.setdefault(order, None)
        return fresh

    def keep(self, order: str, refund: str, back: Money, now: datetime) -> None:
        self.memory.early.setdefault(order, {})[refund] = back

    def kept(self, order: str) -> Mapping[str, Money]:
        return dict(self.memory.early.get(order, {}))


@dataclass(slots=True)
class Desks:
    memory: Memory

    def desk(self, specialist: SpecialistId) -> Desk:
        return self.memory.desks.get(specialist, Desk(specialist))

    def desks(self, specialists: Iterable[SpecialistId]) -> Mapping[SpecialistId, Desk]:
        return {one: self.desk(one) for one in specialists}

    def save(self, desk: Desk, now: datetime) -> Desk:
        self.memory.refuse_moved(desk)
        self.memory.desks[desk.specialist] = plainly(replace(desk, version=desk.version + 1))
        return replace(desk, version=desk.version + 1)


@dataclass(slots=True)
class Lines:
    memory: Memory

    def first(self, specialist: SpecialistId, limit: int) -> tuple[tuple[Place, ConversationId], ...]:
        line = sorted(self.memory.lines.get(specialist, ()))[:limit]
        return tuple((Place(specialist, lane, when), conversation) for lane, when, conversation in line)

    def ahead(self, specialist: SpecialistId, when: datetime, most: int = 50) -> int:
        line = self.memory.lines.get(specialist, ())
        before = (NEW_LANE, when.replace(microsecond=when.microsecond // 1000 * 1000))
        return min(most, sum((lane, eligible_at) < before for lane, eligible_at, _ in line))

    def remove(self, place: Place, conversation: ConversationId) -> None:
        when = place.eligible_at.replace(microsecond=place.eligible_at.microsecond // 1000 * 1000)
        self.memory.lines.get(place.specialist, set()).discard((place.lane, when, conversation))


@dataclass(slots=True)
class Outbox:
    memory: Memory

    def claim(self, entry: Entry, now: datetime) -> bool:
        stands = self.memory.entries.get(entry.key)
        if stands is None or stands.attempts != entry.attempts:
            return False
        old = stands.claimed_at is not None and stands.claimed_at <= now - UNANSWERED
        if stands.status is not Status.PENDING and not (stands.status is Status.SENDING and old):
            return False
        again = now + UNANSWERED
        self.memory.keep(
            replace(stands, status=Status.SENDING, claimed_at=now, due_at=again, attempts=stands.attempts + 1, begun=0)
        )
        return True

    def begin(self, entry: Entry, due_at: datetime) -> bool:
        stands = self.memory.entries.get(entry.key)
        if (
            stands is None
            or stands.status not in OPEN
            or stands.attempts != entry.attempts
            or stands.begun > entry.begun
        ):
            return False
        self.memory.keep(replace(stands, due_at=due_at, begun=entry.begun + 1))
        return True

    def sent(self, entry: Entry, ses_id: str, now: datetime, by: str = "answer") -> Entry:
        stands = self.memory.entries.get(entry.key)
        if not entry.conversation.startswith(POST):
            reference = MailRef(ses_id, entry.conversation, entry.mail.to, entry=entry.id)
            self.memory.references[bare_id(ses_id)] = reference
        if stands is None or stands.status not in OPEN:
            return stands or entry
        done = {"ses_id": ses_id, "sent_key": sent_key(entry.id), "resolved_by": by, "due_at": None}
        self.memory.keep(replace(stands, status=Status.SENT, **done))
        return replace(entry, status=Status.SENT, **done)

    def put_back(self, entry: Entry, due_at: datetime, reason: str = "") -> Entry:
        stands = self.memory.entries.get(entry.key)
        if stands and stands.status is Status.SENDING:
            self.memory.keep(replace(stands, status=Status.PENDING, due_at=due_at, reason=reason, begun=0))
        return self.memory.entries.get(entry.key, entry)

    def put_off(self, entry: Entry, due_at: datetime, reason: str, faults: int) -> Entry:
        stands = self.memory.entries.get(entry.key)
        if stands and stands.status in OPEN and stands.attempts == entry.attempts and stands.faults <= faults:
            self.memory.keep(replace(stands, due_at=due_at, reason=reason, faults=faults, begun=0))
        return self.memory.entries.get(entry.key, entry)

    def failed(self, entry: Entry, reason: str) -> Entry:
        stands = self.memory.entries.get(entry.key)
        if stands and stands.status in OPEN:
            self.memory.keep(replace(stands, status=Status.FAILED, due_at=None, reason=reason))
        return self.memory.entries.get(entry.key, entry)


@dataclass(slots=True)
class Entries:
    memory: Memory

    def entry(self, key: EntryId) -> Entry | None:
        return self.memory.entries.get(key)

    def entries(self, partition: ConversationId) -> tuple[Entry, ...]:
        found = (entry for key, entry in self.memory.entries.items() if key.conversation == partition)
        return tuple(sorted(found, key=lambda entry: (entry.number, entry.index)))

    def post(self, post: Post, now: datetime, received: ReceivedMail | None = None) -> bool:
        self.memory.refuse_second(None, received)
        entry, cap = posted(post, now), (post.address_hash, post.cap)
        if entry.key in self.memory.entries:
            raise Conflict(f"{entry.id} is taken")
        if self.memory.caps.get(cap, now) > now:
            return False
        self.memory.caps[cap] = now + post.every
        self.memory.keep(entry)
        self.memory.name_turns(entry.conversation, (post.mail,))
        if received:
            self.memory.received[received.ses_id] = plainly(received)
        return True


@dataclass(slots=True)
class Rosters:
    memory: Memory

    def known(self) -> Roster:
        return self.memory.roster

    def save(self, roster: Roster) -> None:
        if roster.version != self.memory.roster.version:
            raise Conflict("somebody else has noted the roster")
        self.memory.roster = plainly(replace(roster, version=roster.version + 1))


@dataclass(slots=True)
class Turns:
    memory: Memory

    def waiting(self, specialist: SpecialistId, limit: int) -> tuple[ConversationId, ...]:
        return tuple(sorted(self.memory.turns.get(specialist, ())))[:limit]

    def done(self, specialist: SpecialistId, outbox: ConversationId) -> None:
        self.memory.turns.get(specialist, set()).discard(outbox)


@dataclass(slots=True)
class Quiet:
    memory: Memory

    def hush(self, address_hash: str, now: datetime) -> None:
        self.memory.counts[address_hash] = replace(self.memory.counts.get(address_hash, Counted()), complained=True)

    def lift(self, address_hashes: Iterable[str], now: datetime) -> bool:
        known = {one: self.memory.counts.get(one, Counted()) for one in address_hashes}
        self.memory.counts |= {one: replace(counted, complained=False) for one, counted in known.items()}
        return any(counted.complained for counted in known.values())

    def allow(self, address_hashes: Iterable[str], caps: tuple[Cap, ...], name: str, now: datetime) -> str:
        newest, *older = address_hashes
        if any(self.memory.counts.get(one, Counted()).complained for one in (newest, *older)):
            return "complaint"
        after = count(self.memory.counts.get(newest, Counted()), caps, name, now)
        if after is None:
            return "capped"
        self.memory.counts[newest] = plainly(after)
        return ""


@dataclass(slots=True)
class Received:
    memory: Memory

    def fate(self, ses_id: str) -> ReceivedMail | None:
        return self.memory.received.get(ses_id)

    def record(self, received: ReceivedMail) -> None:
        self.memory.refuse_second(None, received)
        self.memory.received[received.ses_id] = plainly(received)


@dataclass(slots=True)
class MailIndex:
    memory: Memory

    def find(self, message_id: str) -> MailRef | None:
        return self.memory.references.get(bare_id(message_id))


@dataclass(slots=True)
class Due:
    """Everything is in shard 0: which one a conversation is in, is nobody's business."""

    memory: Memory

    def overdue(self, shard: int, now: datetime, limit: int) -> tuple[ConversationId | EntryId, ...]:
        memory = self.memory
        due: dict[ConversationId | EntryId, datetime | None] = {}
        for one in memory.conversations.values():
            due[one.id] = memory.later.get((one.id, one.version), one.due_at)
        for entry in memory.entries.values():
            due[entry.key] = memory.marked.get(entry.key) or entry.due_at
        found = sorted(((when, key) for key, when in due.items() if when and when <= now), key=str)
        return tuple(key for _, key in found[: 0 if shard else limit])

    def put_off(self, conversation: ConversationId, now: datetime) -> None:
        one = self.memory.conversations.get(conversation)
        if one and one.due_at and self.memory.later.get((one.id, one.version), one.due_at) <= now:
            self.memory.later[one.id, one.version] = now + RESUME_AGAIN

    def resume(self, entry: EntryId, now: datetime) -> bool:
        memory, stands = self.memory, self.memory.entries.get(entry)
        due = memory.marked.get(entry) or (stands.due_at if stands else None)
        if stands is None or stands.status not in OPEN or due is None or due > now:
            return False
        memory.entries[entry] = replace(stands, due_at=now)
        memory.marked[entry] = now + RESUME_AGAIN
        return True


@dataclass(slots=True)
class Publications:
    memory: Memory

    def of_product(self, sku: str, limit: int) -> tuple[Decided, ...]:
        found = (one for one in self.memory.decided.values() if one.proposal.sku == sku)
        shown = sorted((one for one in found if one.standing is Standing.PUBLISHED), key=lambda one: one.at)
        return tuple(reversed(shown[-limit:]))

    def find(self, sku: str, conversation: ConversationId, number: int) -> Decided | None:
        return self.memory.decided.get((sku, conversation, number))

    def decide(self, decided: Decided, was: Standing | None) -> bool:
        key = (decided.proposal.sku, decided.conversation, decided.number)
        stands = self.memory.decided.get(key)
        if (stands.standing if stands else None) != was:
            return False
        self.memory.decided[key] = decided
        return True
