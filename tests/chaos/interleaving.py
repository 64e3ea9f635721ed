"""Two handlers at once, in every order in which their AWS calls can meet: threads that hand one baton to and fro.

Between two of its AWS calls a handler shares nothing with anybody, so that the order of the calls is all that can differ.
Two calls that follow one another may change places without anybody noticing, unless they touch a common item and one of
them writes it (`Touched`). Of the orders that differ by nothing else only those are tried in which no such pair has the
higher thread first: the smallest of each such set of orders, in the order of the alphabet, is always among them, so that
every outcome is seen. A schedule names who makes the next call; depth first, each run says where it could have gone
another way.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from chaos.harness import READS, World
from chaos.wire import BEFORE, Call

Work = Callable[[], object]
EVERYTHING = "*"
"""All sort keys of a partition; as a partition: the whole table."""


@dataclass(frozen=True, slots=True)
class Touched:
    """What one call reads or writes of the table: partition and sort key."""

    keys: frozenset[tuple[str, str]] = frozenset()
    writes: bool = False

    def commutes(self, other: Touched) -> bool:
        """Say whether the two may change places without anybody noticing."""
        if not self.writes and not other.writes:
            return True
        return not any(_meet(one, two) for one in self.keys for two in other.keys)


def _meet(one: tuple[str, str], two: tuple[str, str]) -> bool:
    return all(EVERYTHING in pair or pair[0] == pair[1] for pair in zip(one, two, strict=True))


def touched(call: Call) -> Touched:
    """Read from a call what it touches; calls to other services leave messages, which are taken up afterwards."""
    if call.service != "dynamodb":
        return Touched()
    params, reads = call.params, call.operation in READS
    if call.operation == "Query":
        values = params["ExpressionAttributeValues"]
        where = EVERYTHING if "IndexName" in params else values[":pk"]["S"]
        return Touched(frozenset({(where, EVERYTHING)}))
    parts = [params]
    if call.operation == "BatchGetItem":
        parts = [{"Key": key} for asked in params["RequestItems"].values() for key in asked["Keys"]]
    if call.operation == "TransactWriteItems":
        parts = [part for one in params["TransactItems"] for part in one.values()]
    named = [part.get("Key") or part["Item"] for part in parts]
    return Touched(frozenset((one["pk"]["S"], one["sk"]["S"]) for one in named), writes=not reads)


PATIENCE = 60
"""Seconds after which a thread that never gives the baton back has failed."""


@dataclass(slots=True)
class Baton:
    """Lets one of several threads run at a time; `turns` says who ran at each step, of whom there was a choice."""

    wanted: tuple[int, ...]
    """Who runs at the first steps; after them the first who can."""
    turns: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    """Who ran, and who else could have, in an order that is not the same as another."""
    _alive: set[int] = field(default_factory=set)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _running: int | None = None
    _pending: dict[int, Touched] = field(default_factory=dict)
    """Thread -> what the call that it is about to make touches."""
    _last: tuple[int, Touched] = (0, Touched())
    _waiting: set[int] = field(default_factory=set)

    def run(self, works: tuple[Work, ...]) -> list[BaseException | None]:
        """Do all works to their ends, and return what each of them raised."""
        raised: list[BaseException | None] = [None] * len(works)
        self._alive = set(range(len(works)))

        def body(number: int) -> None:
            _own.number = number
            self.pause(Touched())
            try:
                works[number]()
            except BaseException as error:  # noqa: BLE001 - whatever it raised is the finding
                raised[number] = error
            with self._changed:
                self._alive.discard(number)
                self._running = None
                self._changed.notify_all()

        threads = [threading.Thread(target=body, args=(number,), daemon=True) for number in range(len(works))]
        for thread in threads:
            thread.start()
        self._conduct()
        for thread in threads:
            thread.join(PATIENCE)
        return raised

    def pause(self, coming: Touched) -> None:
        """Wait, in a thread, until it is its turn again; `coming` is what its next call touches."""
        number = _own.number
        with self._changed:
            self._pending[number] = coming
            self._waiting.add(number)
            self._running = None if self._running == number else self._running
            self._changed.notify_all()
            assert self._changed.wait_for(lambda: self._running == number, PATIENCE)
            self._waiting.discard(number)

    def _conduct(self) -> None:
        """Give the baton to one after the other, whenever all that are alive wait for it."""
        with self._changed:
            while self._alive:
                ready = self._changed.wait_for(lambda: self._running is None and self._waiting >= self._alive, PATIENCE)
                assert ready, "a thread never came back"
                if not self._alive:
                    return
                could = [one for one in sorted(self._alive) if self._tells(one)] or sorted(self._alive)
                step = len(self.turns)
                who = self.wanted[step] if step < len(self.wanted) else could[0]
                assert who in self._alive, "the same schedule must always lead to the same calls"
                self.turns.append((who, tuple(could)))
                self._last = (who, self._pending[who])
                self._waiting.discard(who)
                self._running = who
                self._changed.notify_all()

    def _tells(self, number: int) -> bool:
        """Say whether letting this thread run now is not the same as letting it run before the last call."""
        last, made = self._last
        return not (number < last and made.commutes(self._pending[number]))


_own = threading.local()


def interleaved(made: World, baton: Baton, works: tuple[Work, ...]) -> list[BaseException | None]:
    """Run works in a world, with the baton changing hands at each of their AWS calls."""

    def happening(call: Call, at: str) -> None:
        if at == BEFORE and getattr(_own, "number", None) is not None:
            baton.pause(touched(call))

    made.wire.happening, made.wire.live = happening, True
    try:
        return baton.run(works)
    finally:
        made.wire.live = False
        made.wire.happening = lambda _call, _at: None


def next_schedules(wanted: tuple[int, ...], turns: list[tuple[int, tuple[int, ...]]]) -> Iterator[tuple[int, ...]]:
    """Yield the schedules that leave this run at each of its later steps: together they are all, each once."""
    who = tuple(one for one, _ in turns)
    for step in range(len(wanted), len(turns)):
        for other in turns[step][1]:
            if other != who[step]:
                yield (*who[:step], other)


def every_order(try_one: Callable[[tuple[int, ...]], list[tuple[int, tuple[int, ...]]]], most: int) -> tuple[int, bool]:
    """Try every schedule; return how many there were, and whether that was all of them (at most `most` are tried).

    Which come first is chance, always the same: of a few, no two differ in their last steps only.
    """
    chance = Random(1)
    left: list[tuple[int, ...]] = [()]
    tried = 0
    while left and tried < most:
        wanted = left.pop(chance.randrange(len(left)))
        turns: Any = try_one(wanted)
        tried += 1
        left += next_schedules(wanted, turns)
    return tried, not left
