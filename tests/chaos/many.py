"""A table as large as a large shop's: what was not written by the test stands there all the same, and is made when asked for.

Each partition of moto's table comes into being at the first request that names it, as it would stand in a shop of so many
specialists, each with a full desk and a line. moto finds items by looking through all of them; here a query is shown the
partition that it names, and the stretch of the index at which it begins, which is all that DynamoDB reads either.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from math import ceil
from typing import Any
from unittest import mock

from chaos import stack as moto
from chaos.harness import SHOP, World
from chaos.wire import Call
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table
from undivided.aws import items
from undivided.aws.desks import Rosters
from undivided.aws.dynamo import Store
from undivided.aws.wire import Item as Plain
from undivided.aws.wire import size, wire
from undivided.desk import Desk
from undivided.message import Message
from undivided.question import About, Shopper
from undivided.state import MOST_PLACES, NEW_LANE, Conversation, Place, Ranked, State, Timer
from undivided.values import SHOPPER, Address, ConversationId, SpecialistId

MINUTE = timedelta(minutes=1)
RETENTION = timedelta(days=365)
LOST = 3
SHOWN = 50
"""So many entries of one stretch of the index are shown: no page of the sweep reaches further than those that are due."""
FIRST, LATE = SpecialistId("p0000"), SpecialistId("p0015")
LETTERS, DIGITS = str.maketrans("0123456789", "abcdefghij"), str.maketrans("abcdefghij", "0123456789")


def people(specialists: int) -> list[dict[str, Any]]:
    """All know saws; the first of them knows the article itself, and is asked first."""
    usual = SHOP["specialists"][0]
    return [
        {**usual, "id": f"p{one:04d}", "name": f"P{one:04d}", "email": f"p{one:04d}@people.example", "categories": ["saws"],
         "skus": [] if one else ["S-1"]}
        for one in range(specialists)
    ]  # fmt: skip


@dataclass(slots=True)
class Many:
    """The table of a shop in which `each` questions wait for each specialist."""

    made: World
    each: int
    overdue: int = LOST
    """So many of the waiting, first in the line of `LATE`, have a look that got lost."""
    free: bool = True
    """The first specialist has an empty desk and line."""

    def partition(self, pk: str) -> Iterator[Plain]:
        """Make what stands in one partition of which nothing was written."""
        kind, _, name = pk.partition("#")
        if self.free and name == FIRST:
            return
        if kind == "SPEC":
            yield items.desk(Desk(SpecialistId(name), 1, {self.key(name, self.each): self.made.now}))
        if kind == "LINE":
            keys = (items.place_key(self.place(name, one), self.key(name, one)) for one in range(self.each))
            yield from ({"pk": pk, "sk": sk} for _, sk in keys)
        if kind == "CONV" and name.startswith("w"):
            one = self.waiting(ConversationId(name))
            asked = Message(1, SHOPPER, one.asked_at, "Which blade fits?")
            yield items.meta(one, (), RETENTION)
            yield items.message(one.id, asked, "", items.expiry(one.asked_at + RETENTION))

    def forget(self, pk: str) -> None:
        """Make a partition anew that was asked for before there was anything in it."""
        table = dynamodb_backends[moto.ACCOUNT][moto.REGION].tables[moto.TABLE]
        del table.items[DynamoType({"S": pk})]

    def due(self, shard: str, known: Partitions) -> list[Item]:
        """Return the stretch of the index that a sweep begins to read: looks that got lost, and the next ones to come."""
        lost = (self.key(LATE, one) for one in range(self.overdue))
        coming = (self.key(f"p{one:04d}", self.each - 1) for one in range(1, SHOWN))
        made = {pk.value for pk in known}
        keys = [key for key in (*lost, *coming) if items.shard(key) == shard and items.partition(key) not in made]
        return [item(items.meta(self.waiting(key), (), RETENTION)) for key in keys]

    def key(self, who: str, place: int) -> ConversationId:
        return ConversationId("w" + f"{place:04d}{int(who[1:]):07d}".translate(LETTERS))

    def place(self, who: str, place: int) -> Place:
        return Place(SpecialistId(who), NEW_LANE, self.start + MINUTE * place)

    def waiting(self, key: ConversationId) -> Conversation:
        digits = key[1:].translate(DIGITS)
        number, who = int(digits[:4]), f"p{int(digits[4:]):04d}"
        place = self.place(who, number)
        late = who == LATE and number < self.overdue
        look = self.start - MINUTE if late else self.made.now + timedelta(hours=1)
        return Conversation(
            key, Shopper("Una", Address(f"una{number}@mail.example"), "en"), About("S-1"), place.eligible_at,
            place.eligible_at, 1, State.WAITING, places=(place,), said=1, timers={Timer.WAKE: look},
            ranking=tuple(Ranked(SpecialistId(f"p{one:04d}"), 1.0) for one in range(MOST_PLACES)),
        )  # fmt: skip

    @property
    def start(self) -> Any:
        """When the first who wait today had asked."""
        return self.made.now.replace(hour=0, minute=0, second=0, microsecond=0)


class Partitions(dict[Any, Any]):
    """moto's items, by partition; one that nobody wrote to is made."""

    def __init__(self, many: Many, written: dict[Any, Any]) -> None:
        super().__init__(written)
        self.many = many

    def __missing__(self, pk: DynamoType) -> dict[Any, Item]:
        made = [item(one) for one in self.many.partition(pk.value)]
        self[pk] = {one.range_key: one for one in made}
        return self[pk]

    def __deepcopy__(self, memo: dict[int, Any]) -> Partitions:
        return Partitions(self.many, copy.deepcopy(dict(self), memo))


