"""The forward pass: each specialist's own line, in their own working time, up to the answer to this question.

For each specialist who may answer: the foci that run, the answers ahead and this answer, as a gamma quantile whose mean and
spread come from their measured handling times, laid into their calendar. The earliest of them counts. Nothing in it ever
gets earlier with more load.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import NormalDist

from undivided.config import Hours
from undivided.promise.handling import Handling
from undivided.promise.hours import HORIZON, Duty, add_working, next_anybody, open_between, working_between
from undivided.promise.zones import aware
from undivided.values import SpecialistId

_RETURN = 1.3
"""Each answer ahead brings about 0.3 more within the wait: shoppers who write back go before new questions."""
_SHARING = timedelta(hours=4)
"""What two desks can do in this time decides how they share a line."""


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
    kept_until: tuple[datetime, ...] = ()
    """Until when slots are kept for shoppers who may write back at once."""
    linger: timedelta = timedelta(0)
    """How long each answer keeps its slot so."""

    def duty(self, now: datetime) -> Duty:
        """Return the hours in which this specialist can work on the question: after an absence and the head start."""
        return Duty(self.hours, max(now + self.head_start, aware(self.away_until) if self.away_until else now))


def forward(desks: Sequence[DeskView], now: datetime, aim: float | None) -> tuple[datetime, DeskView] | None:
    """Return when the first of the desks will have answered with probability `aim` (None: on average), and which."""
    replies = ((_reply(desk, share, now, aim), desk) for desk, share in zip(desks, _shares(desks, now), strict=True))
    known = [(when, desk) for when, desk in replies if when is not None and when - now <= HORIZON]
    return min(known, key=lambda one: one[0]) if known else None


def _shares(desks: Sequence[DeskView], now: datetime) -> list[float]:
    """Return how many of the answers ahead each desk will give: those in several lines are split by what desks can do.

    What a desk can do does not depend on its load, so that one question more is never less to wait for.
    """
    able = [_pace(desk, desks, now) for desk in desks]
    together: dict[str, float] = {}
    for desk, pace in zip(desks, able, strict=True):
        for one in desk.line:
            together[one] = together.get(one, 0.0) + pace
    return [
        sum(pace / together[one] if together[one] else 1.0 for one in desk.line) + max(desk.ahead - len(desk.line), 0)
        for desk, pace in zip(desks, able, strict=True)
    ]


def _pace(desk: DeskView, desks: Sequence[DeskView], now: datetime) -> float:
    """Return how many answers this desk can give in the first hours in which any of them works."""
    start = next_anybody([one.duty(now) for one in desks], now) or now
    worked = open_between([desk.duty(now)], start, start + _SHARING)
    return worked.total_seconds() / desk.handling.mean


def _reply(desk: DeskView, share: float, now: datetime, aim: float | None) -> datetime | None:
    """Return when this specialist will have answered with probability `aim`, after `share` answers of the line."""
    here = max(now, aware(desk.away_until)) if desk.away_until else now
    wait, jobs = _wait(desk, share, now)
    wait = max(wait, working_between(desk.hours, here, desk.duty(now).since).total_seconds())
    mean = wait + desk.handling.mean
    variance = (desk.handling.cv * desk.handling.mean) ** 2 * (1 + jobs / desk.capacity)
    return add_working(desk.hours, here, timedelta(seconds=_gamma(mean, variance, aim) if aim else mean))


def _wait(desk: DeskView, share: float, now: datetime) -> tuple[float, float]:
    """Return the mean working seconds until a slot is free for this question, and how many answers that takes.

    The foci end one after the other, and free slots take from the line together: water filling a vessel with steps.
    """
    linger = desk.linger.total_seconds()
    kept = [working_between(desk.hours, now, until).total_seconds() for until in desk.kept_until if until > now]
    rests = sorted([*(_rest(desk, since, now) + linger for since in desk.in_focus), *kept])
    over = max(len(rests) - desk.capacity, 0)  # a lowered capacity frees no slot until the foci are fewer
    slots = [*[0.0] * max(desk.capacity - len(rests), 0), *rests[over:]]
    work = share * (desk.handling.mean * _RETURN + linger)
    level = 0.0
    for free, rest in enumerate(slots):
        if free and (rest - level) * free >= work:
            break
        work -= (rest - level) * free
        level = rest
    else:
        free = len(slots)
    return level + work / max(free, 1), share + (1 if slots[0] else 0)


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
        return elapsed
    return max(mean * math.erfc((place - sigma) / math.sqrt(2)) / alive - elapsed, 1.0)


def _gamma(mean: float, variance: float, aim: float) -> float:
    """Return the `aim` quantile of a gamma distribution (Wilson and Hilferty 1931; within 1 % for the shapes met here).

    The spread counts no further than where this quantile is largest for its mean, so that it rises with both.
    """
    z = NormalDist().inv_cdf(aim)
    ninth = min(max(variance, 0.0) / (9 * mean * mean), z * z / 4)
    return float(mean * (1 - ninth + z * math.sqrt(ninth)) ** 3)
