"""The promise in a shopper's words: coarse, in their language and on their clock, and never earlier than it is due."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from undivided.promise.rounding import STEPS, minutes_up
from undivided.promise.words import WORDS, Words
from undivided.promise.zones import local

_WEEK = 6
"""Days for which a weekday alone is clear."""


def say(promise_due: datetime, now: datetime, zone: str, language: str, *, with_zone: bool = False) -> str:
    """Say when, as a phrase that fits after "you will have an answer": "in about 20 minutes", "tomorrow before 10:00".

    `language` is en, de, fr, es or it; any other is answered in English. With `with_zone` a time of the clock names
    the zone, for readers whose own zone is not known.
    """
    words = _words(language)
    left = promise_due - now
    if left <= timedelta(0):
        return words.shortly
    if left <= timedelta(minutes=STEPS[-1]):
        return words.minutes.format(minutes_up(left))
    phrase = _by(words, local(promise_due, zone), local(now, zone).date())
    return f"{phrase} ({zone})" if with_zone else phrase


def span(start: datetime, end: datetime, zone: str, language: str, *, with_zone: bool = False) -> str:
    """Say from when to when on one day, like the time of a call: "Monday 4 May, 14:00–17:00"."""
    begins, ends = local(start, zone), local(end, zone)
    day = _dated(_words(language), begins.date()).rstrip(",")
    return f"{day}, {begins:%H:%M}\u2013{ends:%H:%M}" + (f" ({zone})" if with_zone else "")


def name(when: datetime, zone: str, language: str) -> str:
    """Name a moment on the clock of `zone`: "Thursday 7 May, 9:00"."""
    words, wall = _words(language), local(when, zone)
    return words.at.format(day=_dated(words, wall.date()), clock=words.clock(wall.hour * 60 + wall.minute))


def day(when: datetime, zone: str, language: str) -> str:
    """Name the day of a moment that may be years ago: "7 May 2026"."""
    words, wall = _words(language), local(when, zone)
    return words.date.format(number=wall.day, month=words.months[wall.month - 1], year=wall.year)


def _words(language: str) -> Words:
    return WORDS.get(language[:2].lower(), WORDS["en"])


def _dated(words: Words, day: date) -> str:
    return words.dated.format(day=words.weekdays[day.weekday()], number=day.day, month=words.months[day.month - 1])


def _by(words: Words, due: datetime, today: date) -> str:
    """Say a time of the clock; seconds are rounded up, and midnight belongs to the day that it ends."""
    if due.second or due.microsecond:
        due = due.replace(second=0, microsecond=0) + timedelta(minutes=1)
    minute, day = due.hour * 60 + due.minute, due.date()
    if minute == 0:
        minute, day = 1440, day - timedelta(days=1)
    return _frame(words, day, today, minute)


def _frame(words: Words, day: date, today: date, minute: int) -> str:
    ahead = (day - today).days
    if ahead == 0:
        return words.parts[_part(minute)].format(words.near(minute))
    if ahead == 1:
        return words.tomorrow.format(words.clock(minute))
    named = _dated(words, day) if ahead > _WEEK else words.weekdays[day.weekday()]
    return words.on_day.format(day=named, clock=words.clock(minute))


def _part(minute: int) -> int:
    """Return 0 for the morning, 1 for the afternoon, 2 for the evening; 18:00 itself still ends the afternoon."""
    return 0 if minute <= 12 * 60 else 1 if minute <= 18 * 60 else 2
