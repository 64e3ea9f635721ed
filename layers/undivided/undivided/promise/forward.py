"""The forward pass: the lines and calendars of all who may answer, up to the answer to this question.

For each specialist: when those before the question will have been taken by whoever shares their line, then this answer;
means and gamma quantiles of measured handling times, in working time. The earliest of them counts. Nothing in it ever gets
earlier with more load.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import NormalDist

from undivided.config import Hours
from undivided.promise.handling import Handling
from undivided.promise.hours import HORIZON, Duty, add_working, next_on_duty, working_between
from undivided.promise.zones import aware
from undivided.values import SpecialistId

_RETURN = 1.3
"""Each answer ahead brings about 0.3 more within the wait: shoppers who write back go before new questions."""
_BACK_AT_ONCE, _BACK_LATER = 0.009, 0.12
"""Of a week's answers, the share that bring the shopper back just after closing, and on any later day."""
_FINE = timedelta(seconds=30)
"""A turn is found to this; all on one grid, so that more load is never a later rounding."""
_GONE = 0.015
"""Chance that a mail is overlooked, or lies with somebody ill: a focus that runs longer than this share of answers does is."""
_LOST = 8 * 3600.0
"""Seconds of working time for which such a focus counts: a day's work."""


@dataclass(frozen=True, slots=True)
class DeskView:
    """What the forward pass needs of one specialist, read from their desk and their line."""

    specialist: SpecialistId
    hours: Hours
    capacity: int = 1
    in_focus: tuple[datetime, ...] = ()
    """Since when each focus runs."""
    ahead: int = 0
    """Places in their line before this question; the reader stops at 50."""
    handling: Handling = field(default_factory=Handling)
    away_until: datetime | None = None
    silent: bool = False
    """True: nothing new goes to them until they write."""
    head_start: timedelta = timedelta(0)
    """How long from now until this specialist may take the question."""
    line: tuple[str, ...] = ()
    """The conversations in those places, where they are known: one that stands in several lines is shared by them."""
    beyond: float = 0.0
    """How many more are thought to wait behind the places that were read; whoever is here may take them."""
    kept_until: tuple[datetime, ...] = ()
    """Until when slots are kept for shoppers who may write back at once."""
    linger: timedelta = timedelta(0)
    """How long each answer keeps its slot so."""
    weekly: float = 0.0
    """Answers that this specialist gives in a week, follow-ups included."""

    def duty(self, now: datetime) -> Duty:
        """Return the hours in which this specialist can work on the question: after an absence and the head start."""
        return Duty(self.hours, max(now + self.head_start, aware(self.away_until) if self.away_until else now))


def forward(desks: Sequence[DeskView], now: datetime, aim: float | None) -> tuple[datetime, DeskView] | None:
    """Return when the first of the desks will have answered with probability `aim` (None: on average), and which."""
    pool = _Pool(desks, now)
    replies = ((_reply(pool, place, aim), desk) for place, desk in enumerate(desks))
    known = [(when, desk) for when, desk in replies if when is not None and when - now <= HORIZON]
    if not known:
        return None
    when, desk = min(known, key=lambda one: one[0])
    return max(when, _at_least(desks, now, aim) or when), desk


def _at_least(desks: Sequence[DeskView], now: datetime, aim: float | None) -> datetime | None:
    """Return when whoever would take the question first will have answered, if nobody else waited.

    Taken just before closing it is answered in the morning, though a colleague may begin earlier; and more load never
    promises earlier than none.
    """
    begins = [(next_on_duty(desk.hours, desk.duty(now).since), desk) for desk in desks]
    first = min(((begin, desk) for begin, desk in begins if begin), key=lambda one: one[0], default=None)
    if first is None:
        return None
    begin, desk = first
    spread = (desk.handling.cv * desk.handling.mean) ** 2
    takes = _gamma(desk.handling.mean, spread, aim) if aim else desk.handling.mean
    return add_working(desk.hours, begin, timedelta(seconds=takes))


