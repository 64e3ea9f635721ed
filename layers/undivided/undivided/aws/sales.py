"""The conversations of one address, and the orders that were credited, in the table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from undivided.aws import items
from undivided.aws.dynamo import Store
from undivided.aws.table import RETENTION
from undivided.aws.wire import NEW, Item, put
from undivided.values import AddressHash, ConversationId, Money


@dataclass(frozen=True, slots=True)
class Askers:
    """The adapter behind the port of the same name."""

    store: Store

    def conversations(self, hashes: Iterable[AddressHash], limit: int) -> tuple[ConversationId, ...]:
        found = [
            item
            for name in hashes
            for item in islice(
                self.store.query("pk = :pk", {":pk": items.asker(name)}, limit=limit, ScanIndexForward=False), limit
            )
        ]
        newest = sorted(found, key=lambda item: str(item["sk"]), reverse=True)[:limit]
        return tuple(map(items.read_asked, newest))


@dataclass(frozen=True, slots=True)
class Orders:
    """The adapter behind the port of the same name."""

    store: Store
    retention: timedelta = RETENTION

    def conversation(self, order: str) -> ConversationId | None:
        item = self.store.get(items.order_key(order))
        return items.read_order(item) if item else None

    def close(self, order: str, now: datetime) -> bool:
        return self.store.attempt(put(items.order(order, None, items.expiry(now + self.retention)), NEW))

    def keep(self, order: str, refund: str, back: Money, now: datetime) -> None:
        self.store.attempt(put(items.early_refund(order, refund, back, items.expiry(now + self.retention))))

    def kept(self, order: str) -> Mapping[str, Money]:
        values: Item = {":pk": items.order_key(order)[0], ":early": items.EARLY}
        return dict(map(items.read_early, self.store.query("pk = :pk AND begins_with(sk, :early)", values)))
