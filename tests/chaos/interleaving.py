"""Two handlers at once, in every order in which their AWS calls can meet: threads that hand one baton to and fro.

Between two of its AWS calls a handler shares nothing with anybody, so that the order of the calls is all that can differ.
Two calls that follow one another and are no writes to the table may change places without anybody noticing: of such
orders only one is tried, the one in which the lower thread comes first. A schedule names who makes the next call; depth
first, each run says where it could have gone another way.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from chaos.harness import READS, World
from chaos.wire import BEFORE, Call

Work = Callable[[], object]
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
    _pending: dict[int, bool] = field(default_factory=dict)
    """Thread -> whether the call that it is about to make changes places with another such."""
    _last: tuple[int, bool] = (0, False)
    _waiting: set[int] = field(default_factory=set)

    def run(self, works: tuple[Work, ...]) -> list[BaseException | None]:
        """Do all works to their ends, and return what each of them raised."""
        raised: list[BaseException | None] = [None] * len(works)
        self._alive = set(range(len(works)))

        def body(number: int) -> None:
            _own.number = number
            self.pause(free=True)
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

    def pause(self, *, free: bool) -> None:
        """Wait, in a thread, until it is its turn again; `free`: the call that comes is no write to the table."""
        number = _own.number
        with self._changed:
            self._pending[number] = free
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
        last, free = self._last
        return not (number < last and free and self._pending[number])


_own = threading.local()


def interleaved(made: World, baton: Baton, works: tuple[Work, ...]) -> list[BaseException | None]:
    """Run works in a world, with the baton changing hands at each of their AWS calls."""

    def happening(call: Call, at: str) -> None:
        if at == BEFORE and getattr(_own, "number", None) is not None:
            baton.pause(free=call.service != "dynamodb" or call.operation in READS)

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
    """Try every schedule; return how many there were, and whether that was all of them (at most `most` are tried)."""
    left: list[tuple[int, ...]] = [()]
    tried = 0
    while left and tried < most:
        wanted = left.pop()
        turns: Any = try_one(wanted)
        tried += 1
        left += next_schedules(wanted, turns)
    return tried, not left
