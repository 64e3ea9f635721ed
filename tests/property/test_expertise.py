"""What routing must keep on any desk: measured on three sets of ours, and on two public ones where they are at hand.

The public sets (docs/expertise.md) are not part of this repository: `UNDIVIDED_ROUTING_DATA` names their folder, and
`../shared/data/routing` beside the project is looked into without it.
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from console.measuring import Run, newcomer, run
from console.taskfile import Task, read

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1_800)]

ROOT = Path(__file__).parents[2]
OURS = {path.stem: path for path in sorted((ROOT / "tests" / "data").glob("routing_*.json"))}
PUBLIC = Path(os.environ.get("UNDIVIDED_ROUTING_DATA", ROOT.parent / "shared" / "data" / "routing"))
TARGETS = {
    "bank12": {"0": 0.59, "50": 0.61, "200": 0.65, "1000": 0.76, "5000": 0.86},
    "hwu18": {"0": 0.58, "50": 0.61, "200": 0.68, "1000": 0.78, "5000": 0.84},
    "routing_de": {"0": 0.55, "50": 0.56, "200": 0.58, "607": 0.72},
    "routing_haus": {"0": 0.33, "50": 0.32, "200": 0.38, "640": 0.41},
    "routing_fr": {"0": 0.32, "50": 0.34, "200": 0.40, "330": 0.40},
}
STRANGERS = {"bank12": "hwu18", "hwu18": "bank12"}
CAUGHT = {
    "bank12": {"0": 0.90, "50": 0.87, "200": 0.85, "1000": 0.89, "5000": 0.90},
    "hwu18": {"0": 0.03, "50": 0.17, "200": 0.28, "1000": 0.23, "5000": 0.57},
    "routing_de": {"0": 0.23, "50": 0.47, "200": 0.47, "607": 0.63},
    "routing_haus": {"0": 0.24, "50": 0.35, "200": 0.35, "640": 0.39},
    "routing_fr": {"0": 0.15, "50": 0.25, "200": 0.27, "330": 0.35},
}
"""Share of the other set's questions that are caught while one in twenty of our own is lost, a little below what was
measured. Of the others only MiniLM catches more on hwu18, where hardly anything is strange (docs/expertise.md)."""
NEWCOMERS = {
    "bank12": (0.54, 0.60),
    "hwu18": (0.59, 0.83),
    "routing_de": (0.52, 0.54),
    "routing_haus": (0.50, 0.48),
    "routing_fr": (0.30, 0.31),
}
"""Own questions that reach a newcomer at none and at ten answers, a little below what was measured."""
HARD = {"routing_fr"}
"""Where somebody who has answered as often as their colleagues gets .43 of their own: .40 at none is not to be had."""
COST = {"bank12": -1.7, "hwu18": -1.9, "routing_de": -2.9, "routing_haus": -5.5, "routing_fr": -3.9}
"""Points that the others lose at most. To somebody who has answered as often as they have they lose 1.3 on routing_de, 2.0
on routing_haus and 2.7 on routing_fr."""
SETS = [*OURS, "bank12", "hwu18"]
TOLERANCE = 0.02


@cache
def task(name: str) -> Task:
    if name in OURS:
        return read(OURS[name])
    if not (PUBLIC / f"{name}.json").exists():
        pytest.skip(
            f"the public set {name} is not in {PUBLIC}: set UNDIVIDED_ROUTING_DATA to its folder (docs/expertise.md)"
        )
    found = read(PUBLIC / f"{name}.json")
    other = read(PUBLIC / f"{STRANGERS[name]}.json")
    return replace(found, test=found.test[:1100], oos=tuple(one.text for one in other.test[:300]))


@cache
def curve(name: str) -> Run:
    return run(task(name), task(name).stream, [0, 50, 200, 1000, 5000])


@pytest.mark.parametrize("name", SETS)
def test_routing_reaches_its_targets(name) -> None:
    points = curve(name).points
    assert {
        point: found["top1"] for point, found in points.items() if found["top1"] < TARGETS[name].get(point, 0)
    } == {}


@pytest.mark.parametrize("name", SETS)
def test_learning_never_falls_below_the_start(name) -> None:
    """More than two points below the bare descriptions, at any point, and a shop had better not learn."""
    points = curve(name).points
    noise = 1.0 / len(task(name).test)  # one question of a small test set is no fall
    assert {
        point: found["top1"]
        for point, found in points.items()
        if found["top1"] < points["0"]["top1"] - TOLERANCE - noise
    } == {}


@pytest.mark.parametrize("name", SETS)
def test_a_newcomer_is_asked(name) -> None:
    found = newcomer(task(name), task(name).stream)
    at_none, at_ten = NEWCOMERS[name]
    assert at_none >= 0.40 or name in HARD
    assert found["0"]["own"] >= at_none
    assert found["10"]["own"] >= at_ten
    assert min(one["others_change"] for one in found.values()) >= COST[name]


@pytest.mark.parametrize("name", SETS)
def test_strangers_are_noticed(name) -> None:
    points = curve(name).points
    assert {
        point: points[point]["oos_caught_at_5pct"]
        for point, least in CAUGHT[name].items()
        if points[point]["oos_caught_at_5pct"] < least
    } == {}


@pytest.mark.parametrize("name", SETS)
def test_few_of_our_own_are_sent_to_the_fallback_person(name) -> None:
    """The running threshold aims at one in twenty; from 200 answers on it is never wrong for more than one in ten."""
    points = {point: found for point, found in curve(name).points.items() if int(point) >= 200}
    assert {point: found["fits_false"] for point, found in points.items() if found["fits_false"] > 0.10} == {}
