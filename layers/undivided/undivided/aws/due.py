"""What should have happened by now: the sparse index `due` of the table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from undivided.aws import items
from undivided.aws.dynamo import Store
from undivided.aws.outbox import OPEN
from undivided.aws.wire import Item, update
from undivided.commits import RESUME_AGAIN
from undivided.values import ConversationId, stamp

INDEX = "due"
_MARK = "SET resume = :now, due_at = :again"
_STILL_DUE = "due_at <= :now AND #status IN (:pending, :sending)"


@dataclass(frozen=True, slots=True)
class Due:
    """The adapter behind the port of the same name. The index holds keys only: enough to know where to look."""

    store: Store

    def conversations(self, shard: int, now: datetime, limit: int) -> tuple[ConversationId, ...]:
        found = self._overdue(shard, now, limit, items.META)
        return tuple(dict.fromkeys(items.owner(str(item["pk"])) for item in found))

    def resume(self, shard: int, now: datetime, limit: int) -> int:
        return sum(self._resume(item, now) for item in self._overdue(shard, now, limit, "OUT#"))

    def _resume(self, found: Item, now: datetime) -> bool:
        """Mark one entry, if it is still what the index said: the index is a moment behind."""
        where = str(found["pk"]), str(found["sk"])
        times = {"now": stamp(now), "again": stamp(now + RESUME_AGAIN)}
        marked, _ = self.store.update(update(where, _MARK, _STILL_DUE, **times, **OPEN))
        return marked

    def _overdue(self, shard: int, now: datetime, limit: int, kind: str) -> Iterator[Item]:
        """Yield keys of items whose sort key begins with `kind`, the longest overdue first."""
        found = self.store.query(
            "due_shard = :shard AND due_at <= :now",
            {":shard": str(shard), ":now": stamp(now), ":kind": kind},
            IndexName=INDEX,
            FilterExpression="begins_with(sk, :kind)",
        )
        return islice(found, limit)
