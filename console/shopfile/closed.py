"""Times off: own days, public holidays by country and region from the `holidays` library, and calendars (ical.py)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from undivided.values import Unusable

from console.shopfile import calendars, ical
from console.shopfile.ical import Interval, Off
from console.shopfile.problems import instead, nearest
from console.shopfile.written import day

YEARS_AHEAD = 5


def off(entries: list[str], zone: str, today: date, calendars: Mapping[str, str]) -> Off:
    """Return the days and times of all `entries`, from the first of January of this year to the end of the fifth ahead.

    `calendars` holds the text of those that are named; `zone` is that of their times which name none.
    """
    years = tuple(range(today.year, today.year + YEARS_AHEAD + 1))
    days, times = set[date](), set[Interval]()
    for one in entries:
        if one in calendars:
            found = calendar_off(calendars[one], zone, today)
            days, times = days | found.days, times | set(found.times)
        else:
            days |= {day(one)} if one[:1].isdigit() else _public(*_codes(one), years)
    return Off(frozenset(days), tuple(sorted(times)))


def calendar_off(text: str, zone: str, today: date) -> Off:
    """Return what a calendar says of the years that are read; raise `Unusable` for what is no calendar."""
    return ical.off(text, zone, date(today.year, 1, 1), date(today.year + YEARS_AHEAD, 12, 31))


def entry(text: str) -> str:
    """Check one entry: `DE`, `DE-BE`, `2026-12-24`, `off.ics`, `https://…`; raise `Unusable` for anything else."""
    if calendars.is_calendar(text):
        return calendars.checked(text)
    if text[:1].isdigit():
        day(text)
        return text
    country, region = _codes(text)
    known = _countries()
    if country not in known:
        meant = _country_called(text)
        say = (
            f'did you mean "{meant}"?'
            if meant
            else "write a code of two letters like DE, a day like 2026-12-24, or a calendar (off.ics, https://…)"
        )
        raise Unusable(f"{text[:80]!r} is no country whose holidays are known; {say}")
    if region and region not in known[country]:
        regions = instead(region, known[country]) if known[country] else f"write {country} alone"
        raise Unusable(f"{region[:80]!r} is no region of {country}; {regions}")
    return text


def _codes(text: str) -> tuple[str, str]:
    country, _, region = text.strip().partition("-")
    return country, region


@cache
def _countries() -> dict[str, list[str]]:
    import holidays  # noqa: PLC0415 - takes longer to import than the rest of the check

    return {country: list(regions) for country, regions in holidays.list_supported_countries().items()}


def _country_called(text: str) -> str | None:
    """Return the code of the country that the library calls like `text` (`germany`, `de`)."""
    import holidays  # noqa: PLC0415 - as above

    if text.upper() in _countries():
        return text.upper()
    names = {cls.__name__: cls.country for cls in map(_class_of(holidays), _countries()) if cls}
    meant = nearest(text.replace(" ", ""), names)
    return names[meant] if meant else None


def _class_of(library: Any) -> Any:
    return lambda code: type(library.country_holidays(code))


@cache
def _public(country: str, region: str, years: tuple[int, ...]) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - as above

    return frozenset(holidays.country_holidays(country, subdiv=region or None, years=years))
