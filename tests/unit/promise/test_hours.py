"""Calendars in examples that a person can check on paper."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from undivided.config import Hours, Window
from undivided.promise import hours as hours_module
from undivided.promise.hours import add_working, next_off_duty, next_on_duty, on_duty, working_between
from undivided.values import Unusable

NIGHTS = tuple(Window(day, 22 * 60, 30 * 60) for day in range(7))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "evening", "hours"),
    [
        ("Europe/Berlin", "2026-03-28T12:00", 7.0),
        ("Europe/Berlin", "2026-10-24T12:00", 9.0),
        ("Europe/Berlin", "2026-05-04T12:00", 8.0),
        ("America/New_York", "2026-03-07T18:00", 7.0),
        ("America/New_York", "2026-10-31T18:00", 9.0),
        ("Australia/Lord_Howe", "2026-04-04T02:00", 8.5),
        ("Australia/Lord_Howe", "2026-10-03T02:00", 7.5),
    ],
)
def test_a_night_shift_is_as_long_as_the_night(zone: str, evening: str, hours: float) -> None:
    calendar = Hours(zone, NIGHTS)
    start = next_on_duty(calendar, at(evening))
    assert start is not None
    end = next_off_duty(calendar, start)
    assert end is not None
    assert end - start == timedelta(hours=hours)


def test_a_lunch_break_and_a_free_afternoon() -> None:
    hours = Hours("Europe/Berlin", (Window(0, 540, 720), Window(0, 780, 1020), Window(1, 540, 720)))
    assert add_working(hours, at("2026-05-04T09:30"), timedelta(hours=1)) == at("2026-05-04T11:30")
    assert add_working(hours, at("2026-05-04T15:00"), timedelta(hours=1)) == at("2026-05-05T08:00")
    assert working_between(hours, at("2026-05-04T00:00"), at("2026-05-06T00:00")) == timedelta(hours=10)


def test_touching_windows_are_one_duty() -> None:
    hours = Hours("Europe/Berlin", (Window(0, 0, 1440), Window(1, 0, 600), Window(0, 700, 800)))
    assert next_off_duty(hours, at("2026-05-04T06:00")) == at("2026-05-05T08:00")


def test_a_holiday_takes_its_date_and_the_night_that_starts_on_it() -> None:
    hours = Hours("Europe/Berlin", NIGHTS, holidays=frozenset({date(2026, 5, 5)}))
    assert next_off_duty(hours, at("2026-05-04T20:30")) == at("2026-05-04T22:00")
    assert not on_duty(hours, at("2026-05-05T01:00"))
    assert not on_duty(hours, at("2026-05-05T23:30"))
    assert next_on_duty(hours, at("2026-05-04T23:00")) == at("2026-05-06T20:00")


def test_both_ends_of_a_vacation_are_free() -> None:
    hours = Hours(
        "UTC", tuple(Window(day, 540, 1020) for day in range(7)), vacations=((date(2026, 5, 5), date(2026, 5, 7)),)
    )
    assert next_on_duty(hours, at("2026-05-04T17:00")) == at("2026-05-08T09:00")


def test_closed_time_of_no_length_ends_at_the_opening() -> None:
    hours = Hours("UTC", (Window(0, 540, 1020),))
    assert add_working(hours, at("2026-05-04T03:00"), timedelta(0)) == at("2026-05-04T09:00")


def test_nobody_ever() -> None:
    never = Hours("UTC", ())
    assert next_on_duty(never, at("2026-05-04T03:00")) is None
    assert add_working(never, at("2026-05-04T03:00"), timedelta(minutes=1)) is None
    assert next_off_duty(never, at("2026-05-04T03:00")) == at("2026-05-04T03:00")


def test_round_the_clock_never_ends() -> None:
    always = Hours("Europe/Berlin", tuple(Window(day, 0, 1440) for day in range(7)))
    assert next_off_duty(always, at("2026-05-04T03:00")) is None
    assert add_working(always, at("2026-03-28T03:00"), timedelta(days=3)) == at("2026-03-31T03:00")


def test_beyond_fourteen_and_sixty_days_there_is_nothing() -> None:
    hours = Hours("UTC", (Window(0, 540, 600),), vacations=((date(2026, 5, 1), date(2026, 5, 20)),))
    assert next_on_duty(hours, at("2026-05-02T00:00")) is None
    assert next_on_duty(hours, at("2026-05-02T00:00"), timedelta(days=30)) == at("2026-05-25T09:00")
    assert add_working(hours, at("2026-05-02T00:00"), timedelta(hours=20)) is None


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(Unusable, match="pass an aware datetime"):
        on_duty(Hours("UTC", ()), datetime(2026, 5, 4))  # noqa: DTZ001 - the mistake


@pytest.mark.parametrize("zone", ["Berlin", "", "../etc/passwd", "Europe/Berlinn"])
def test_an_unknown_zone_is_refused_with_an_example(zone: str) -> None:
    with pytest.raises(Unusable, match="IANA name like Europe/Berlin"):
        on_duty(Hours(zone, (Window(0, 0, 60),)), at("2026-05-04T00:00"))


def test_the_memory_of_worked_out_days_stays_bounded_and_right() -> None:
    """Ten thousand rosters pass through one process; each has its own hours, whatever object had its identity before."""
    when = at("2026-05-04T10:00")
    for number in range(10_000):
        busy = number % 2 == 0
        hours = Hours("UTC", (Window(0, 540, 1020),) if busy else (Window(1, 540, 1020),))
        assert on_duty(hours, when) is busy
    assert len(hours_module._calendars) <= hours_module._MOST_CALENDARS
