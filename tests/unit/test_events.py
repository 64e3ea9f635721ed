"""docs/events.md and schema/events/ say what is really told: every event of the heart, gathered from a shop at work."""

from __future__ import annotations

import ast
import json
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from jsonschema import Draft202012Validator
from property.test_heart import ShopDay
from undivided.answering import specialist_writes
from undivided.aws.bus import SCHEMA, Bus
from undivided.changes import Fact
from undivided.closing import rate
from undivided.obey import Order, obey
from undivided.snoozing import snooze
from undivided.state import Mark
from undivided.steps.follow import follow
from undivided.steps.proposing import with_proposal
from unit.attention.desk import ANNA, KEVIN, LENA, OMAR, World, words
from unit.knowledge import owners
from unit.sale.calls import ID, call_generic, conversation, generic, shop
from unit.sale.test_offers import visit

from console.events import COMMON, DOCS, SCHEMAS, rewritten, schemas

ROOT = SCHEMAS.parents[1]
NAMES = sorted(schemas())


class Wire:
    """Stands for EventBridge's client; keeps what it is told."""

    def __init__(self) -> None:
        self.told: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def put_events(self, Entries: list[dict[str, Any]]) -> dict[str, int]:  # noqa: N803 - AWS's name
        for one in Entries:
            self.told[one["DetailType"]].append(json.loads(one["Detail"]))
        return {"FailedEntryCount": 0}


@pytest.fixture(scope="module")
def told() -> dict[str, list[dict[str, Any]]]:
    """Return what the bus was told, by name, of some days of a shop at work, and of what only steps tell."""
    wire = Wire()
    bus = Bus(wire, "bus")  # type: ignore[arg-type]

    class Telling(ShopDay):
        def commit(self, changes: Any) -> None:
            super().commit(changes)
            for index, fact in enumerate(changes.facts if changes else ()):
                bus.tell(fact, changes.after.id, changes.after.number, index)

    run_state_machine_as_test(
        Telling,
        settings=settings(max_examples=120, stateful_step_count=40, database=None, derandomize=True),
    )
    _rare(bus)
    rt = shop()
    rt.bus = bus
    visit(rt=rt, sku="TR-300")
    visit(rt=rt, sku="else")
    _decided(bus)
    return wire.told


def _decided(bus: Bus) -> None:
    """Have an answer proposed, published, and taken back."""
    rt = owners.proposed()
    rt.bus = bus  # type: ignore[assignment]
    record = rt.conversations.record(ID)
    (mail,) = (one.mail for one in record.entries)
    (fact,) = with_proposal(None, mail, record, ANNA, rt).facts
    bus.tell(fact, ID, 4, 0)
    for do in ("publish", "take_back"):
        owners.press(rt, do)
        (decided,) = rt.memory.decided.values()
        follow(decided, rt)


class Day(World):
    """A shop whose day follows a script."""

    def __init__(self, bus: Bus) -> None:
        super().__init__()
        self.bus = bus

    def commit(self, changes: Any) -> Any:
        after = super().commit(changes)
        for index, fact in enumerate(changes.facts):
            self.bus.tell(fact, after.id, after.version, index)
        return after


def _rare(bus: Bus) -> None:
    """Do what hardly happens by chance: explore, consult, undo, snooze, and leave a promise unkept until nothing helps."""
    day = Day(bus)
    asked = day.ask("ida")
    day.commit(obey(asked, ANNA, words(ANNA), (Order("ask", to=KEVIN),), asked.said, day.given()))
    assert day.pull(KEVIN)
    day.shop = replace(day.shop, pace=replace(day.shop.pace, hold=timedelta(minutes=2)))
    held = day.ask("una", ((LENA, 1.0),))
    held = day.commit(specialist_writes(held, LENA, words(LENA), held.said, day.given()))
    day.commit(obey(held, LENA, words(LENA, ""), (Order("undo"),), held.said, day.given()))
    day.commit(rate(replace(held, surveyed=True, version=day.conversations[held.id].version), Mark.YES, day.now))
    aside = day.ask("vic", ((OMAR, 1.0),))
    day.commit(snooze(aside, OMAR, day.now + timedelta(hours=1), day.given()))
    day.ask("tom")
    day.wait(days=6)
    free = Day(bus)
    free.ask("zoe", ((ANNA, 1.0), (KEVIN, 0.9)), drawn=(KEVIN, ANNA))


def test_every_event_was_told_and_none_that_is_not_described(told):
    assert set(told) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_told_is_what_the_schema_says(told, name):
    schema = schemas()[name]
    validator = Draft202012Validator(schema)
    for one in told[name]:
        validator.validate(one)
        assert set(one) <= set(schema["properties"]), "a field that is not described"


@pytest.mark.parametrize("name", NAMES)
def test_schemas_are_sound_and_their_examples_true(name):
    schema = schemas()[name]
    Draft202012Validator.check_schema(schema)
    assert (schema["$id"], schema["title"], schema["properties"]["schema"]["const"]) == (f"{name}.json", name, SCHEMA)
    assert set(COMMON) <= set(schema["required"]) <= set(schema["properties"])
    for one in schema["properties"].values():
        assert one["description"].endswith(".")
        for example in one.get("examples", ()):
            Draft202012Validator(one).validate(example)


def test_every_fact_in_the_code_is_described():
    """Names are written out where facts are made, so they can be read without running anything."""
    named = set()
    for path in (ROOT / "layers/undivided/undivided").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == Fact.__name__:
                first = node.args[0]
                texts = [
                    one.value for one in ast.walk(first) if isinstance(one, ast.Constant) and isinstance(one.value, str)
                ]
                assert texts, f"{path}:{node.lineno}"
                named.update(texts)
    assert named == set(NAMES)


def test_the_page_is_that_of_the_schemas():
    text = Path(DOCS).read_text("utf-8")
    assert rewritten(text) == text, "run python -m console.events"
    assert all(f"### `{name}`" in text for name in NAMES)


def test_no_event_holds_a_name_or_an_address(told):
    everything = json.dumps(told)
    assert "sam@example.com" not in everything.lower()
    assert "@" not in everything


def test_an_order_tells_who_sold(told):
    rt = shop(conversation())
    call_generic(rt, generic())
    assert told["order_credited"]
    assert rt.conversations.conversation(ID).sale
