"""What to promise a shopper: the forward pass, times the calibration's factor, rounded up, never in closed time.

What the forward pass does not know (what colleagues take, silence, drift) is in the factor for this kind of state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from undivided.config import Hours, Pace
from undivided.promise.calibration import RETURNING, Calibration
from undivided.promise.forward import DeskView, forward
from undivided.promise.handling import Handling
from undivided.promise.hours import HORIZON, Duty, add_open, on_duty, open_between, open_times
from undivided.promise.rounding import up
from undivided.promise.zones import aware
from undivided.values import SpecialistId, moment, stamp

__all__ = [
    "ROUNDING",
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
"""Rounding up keeps about this share of promises by itself (simulated: 1 to 4 points), so the quantile aims lower."""
_BY_LOAD = ("idle", "short_line", "long_line")
_LONG = 4.0
"""A line is long when the answer is expected after more than this many handling times."""


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
    desks: Sequence[DeskView],
    now: datetime,
    calibration: Calibration,
    *,
    quantile: float = 0.9,
    returning: bool = False,
) -> Promise | None:
    """Return what to promise now; None if nobody can be expected to answer within 14 days.

    More load never promises earlier: the factor of a kind of state is at least that of every lighter kind. `returning`:
    the shopper writes back to their specialist, which goes otherwise than a first answer, and is learned apart.
    """
    now, aim = aware(now), quantile - ROUNDING
    able = [desk for desk in desks if not desk.silent]
    found = forward(able, now, aim)
    if found is None:
        return None
    reply, decided = found
    duties = [desk.duty(now) for desk in able]
    predicted = open_between(duties, now, reply)
    kind = RETURNING if returning else kind_of(able, now, predicted)
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
    after = promise(desks, now, calibration, quantile=before.quantile, returning=before.kind == RETURNING)
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
    return _BY_LOAD[: _BY_LOAD.index(kind) + 1] if kind in _BY_LOAD else (kind,)


def _due(duties: Sequence[Duty], now: datetime, open_time: timedelta) -> datetime | None:
    """Round up on the first desk's clock, but not past the end of the duty in which the answer is expected."""
    raw = add_open(duties, now, open_time)
    if raw is None or raw - now > HORIZON:
        return None
    _, closing = next(open_times(duties, raw - timedelta(microseconds=1)))
    return min(up(raw, now, duties[0].hours.zone), closing)
