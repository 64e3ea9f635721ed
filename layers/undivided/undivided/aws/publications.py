"""Published answers in the table: a partition for each product, an item for each answer that was decided on."""

from __future__ import annotations

from dataclasses import dataclass

from undivided.aws.dynamo import Store
from undivided.aws.items import expiry
from undivided.aws.wire import NEW, Item, Key, put
from undivided.knowledge.publishing import DECIDED_WITHIN, Decided, Standing
from undivided.plain import from_text, to_text
from undivided.values import ConversationId

PARTITION = "PUBLISHED#"


@dataclass(frozen=True, slots=True)
class Publications:
    """The adapter behind the port of the same name."""

    store: Store

    def of_product(self, sku: str, limit: int) -> tuple[Decided, ...]:
        found = [read(item) for item in self.store.query("pk = :pk", {":pk": _partition(sku)})]
        shown = sorted((one for one in found if one.standing is Standing.PUBLISHED), key=lambda one: one.at)
        return tuple(reversed(shown[-limit:]))

    def find(self, sku: str, conversation: ConversationId, number: int) -> Decided | None:
        item = self.store.get(_key(sku, conversation, number))
        return read(item) if item else None

    def decide(self, decided: Decided, was: Standing | None) -> bool:
        pk, sk = _key(decided.proposal.sku, decided.conversation, decided.number)
        item: Item = {"pk": pk, "sk": sk, "standing": str(decided.standing), "body": to_text(decided)}
        if decided.standing is not Standing.PUBLISHED:
            item["expires"] = expiry(decided.at + DECIDED_WITHIN)  # by then its link publishes nothing any more
        if was is None:
            return self.store.attempt(put(item, NEW))
        return self.store.attempt(put(item, "standing = :was", was=str(was)))


def _partition(sku: str) -> str:
    return f"{PARTITION}{sku}"


def _key(sku: str, conversation: ConversationId, number: int) -> Key:
    return _partition(sku), f"{conversation}.{number:06d}"


def read(item: Item) -> Decided:
    """Read one item: who lists them all, and who follows the stream, has it from elsewhere."""
    return from_text(Decided, str(item["body"]))