class _Pool:
    """All desks and the lines that they share: whoever is there takes from the line, so that their hours add up.

    A question's turn at a desk comes when everybody before it there could have been taken by some desk: the sum over
    them of 1 ÷ (what all desks whose line holds them can take by then) is 1. Each of them more, and each desk that can do
    less, makes that later.
    """

    def __init__(self, desks: Sequence[DeskView], now: datetime) -> None:
        self.desks, self.now = desks, now
        self._begins = [max(now, aware(desk.away_until)) if desk.away_until else now for desk in desks]
        self._since = [desk.duty(now).since for desk in desks]
        self.slots = [_slots(desk, now) for desk in desks]
        self._back = [
            _back(desk, begin, now) * desk.handling.mean for desk, begin in zip(desks, self._begins, strict=True)
        ]
        self._ahead = [self._alike(place) for place in range(len(desks))]
        self._known: dict[timedelta, list[float]] = {}

    def length(self, place: int) -> float:
        """Return how many stand before the question at a desk."""
        return sum(self._ahead[place].values())

    def worked(self, place: int, until: datetime) -> timedelta:
        return working_between(self.desks[place].hours, self._begins[place], until)

    def reply(self, place: int, worked: timedelta) -> datetime | None:
        return add_working(self.desks[place].hours, self._begins[place], worked)

    def turn(self, place: int, each: float) -> datetime | None:
        """Return when this desk can take the question, if everybody before it costs `each` times what they do on average."""
        low, high = timedelta(0), HORIZON
        if not self._comes(place, high, each):
            return None
        while high - low > _FINE:
            middle = (low + high) / 2
            low, high = (low, middle) if self._comes(place, middle, each) else (middle, high)
        return self.now + high

    def _comes(self, place: int, after: timedelta, each: float) -> bool:
        takes = self._takes(after)
        if self.now + after < self._since[place] or takes[place] <= 0:
            return False
        return sum(many * each / sum(takes[one] for one in who) for who, many in self._ahead[place].items()) <= 1

    def _takes(self, after: timedelta) -> list[float]:
        """Return how many places of a line each desk can take by then."""
        if after not in self._known:
            when = self.now + after
            self._known[after] = [self._taken(place, self.worked(place, when)) for place in range(len(self.desks))]
        return self._known[after]

    def _taken(self, place: int, worked: timedelta) -> float:
        desk, seconds = self.desks[place], worked.total_seconds()
        free = sum(max(seconds - rest, 0.0) for rest in self.slots[place]) - self._back[place]
        return max(free, 0.0) / (desk.handling.mean * _RETURN + desk.linger.total_seconds())

    def _alike(self, place: int) -> dict[tuple[int, ...], float]:
        """Count who stands before the question at a desk, by the desks in whose lines they stand."""
        desk, lines = self.desks[place], [frozenset(one.line) for one in self.desks]
        found: dict[tuple[int, ...], float] = {}
        for one in desk.line:
            who = tuple(at for at, line in enumerate(lines) if one in line)
            found[who] = found.get(who, 0.0) + 1.0
        everybody = tuple(range(len(self.desks)))
        for who, many in (((place,), max(desk.ahead - len(desk.line), 0)), (everybody, desk.beyond)):
            found[who] = found.get(who, 0.0) + many
        return {who: many for who, many in found.items() if many}


def _reply(pool: _Pool, place: int, aim: float | None) -> datetime | None:
    """Return when this specialist will have answered with probability `aim`, after those before the question."""
    desk = pool.desks[place]
    turn = pool.turn(place, 1.0)
    if turn is None:
        return None
    wait = pool.worked(place, turn).total_seconds()
    if aim is None:
        return pool.reply(place, timedelta(seconds=wait + desk.handling.mean))
    late = pool.turn(place, _heavier(pool.length(place), desk.handling.cv, aim))
    if late is None:
        return None
    longer = pool.worked(place, late).total_seconds() - wait
    spread = _gamma(desk.handling.mean, (desk.handling.cv * desk.handling.mean) ** 2, aim) - desk.handling.mean
    jobs = 2 if min(pool.slots[place]) > 0 else 1
    surely = wait + desk.handling.mean + math.copysign(math.sqrt(longer**2 + jobs * spread**2), spread)
    return pool.reply(place, timedelta(seconds=surely))


def _heavier(many: float, cv: float, aim: float) -> float:
    """Return the `aim` quantile of what `many` answers take ÷ their mean."""
    answers = many * _RETURN
    return _gamma(answers, answers * cv * cv, aim) / answers if many else 1.0


def _slots(desk: DeskView, now: datetime) -> list[float]:
    """Return the mean working seconds until each slot is free."""
    linger = desk.linger.total_seconds()
    kept = [working_between(desk.hours, now, until).total_seconds() for until in desk.kept_until if until > now]
    rests = sorted([*(_rest(desk, since, now) + linger for since in desk.in_focus), *kept])
    over = max(len(rests) - desk.capacity, 0)  # a lowered capacity frees no slot until the foci are fewer
    return [*[0.0] * max(desk.capacity - len(rests), 0), *rests[over:]]


def _back(desk: DeskView, begin: datetime, now: datetime) -> float:
    """Return how many shoppers will have written back by the next opening: they go before everybody new."""
    opening = next_on_duty(desk.hours, begin)
    if opening is None or opening <= now:
        return 0.0
    return desk.weekly * (_BACK_AT_ONCE + _BACK_LATER * (opening - now) / timedelta(weeks=1))


def _rest(desk: DeskView, since: datetime, now: datetime) -> float:
    """Return the mean seconds left to a focus: what is long already will be longer (mean residual life of a lognormal)."""
    elapsed = working_between(desk.hours, since, now).total_seconds()
    mean, cv = desk.handling.mean, desk.handling.cv
    if elapsed < 1 or cv < 0.01:  # noqa: PLR2004 - no spread, no residual life
        return max(mean - elapsed, 1.0)
    sigma = math.sqrt(math.log1p(cv * cv))
    place = (math.log(elapsed / mean) + sigma * sigma / 2) / sigma
    alive = math.erfc(place / math.sqrt(2))
    if alive < 1e-6:  # noqa: PLR2004 - beyond any measured answer: it may take as long again
        return max(elapsed, _LOST)
    rest = max(mean * math.erfc((place - sigma) / math.sqrt(2)) / alive - elapsed, 1.0)
    return max(rest, _LOST) if alive / 2 < _GONE else rest


def _gamma(mean: float, variance: float, aim: float) -> float:
    """Return the `aim` quantile of a gamma distribution (Wilson and Hilferty 1931; within 1 % for the shapes met here).

    The spread counts no further than where this quantile is largest for its mean, so that it rises with both.
    """
    z = NormalDist().inv_cdf(aim)
    ninth = min(max(variance, 0.0) / (9 * mean * mean), z * z / 4)
    return float(mean * (1 - ninth + z * math.sqrt(ninth)) ** 3)
