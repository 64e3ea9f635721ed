"""What should have happened by now: the sparse index `due` of the table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from undivided.aws import items
from undivided.aws.dynamo import Store
from undivided.aws.outbox import OPEN
from undivided.aws.wire import Item, update
from undivided.commits import RESUME_AGAIN
from undivided.outbox import EntryId
from undivided.values import ConversationId, stamp

INDEX = "due"
_MARK = "SET resume = :now, due_at = :again"
_STILL_DUE = "due_at <= :now AND #status IN (:pending, :sending)"


@dataclass(frozen=True, slots=True)
class Due:
    """The adapter behind the port of the same name. The index holds keys only: enough to know where to look."""

    store: Store

    def overdue(self, shard: int, now: datetime, limit: int) -> tuple[ConversationId | EntryId, ...]:
        values: Item = {":shard": str(shard), ":now": stamp(now)}
        found = self.store.query("due_shard = :shard AND due_at <= :now", values, limit=limit, IndexName=INDEX)
        return tuple(_named(item) for item in islice(found, limit))

    def put_off(self, conversation: ConversationId, now: datetime) -> None:
        """Move the index alone: the conversation's own timers stay, and its version."""
        where = items.partition(conversation), items.META
        times = {"now": stamp(now), "again": stamp(now + RESUME_AGAIN)}
        self.store.update(update(where, "SET due_at = :again", "due_at <= :now", **times))

    def resume(self, entry: EntryId, now: datetime) -> bool:
        """Mark one entry, if it is still what the index said: the index is a moment behind."""
        times = {"now": stamp(now), "again": stamp(now + RESUME_AGAIN)}
        marked, _ = self.store.update(update(items.entry_key(entry), _MARK, _STILL_DUE, **times, **OPEN))
        return marked


def _named(item: Item) -> ConversationId | EntryId:
    owner, sk = items.owner(str(item["pk"])), str(item["sk"])
    return owner if sk == items.META else items.entry_id(owner, sk)
