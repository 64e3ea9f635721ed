"""Every documented form of /away and /snooze, in five languages, around both clock changes of three zones and a year's end.

What is expected is found without the code's own arithmetic: by looking when a clock on the wall first shows it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from undivided.attention.duty import next_present
from undivided.config import Hours, Specialist, Window
from undivided.desk import Desk
from undivided.promise.dates import echo, understand
from undivided.promise.hours import on_duty
from undivided.promise.words import WORDS
from undivided.values import Address, SpecialistId

CHANGES = {
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
}
"""The Sundays on which clocks change; Lord Howe's by half an hour."""
STEP = timedelta(minutes=30)
"""All times here and all changes fall on the half hour."""
DAY = timedelta(days=1)
SMALL = 7
"""Below this an hour may be one of the afternoon ("sunday 1:00") or a length of time ("2 h")."""
TOMORROW = {"en": "tomorrow", "de": "morgen", "fr": "demain", "es": "mañana", "it": "domani"}
TODAY = {"en": "today", "de": "heute", "fr": "aujourd'hui", "es": "hoy", "it": "oggi"}
UNTIL = {"en": "until", "de": "bis", "fr": "jusqu'à", "es": "hasta el", "it": "fino a"}
NEXT = {
    "en": "next monday",
    "de": "nächsten Montag",
    "fr": "lundi prochain",
    "es": "el próximo lunes",
    "it": "lunedì prossimo",
}
Wanted = tuple[str, list[tuple[date, int]]]
"""What is written, and the days with minutes of which the first that is still to come is meant; none: it is refused."""


def starts(zone: str) -> list[datetime]:
    """Say when it is written: before, on and after each change, within the hour that comes twice, and as a year ends."""
    walls = [datetime(2026, 12, 31, 23, 30)]  # noqa: DTZ001 - a wall clock's time
    for day in CHANGES[zone]:
        noon = datetime.combine(day, time(11, 30))
        walls += [noon - DAY, datetime.combine(day, time(0, 30)), noon, noon + DAY]
    twice = [shown(zone, day, minute)[-1] for day in CHANGES[zone] for minute in (60, 90, 120, 150)]
    return [*(wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for wall in walls), *twice]


def wanted(now: datetime, zone: str, language: str) -> list[Wanted]:
    today = now.astimezone(ZoneInfo(zone)).date()
    week = [today + DAY * ahead for ahead in range(8)]
    names, months = WORDS[language].weekdays, WORDS[language].months
    christmas = [date(today.year + later, 12, 24) for later in (0, 1)]

    def on(weekday: int) -> list[date]:
        return [day for day in week if day.weekday() == weekday]

    return [
        *((f"{UNTIL[language]} {names[one]}", [(day, 0) for day in on(one)]) for one in range(7)),
        *((f"{names[one]} 9:00", [(day, 540) for day in on(one)]) for one in range(7)),
        (NEXT[language], [(day, 0) for day in on(0) if day != today]),
        (TOMORROW[language], [(today + DAY, 0)]),
        (f"{TOMORROW[language]} 02:30", [(today + DAY, 150)]),
        (f"{names[6]} 02:00", [(day, 120) for day in on(6)]),
        (TODAY[language], [(today + DAY, 0)]),
        ("14:00", [(today, 840), (today + DAY, 840)]),
        ("02:30", [(today, 150), (today + DAY, 150)]),
        *((text, [(day, 0) for day in christmas]) for text in ("24.12.", "24/12", "12/24")),
        ("24.12. 9:00", [(day, 540) for day in christmas]),
        (f"24 {months[11]}", [(day, 0) for day in christmas]),
        ("2026-12-24", [(date(2026, 12, 24), 0)]),
        ("24.12.2026", [(date(2026, 12, 24), 0)]),
        ("2029-12-24", []),
        ("29.2.2027", []),
    ]


@cache
def shown(zone: str, day: date, minute: int) -> list[datetime]:
    """Look at the clock on the wall: when it shows the time, once or twice; else when it first has passed it."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    start = datetime.combine(day, time(), UTC) - DAY
    seen = [(start + STEP * one, _wall(start + STEP * one, zone)) for one in range(144)]
    exactly = [when for when, there in seen if there == wall]
    return exactly or [next(when for when, there in seen if there > wall)]


def _wall(when: datetime, zone: str) -> datetime:
    return when.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def expected(now: datetime, zone: str, days: list[tuple[date, int]]) -> datetime | None:
    moments = [when for day, minute in days for when in shown(zone, day, minute)]
    return next((when for when in sorted(moments) if now < when <= now + timedelta(days=366)), None)


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("zone", CHANGES)
def test_every_form_means_what_the_clock_on_the_wall_shows(zone: str, language: str) -> None:
    cases = [(now, text, days) for now in starts(zone) for text, days in wanted(now, zone, language)]
    found = {
        f"{now.astimezone(ZoneInfo(zone)):%a %Y-%m-%d %H:%M} {text!r}": (
            understand(text, now, zone, [language]),
            expected(now, zone, days),
        )
        for now, text, days in cases
    }
    assert {case: both for case, both in found.items() if both[0] != both[1]} == {}
    assert sum(wanted is not None for _, wanted in found.values()) > 200


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("zone", CHANGES)
def test_the_confirmation_names_one_moment_and_no_other(zone: str, language: str) -> None:
    """Read back, what is echoed means the same; where the clock shows a time twice, the offset tells which it is."""
    said: dict[str, datetime] = {}
    for change in CHANGES[zone]:
        start = datetime.combine(change - DAY, time(12), UTC)
        for when in (start + STEP * one for one in range(96)):
            text, wall = echo(when, zone, language), _wall(when, zone)
            assert said.setdefault(text, when) == when, f"{text} is two moments"
            twice = shown(zone, wall.date(), wall.hour * 60 + wall.minute)
            read = understand(text.partition(" (")[0], start - DAY, zone, [language])
            assert read == twice[0] or wall.hour < SMALL
            assert ("UTC" in text) == (len(twice) > 1)


@pytest.mark.parametrize("zone", CHANGES)
def test_whoever_works_over_midnight_is_back_in_the_first_minute_of_duty_after_it(zone: str) -> None:
    nights = Hours(zone, tuple(Window(day, 22 * 60, 30 * 60) for day in range(5, 7)))
    person = Specialist(SpecialistId("anna"), "Anna", Address("anna@people.example"), nights, ("en",))
    for now in starts(zone):
        for text in ("until monday", "sunday 02:00", "tomorrow 02:30", "14:00", "until sunday", "tomorrow 11pm"):
            until = understand(text, now, zone, ["en"])
            assert until
            back = next_present(person, Desk(person.id, away_until=until), now)
            assert back == next(when for one in range(720) if on_duty(nights, when := until + STEP * one)), text
