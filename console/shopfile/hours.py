"""Working hours as a person writes them, into windows: `mon-fri 9:00-12:30, 13:30-18:00, sat 10-14`.

Days, then the times that hold on them, as often as needed; commas and semicolons separate. A time that ends at or
before its start runs over midnight. `always` is around the clock, `never` is no hours at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from undivided.config import Window
from undivided.values import Unusable

from console.shopfile.problems import instead

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONG = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NAMES = {name: place for names in (DAYS, _LONG) for place, name in enumerate(names)} | {
    "tues": 1,
    "thur": 3,
    "thurs": 3,
}
_GROUPS = {"daily": range(7), "weekdays": range(5), "weekends": range(5, 7)}
_DAY, _WEEK = 1440, 7 * 1440
_EXAMPLE = "write hours like mon-fri 9:00-12:30, 13:30-18:00"
_TIME = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?(am|pm)?")


def windows(text: str) -> tuple[Window, ...]:
    """Return the windows of one text in the order of the week; raise `Unusable` for what cannot be meant."""
    if text.strip().casefold() in ("always", "never"):
        return ALWAYS if text.strip().casefold() == "always" else ()
    found: list[Window] = []
    days: list[int] = []
    fresh = True
    for word in _split(text):
        if word[0] in "0123456789":
            found += _windows(days, word)
            fresh = True
        else:
            days = _days(word) if fresh else days + _days(word)
            fresh = False
    if not found or not fresh:
        raise Unusable(f"{text[:80]!r} names no times for its last days; {_EXAMPLE}")
    return tuple(sorted(found, key=lambda one: (one.weekday, one.start)))


ALWAYS = tuple(Window(day, 0, _DAY) for day in range(7))


def overlap(several: Iterable[Window]) -> tuple[Window, Window] | None:
    """Return two windows that cover the same minute of the week, or None; touching is no overlap."""
    placed = sorted((one.weekday * _DAY + one.start, one.weekday * _DAY + one.end, one) for one in several)
    if placed:
        start, end, first = placed[0]
        placed.append((start + _WEEK, end + _WEEK, first))
    return next(((one[2], other[2]) for one, other in pairwise(placed) if other[0] < one[1]), None)


def shown(window: Window) -> str:
    """Write one window as `mon 9:00-12:30`."""
    start, end = window.start, window.end if window.end <= _DAY else window.end - _DAY
    return f"{DAYS[window.weekday]} {start // 60}:{start % 60:02d}-{end // 60}:{end % 60:02d}"


def _split(text: str) -> list[str]:
    """Cut into words of days and of times; dashes lose the spaces around them."""
    plain = re.sub(r"\s*(?:[-\u2010-\u2015\u2212]|\bto\b)\s*", "-", text.casefold())
    plain = re.sub(r"(?<=[0-9])\s+(?=[ap]m\b)", "", plain)
    words = [word.rstrip(":") for word in re.split(r"[,;\s]+", plain) if word.rstrip(":")]
    if not words:
        raise Unusable(f"the hours are empty; {_EXAMPLE}, always or never")
    return words


def _days(word: str) -> list[int]:
    if word in _GROUPS:
        return list(_GROUPS[word])
    first, dash, last = word.partition("-")
    start, end = _day(first), _day(last) if dash else _day(first)
    return [(start + step) % 7 for step in range((end - start) % 7 + 1)]


def _day(name: str) -> int:
    try:
        return _NAMES[name]
    except KeyError:
        raise Unusable(f"{name[:80]!r} is not a day; {instead(name, [*DAYS, *_LONG, *_GROUPS])}") from None


def _windows(days: list[int], word: str) -> list[Window]:
    if not days:
        raise Unusable(f"{word[:80]!r} stands before any day; {_EXAMPLE}")
    start, dash, end = word.partition("-")
    if not dash:
        raise Unusable(f"{word[:80]!r} has no end; write it like 9:00-12:30")
    first, last = _minutes(start), _minutes(end)
    if first == _DAY:
        raise Unusable(f"{word[:80]!r} starts at 24:00; write 0:00 and the next day")
    if first == last:
        raise Unusable(f"{word[:80]!r} ends when it starts; for a whole day write 0:00-24:00")
    return [Window(day, first, last if last > first else last + _DAY) for day in days]


def _minutes(text: str) -> int:
    """Read `9`, `9:30`, `9.30`, `9am`, `24:00` as minutes after midnight."""
    found = _TIME.fullmatch(text)
    if not found:
        raise Unusable(f"{text[:80]!r} is not a time; write it like 9:00 or 17:30")
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half:
        if not 1 <= hour <= 12:  # noqa: PLR2004 - twelve hours on a clock
            raise Unusable(f"{text[:80]!r} is not a time; with am and pm hours run from 1 to 12")
        hour = hour % 12 + (12 if half == "pm" else 0)
    if minute > 59 or hour * 60 + minute > _DAY:  # noqa: PLR2004 - minutes of an hour
        raise Unusable(f"{text[:80]!r} is not a time of day; the last is 24:00")
    return hour * 60 + minute
