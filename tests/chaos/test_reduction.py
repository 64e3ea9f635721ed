"""What `interleaving` saves is not left out: the whole search, which does everything again, comes to the same.

Small programs stand for handlers: they read an item, write what follows from it, with or without a condition, and send
messages. And a fault that is planted in the real claim is found, although it needs one order of few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any
from unittest import mock

import pytest
from chaos import stack as moto
from chaos.harness import World, warm, world
from chaos.interleaving import Meeting, Work
from chaos.test_interleavings import meeting, wrong
from undivided.aws.dynamo import Store

LEAN = {"matching": True, "commuting": True}
WHOLE = {"matching": False, "commuting": False}
STEPS = ("count a", "count b", "count surely a", "look at both", "send")


def read(made: World, name: str) -> int:
    found = made.stack.dynamodb.get_item(TableName=moto.TABLE, Key={"pk": {"S": name}, "sk": {"S": "-"}})
    return int(found["Item"]["n"]["N"]) if "Item" in found else 0


def write(made: World, name: str, number: int, **condition: Any) -> None:
    item = {"pk": {"S": name}, "sk": {"S": "-"}, "n": {"N": str(number)}}
    made.stack.dynamodb.put_item(TableName=moto.TABLE, Item=item, **condition)


def do(made: World, step: str, learned: list[int]) -> None:
    """Take one step of a program, which may depend on what the earlier ones learned."""
    if step == "send":
        made.stack.sqs.send_message(QueueUrl=made.stack.queue_url("timers"), MessageBody=f"{learned}")
    elif step == "look at both":
        learned += [read(made, "a"), read(made, "b")]
    elif step == "count surely a":
        surely(made, learned)
    else:
        name = step[-1]
        learned.append(read(made, name))
        write(made, name, learned[-1] + 1)


def surely(made: World, learned: list[int]) -> None:
    """Count, and count again if somebody else came first."""
    seen = read(made, "a")
    condition = "n = :n" if seen else "attribute_not_exists(pk)"
    values = {"ExpressionAttributeValues": {":n": {"N": str(seen)}}} if seen else {}
    try:
        write(made, "a", seen + 1, ConditionExpression=condition, **values)
    except made.stack.dynamodb.exceptions.ConditionalCheckFailedException:
        learned.append(-1)
        do(made, "count a", learned)


def program(made: World, steps: Sequence[str]) -> Work:
    def run() -> None:
        learned: list[int] = []
        for step in steps:
            do(made, step, learned)

    return Work(run)


def came_of(made: World, programs: Sequence[Sequence[str]], **options: Any) -> tuple[int, set[bytes], set[str]]:
    """Return how many orders, all states of the world in which they end, and what stands there."""
    works = tuple(program(made, steps) for steps in programs)
    met = Meeting(made, works, lambda: (f"{read(made, 'a')} {read(made, 'b')}", ""), **options)
    orders = met.every_order()
    return orders, set(met.seen.ends), {word for word, _ in met.seen.ends.values()}


def test_two_that_count_before_they_write_lose_one_in_some_orders() -> None:
    with world() as made:
        for options in (LEAN, WHOLE):
            assert came_of(made, [("count a",), ("count a",)], **options)[::2] == (6, {"1 0", "2 0"})


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("crashes", [0, 1])
def test_the_lean_search_ends_where_the_whole_one_does(seed: int, crashes: int) -> None:
    chance = Random(seed)
    programs = [chance.choices(STEPS, k=2 - crashes) for _ in range(2)]
    with world() as made:
        lean, whole = (came_of(made, programs, crashes=crashes, **options) for options in (LEAN, WHOLE))
        assert lean == whole


def test_three_at_once_end_where_the_whole_search_does() -> None:
    programs = [("count a",), ("count b",), ("look at both",)]
    with world() as made:
        lean, whole = (came_of(made, programs, **options) for options in (LEAN, WHOLE))
        assert lean == whole
        assert lean[0] == 90, "6! orders of six calls, two by two in their order"


def careless(original: Any) -> Any:
    """Write desks whether or not somebody else did in the meantime."""

    def transact(self: Store, parts: Sequence[Any]) -> None:
        original(self, [unconditional(one) if _pk(one).startswith("SPEC#") else one for one in parts])

    return transact


def unconditional(part: Any) -> Any:
    return replace(part, body={"Item": part.body["Item"]})


def _pk(part: Any) -> str:
    return str((part.body.get("Item") or part.body["Key"])["pk"]["S"])


def test_a_claim_that_forgets_the_desk_s_version_is_found() -> None:
    """It takes two questions if the desk is read before the other claim, and the line after it."""
    warm()
    with mock.patch.object(Store, "transact", careless(Store.transact)), meeting("two_looks_at_one_line") as met:
        met.every_order()
        assert any("more in focus than 1" in what or "held == known" in what for what in wrong(met))
        assert len(wrong(met)) < len(met.seen.ends), "not in every order"


@pytest.mark.slow
@pytest.mark.parametrize("planted", [False, True])
def test_the_whole_search_finds_no_more_in_the_real_claim(planted: bool) -> None:
    found = []
    for options in (LEAN, {"matching": True, "commuting": False}, WHOLE):
        transact = careless(Store.transact) if planted else Store.transact
        with (
            mock.patch.object(Store, "transact", transact),
            meeting("two_specialists_and_one_question", **options) as met,
        ):
            orders, seen = met.every_order(), met.seen
            words = sorted(word for word, _ in seen.ends.values())
            found.append((orders, len(seen.orders), words))
    assert found[0] == found[1] == found[2]