def item(plain: Plain) -> Item:
    values = wire(plain)
    return Item(DynamoType(values["pk"]), DynamoType(values["sk"]), values)


@contextmanager
def large(made: World, specialists: int, each: int) -> Iterator[Many]:
    """Make the world's table as large as that; the first specialist is free until `free` is taken back."""
    store = Store(made.stack.dynamodb, moto.TABLE)
    known = Rosters(store).known()
    Rosters(store).save(replace(known, people=tuple(SpecialistId(one["id"]) for one in people(specialists))))
    many = Many(made, each)
    table = dynamodb_backends[moto.ACCOUNT][moto.REGION].tables[moto.TABLE]
    table.items = Partitions(many, dict(table.items))
    original: Callable[..., Any] = Table.query

    def query(self: Any, hash_key: DynamoType, *rest: Any, **options: Any) -> Any:
        index = options.get("index_name") or dict(enumerate(rest)).get(6)
        near = (
            [*self.all_items(), *many.due(hash_key.value, self.items)] if index else list(self.items[hash_key].values())
        )
        self.all_items = lambda: near
        try:
            return original(self, hash_key, *rest, **options)
        finally:
            del self.all_items

    with mock.patch.object(Table, "query", query):
        yield many


@dataclass(slots=True)
class Work:
    """What was asked of AWS, and what it costs by DynamoDB's published rule: 4 kB a read unit, 1 kB a write unit, twice in a transaction."""

    requests: Counter[str] = field(default_factory=Counter)
    read: int = 0
    """Items."""
    most: int = 0
    """Items that one request read or wrote."""
    read_units: float = 0
    write_units: int = 0

    def listen(self, call: Call, answer: Any) -> None:
        self.requests[call.name] += 1
        if call.service != "dynamodb":
            return
        found = [*answer.get("Items", ()), *([answer["Item"]] if "Item" in answer else [])]
        found += [one for group in answer.get("Responses", {}).values() for one in group]
        written = [part for one in call.params.get("TransactItems", ()) for part in one.values()]
        self.read += len(found)
        self.most = max(self.most, len(found), len(written))
        self.read_units += _read_units(call, found)
        self.write_units += sum(2 * ceil(max(1, _bytes(one.get("Item", {}))) / 1024) for one in written)

    def row(self) -> str:
        return f"{self.requests.total()} | {self.read} | {self.most} | {self.read_units:g} | {self.write_units}"


def _read_units(call: Call, found: list[Any]) -> float:
    half = 1 if call.params.get("ConsistentRead") or call.operation == "BatchGetItem" else 2
    if call.operation == "Query":
        return max(1, ceil(sum(map(_bytes, found)) / 4096)) / half
    return sum(ceil(_bytes(one) / 4096) for one in found) / half or (1 if call.operation == "GetItem" else 0)


def _bytes(found: Any) -> int:
    return size({name: next(iter(value.values())) for name, value in found.items()}) if found else 0
