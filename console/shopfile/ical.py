"""Times off from an iCalendar file (RFC 5545): whole days, and times of the day, with their repetitions.

Read are VEVENTs with DTSTART, DTEND or DURATION, RRULE, RDATE, EXDATE, RECURRENCE-ID and STATUS; repetitions are worked
out by `dateutil.rrule`, on the clock of the event's own zone. A day off is a day off whatever TRANSP says, because public
calendars mark holidays as free; a time off counts unless it is marked so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from io import StringIO
from itertools import islice
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from undivided.values import Unusable

MOST = 2_000
"""Occurrences of one calendar: years of a weekly one, and no more than `shop.json` should carry."""
_TOO_OFTEN = re.compile(r"FREQ=(SECONDLY|MINUTELY|HOURLY)")
_DURATION = re.compile(r"([+-]?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=("[^"]*"|[^;:]*)')
_NAME = re.compile(r"[A-Za-z0-9-]+")

Interval = tuple[datetime, datetime]


class Line(NamedTuple):
    """One unfolded content line (RFC 5545, 3.1)."""

    name: str
    parameters: Mapping[str, str]
    value: str


Event = list[Line]


@dataclass(frozen=True)
class Off:
    """Whole days, and times in UTC, in order."""

    days: frozenset[date] = frozenset()
    times: tuple[Interval, ...] = ()


@dataclass
class Calendar:
    """A read file. `zone` is that of times which name none."""

    zone: str
    events: list[Event] = field(default_factory=list)
    zones: str = ""
    """The text of its VTIMEZONEs, for names that are no IANA zones."""

    def clock(self, line: Line) -> tzinfo:
        """Return the zone of a date-time."""
        name = line.parameters.get("TZID", "")
        if line.value.endswith("Z"):
            return UTC
        if not name:
            return ZoneInfo(self.zone)
        try:
            return ZoneInfo(name.removeprefix("/"))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return self._described(name)

    def _described(self, name: str) -> tzinfo:
        from dateutil.tz import tzical  # noqa: PLC0415 - few calendars need it

        try:
            found = tzical(StringIO(self.zones)).get(name)
        except ValueError:
            found = None
        if found is None:
            raise Unusable(f"it names the zone {name[:60]!r}, which is no IANA zone and is not described in it")
        return found  # type: ignore[no-any-return] # dateutil has no types


def off(text: str, zone: str, first: date, last: date) -> Off:
    """Return the days and times off from `first` to `last`, both included; raise `Unusable` for what is no calendar."""
    calendar = read(text, zone)
    moved = {(_one(event, "UID"), _one(event, "RECURRENCE-ID")) for event in calendar.events}
    days, times = set[date](), set[Interval]()
    for event in calendar.events:
        left_out = {again for uid, again in moved if again and uid == _one(event, "UID")}
        for start, end in _occurrences(event, calendar, left_out, first, last):
            if isinstance(start, datetime):
                times.add((start, end))
            else:
                days |= {start + timedelta(days=step) for step in range((end - start).days)}
        if len(days) + len(times) > MOST:
            raise Unusable(
                f"it has more than {MOST} days and times off until {last}; make a calendar of those that count"
            )
    return Off(frozenset(day for day in days if first <= day <= last), tuple(sorted(times)))


def read(text: str, zone: str) -> Calendar:
    """Take a file apart into its events."""
    lines = [_line(one) for one in unfolded(text)]
    if not lines or (lines[0].name, lines[0].value.upper()) != ("BEGIN", "VCALENDAR"):
        raise Unusable(f"it is no iCalendar file, it begins with {text[:40]!r}; export the calendar as .ics")
    own = next((one.value for one in lines if one.name == "X-WR-TIMEZONE"), "")
    calendar = Calendar(own if _known(own) else zone, zones="\r\n".join(_blocks(text, "VTIMEZONE")))
    inside: list[str] = []
    for line in lines:
        if line.name == "BEGIN":
            inside.append(line.value.upper())
            calendar.events += [[]] if inside[-1] == "VEVENT" else []
        elif line.name == "END":
            if not inside or inside.pop() != line.value.upper():
                raise Unusable(f"END:{line.value[:40]} closes nothing that is open; export the calendar again")
        elif inside[-1:] == ["VEVENT"]:
            calendar.events[-1].append(line)
    if inside:
        raise Unusable(f"it ends inside {inside[-1]}: the file is not whole; export or download it again")
    return calendar


def unfolded(text: str) -> list[str]:
    """Join folded lines: one that begins with a space or a tab continues the one before it (RFC 5545, 3.1)."""
    return [one for one in re.sub(r"(?:\r\n|\r|\n)[ \t]", "", text.removeprefix("\ufeff")).splitlines() if one.strip()]


def _blocks(text: str, name: str) -> list[str]:
    return re.findall(rf"(?ms)^BEGIN:{name}\r?$.*?^END:{name}\r?$", "\n".join(unfolded(text)))


def _line(text: str) -> Line:
    name = _NAME.match(text)
    if name is None:
        raise Unusable(f"the line {text[:40]!r} is no line of a calendar; export it again as .ics")
    at, parameters = name.end(), dict[str, str]()
    while found := _PARAMETER.match(text, at):
        parameters[found[1].upper()] = found[2].strip('"')
        at = found.end()
    if text[at : at + 1] != ":":
        raise Unusable(f"the line {text[:40]!r} is no line of a calendar; export it again as .ics")
    return Line(name[0].upper(), parameters, text[at + 1 :].strip())


def _known(zone: str) -> bool:
    try:
        return bool(zone and ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


# --- one event -------------------------------------------------------------------------------------------------


def _occurrences(
    event: Event, calendar: Calendar, left_out: set[str], first: date, last: date
) -> Iterator[tuple[Any, Any]]:
    """Yield start and end, as dates (the end not included) or as moments in UTC."""
    begins = _first(event, "DTSTART")
    if begins is None or _one(event, "STATUS").upper() == "CANCELLED":
        return
    whole = _is_day(begins)
    if not whole and _one(event, "TRANSP").upper() == "TRANSPARENT":
        return
    start, clock = _wall(begins), UTC if whole else calendar.clock(begins)
    length = _length(event, start, clock, calendar, whole=whole)
    if length <= timedelta(0):
        return
    after = datetime.combine(first, time()) - length - timedelta(days=1)
    not_then = set() if _one(event, "RECURRENCE-ID") else {_there(one, clock, whole=whole) for one in left_out}
    for one in _starts(event, start, clock, after, last):
        if one in not_then or one > datetime.combine(last, time.max):
            continue
        if whole:
            yield one.date(), (one + length).date()
        else:
            yield one.replace(tzinfo=clock).astimezone(UTC), (one + length).replace(tzinfo=clock).astimezone(UTC)


def _length(event: Event, start: datetime, clock: tzinfo, calendar: Calendar, *, whole: bool) -> timedelta:
    """Return how long it takes, by the clock on the wall; without an end a day is a day, and a moment is nothing."""
    if ends := _first(event, "DTEND"):
        end = _wall(ends)
        if not whole:
            end = end.replace(tzinfo=calendar.clock(ends)).astimezone(clock).replace(tzinfo=None)
        return end - start
    if lasts := _one(event, "DURATION"):
        return _duration(lasts)
    return timedelta(days=1 if whole else 0)


def _starts(event: Event, start: datetime, clock: tzinfo, after: datetime, last: date) -> Iterable[datetime]:
    """Return when it takes place, by the clock on the wall."""
    from dateutil.rrule import rruleset, rrulestr  # noqa: PLC0415 - takes longer to import than the rest of the check

    rules = [one.value.upper() for one in event if one.name == "RRULE"]
    found = rruleset()
    found.rdate(start)
    for rule in rules:
        if _TOO_OFTEN.search(rule):
            raise Unusable(f"{rule[:60]!r} repeats within a day; make it one event from beginning to end")
        try:
            found.rrule(rrulestr(_until(rule, clock), dtstart=start))
        except (ValueError, TypeError) as error:
            raise Unusable(f"{rule[:60]!r} is no rule of repetition that can be read ({error})") from None
    for one in _listed(event, "RDATE", clock):
        found.rdate(one)
    for one in _listed(event, "EXDATE", clock):
        found.exdate(one)
    until = datetime.combine(last, time.max)
    return [one for one in islice(found.xafter(after, inc=True), MOST + 1) if one <= until] if rules else _few(found)


def _few(found: Any) -> list[datetime]:
    return list(islice(found, MOST + 1))


def _until(rule: str, clock: tzinfo) -> str:
    """Write UNTIL by the clock on the wall, as the starts are: in the file it is in UTC (RFC 5545, 3.3.10)."""

    def local(found: re.Match[str]) -> str:
        whole = len(found[1]) == len("20260101")
        when = _there(found[1], clock, whole=whole)
        return f"UNTIL={when:%Y%m%d}T235959" if whole else f"UNTIL={when:%Y%m%dT%H%M%S}"

    return re.sub(r"UNTIL=([0-9TZ]+)", local, rule)


def _listed(event: Event, name: str, clock: tzinfo) -> Iterator[datetime]:
    for line in event:
        if line.name == name and line.parameters.get("VALUE", "").upper() != "PERIOD":
            yield from (_there(one, clock, whole=_is_day(line)) for one in line.value.split(","))


def _duration(text: str) -> timedelta:
    found = _DURATION.fullmatch(text.upper())
    if found is None:
        raise Unusable(f"the duration {text[:40]!r} cannot be read; export the calendar again")
    weeks, days, hours, minutes, seconds = (int(one or 0) for one in found.groups()[1:])
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -length if found[1] == "-" else length


def _first(event: Event, name: str) -> Line | None:
    return next((line for line in event if line.name == name), None)


def _one(event: Event, name: str) -> str:
    found = _first(event, name)
    return found.value if found else ""


def _is_day(line: Line) -> bool:
    return line.parameters.get("VALUE", "").upper() == "DATE" or len(line.value) == len("20260101")


def _wall(line: Line) -> datetime:
    return _wall_of(line.value, whole=_is_day(line))


def _there(text: str, clock: tzinfo, *, whole: bool) -> datetime:
    """Read a date or a date-time as the clock of the event's own zone shows it."""
    when = _wall_of(text, whole=whole)
    in_utc = text.strip().endswith("Z") and not whole
    return when.replace(tzinfo=UTC).astimezone(clock).replace(tzinfo=None) if in_utc else when


def _wall_of(text: str, *, whole: bool) -> datetime:
    """Read a date or a date-time as the clock on the wall shows it."""
    plain = text.strip().removesuffix("Z")
    shape = "%Y%m%d" if whole or "T" not in plain else "%Y%m%dT%H%M%S"
    try:
        return datetime.strptime(plain[:8] if whole else plain, shape)  # noqa: DTZ007 - by the clock on the wall
    except ValueError:
        raise Unusable(f"{text[:40]!r} is no date or time of a calendar; export it again as .ics") from None
