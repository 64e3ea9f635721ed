"""When people are on duty: working windows, holidays and vacations, right across clock changes and over midnight.

A window belongs to the day on which it starts. A day off takes away every minute of that date, and what a window that
would have started on it holds after midnight: nobody is bothered on a holiday, and no promise leans on one.
All moments are aware; results are in UTC. Intervals hold their start and not their end.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from heapq import merge
from itertools import accumulate
from typing import NamedTuple

from undivided.config import Hours
from undivided.promise.zones import DAY, aware, instant

HORIZON = timedelta(days=14)
"""How far ahead a shopper is promised anything; beyond it they are told "no time yet"."""
_FARTHEST = timedelta(days=60)
_OVERHANG = 2
"""A window may start up to this many days before a date and still reach into it (`end` up to 4320)."""

Interval = tuple[datetime, datetime]


_NEVER: Interval = (datetime.max.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


class Duty(NamedTuple):
    """Somebody's hours from `since` on: after an absence, or once a head start is over."""

    hours: Hours
    since: datetime = datetime.min.replace(tzinfo=UTC)


def on_duty(hours: Hours, when: datetime) -> bool:
    """Say whether `when` lies in somebody's working time."""
    when = aware(when)
    start, _ = next(_ending_after(Duty(hours), when, when.toordinal() + 1), _NEVER)
    return start <= when


def next_on_duty(hours: Hours, when: datetime, horizon: timedelta = HORIZON) -> datetime | None:
    """Return `when` itself if on duty, else the next start of duty; None if there is none within `horizon`."""
    return next_anybody([Duty(hours)], when, horizon)


def next_off_duty(hours: Hours, when: datetime) -> datetime | None:
    """Return `when` itself if off duty, else when the running duty ends; None if not within 60 days."""
    when = aware(when)
    start, end = next(open_times([Duty(hours)], when), (when, when))
    if start > when:
        return when
    return end if end - when < _FARTHEST else None


def add_working(hours: Hours, start: datetime, duration: timedelta) -> datetime | None:
    """Return the moment when `duration` of working time has passed since `start`; None if not within 60 days.

    Nothing at all from closed time is the next opening, so that the result never lies in closed time. A result may be
    the very end of a window.
    """
    return add_open([Duty(hours)], start, duration)


def working_between(hours: Hours, start: datetime, end: datetime) -> timedelta:
    """Return the working time from `start` to `end`; zero if `end` is not later."""
    return open_between([Duty(hours)], start, end)


def week(hours: Hours) -> int:
    """Return the minutes of duty in a week without days off."""
    return sum(window.end - window.start for window in hours.windows)


def next_anybody(several: Sequence[Duty], when: datetime, horizon: timedelta = HORIZON) -> datetime | None:
    """Return the first moment from `when` on at which anybody is on duty; None if there is none within `horizon`."""
    when = aware(when)
    start = next((max(start, when) for start, _ in _pieces(several, when, horizon + timedelta(days=2))), None)
    return start if start is not None and start - when <= horizon else None


def add_open(several: Sequence[Duty], start: datetime, duration: timedelta) -> datetime | None:
    """Like `add_working`, counting the time in which anybody of `several` is on duty."""
    start = aware(start)
    left = max(duration, timedelta(0))
    for opening, end in _apart(several, start):
        begin = max(opening, start)
        if end - begin >= left:
            return begin + left
        left -= end - begin
    return None


def open_between(several: Sequence[Duty], start: datetime, end: datetime) -> timedelta:
    """Like `working_between`, counting the time in which anybody of `several` is on duty."""
    start, end = aware(start), aware(end)
    total = timedelta(0)
    if end <= start:
        return total
    for opening, closing in _apart(several, start, end - start):
        if opening >= end:
            break
        total += min(closing, end) - max(opening, start)
    return total


def open_times(several: Sequence[Duty], start: datetime, reach: timedelta = _FARTHEST) -> Iterator[Interval]:
    """Yield, in order and apart, the times in which anybody is on duty and that end after `start`.

    Days are read until the date `reach` after `start`; a duty that never ends is one interval up to there.
    """
    held: Interval | None = None
    for piece in _pieces(several, start, reach):
        if held is None:
            held = piece
        elif piece[0] <= held[1]:
            held = (held[0], max(held[1], piece[1]))
        else:
            yield held
            held = piece
    if held is not None:
        yield held


