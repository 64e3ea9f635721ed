"""What a shopper is promised who writes back: they go before whoever is new, and how that goes is learned apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from undivided.desk import Desk
from undivided.promise.calibration import RETURNING, Calibration
from undivided.promise.estimate import DeskView, promise, revised
from undivided.state import NEW_LANE, RESUME_LANE, Place
from undivided.steps.given import promise_back, promise_now, views_of
from undivided.values import ConversationId, SpecialistId
from unit.attention.desk import ANNA, DAYTIME, MONDAY
from unit.test_explain import Runtime, runtime

JANE = SpecialistId("jane")


def busy(new: int, back: int) -> Runtime:
    """A desk with a focus, and a line of questions that are new and of shoppers who are back."""
    rt = runtime()
    rt.memory.desks[JANE] = Desk(JANE, focus={ConversationId("q99999999999"): rt.time})
    lanes = [*[NEW_LANE] * new, *[RESUME_LANE] * back]
    rt.memory.lines[JANE] = {
        (lane, rt.time - timedelta(seconds=number), ConversationId(f"w{number:011d}"))
        for number, lane in enumerate(lanes)
    }
    return rt


def test_a_shopper_who_writes_back_waits_for_nobody_new() -> None:
    alone, crowded = busy(0, 0), busy(8, 0)
    back = promise_back(JANE, crowded, crowded.time, {})
    new = promise_now([(JANE, 1.0)], crowded, crowded.time, {})
    assert back
    assert new
    assert back.due == getattr(promise_back(JANE, alone, alone.time, {}), "due", None) < new.due
    assert (back.kind, back.ahead) == (RETURNING, 0)


def test_but_for_others_who_came_back_before() -> None:
    few, many = busy(4, 0), busy(4, 5)
    before, after = promise_back(JANE, few, few.time, {}), promise_back(JANE, many, many.time, {})
    assert before
    assert after
    assert after.ahead == 5
    assert after.due > before.due


def test_a_new_time_counts_only_who_stands_before() -> None:
    rt = busy(3, 0)
    last = Place(JANE, NEW_LANE, rt.time + timedelta(minutes=1))
    first = Place(JANE, NEW_LANE, rt.time - timedelta(minutes=1))
    assert [views_of([(JANE, 1.0)], rt, rt.time, {}, [one])[0].ahead for one in (first, last)] == [0, 3]


def test_what_is_learned_of_them_is_learned_apart() -> None:
    slow = Calibration()
    for _ in range(100):
        slow = slow.add(RETURNING, 3.0)
    desk = DeskView(ANNA, DAYTIME)
    factors = [getattr(promise([desk], MONDAY, slow, returning=one), "factor", 0) for one in (True, False)]
    assert factors[0] > 1.5 * factors[1]
    made = promise([desk], MONDAY, slow, returning=True)
    assert made
    again = revised(made, [desk], MONDAY + timedelta(hours=1), slow)
    assert again
    assert again.kind == RETURNING


def test_a_slot_that_is_kept_for_somebody_is_not_free() -> None:
    free = DeskView(ANNA, DAYTIME)
    kept = replace(free, kept_until=(MONDAY + timedelta(minutes=30),))
    one, other = promise([free], MONDAY, Calibration()), promise([kept], MONDAY, Calibration())
    assert one
    assert other
    assert other.predicted_seconds > one.predicted_seconds


def test_answers_that_linger_take_longer() -> None:
    desk = DeskView(ANNA, DAYTIME, in_focus=(MONDAY,), ahead=3)
    one, other = (promise([replace(desk, linger=timedelta(minutes=most))], MONDAY, Calibration()) for most in (0, 10))
    assert one
    assert other
    assert other.predicted_seconds > one.predicted_seconds + 1800
