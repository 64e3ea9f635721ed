"""When a shopper will have the first reply: a forward pass over each specialist's own line and calendar.

For each specialist who may answer: the foci that run, the places ahead and the answer itself, in their working time,
as a gamma quantile whose mean and spread come from their measured handling times. The earliest of them counts. What
the pass does not know (others taking from the line, silence, drift) is in the calibration's factor for this kind of state.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from statistics import NormalDist
from typing import Any

from undivided.config import Hours, Pace
from undivided.promise.calibration import KINDS, Calibration
from undivided.promise.handling import Handling
from undivided.promise.hours import (
    HORIZON,
    Duty,
    add_open,
    add_working,
    next_anybody,
    on_duty,
    open_between,
    open_times,
    working_between,
)
from undivided.promise.rounding import up
from undivided.promise.zones import aware
from undivided.values import SpecialistId, moment, stamp

__all__ = [
    "DeskView",
    "Handling",
    "Promise",
    "calendar_only",
    "forward",
    "kept",
    "kind_of",
    "promise",
    "ratio",
    "revised",
]

ROUNDING = 0.03
"""Rounding up keeps about this share of promises by itself (simulated: 3 to 4 points), so the quantile aims lower."""
_LONG = 4.0
"""A line is long when the answer is expected after more than this many handling times."""
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

    def duty(self, now: datetime) -> Duty:
        """Return the hours in which this specialist can work on the question: after an absence and the head start."""
        return Duty(self.hours, max(now + self.head_start, aware(self.away_until) if self.away_until else now))


@dataclass(frozen=True, slots=True)
class Promise:
    """A reply time told to the shopper, with what is needed to explain and to score it later."""

    due: datetime
    made: datetime
    revision: int = 0
    kind: str = "idle"
    predicted_seconds: float = 0.0
    """The forward pass's own quantile in open seconds (time in which anybody of `asked` is on duty), before the factor."""
    factor: float = 1.0
    quantile: float = 0.9
    asked: tuple[SpecialistId, ...] = ()
    since: tuple[datetime, ...] = ()
    """From when on each of `asked` could take the question (an absence, a head start)."""
    ahead: int = 0
    """Places before the question in the line that decided."""

    def to_dict(self) -> dict[str, Any]:
        times = {"due": stamp(self.due), "made": stamp(self.made), "since": [stamp(one) for one in self.since]}
        return {**asdict(self), **times, "asked": list(self.asked)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Promise:
        times = {"due": moment(data["due"]), "made": moment(data["made"])}
        since = tuple(moment(one) for one in data.get("since", ()))
        return cls(**{**data, **times, "since": since, "asked": tuple(data.get("asked", ()))})


def promise(
    desks: Sequence[DeskView], now: datetime, calibration: Calibration, *, quantile: float = 0.9
) -> Promise | None:
    """Return what to promise now; None if nobody can be expected to answer within 14 days.

    More load never promises earlier: the factor of a kind of state is at least that of every lighter kind.
    """
    now, aim = aware(now), quantile - ROUNDING
    able = [desk for desk in desks if not desk.silent]
    found = forward(able, now, aim)
    if found is None:
        return None
    reply, decided = found
    duties = [desk.duty(now) for desk in able]
    predicted = open_between(duties, now, reply)
    kind = kind_of(able, now, predicted)
    factor = max(calibration.factor(lighter, aim) for lighter in _lighter(kind))
    due = _due(duties, now, predicted * factor)
    if due is None:
        return None
    return Promise(
        due=due,
        made=now,
        kind=kind,
        predicted_seconds=predicted.total_seconds(),
        factor=factor,
        quantile=quantile,
        asked=tuple(desk.specialist for desk in able),
        since=tuple(duty.since for duty in duties),
        ahead=decided.ahead,
    )


def calendar_only(hours: Sequence[Hours], pace: Pace, now: datetime) -> Promise | None:
    """Return a promise from calendars and the prior alone, for when the lines cannot be read in time."""
    handling = Handling(prior=pace.handling_prior.total_seconds())
    desks = [DeskView(SpecialistId(""), one, in_focus=(now,), ahead=_UNSEEN, handling=handling) for one in hours]
    made = promise(desks, now, Calibration())
    return replace(made, asked=(), since=()) if made else None


_UNSEEN = 2
"""Places assumed in a line that could not be read: a promise too late by half an hour is better than one broken."""


def revised(before: Promise, desks: Sequence[DeskView], now: datetime, calibration: Calibration) -> Promise | None:
    """Return the promise that follows `before`: later than it, counted as a revision; None if there is no time yet."""
    after = promise(desks, now, calibration, quantile=before.quantile)
    if after is None:
        return None
    if after.due <= before.due:
        duties = [desk.duty(now) for desk in desks if not desk.silent]
        later = add_open(duties, before.due, timedelta(minutes=15))
        after = replace(after, due=later or before.due)
    return replace(after, revision=before.revision + 1)


def ratio(made: Promise, replied: datetime, hours: Mapping[SpecialistId, Hours]) -> float | None:
    """Return real ÷ predicted open seconds, for the calibration; None if nobody who was asked is in `hours` any more.

    For a question that still waits, pass the present moment: a running case is overdue as soon as its ratio says so.
    """
    asked = zip(made.asked, made.since, strict=True)
    duties = [Duty(hours[one], since) for one, since in asked if one in hours]
    real = open_between(duties, made.made, replied).total_seconds()
    return real / max(made.predicted_seconds, 1.0) if duties else None


def kept(made: Promise, replied: datetime | None, now: datetime) -> bool | None:
    """Say whether a promise was kept; None while it may still be. One that is overdue is missed at once."""
    if replied is not None:
        return replied <= made.due
    return False if now > made.due else None


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
    rests = sorted(_rest(desk, since, now) for since in desk.in_focus)
    over = max(len(rests) - desk.capacity, 0)  # a lowered capacity frees no slot until the foci are fewer
    slots = [*[0.0] * max(desk.capacity - len(rests), 0), *rests[over:]]
    work = share * desk.handling.mean * _RETURN
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


def kind_of(able: Sequence[DeskView], now: datetime, predicted: timedelta) -> str:
    """Return the kind of state for the calibration; it never gets lighter with more load."""
    present = [desk for desk in able if desk.duty(now).since <= now and on_duty(desk.hours, now)]
    if not present:
        return "off_hours"
    if any(not desk.ahead and len(desk.in_focus) < desk.capacity for desk in present):
        return "idle"
    quickest = min(desk.handling.mean for desk in present)
    return "long_line" if predicted.total_seconds() > _LONG * quickest else "short_line"


def _lighter(kind: str) -> tuple[str, ...]:
    """Return `kind` and the kinds with less load at the same hour."""
    return (kind,) if kind == "off_hours" else KINDS[1 : KINDS.index(kind) + 1]


def _due(duties: Sequence[Duty], now: datetime, open_time: timedelta) -> datetime | None:
    """Round up on the first desk's clock, but not past the end of the duty in which the answer is expected."""
    raw = add_open(duties, now, open_time)
    if raw is None or raw - now > HORIZON:
        return None
    _, closing = next(open_times(duties, raw - timedelta(microseconds=1)))
    return min(up(raw, now, duties[0].hours.zone), closing)
