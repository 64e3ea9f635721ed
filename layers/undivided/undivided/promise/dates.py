"""Understanding "until monday", "14:00" or "donnerstag 9 Uhr" as a person's own clock means it.

The whole text must make sense in one language: a word that is not understood makes the answer None, so that a
mistyped command gets a helpful mail instead of a guess. The result is echoed back in words, with the zone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from undivided.promise.datereading import Found, read
from undivided.promise.datewords import GRAMMARS
from undivided.promise.quote import name
from undivided.promise.zones import DAY, aware, instant, local, shown

_LONGEST = 120
"""No date takes more letters."""
_FARTHEST = timedelta(days=366)
_WEEK = 7
_NOON = 720


def understand(text: str, now: datetime, zone: str, languages: Sequence[str]) -> datetime | None:
    """Return the coming moment, in UTC, that `text` names on the clock of `zone`; None if it is not understood.

    A day without a time is its first minute ("until Monday" ends when Monday begins), but "today" is its last; a time
    without a day is the next one. Languages are tried in the order given, English last. Nothing that is past or more
    than a year away is returned.
    """
    now, plain = aware(now), _plain(text)
    if not plain or len(plain) > _LONGEST:
        return None
    for language in dict.fromkeys([*(one[:2].lower() for one in languages), "en"]):
        found = read(plain, language) if language in GRAMMARS else None
        if found and _two_times(found):
            return None  # nor is it read in a language that they may not have meant
        if found and (when := _moment(found, now, zone)):
            return when
    return None


def echo(when: datetime, zone: str, language: str) -> str:
    """Name a moment wholly, so that a misunderstanding shows: "Thursday 7 May, 9:00 (Europe/Berlin)".

    In the hour that the clock shows twice the offset says which is meant: "(Europe/Berlin, UTC+01:00)".
    """
    wall = local(when, zone)
    twice = len(shown(zone, wall.date(), wall.hour * 60 + wall.minute)) > 1
    offset = f", UTC{wall.isoformat()[-6:]}" if twice else ""
    return f"{name(when, zone, language)} ({zone}{offset})"


def _plain(text: str) -> str:
    """Return small letters without accents ("sábado" and "Sabado" are one) and with single spaces."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(one for one in apart if not unicodedata.combining(one))
    return " ".join(bare.replace("\u2019", "'").split()).rstrip("!")


def _two_times(found: Found) -> bool:
    """Say whether an English clock reading may be one of the night or of the afternoon: "1:00", "thursday 3:30"."""
    return found.read_off and found.part is None


def _moment(found: Found, now: datetime, zone: str) -> datetime | None:
    """Return the first moment after `now` that fits all that was read."""
    minute = _minute(found)
    if minute is not None and minute > DAY:
        return None
    if found.days or found.minutes:
        when = _after(found, minute, now, zone)
        return when if when and now < when <= now + _FARTHEST else None
    days = _days(found, local(now, zone).date(), timed=minute is not None)
    whole = DAY if found.offset == 0 else 0
    moments = (when for day in days for when in shown(zone, day, whole if minute is None else minute))
    return next((when for when in moments if now < when <= now + _FARTHEST), None)


def _minute(found: Found) -> int | None:
    """Return the minute of the day, `DAY` + 1 for a clock that contradicts the part of the day."""
    if found.minute is None:
        return found.part
    if found.part is None:
        return found.minute + _NOON * found.early
    later = found.part >= _NOON
    if later and found.loose and found.minute < _NOON:
        return found.minute + _NOON
    return found.minute if later == (found.minute >= _NOON) else DAY + 1


def _after(found: Found, minute: int | None, now: datetime, zone: str) -> datetime | None:
    """Add a length of time: days on the wall clock, hours and minutes as they pass."""
    if any((found.offset is not None, found.weekday is not None, found.number, found.week, found.coming)):
        return None
    wall = local(now, zone)
    if minute is None:
        start = (
            instant(zone, wall.date() + timedelta(days=found.days), wall.hour * 60 + wall.minute) if found.days else now
        )
        return start + timedelta(minutes=found.minutes)
    return None if found.minutes else instant(zone, wall.date() + timedelta(days=found.days), minute)


def _days(found: Found, today: date, *, timed: bool) -> list[date]:
    """Return the days that fit, in order."""
    days = [day for day in _candidates(found, today, timed=timed) if found.weekday in (None, day.weekday())]
    return [day for day in days if not (found.coming and day == today)]


def _candidates(found: Found, today: date, *, timed: bool) -> Iterable[date]:
    if found.number is not None and found.month is not None:
        return _dated(found, today) if found.offset is None and not found.week else ()
    if found.offset is not None:
        return () if found.week else (today + timedelta(days=found.offset),)
    if found.week:
        monday = today + timedelta(days=_WEEK - today.weekday())
        return [monday + timedelta(days=number) for number in range(_WEEK)]
    if found.weekday is not None:
        return [today + timedelta(days=number) for number in range(_WEEK + 1)]
    return (today, today + timedelta(days=1)) if timed else ()


def _dated(found: Found, today: date) -> list[date]:
    """Return the date in the year given, or in this year and the next."""
    years = (found.year,) if found.year else (today.year, today.year + 1)
    days = []
    for year in years:
        try:
            days.append(date(year, found.month or 0, found.number or 0))
        except ValueError:  # no such day, 29 February included
            continue
    return days
