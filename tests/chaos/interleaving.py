"""Several handlers at once, in every order in which their AWS calls can meet, and with a crash at any of these calls.

Each handler is a greenlet that stops before each of its calls; between two calls it shares nothing with anybody (it has a
runtime of its own), so that the order of the calls is all that can differ. Wherever more than one can go on, the process
forks: what came before costs once, and no schedule is ever replayed.

No order is left out, but what has been seen is not done again:

1. A handler between two calls is decided by what it was started with and what it was answered (`heard`); the world by what
   AWS has (`standing`). Where both are the same for all handlers that have not ended, all that can follow is the same, and is
   looked at once. Each step adds to what somebody heard, so that no state follows from itself, and the orders through a
   state are the sum of those through the next ones.
2. Two calls commute that touch no common item, or only read (`Touched`). Then the second of them, made first, leads to the
   state that is known from the other order, without being made.

The second only saves forks: without it the states, the orders and the ends are the same (test_reduction.py looks).
The ends are compared by the world alone.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from chaos.forks import in_fork
from chaos.states import digest, heard, standing
from chaos.touching import Touched, touched
from chaos.wire import BEFORE, Call, Killed
from greenlet import getcurrent, greenlet
from undivided.aws import wiring

if TYPE_CHECKING:
    from chaos.harness import World


@dataclass(frozen=True, slots=True)
class Work:
    """What one handler does."""

    do: Callable[[], Any]
    done: Callable[[Any], None] = lambda _: None
    """Given what `do` returned: what Lambda does with the answer. A crash can come before it."""
    again: Callable[[], Any] = lambda: None
    """What brings it again after a crash. A queue does so by itself; a stream's record has to be told."""


@dataclass(slots=True)
class Hand:
    """One of the handlers, at one of its calls."""

    number: int
    work: Work
    mortal: bool
    """It may die after its last call, too."""
    running: greenlet = field(init=False)
    knows: bytes = b""
    at: str = "its start"
    """The call that it is about to make."""
    touches: Touched = field(default_factory=Touched)
    killed: bool = False
    raised: BaseException | None = None

    def __post_init__(self) -> None:
        self.running = greenlet(self._body)

    def _body(self) -> None:
        try:
            answer = self.work.do()
            if self.mortal:
                self.pause("its end", Touched())
            self.work.done(answer)
        except Killed:
            pass
        except BaseException as error:  # noqa: BLE001 - whatever it raised is the finding
            self.raised = error

    def pause(self, at: str, touches: Touched) -> None:
        """Stop, within the handler, until it is its turn; or the process ends here."""
        self.at, self.touches = at, touches
        self.running.parent.switch()
        if self.killed:
            raise Killed(at)

    def go(self, *, dies: bool) -> None:
        """Let it make its next call and come to the one after that."""
        self.killed = dies
        self.running.switch()
        while dies and not self.running.dead:  # nothing that it does on its way out happens
            self.running.switch()

    @property
    def state(self) -> list[Any]:
        """Return what decides all that it will do, or that will be done again."""
        return [str(self.raised), self.killed] if self.running.dead else [self.at, self.knows.hex()]


def _warm_process() -> None:
    """Make a runtime for the next that asks for one: each handler has its own, and knows the shop, the keys and the model."""
    wiring.runtime.cache_clear()
    rt = wiring.runtime()
    assert rt.shop
    assert rt.ring
    assert rt.model


class Move(NamedTuple):
    """Who goes on, and whether it is by dying."""

    number: int
    dies: bool


class Last(NamedTuple):
    """The move that led here."""

    before: bytes
    """The state in which it was made."""
    move: Move
    touches: Touched


Finish = Callable[[], tuple[str, str]]
"""Given the world after all handlers: return a word for the outcome, and what is wrong."""


@dataclass(slots=True)
class Seen:
    """What is known of the states, each by its digest."""

    orders: ChainMap[bytes, int] = field(default_factory=ChainMap)
    """How many orders follow from it."""
    ways: ChainMap[tuple[bytes, Move], bytes] = field(default_factory=ChainMap)
    """Which state a move leads to."""
    ends: ChainMap[bytes, tuple[str, str]] = field(default_factory=ChainMap)
    """What came of it when all had ended: a word, and what is wrong."""

    def begin(self) -> None:
        """Keep apart what is learned from now on."""
        self.orders, self.ways, self.ends = self.orders.new_child(), self.ways.new_child(), self.ends.new_child()

    @property
    def fresh(self) -> tuple[Any, ...]:
        return self.orders.maps[0], self.ways.maps[0], self.ends.maps[0]

    def learn(self, fresh: tuple[Any, ...]) -> None:
        for known, more in zip((self.orders, self.ways, self.ends), fresh, strict=True):
            known.update(more)


