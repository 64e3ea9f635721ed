"""How much automatic mail an address gets: one item for each address, `POST#<hash>` `QUIET`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from undivided.aws import items
from undivided.aws.dynamo import Store
from undivided.aws.table import RETENTION
from undivided.aws.wire import NEW, Item, Key, put
from undivided.config import Cap
from undivided.counting import Counted, count
from undivided.errors import Conflict
from undivided.outbox import post_partition
from undivided.plain import from_text, to_text
from undivided.values import AddressHash

TRIES = 5


@dataclass(frozen=True, slots=True)
class Quiet:
    """The adapter behind the port of the same name."""

    store: Store
    retention: timedelta = RETENTION

    def hush(self, address_hash: AddressHash, now: datetime) -> None:
        self._complained(address_hash, now, complained=True)

    def lift(self, address_hashes: Iterable[AddressHash], now: datetime) -> bool:
        lifted = [self._complained(one, now, complained=False) for one in address_hashes]
        return any(lifted)

    def _complained(self, address_hash: AddressHash, now: datetime, *, complained: bool) -> bool:
        """Note it; False if it stood there already."""
        for _ in range(TRIES):
            counted = self._read(address_hash)
            if counted.complained is complained:
                return False
            if self._write(address_hash, replace(counted, complained=complained), now):
                return True
        raise Conflict(f"the counts of one address moved {TRIES} times")

    def allow(self, address_hashes: Iterable[AddressHash], caps: tuple[Cap, ...], name: str, now: datetime) -> str:
        newest, *older = address_hashes
        counted = self._read(newest)
        if counted.complained or any(self._read(one).complained for one in older):
            return "complaint"
        after = count(counted, caps, name, now)
        if after is None:
            return "capped"
        if after is not counted and not self._write(newest, after, now):
            raise Conflict("somebody else counted a mail to this address")
        return ""

    def _read(self, address_hash: AddressHash) -> Counted:
        item = self.store.get(_key(address_hash))
        return from_text(Counted, str(item["body"])) if item else Counted()

    def _write(self, address_hash: AddressHash, counted: Counted, now: datetime) -> bool:
        pk, sk = _key(address_hash)
        saved = replace(counted, version=counted.version + 1)
        expires = items.expiry(now + self.retention)
        item: Item = {"pk": pk, "sk": sk, "version": saved.version, "body": to_text(saved), "expires": expires}
        if counted.version == 0:
            return self.store.attempt(put(item, NEW))
        return self.store.attempt(put(item, "version = :read", read=counted.version))


def _key(address_hash: AddressHash) -> Key:
    return items.partition(post_partition(address_hash)), "QUIET"
