"""Invariant 6: a promise lies in open time, more load never promises earlier, what is overdue is missed at once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from undivided.config import Hours, Pace, Window
from undivided.promise.calibration import KINDS, Calibration
from undivided.promise.estimate import (
    DeskView,
    Handling,
    Promise,
    calendar_only,
    forward,
    kept,
    promise,
    ratio,
    revised,
)
from undivided.promise.hours import on_duty
from undivided.promise.rounding import STEPS, up
from undivided.values import SpecialistId

MOMENT = timedelta(microseconds=1)
FINE = timedelta(seconds=31)
"""A turn in a line is found to half a minute."""
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
WEEKS = (
    datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 10, 23, tzinfo=UTC), datetime(2026, 3, 6, tzinfo=UTC),
    datetime(2026, 10, 30, tzinfo=UTC), datetime(2026, 4, 3, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC),
)  # fmt: skip
"""The Friday before each clock change of the three zones."""
moments = st.builds(
    lambda week, minutes: week + timedelta(minutes=minutes), st.sampled_from(WEEKS), st.integers(0, 5760)
)


@st.composite
def calendars(draw: st.DrawFn) -> Hours:
    day = Window(0, draw(st.integers(0, 1380)), 0)
    length = draw(st.integers(60, 720))
    weekdays = draw(st.sets(st.integers(0, 6), min_size=1))
    windows = tuple(Window(weekday, day.start, day.start + length) for weekday in sorted(weekdays))
    off = draw(st.frozensets(st.dates(date(2026, 3, 1), date(2026, 4, 30)), max_size=3))
    return Hours(draw(st.sampled_from(ZONES)), windows, off)


@st.composite
def handlings(draw: st.DrawFn) -> Handling:
    handling = Handling(draw(st.sampled_from([300.0, 900.0, 3600.0])))
    for seconds in draw(st.lists(st.floats(10, 20000), max_size=8)):
        handling = handling.add(seconds)
    return handling


@st.composite
def rosters(draw: st.DrawFn) -> tuple[list[DeskView], datetime]:
    now = draw(moments)
    desks = []
    for number in range(draw(st.integers(1, 4))):
        capacity = draw(st.integers(1, 3))
        since = draw(st.lists(st.integers(0, 3000), max_size=capacity + 1))
        away = draw(st.none() | st.integers(1, 4000))
        desks.append(
            DeskView(
                SpecialistId(f"s{number}"),
                draw(calendars()),
                capacity,
                tuple(now - timedelta(minutes=one) for one in since),
                draw(st.integers(0, 12)),
                draw(handlings()),
                now + timedelta(minutes=away) if away else None,
                silent=draw(st.integers(0, 5)) == 0,
                head_start=timedelta(minutes=draw(st.sampled_from([0, 0, 5, 20]))),
                line=tuple(sorted(draw(st.sets(st.sampled_from("abcdefgh"), max_size=8)))),
                kept_until=tuple(
                    now + timedelta(minutes=one) for one in draw(st.lists(st.integers(0, 90), max_size=1))
                ),
                linger=timedelta(minutes=draw(st.sampled_from([0, 0, 5]))),
                beyond=draw(st.sampled_from([0.0, 0.0, 12.5])),
                weekly=draw(st.sampled_from([0.0, 0.0, 80.0])),
            )
        )
    return desks, now


@st.composite
def calibrations(draw: st.DrawFn) -> Calibration:
    record = Calibration()
    for _ in range(draw(st.integers(0, 3))):
        kind, centre = draw(st.sampled_from(KINDS)), draw(st.floats(0.05, 20))
        for _ in range(draw(st.integers(1, 40))):
            record = record.add(kind, centre, kept=draw(st.none() | st.booleans()))
    return record


@settings(max_examples=250)
@given(rosters(), calibrations())
def test_a_promise_lies_in_open_time_of_somebody_who_could_answer(
    roster: tuple[list[DeskView], datetime], record: Calibration
) -> None:
    desks, now = roster
    made = promise(desks, now, record)
    assume(made is not None)
    assert made is not None
    able = [desk for desk in desks if not desk.silent and (desk.away_until is None or desk.away_until < made.due)]
    assert any(on_duty(desk.hours, made.due) or on_duty(desk.hours, made.due - MOMENT) for desk in able)
    assert now < made.due <= now + timedelta(days=14, hours=1)


@st.composite
def heavier(draw: st.DrawFn, desk: DeskView, now: datetime) -> DeskView:
    """The same desk with more to do: places, also of conversations that stand in other lines, and foci."""
    since = draw(st.lists(st.integers(0, 300), max_size=2))
    come = tuple(sorted(draw(st.sets(st.sampled_from("uvwxyz"), max_size=6))))
    return replace(
        desk,
        ahead=desk.ahead + len(come) + draw(st.integers(0, 6)),
        line=desk.line + come,
        beyond=desk.beyond + draw(st.sampled_from([0.0, 0.0, 0.5, 40.0])),
        weekly=desk.weekly + draw(st.sampled_from([0.0, 0.0, 30.0])),
        in_focus=desk.in_focus + tuple(now - timedelta(minutes=one) for one in since),
    )


@settings(max_examples=400)
@given(data=st.data())
def test_more_load_never_promises_earlier(data: st.DataObject) -> None:
    desks, now = data.draw(rosters())
    record = data.draw(calibrations())
    more = [data.draw(heavier(desk, now)) for desk in desks]
    light, heavy = promise(desks, now, record), promise(more, now, record)
    if light is None:
        assert heavy is None
    elif heavy is not None:
        assert heavy.due >= light.due


@settings(max_examples=150)
@given(rosters(), calibrations())
def test_a_promise_survives_the_table(roster: tuple[list[DeskView], datetime], record: Calibration) -> None:
    desks, now = roster
    made = promise(desks, now, Calibration.from_dict(json.loads(json.dumps(record.to_dict()))))
    assume(made is not None)
    assert made is not None
    assert Promise.from_dict(json.loads(json.dumps(made.to_dict()))) == made
    for desk in desks:
        assert Handling.from_dict(json.loads(json.dumps(desk.handling.to_dict()))) == desk.handling


@settings(max_examples=150)
@given(rosters(), calibrations(), st.integers(0, 5))
def test_a_revision_is_later_and_counted(
    roster: tuple[list[DeskView], datetime], record: Calibration, early: int
) -> None:
    desks, now = roster
    first = promise(desks, now, record)
    assume(first is not None)
    assert first is not None
    second = revised(first, desks, max(now, first.due - timedelta(minutes=early)), record)
    if second is not None:
        assert second.due > first.due
        assert second.revision == first.revision + 1


@settings(max_examples=200)
@given(st.integers(1, 14 * 86400), st.integers(0, 86400), st.sampled_from([*ZONES, "Asia/Kathmandu"]))
def test_rounding_is_coarse_upward_and_monotone(seconds: int, more: int, zone: str) -> None:
    now = WEEKS[0] + timedelta(seconds=12345)
    due = now + timedelta(seconds=seconds)
    rounded = up(due, now, zone)
    assert due <= rounded < due + timedelta(hours=1)
    assert up(due + timedelta(seconds=more), now, zone) >= rounded
    if seconds <= 3600:
        assert (rounded - now) / timedelta(minutes=1) in STEPS


def test_overdue_is_missed_at_once() -> None:
    made = Promise(due=WEEKS[0], made=WEEKS[0] - timedelta(hours=1))
    assert kept(made, None, WEEKS[0]) is None
    assert kept(made, None, WEEKS[0] + MOMENT) is False
    assert kept(made, WEEKS[0], WEEKS[0] + timedelta(days=1)) is True
    assert kept(made, WEEKS[0] + MOMENT, WEEKS[0] + timedelta(days=1)) is False


def test_nobody_within_fourteen_days_is_no_time_yet() -> None:
    monday = Hours("UTC", (Window(0, 540, 600),), vacations=((date(2026, 3, 1), date(2026, 5, 1)),))
    assert promise([DeskView(SpecialistId("a"), monday)], WEEKS[0], Calibration()) is None
    assert promise([], WEEKS[0], Calibration()) is None
    open_now = replace(monday, vacations=())
    silent = DeskView(SpecialistId("a"), open_now, silent=True)
    assert promise([silent], WEEKS[0], Calibration()) is None
    assert promise([replace(silent, silent=False)], WEEKS[0], Calibration()) is not None
    assert calendar_only([monday], Pace(), WEEKS[0]) is None
    assert calendar_only([monday, open_now], Pace(), WEEKS[0]) is not None


@pytest.mark.parametrize("kind", KINDS)
def test_calibration_finds_the_quantile_of_each_kind(kind: str) -> None:
    """Ratios spread evenly over 1..2 for this kind, 5..6 for the others: the 87 % quantile is 1.87, not 5.9."""
    record = Calibration()
    for number in range(400):
        spread = (number * 0.618) % 1
        for one in KINDS:
            record = record.add(one, 1 + spread if one == kind else 5 + spread)
    alone = replace(record, counts={kind: record.counts[kind]})
    assert alone.factor(kind, 0.87) == pytest.approx(1.87, rel=0.06)
    assert record.factor(kind, 0.5) == pytest.approx(1.5, rel=0.15)


def test_without_history_the_forward_pass_stands_alone() -> None:
    assert all(Calibration().factor(kind, 0.87) == 1.0 for kind in KINDS)


def test_a_conversation_in_two_lines_is_shared() -> None:
    """Twelve wait for two people alike: each will answer six of them, not twelve."""
    always = Hours("UTC", tuple(Window(day, 0, 1440) for day in range(7)))
    both = tuple(f"q{number}" for number in range(12))
    desks = [DeskView(SpecialistId(name), always, ahead=12) for name in "ab"]
    apart = forward(desks, WEEKS[0], None)
    shared = forward([replace(desk, line=both) for desk in desks], WEEKS[0], None)
    alone = forward([replace(desks[0], line=both)], WEEKS[0], None)
    assert apart
    assert shared
    assert alone
    assert timedelta(0) <= shared[0] - WEEKS[0] - timedelta(minutes=(6 * 1.3 + 1) * 15) <= FINE
    assert timedelta(0) <= apart[0] - WEEKS[0] - timedelta(minutes=(12 * 1.3 + 1) * 15) <= FINE
    assert apart[0] == alone[0]


def test_who_works_later_takes_from_the_line_when_they_come() -> None:
    """Forty wait in the evening for one who works on for two hours and five who begin in the morning."""
    late = Hours("UTC", tuple(Window(day, 540, 1200) for day in range(7)))
    early = replace(late, windows=tuple(Window(day, 540, 1080) for day in range(7)))
    line = tuple(f"q{number}" for number in range(40))
    desks = [DeskView(SpecialistId(str(at)), early if at else late, ahead=40, line=line) for at in range(6)]
    evening = datetime(2026, 5, 4, 18, tzinfo=UTC)
    found = forward(desks, evening, None)
    assert found
    left = (40 * 1.3 * 15 - 120) / 6 + 15
    assert timedelta(0) <= found[0] - datetime(2026, 5, 5, 9, tzinfo=UTC) - timedelta(minutes=left) <= FINE


def test_who_takes_it_just_before_closing_answers_in_the_morning() -> None:
    """A colleague begins two hours earlier, but the question is with whoever took it."""
    early, late = (
        Hours("UTC", tuple(Window(day, start, end) for day in range(7))) for start, end in ((480, 960), (600, 1080))
    )
    desks = [DeskView(SpecialistId("early"), early), DeskView(SpecialistId("late"), late)]
    found = forward(desks, datetime(2026, 5, 4, 17, 59, tzinfo=UTC), None)
    assert found
    assert found[0] == datetime(2026, 5, 5, 10, 14, tzinfo=UTC)


def test_shoppers_who_write_back_overnight_go_first() -> None:
    day = Hours("UTC", tuple(Window(day, 540, 1020) for day in range(5)))
    desk, friday = DeskView(SpecialistId("a"), day), datetime(2026, 5, 8, 17, tzinfo=UTC)
    busy = replace(desk, weekly=80.0)
    alone, behind = forward([desk], friday, None), forward([busy], friday, None)
    assert alone
    assert behind
    assert timedelta(minutes=45) < behind[0] - alone[0] < timedelta(minutes=75)
    noon = datetime(2026, 5, 8, 12, tzinfo=UTC)
    open_, open_busy = forward([desk], noon, None), forward([busy], noon, None)
    assert open_
    assert open_busy
    assert open_[0] == open_busy[0]


def test_a_focus_that_nobody_works_on_any_more_is_not_waited_for() -> None:
    """Who has sat on an answer for six times their time has overlooked it, or is ill; a colleague will answer."""
    always = Hours("UTC", tuple(Window(day, 0, 1440) for day in range(7)))
    line = tuple(f"q{number}" for number in range(10))
    both = [DeskView(SpecialistId(name), always, ahead=10, line=line) for name in "ab"]
    working = [replace(both[0], in_focus=(WEEKS[0] - timedelta(minutes=5),)), both[1]]
    stuck = [replace(both[0], in_focus=(WEEKS[0] - timedelta(minutes=90),)), both[1]]
    alone = forward([replace(both[1], line=line)], WEEKS[0], None)
    soon, late = forward(working, WEEKS[0], None), forward(stuck, WEEKS[0], None)
    assert soon
    assert late
    assert alone
    assert soon[0] < late[0] == alone[0]


def test_a_few_wild_answers_move_the_factor_little() -> None:
    record = Calibration().add("idle", 50.0)
    assert record.factor("idle", 0.87) < 2


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.floats(0, 1000)), max_size=30))
@settings(max_examples=50)
def test_records_of_two_readers_add_up(answers: list[tuple[str, float]]) -> None:
    halves = [Calibration(), Calibration()]
    for number, (kind, real) in enumerate(answers):
        halves[number % 2] = halves[number % 2].add(kind, real)
    both = halves[0].merge(halves[1])
    weight = sum(sum(bins.values()) for half in halves for bins in half.counts.values())
    assert sum(sum(bins.values()) for bins in both.counts.values()) == pytest.approx(weight)
    assert both == halves[1].merge(halves[0])


def test_a_ratio_counts_only_time_in_which_somebody_could_answer() -> None:
    hours = {SpecialistId("a"): Hours("UTC", tuple(Window(day, 540, 1020) for day in range(7)))}
    evening = datetime(2026, 5, 4, 17, 30, tzinfo=UTC)
    made = promise([DeskView(SpecialistId("a"), hours[SpecialistId("a")])], evening, Calibration())
    assert made is not None
    morning = datetime(2026, 5, 5, 9, 0, tzinfo=UTC) + timedelta(seconds=made.predicted_seconds)
    assert ratio(made, morning, hours) == pytest.approx(1)
    assert ratio(made, morning, {}) is None


def test_handling_learns_merges_and_forgets() -> None:
    new = Handling(prior=900)
    assert (new.mean, new.cv, new.n) == (900, 1.0, 0)
    steady = new
    for _ in range(200):
        steady = steady.add(300)
    assert steady.mean == pytest.approx(300, rel=0.15)
    assert steady.n == pytest.approx(50, rel=0.05)
    drifted = steady
    for _ in range(50):
        drifted = drifted.add(600)
    assert drifted.mean > 480
    assert steady.merge(new).mean == steady.mean
    assert steady.cv < 0.7
