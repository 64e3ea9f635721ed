"""Calendars against an oracle that looks at the wall clock minute by minute, around every kind of clock change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from undivided.config import Hours, Window
from undivided.promise.hours import (
    Duty,
    add_open,
    add_working,
    next_off_duty,
    next_on_duty,
    on_duty,
    open_between,
    working_between,
)

MINUTE = timedelta(minutes=1)
CHANGES = {
    "Berlin, spring": ("Europe/Berlin", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
    "Berlin, autumn": ("Europe/Berlin", datetime(2026, 10, 25, 1, 0, tzinfo=UTC)),
    "New York, spring": ("America/New_York", datetime(2026, 3, 8, 7, 0, tzinfo=UTC)),
    "New York, autumn": ("America/New_York", datetime(2026, 11, 1, 6, 0, tzinfo=UTC)),
    "Lord Howe, half an hour back": ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, 0, tzinfo=UTC)),
    "Lord Howe, half an hour on": ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    "Havana, midnight is skipped": ("America/Havana", datetime(2026, 3, 8, 5, 0, tzinfo=UTC)),
    "Havana, midnight comes twice": ("America/Havana", datetime(2026, 11, 1, 5, 0, tzinfo=UTC)),
    "Apia, a day that never was": ("Pacific/Apia", datetime(2011, 12, 30, 10, 0, tzinfo=UTC)),
    "Kathmandu, no change": ("Asia/Kathmandu", datetime(2026, 5, 4, 12, 0, tzinfo=UTC)),
}
windows = st.builds(
    lambda weekday, start, length: Window(weekday, start, start + length),
    st.integers(0, 6),
    st.integers(0, 1439),
    st.integers(1, 1440),
)
near_change = st.builds(lambda start, length: (start, start + length), st.integers(0, 240), st.integers(1, 120))


@st.composite
def calendars(draw: st.DrawFn, zone: str, around: date) -> Hours:
    """Ordinary windows, windows inside and across the change, days off near it."""
    days = [around + timedelta(days=shift) for shift in range(-2, 3)]
    tight = [Window(around.weekday(), *draw(near_change)) for _ in range(draw(st.integers(0, 2)))]
    off = draw(st.frozensets(st.sampled_from(days), max_size=2))
    gone = draw(st.lists(st.sampled_from(days), max_size=1))
    return Hours(zone, (*draw(st.lists(windows, max_size=5)), *tight), off, tuple((day, day) for day in gone))


@cache
def _walls(zone: str, centre: datetime) -> list[tuple[datetime, datetime]]:
    """(moment, latest time that the wall clock has shown so far), by the minute: a clock put back shows nothing new."""
    shown, walls = datetime.min, []  # noqa: DTZ901 - a wall clock has no zone
    for number in range(-4 * 1440, 2 * 1440):
        when = centre + number * MINUTE
        shown = max(shown, when.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0))
        walls.append((when, shown))
    return walls[2 * 1440 :]


def _works(hours: Hours, wall: datetime) -> bool:
    """Say whether somebody whose wall clock has come to `wall` is at work, from the words of the rule alone."""

    def off(day: date) -> bool:
        return day in hours.holidays or any(first <= day <= last for first, last in hours.vacations)

    for back in range(3):
        day = wall.date() - timedelta(days=back)
        minute = wall.hour * 60 + wall.minute + 1440 * back
        for window in hours.windows:
            if day.weekday() == window.weekday and window.start <= minute < window.end and not off(day):
                return not off(wall.date())
    return False


def _minutes(hours: Hours, centre: datetime) -> list[tuple[datetime, bool]]:
    return [(when, _works(hours, wall)) for when, wall in _walls(hours.zone, centre)]


@pytest.mark.parametrize("change", CHANGES)
@settings(max_examples=12)
@given(data=st.data())
def test_duty_is_what_the_wall_clock_says(change: str, data: st.DataObject) -> None:
    zone, centre = CHANGES[change]
    hours = data.draw(calendars(zone, centre.astimezone(ZoneInfo(zone)).date()))
    minutes = _minutes(hours, centre)
    wrong = [when for when, works in minutes if on_duty(hours, when) is not works]
    assert not wrong
    first, last = minutes[0][0], minutes[-1][0] + MINUTE
    assert working_between(hours, first, last) == sum(works for _, works in minutes) * MINUTE


@pytest.mark.parametrize("change", CHANGES)
@settings(max_examples=15)
@given(data=st.data(), shift=st.integers(-1440, 1440), work=st.integers(0, 1500))
def test_adding_working_time_is_counting_minutes_at_work(
    change: str, data: st.DataObject, shift: int, work: int
) -> None:
    zone, centre = CHANGES[change]
    hours = data.draw(calendars(zone, centre.astimezone(ZoneInfo(zone)).date()))
    start = centre + shift * MINUTE
    found = add_working(hours, start, work * MINUTE)
    at_work = [when for when, works in _minutes(hours, centre) if works and when >= start]
    if len(at_work) > work:
        expected = at_work[work - 1] + MINUTE if work else at_work[0]
        assert found == expected
    else:
        assert found is None or found > centre + timedelta(days=1)


@settings(max_examples=120)
@given(data=st.data(), shift=st.integers(-3000, 3000), work=st.integers(0, 6000), more=st.integers(0, 600))
def test_working_time_is_an_inverse_pair_and_monotone(data: st.DataObject, shift: int, work: int, more: int) -> None:
    zone, centre = data.draw(st.sampled_from(list(CHANGES.values())))
    hours = data.draw(calendars(zone, centre.date()))
    start = centre + shift * MINUTE
    found = add_working(hours, start, work * MINUTE)
    if found is None:
        return
    assert working_between(hours, start, found) == work * MINUTE
    assert on_duty(hours, found) or on_duty(hours, found - timedelta(microseconds=1)), "in closed time"
    later = add_working(hours, start, (work + more) * MINUTE)
    assert later is None or later >= found
    shifted = add_working(hours, start + more * MINUTE, work * MINUTE)
    assert shifted is None or shifted >= found
    middle = start + (found - start) / 2
    assert working_between(hours, start, middle) + working_between(hours, middle, found) == work * MINUTE


@settings(max_examples=120)
@given(data=st.data(), shift=st.integers(-3000, 3000))
def test_the_next_change_of_duty_is_the_first(data: st.DataObject, shift: int) -> None:
    zone, centre = data.draw(st.sampled_from(list(CHANGES.values())))
    hours = data.draw(calendars(zone, centre.date()))
    when = centre + shift * MINUTE
    begin, end = next_on_duty(hours, when), next_off_duty(hours, when)
    if begin is None:
        assert working_between(hours, when, when + timedelta(days=14)) == timedelta(0)
    else:
        assert on_duty(hours, begin)
        assert working_between(hours, when, begin) == timedelta(0)
    assert (begin == when) is on_duty(hours, when)
    if end is not None:
        assert not on_duty(hours, end)
        assert working_between(hours, when, end) == end - when


@settings(max_examples=25)
@given(data=st.data(), shift=st.integers(-1440, 1000))
def test_several_people_are_open_when_one_of_them_is(data: st.DataObject, shift: int) -> None:
    zone, centre = data.draw(st.sampled_from(list(CHANGES.values())))
    one = data.draw(calendars(zone, centre.date()))
    other = data.draw(calendars("Europe/Berlin", centre.date()))
    since = centre + data.draw(st.integers(-1440, 1440)) * MINUTE
    duties = [Duty(one), Duty(other, since)]
    start, end = centre + shift * MINUTE, centre + timedelta(days=1)
    count = sum(
        on_duty(one, start + number * MINUTE)
        or (start + number * MINUTE >= since and on_duty(other, start + number * MINUTE))
        for number in range((end - start) // MINUTE)
    )
    assert open_between(duties, start, end) == count * MINUTE
    if count:
        found = add_open(duties, start, count * MINUTE)
        assert found is not None
        assert open_between(duties, start, found) == count * MINUTE
