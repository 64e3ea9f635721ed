"""What one AWS call reads or writes, and which calls may therefore change places without anybody noticing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chaos.harness import READS
from chaos.wire import Call

EVERYTHING = "*"
"""All sort keys of a partition; as a partition: the whole table."""


@dataclass(frozen=True, slots=True)
class Touched:
    """Partition and sort key in the table, or bucket and key. What is only sent off is read by nobody before all have ended."""

    keys: frozenset[tuple[str, str]] = frozenset()
    writes: bool = False

    def commutes(self, other: Touched) -> bool:
        """Say whether the two may change places."""
        if not self.writes and not other.writes:
            return True
        return not any(_meet(one, two) for one in self.keys for two in other.keys)


def _meet(one: tuple[str, str], two: tuple[str, str]) -> bool:
    return all(EVERYTHING in pair or pair[0] == pair[1] for pair in zip(one, two, strict=True))


def touched(call: Call) -> Touched:
    """Read from a call what it touches."""
    writes = call.operation not in READS
    if call.service == "s3":
        return Touched(frozenset({(call.params["Bucket"], call.params.get("Key", EVERYTHING))}), writes)
    if call.service != "dynamodb":
        return Touched()
    if call.operation == "Query":
        where = EVERYTHING if "IndexName" in call.params else call.params["ExpressionAttributeValues"][":pk"]["S"]
        return Touched(frozenset({(where, EVERYTHING)}))
    named = [part.get("Key") or part["Item"] for part in _parts(call)]
    return Touched(frozenset((one["pk"]["S"], one["sk"]["S"]) for one in named), writes)


def _parts(call: Call) -> list[dict[str, Any]]:
    if call.operation == "BatchGetItem":
        return [{"Key": key} for asked in call.params["RequestItems"].values() for key in asked["Keys"]]
    if call.operation == "TransactWriteItems":
        return [part for one in call.params["TransactItems"] for part in one.values()]
    return [call.params]
