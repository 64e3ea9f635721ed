"""Run an act once without trouble, and then again and again, with trouble at each of its AWS calls."""

from __future__ import annotations

import gc
import os
import pickle
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from chaos.shop import LATER, PEOPLE
from chaos.wire import (
    AFTER,
    BEFORE,
    Call,
    Happening,
    conflicting,
    killed,
    lost_answer,
    throttled,
)
from chaos.world import World, world

Act = Callable[[World], object]


@dataclass(frozen=True, slots=True)
class Sweep:
    """What trouble at every call of an act led to."""

    calls: tuple[str, ...]
    """The calls of the act without trouble."""
    failures: tuple[str, ...]
    outcomes: Counter[str]
    """What `check` returned, counted."""

    def report(self) -> str:
        return f"{len(self.calls)} calls, {sum(self.outcomes.values())} runs: {dict(self.outcomes)}"


READS = frozenset({"GetItem", "BatchGetItem", "Query", "GetObject", "GetParameter"})


@dataclass(frozen=True, slots=True)
class Point:
    """One call of the act, as it was made without trouble."""

    number: int
    name: str
    first: bool
    """It is the first call of its process."""

    @property
    def reads(self) -> bool:
        return self.name.partition(".")[2] in READS


Troubles = Callable[[World, Point], list[tuple[str, Happening]]]
"""What may happen at a point, by name."""


def crashes(_world: World, point: Point) -> list[tuple[str, Happening]]:
    """Before and after the call."""
    return [(f"killed {moment_}", killed(point.number, moment_)) for moment_ in (BEFORE, AFTER)]


def distinct_crashes(world: World, point: Point) -> list[tuple[str, Happening]]:
    """Leave out the crashes that AWS cannot tell from an earlier one.

    A process that dies leaves nothing but what AWS has. So dying before a call is dying after the one before it, unless
    it is the process' first; and dying after a read is dying before it.
    """
    before, after = crashes(world, point)
    return [before] * point.first + [after] * (not point.reads)


def refusals(_world: World, point: Point) -> list[tuple[str, Happening]]:
    """The answer is lost, or AWS takes no more, or (where it writes) another transaction is in the way."""
    number = point.number
    lost = [] if point.reads else [("lost answer of", lost_answer(number)), ("conflict at", conflicting(number))]
    return [*lost, ("throttled", throttled(number))]


def overtaken(act: Act) -> Troubles:
    """Before a call is made, everything that `act` sets in motion happens elsewhere, to its end."""

    def troubles(made: World, point: Point) -> list[tuple[str, Happening]]:
        def happening(call: Call, moment_: str) -> None:
            if (call.number, moment_) == (point.number, BEFORE):
                made.wire.live = False
                act(made)
                made.settle()
                made.wire.live = True

        return [("overtaken at", happening)]

    return troubles


def sweep(
    prepare: Act, act: Act, check: Callable[[World, Any], str], summary: Callable[[World], Any], troubles: Troubles
) -> Sweep:
    """Run `act` after `prepare` with each trouble at each of its calls, and `check` what is left of it.

    Each run is a fork of the one prepared world, so that preparing costs once. `check` is given the `summary` of the
    run without trouble, and returns a word for what it found, to be counted.
    """
    warm()
    with world() as made:
        prepare(made)
        made.survive()
        start = len(made.wire.calls)
        points, expected = _in_fork(lambda: _untroubled(made, act, check, summary, start))
        failures, outcomes = [], Counter[str]()
        for point in points:
            for trouble, happening in troubles(made, point):
                word, wrong = _in_fork(lambda happening=happening: _try(made, act, happening, expected, check))
                outcomes[word] += 1
                failures += [f"{trouble} {point}: {wrong}"] if wrong else []
        return Sweep(tuple(point.name for point in points), tuple(failures), outcomes)


@cache
def warm() -> None:
    """Do everything once, so that no fork has to import a module or compile a template by itself."""
    with world() as made:
        made.ask()
        made.settle()
        made.reply(made.last_to(f"{PEOPLE[0][0]}@people.example"), "Yes.\n")
        made.sweep()
        made.survive()


def _untroubled(made: World, act: Act, check: Any, summary: Any, start: int) -> tuple[list[Point], Any]:
    act(made)
    made.settle()
    calls = made.wire.calls[start - 1 :] if start else [None, *made.wire.calls]
    points = [
        Point(call.number, call.name, first=last is None or last.process != call.process)
        for last, call in pairwise(calls)
        if call
    ]
    _until_later(made)
    expected = summary(made)
    check(made, expected)
    return points, expected


def _until_later(made: World) -> None:
    """Recover, and come to the same hour in every run: reminders and promises go by the clock."""
    later = made.now + LATER
    made.survive()
    made.advance(later - made.now)
    made.survive()


def _try(made: World, act: Act, happening: Happening, expected: Any, check: Any) -> tuple[str, str]:
    made.wire.happening = happening
    try:
        act(made)
        _until_later(made)
        return check(made, expected), ""
    except Exception:  # noqa: BLE001 - whatever went wrong is the finding
        return "wrong", traceback.format_exc(limit=-6)


def _in_fork(work: Callable[[], Any]) -> Any:
    """Do `work` in a copy of this process and return what it returned: nothing of it happens here."""
    read, write = os.pipe()
    gc.freeze()  # what is shared stays shared: a collection in the fork would copy every page
    child = os.fork()
    if not child:
        gc.disable()
        try:
            with os.fdopen(write, "wb") as pipe:
                pickle.dump(work(), pipe)
        except BaseException:  # noqa: BLE001 - the fork must never return into the test
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        found = pipe.read()
    os.waitpid(child, 0)
    assert found, "the forked run ended without an answer; its traceback is in the output"
    return pickle.loads(found)
