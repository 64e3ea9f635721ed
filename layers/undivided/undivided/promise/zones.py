"""Wall clocks: what a person reads on theirs, as a moment in UTC, also on the days when clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from undivided.values import Unusable

DAY = 1440
"""Minutes on the wall clock of one day; a real day may be longer or shorter, its wall clock is not."""
_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    """Return the IANA zone `name`; raise `Unusable` if there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Unusable(f"{name!r} is not a time zone; write an IANA name like Europe/Berlin") from None


def local(when: datetime, name: str) -> datetime:
    """Return the moment `when` as the wall clock in `name` shows it; raise `Unusable` for a time without a zone."""
    return aware(when).astimezone(zone(name))


def aware(when: datetime) -> datetime:
    """Return `when` in UTC; raise `Unusable` if it names no zone, because guessing one would shift promises by hours."""
    if when.tzinfo is None:
        raise Unusable(f"{when.isoformat()} names no time zone; pass an aware datetime in UTC")
    return when.astimezone(UTC)


@lru_cache(maxsize=65536)
def instant(name: str, day: date, minute: int) -> datetime:
    """Return, in UTC, when the wall clock in `name` first shows `minute` minutes after midnight of `day`, or would have.

    A time that is shown twice (autumn) means its first showing; one that is never shown (spring) means the moment of
    the jump. So windows that touch on paper touch in UTC too, and one that lies wholly in the jump is empty.
    """
    days, rest = divmod(minute, DAY)
    wall = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), zone(name))
    there = wall.astimezone(UTC)
    if there.astimezone(zone(name)).replace(fold=0, tzinfo=None) == wall.replace(tzinfo=None):
        return there
    return _jump(zone(name), wall.replace(fold=1).astimezone(UTC), there)


def shown(name: str, day: date, minute: int) -> tuple[datetime, ...]:
    """Return every moment at which the wall clock shows that time: two in autumn; one that is never shown as `instant`."""
    first = instant(name, day, minute)
    wall = first.astimezone(zone(name))
    again = wall.replace(fold=1).astimezone(UTC)
    return (first, again) if again > first and not wall.fold else (first,)


def _jump(where: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Bisect for the first second after `before` whose offset is that of `after`."""
    offset = after.astimezone(where).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(where).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after