@dataclass(slots=True)
class Meeting:
    """Handlers that work in one world at once."""

    made: World
    works: tuple[Work, ...]
    finish: Finish
    crashes: int = 0
    """So many handlers may die on their way."""
    matching: bool = True
    """False: what was seen is done again, for comparison."""
    commuting: bool = True
    """False: calls that commute are made in either order, for comparison."""
    seen: Seen = field(default_factory=Seen)
    hands: list[Hand] = field(default_factory=list)
    _path: list[str] = field(default_factory=list)

    def every_order(self) -> int:
        """Go every way there is, in a copy of this process; return how many there are. What came of them is `seen`."""

        def onwards() -> tuple[bytes, Any]:
            self._begin()
            return self._onwards(), self.seen.fresh

        start, fresh = in_fork(onwards)
        self.seen.learn(fresh)
        return self.seen.orders[start]

    def one_order(self, chance: Random) -> None:
        """Go one way, by chance, in a copy of this process."""

        def way() -> Any:
            self._begin()
            while moves := self._moves():
                self._step(chance.choice(moves))
            self._end(digest())
            return self.seen.fresh

        self.seen.learn(in_fork(way))

    def _begin(self) -> None:
        """Bring all to their first calls, with the wire stopping each before each call."""
        self.hands = [Hand(number, work, mortal=self.crashes > 0) for number, work in enumerate(self.works)]
        by_greenlet = {hand.running: hand for hand in self.hands}

        def happening(call: Call, moment: str) -> None:
            if moment == BEFORE and (hand := by_greenlet.get(getcurrent())):
                hand.pause(call.name, touched(call))

        def learned(call: Call, answer: Any) -> None:
            if hand := by_greenlet.get(getcurrent()):
                hand.knows = heard(hand.knows, call, answer)

        self.made.wire.happening, self.made.wire.learned = happening, learned
        for hand in self.hands:
            self.made.wire.live = False
            _warm_process()
            self.made.wire.live = True
            hand.go(dies=False)

    def _moves(self) -> list[Move]:
        alive = [hand.number for hand in self.hands if not hand.running.dead]
        return [Move(number, dies) for dies in (False, True)[: 1 + (self.crashes > 0)] for number in alive]

    def _step(self, move: Move) -> Touched:
        """Make a move; return what it touched."""
        hand = self.hands[move.number]
        touches = Touched() if move.dies else hand.touches
        self.crashes -= move.dies
        self._path.append(f"{hand.number} {'dies before' if move.dies else 'makes'} {hand.at}")
        hand.go(dies=move.dies)
        return touches

    def _onwards(self, last: Last | None = None) -> bytes:
        """Go all ways from here on that are not known; return which state this is."""
        here = digest([hand.state for hand in self.hands], self.crashes, standing(self.made).hex())
        if self.matching and here in self.seen.orders:
            return here
        to = {move: self._known(last, move) for move in self._moves()}
        if not to:
            return self._end(here)
        self.seen.ways.update({(here, move): state for move, state in to.items() if state})
        unknown = [move for move, state in to.items() if not state]
        for move in unknown[:-1]:
            to[move] = self.seen.ways[here, move] = self._apart(here, move)
        for move in unknown[-1:]:
            to[move] = self.seen.ways[here, move] = self._onwards(Last(here, move, self._step(move)))
        self.seen.orders[here] = sum(self.seen.orders[state] for state in to.values() if state)
        return here

    def _known(self, last: Last | None, move: Move) -> bytes | None:
        """Return where a move leads that could as well have been made before the last one, if that is known."""
        if not self.commuting or not last or last.move.number == move.number:
            return None
        touches = Touched() if move.dies else self.hands[move.number].touches
        aside = self.seen.ways.get((last.before, move), b"")
        return self.seen.ways.get((aside, last.move)) if touches.commutes(last.touches) else None

    def _apart(self, here: bytes, move: Move) -> bytes:
        """Make a move in a copy of this process, and all that can follow; learn what came of it."""

        def apart() -> tuple[bytes, Any]:
            self.seen.begin()
            return self._onwards(Last(here, move, self._step(move))), self.seen.fresh

        state, fresh = in_fork(apart)
        self.seen.learn(fresh)
        return bytes(state)

    def _end(self, here: bytes) -> bytes:
        """Look at what came of it, unless it came of another order already."""
        raised = [str(hand.raised) for hand in self.hands if hand.raised]
        killed = [hand for hand in self.hands if hand.killed]
        world = digest(standing(self.made).hex(), raised, [hand.number for hand in killed])
        self.seen.orders[here] = 1
        if world not in self.seen.ends:
            self.made.wire.live = False
            wiring.runtime.cache_clear()
            for hand in killed:
                hand.work.again()
            outcome, wrong = ("raised", str(raised)) if raised else self.finish()
            self.seen.ends[world] = outcome, wrong and f"{'; '.join(self._path)}: {wrong}"
        return here