def _apart(several: Sequence[Duty], start: datetime, reach: timedelta = _FARTHEST) -> Iterator[Interval]:
    """Yield what `open_times` does, where times that touch may stay two: one person's never overlap."""
    return _pieces(several, start, reach) if len(several) == 1 else open_times(several, start, reach)


def _pieces(several: Sequence[Duty], start: datetime, reach: timedelta) -> Iterator[Interval]:
    """Yield everybody's times by their start; they may overlap."""
    last = (start + reach).date().toordinal() + 1
    if len(several) == 1:
        return _ending_after(several[0], start, last)
    return merge(*(_ending_after(duty, start, last) for duty in several))


def _ending_after(duty: Duty, start: datetime, last: int) -> Iterator[Interval]:
    """Yield somebody's times, from `duty.since` on, that end after `start`, up to the local date with the ordinal `last`."""
    hours, since = duty
    late = max(start, since)
    for number in range((start.toordinal() - 1) // _SHEET, last // _SHEET + 1):
        pieces, ends, upto = _sheet(hours, number)
        for place in range(bisect_right(ends, late), upto[min(last - number * _SHEET, _SHEET - 1)]):
            piece = pieces[place]
            yield piece if piece[0] >= since else (since, piece[1])


_SHEET = 8
"""Days that are worked out at once: to go from day to day would take longer than all the rest."""
_MOST_CALENDARS = 4096


class _Sheet(NamedTuple):
    """The working times of some local dates, in order, when each ends, and how many there are up to each date."""

    pieces: tuple[Interval, ...]
    ends: tuple[datetime, ...]
    upto: tuple[int, ...]


_calendars: dict[int, tuple[Hours, dict[int, _Sheet]]] = {}
"""Sheets that were worked out, by the identity of the hours: to hash whole hours would take longer than all the rest."""


def _sheet(hours: Hours, number: int) -> _Sheet:
    held, sheets = _calendars.get(id(hours), _NONE)
    if held is not hours:
        if len(_calendars) >= _MOST_CALENDARS:
            _calendars.clear()
        _calendars[id(hours)] = (hours, sheets := {})
    if number not in sheets:
        sheets[number] = _written(hours, number)
    return sheets[number]


_NONE: tuple[None, dict[int, _Sheet]] = (None, {})


def _written(hours: Hours, number: int) -> _Sheet:
    dates = [date.fromordinal(number * _SHEET + place) for place in range(_SHEET)]
    days = [_worked_out(hours, day) for day in dates]
    pieces = tuple(piece for day in days for piece in day)
    return _Sheet(pieces, tuple(end for _, end in pieces), tuple(accumulate(len(day) for day in days)))


def _worked_out(hours: Hours, day: date) -> tuple[Interval, ...]:
    """Return the working times of one local date, in order; those that are empty, inside a jump of the clock, are left out."""
    if _off(hours, day):
        return ()
    reaching = (
        (window.start - DAY * back, window.end - DAY * back)
        for back in range(_OVERHANG + 1)
        for window in hours.windows
        if _starts(hours, window.weekday, day - timedelta(days=back))
    )
    parts = ((max(start, 0), min(end, DAY)) for start, end in reaching if end > 0 and start < DAY)
    found = ((instant(hours.zone, day, start), instant(hours.zone, day, end)) for start, end in parts)
    return _less(_joined(sorted(piece for piece in found if piece[0] < piece[1])), hours.closed)


def _joined(pieces: Sequence[Interval]) -> Sequence[Interval]:
    """Make one of windows that overlap."""
    joined: list[Interval] = []
    for start, end in pieces:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _less(pieces: Sequence[Interval], closed: Sequence[Interval]) -> tuple[Interval, ...]:
    """Take times off out of working times."""
    for start, end in closed:
        if pieces and start < pieces[-1][1] and end > pieces[0][0]:
            parts = (part for first, last in pieces for part in ((first, min(last, start)), (max(first, end), last)))
            pieces = [part for part in parts if part[0] < part[1]]
    return tuple(pieces)


def _starts(hours: Hours, weekday: int, day: date) -> bool:
    return day.weekday() == weekday and not _off(hours, day)


def _off(hours: Hours, day: date) -> bool:
    return day in hours.holidays or any(first <= day <= last for first, last in hours.vacations)
