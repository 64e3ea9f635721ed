"""The table, one step above the wire: items of texts and whole numbers, and our errors in place of botocore's."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from undivided.aws.faults import BUSY, EXPIRED, OVERSIZE, THROTTLING, translated
from undivided.aws.wire import Item, Key, Part, item, key, size, wire
from undivided.errors import Conflict, Fault, Refused, Throttled, TooLarge, Unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MOST_PARTS = 25
MOST_TOTAL = 4_000_000
_FAILED = "ConditionalCheckFailed"
_BATCH = 100
_BATCH_TRIES = 6


class Cancelled(Exception):
    """A transaction's conditions failed; `failed` names the parts, by their `meaning`."""

    def __init__(self, failed: frozenset[str]) -> None:
        super().__init__(", ".join(sorted(failed)))
        self.failed = failed


@dataclass(frozen=True, slots=True)
class Store:
    """One table."""

    client: DynamoDBClient
    table: str
    pause: Callable[[float], None] = field(default=time.sleep, repr=False)

    def get(self, where: Key) -> Item | None:
        with translated():
            answer = self.client.get_item(TableName=self.table, Key=key(where), ConsistentRead=True)
        return item(answer["Item"]) if "Item" in answer else None

    def batch(self, keys: Sequence[Key]) -> list[Item]:
        """Return the items that exist, in no order; what the service left over is asked for again."""
        found: list[Item] = []
        for start in range(0, len(keys), _BATCH):
            found += self._batch([key(one) for one in keys[start : start + _BATCH]])
        return found

    def _batch(self, wanted: Any) -> list[Item]:
        found: list[Item] = []
        for attempt in range(_BATCH_TRIES):
            with translated():
                answer: Any = self.client.batch_get_item(
                    RequestItems={self.table: {"Keys": wanted, "ConsistentRead": True}}
                )
            found += [item(one) for one in answer["Responses"].get(self.table, [])]
            wanted = answer.get("UnprocessedKeys", {}).get(self.table, {}).get("Keys")
            if not wanted:
                return found
            self.pause(0.05 * 2**attempt)
        raise Throttled(f"{len(wanted)} desks stayed unread after {_BATCH_TRIES} attempts")

    def query(self, condition: str, values: Item, *, limit: int | None = None, **options: Any) -> Iterator[Item]:
        """Yield the items, page by page; `limit` is the size of a page, and where the caller will stop."""
        for page in self._pages(condition, values, limit, options):
            yield from (item(one) for one in page["Items"])

    def count(self, condition: str, values: Item, most: int) -> int:
        counted = 0
        for page in self._pages(condition, values, most, {"Select": "COUNT"}):
            counted += page["Count"]
            if counted >= most:
                return most
        return counted

    def _pages(self, condition: str, values: Item, limit: int | None, options: Mapping[str, Any]) -> Iterator[Any]:
        asked: dict[str, Any] = {
            "TableName": self.table,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": wire(values),
            "ConsistentRead": "IndexName" not in options,
            **({"Limit": limit} if limit else {}),
            **options,
        }
        while True:
            with translated():
                answer = self.client.query(**asked)
            yield answer
            if "LastEvaluatedKey" not in answer:
                return
            asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def attempt(self, part: Part) -> bool:
        """Write one `Put` outside a transaction; False if its condition failed."""
        with translated():
            try:
                self.client.put_item(TableName=self.table, **part.body)
            except self.client.exceptions.ConditionalCheckFailedException:
                return False
        return True

    def delete(self, where: Key) -> None:
        with translated():
            self.client.delete_item(TableName=self.table, Key=key(where))

    def update(self, body: Mapping[str, Any]) -> tuple[bool, Item]:
        """Update one item with the body that `wire.update` built; return whether it was, and how the item stands now.

        The item is empty when there was none.
        """
        asked = {**body, "ReturnValues": "ALL_NEW", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
        with translated():
            try:
                answer: Any = self.client.update_item(TableName=self.table, **asked)
            except self.client.exceptions.ConditionalCheckFailedException as refused:
                stands: Any = refused.response.get("Item", {})
                return False, item(stands)
        return True, item(answer["Attributes"])

    def transact(self, parts: Sequence[Part]) -> None:
        """Write all parts or none; raise `Cancelled` when conditions failed.

        botocore adds a token that its own retries repeat, so that a commit whose answer was lost is not refused by
        itself when it is sent again.
        """
        _check_size(parts)
        asked: Any = [{part.action: {"TableName": self.table, **part.body}} for part in parts]
        try:
            with translated():
                self.client.transact_write_items(TransactItems=asked)
        except Fault as fault:
            if fault.code != "TransactionCanceledException":
                raise
            raise _sorted(parts, fault) from fault


def _check_size(parts: Sequence[Part]) -> None:
    if len(parts) > MOST_PARTS:
        raise TooLarge(f"{len(parts)} items in one transaction; at most {MOST_PARTS} stay cheap and quick")
    total = sum(size(item(part.body["Item"])) for part in parts if "Item" in part.body)
    if total > MOST_TOTAL:
        raise TooLarge(f"{total} bytes in one transaction; DynamoDB takes {MOST_TOTAL}")


def _sorted(parts: Sequence[Part], fault: Fault) -> Exception:
    """Say what a cancelled transaction means: the reasons stand in the order of its parts."""
    assert isinstance(fault.__cause__, ClientError)
    reasons: Any = fault.__cause__.response.get("CancellationReasons", [])
    codes = [reason.get("Code", "None") for reason in reasons]
    others = {code for code in codes if code not in ("None", _FAILED)}
    for known, kind in ((BUSY, Conflict), (THROTTLING, Throttled), (EXPIRED, Unavailable), (OVERSIZE, TooLarge)):
        if others & known:
            return kind(str(fault), ", ".join(sorted(others & known)))
    if others or not codes:
        return Refused(f"{fault}: {[reason.get('Message') for reason in reasons]}", ", ".join(sorted(others)))
    return Cancelled(frozenset(part.meaning for part, code in zip(parts, codes, strict=False) if code == _FAILED))
