"""Run an act once without trouble, and then again and again, with trouble at each of its AWS calls."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from chaos.forks import Fork, in_fork
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
from jinja2 import FileSystemBytecodeCache
from undivided.rendering import environment

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

    Preparing costs once, and so does the way to each call: the run with trouble there is a fork made at that call.
    `check` is given the `summary` of the run without trouble, and returns a word for what it found, to be counted.
    """
    warm()
    with world() as made:
        prepare(made)
        made.survive()
        start = len(made.wire.calls)
        points, expected = in_fork(lambda: _untroubled(made, act, check, summary, start))
        found = in_fork(lambda: _troubled(made, points, troubles, lambda: _try(made, act, expected, check)))
        outcomes = Counter(word for _, (word, _) in found)
        failures = [f"{what}: {wrong}" for what, (_, wrong) in found if wrong]
        return Sweep(tuple(point.name for point in points), tuple(failures), outcomes)


@cache
def warm() -> None:
    """Do everything once, so that no fork has to import a module by itself; what one compiles of templates, the others read."""
    environment().bytecode_cache = FileSystemBytecodeCache()
    with world() as made:
        made.ask()
        made.settle()
        made.reply(made.last_to(f"{PEOPLE[0][0]}@people.example"), "Yes.\n")
        made.sweep()
        made.survive()


def _untroubled(made: World, act: Act, check: Any, summary: Any, start: int) -> tuple[list[Point], Any]:
    made.wire.whole = True
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


Outcome = tuple[str, str]
"""A word to be counted, and what is wrong."""


def _troubled(
    made: World, points: list[Point], troubles: Troubles, attempt: Callable[[], Outcome]
) -> list[tuple[str, Outcome]]:
    """Make the attempt without trouble and, in a fork at each point, with each trouble; return what came of those."""
    at = {point.number: point for point in points}
    found: list[tuple[str, Outcome]] = []
    forks: list[Fork] = []

    def branch(call: Call, moment_: str) -> None:
        if moment_ == AFTER or call.number not in at:
            return
        for trouble, happening in troubles(made, at[call.number]):
            fork = Fork()
            if fork.here:
                forks.append(fork)
                made.wire.happening = happening
                happening(call, moment_)
                return
            found.append((f"{trouble} {at[call.number]}", fork.told()))

    made.wire.happening = branch
    outcome = attempt()
    for fork in forks:  # here it is the fork's outcome, or that of the run without trouble
        try:
            fork.tell(outcome)
        finally:
            fork.end()
    assert not outcome[1], f"asked straight, it is not as it was through all of botocore: {outcome[1]}"
    return found


def _try(made: World, act: Act, expected: Any, check: Any) -> Outcome:
    try:
        act(made)
        _until_later(made)
        return check(made, expected), ""
    except Exception:  # noqa: BLE001 - whatever went wrong is the finding
        return "wrong", traceback.format_exc(limit=-6)
