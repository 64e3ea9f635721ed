"""Items as DynamoDB takes them: texts and whole numbers only, because the rest of each item is one text of JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from undivided.errors import TooLarge

Item = dict[str, str | int]
Wire = dict[str, dict[str, str]]
Key = tuple[str, str]
"""Partition and sort key."""
MOST_BYTES = 400_000
NEW = "attribute_not_exists(pk)"


@dataclass(frozen=True, slots=True)
class Part:
    """One write of a transaction; `meaning` tells apart the conditions that failed."""

    action: str
    """`Put`, `Delete` or `Update`."""
    body: Mapping[str, Any]
    meaning: str = ""


def put(one: Item, condition: str = "", meaning: str = "", **values: str | int) -> Part:
    return Part("Put", {**conditioned(condition, values), "Item": wire(checked(one))}, meaning)


def delete(where: Key) -> Part:
    return Part("Delete", {"Key": key(where)})


def update(where: Key, expression: str, condition: str, **values: str | int) -> dict[str, Any]:
    """Build the body of an update; `status` is a reserved word of DynamoDB and stands as `#status`."""
    body = {"Key": key(where), "UpdateExpression": expression, **conditioned(condition, values)}
    named = "#status" in expression + condition  # DynamoDB refuses a name that is not used
    return {**body, "ExpressionAttributeNames": {"#status": "status"}} if named else body


def wire(one: Item) -> Wire:
    return {name: {"N": str(value)} if isinstance(value, int) else {"S": value} for name, value in one.items()}


def item(image: Mapping[str, Any]) -> Item:
    """Read an item from the wire or from a stream record; attributes that are neither text nor number stay away."""
    read: Item = {}
    for name, value in image.items():
        if "S" in value:
            read[name] = value["S"]
        elif "N" in value:
            read[name] = int(value["N"])
    return read


def size(one: Item) -> int:
    """Bytes that DynamoDB counts for an item (names and values in UTF-8; a number at most 21)."""
    return sum(len(name) + (21 if isinstance(value, int) else len(value.encode())) for name, value in one.items())


def checked(one: Item) -> Item:
    if (bytes_ := size(one)) > MOST_BYTES:
        raise TooLarge(f"{one['pk']} {one['sk']} has {bytes_} bytes; DynamoDB takes {MOST_BYTES}")
    return one


def key(where: Key) -> Wire:
    return {"pk": {"S": where[0]}, "sk": {"S": where[1]}}


def conditioned(condition: str, values: Mapping[str, str | int]) -> dict[str, Any]:
    asked: dict[str, Any] = {"ConditionExpression": condition} if condition else {}
    if values:
        asked["ExpressionAttributeValues"] = wire({f":{name}": value for name, value in values.items()})
    return asked
