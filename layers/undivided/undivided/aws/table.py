"""Conversations in the table: load one, or commit what was decided about one, wholly or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from undivided.attention.quiet import told
from undivided.aws import items
from undivided.aws.dynamo import Cancelled, Store
from undivided.aws.wire import NEW, Item, Part, delete, put, size
from undivided.changes import Changes
from undivided.commits import committed, credited, distinct, new_entries
from undivided.desk import Desk
from undivided.errors import Conflict, Duplicate
from undivided.message import Message
from undivided.plain import from_text, to_text
from undivided.record import MailRef, Received, Record
from undivided.state import Conversation, Place
from undivided.values import AddressHash, ConversationId, stamp

if TYPE_CHECKING:
    from undivided.ports.objects import Texts

VERSION = "version"
ONCE = "once"
REFERENCE = "reference"
MOST_TEXT = 300_000
"""Bytes of a message above which its text stands in the bucket: an item of the table takes 400,000."""
SEEN_FOR = timedelta(days=30)
"""Longer than any queue keeps a message (14 days)."""
RETENTION = timedelta(days=365)
ASKER_FACTOR = 2
"""Whoever asked is found for twice the retention: a conversation may go on for as long again before it ends."""


@dataclass(frozen=True, slots=True)
class Conversations:
    """The adapter behind the port of the same name."""

    store: Store
    texts: Texts
    retention: timedelta = RETENTION

    def conversation(self, key: ConversationId) -> Conversation | None:
        item = self.store.get((items.partition(key), items.META))
        return items.conversation(item) if item else None

    def record(self, key: ConversationId) -> Record | None:
        found = list(self.store.query("pk = :pk", {":pk": items.partition(key)}))
        head = next((item for item in found if item["sk"] == items.META), None)
        if head is None:
            return None
        return Record(
            items.conversation(head),
            tuple(self._message(item) for item in found if str(item["sk"]).startswith("MSG#")),
            tuple(items.read_entry(item) for item in found if str(item["sk"]).startswith("OUT#")),
        )

    def commit(
        self,
        changes: Changes,
        now: datetime,
        *,
        seen: str | None = None,
        received: Received | None = None,
        references: tuple[MailRef, ...] = (),
        asker: AddressHash | None = None,
    ) -> Conversation:
        after = committed(changes)
        expires = items.expiry(now + self.retention)
        parts = [
            self._meta(changes, after),
            *(desk_part(desk) for desk in changes.desks),
            *(self._message_part(after.id, message, expires) for message in changes.messages),
            *(put(items.entry(entry, expires)) for entry in new_entries(changes, now)),
            *(put(items.turn(who, after.id, expires)) for who in told(changes.mails)),
            *places(changes),
            *once(seen, received, now, expires),
            *(_reference_part(one, expires) for one in distinct(references)),
            *(put(items.order(one, after.id, expires), NEW, ONCE) for one in credited(changes)),
            *([put(items.asked(asker, after, items.expiry(now + self.retention * ASKER_FACTOR)))] if asker else []),
        ]
        self._write(parts)
        return after

    def _write(self, parts: list[Part]) -> None:
        """Write; a Message-ID that is known already keeps its first meaning, and is no reason to lose the mail."""
        while True:
            try:
                return self.store.transact(parts)
            except Cancelled as cancelled:
                known = {one for one in cancelled.failed if one.startswith(REFERENCE)}
                refuse(cancelled.failed - known)
                parts = [part for part in parts if part.meaning not in known]

    def _meta(self, changes: Changes, after: Conversation) -> Part:
        item = items.meta(after, changes.facts, self.retention)
        if changes.before is None:
            return put(item, NEW, VERSION)
        return put(item, "version = :read", VERSION, read=changes.before.version)

    def _message_part(self, conversation: ConversationId, message: Message, expires: int) -> Part:
        item = items.message(conversation, message, "", expires)
        if size(item) > MOST_TEXT:
            item = self._moved(conversation, message, expires)
        return put(item)

    def _moved(self, conversation: ConversationId, message: Message, expires: int) -> Item:
        """Put text and html into the bucket first; the hash keeps two that race for one number apart."""
        content = to_text(replace(message, files=(), references=())).encode()
        key = f"texts/{conversation}/{message.number:06d}-{sha256(content).hexdigest()[:32]}"
        self.texts.put(key, content, "application/json")
        return items.message(conversation, replace(message, text="", html=""), key, expires)

    def _message(self, item: Item) -> Message:
        message = items.read_message(item)
        if not item.get("texts"):
            return message
        kept = from_text(Message, self.texts.get(str(item["texts"])))
        return replace(message, text=kept.text, html=kept.html)


def desk_part(desk: Desk) -> Part:
    """Save a desk that was read at `desk.version`; 0 means that it had never been saved."""
    item = items.desk(replace(desk, version=desk.version + 1))
    if desk.version == 0:
        return put(item, NEW, VERSION)
    return put(item, "version = :read", VERSION, read=desk.version)


def places(changes: Changes) -> Iterator[Part]:
    """Put the places that `after` has and `before` had not, and delete the reverse."""
    key = changes.after.id
    had = {items.place_key(place, key) for place in _places(changes.before)}
    has = {items.place_key(place, key) for place in changes.after.places}
    yield from (delete(where) for where in sorted(had - has))
    yield from (put({"pk": pk, "sk": sk}) for pk, sk in sorted(has - had))


def _places(before: Conversation | None) -> tuple[Place, ...]:
    return before.places if before else ()


def once(seen: str | None, received: Received | None, now: datetime, expires: int) -> Iterator[Part]:
    if seen:
        item: Item = {"pk": f"SEEN#{seen}", "sk": items.ONLY, "at": stamp(now), "expires": items.expiry(now + SEEN_FOR)}
        yield put(item, NEW, ONCE)
    if received:
        yield put(items.received(received, expires), NEW, ONCE)


def _reference_part(one: MailRef, expires: int) -> Part:
    item = items.reference(one, expires)
    return put(item, NEW, f"{REFERENCE} {item['pk']}")


def refuse(failed: frozenset[str]) -> None:
    """Say which condition failed; an event that was dealt with before matters more than a version."""
    if ONCE in failed:
        raise Duplicate("this event has been dealt with")
    if failed:
        raise Conflict("a version had moved on: load again, decide again")
