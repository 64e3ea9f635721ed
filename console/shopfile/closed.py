"""Days off: own days, and public holidays by country and region from the `holidays` library, as plain dates."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from undivided.values import Unusable

from console.shopfile.problems import instead, nearest
from console.shopfile.written import day

YEARS_AHEAD = 5


def days_off(entries: list[str], today: date) -> list[date]:
    """Return the dates of all `entries`, from the first of January of this year to the end of the fifth year ahead."""
    years = tuple(range(today.year, today.year + YEARS_AHEAD + 1))
    found: set[date] = set()
    for entry in entries:
        found |= {day(entry)} if entry[:1].isdigit() else _public(*_codes(entry), years)
    return sorted(found)


def entry(text: str) -> str:
    """Check one entry: `DE`, `DE-BE` or `2026-12-24`; raise `Unusable` for anything else."""
    if text[:1].isdigit():
        day(text)
        return text
    country, region = _codes(text)
    known = _countries()
    if country not in known:
        meant = _country_called(text)
        say = f'did you mean "{meant}"?' if meant else "write a code of two letters like DE, or a day like 2026-12-24"
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
