"""The soft handicap: it decides near ties, and never more than it should."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given as tried
from hypothesis import strategies as st
from undivided.answering import specialist_writes
from undivided.attention.duty import Given
from undivided.attention.fairness import HANDICAP, handicapped, relative_work
from undivided.config import Hours, Window
from undivided.desk import Desk
from undivided.expertise.asked import Ranking, Score
from undivided.promise.handling import WORK_HALVES, Work
from undivided.question import Question
from undivided.snoozing import snooze
from undivided.state import Ranked
from undivided.steps.given import given_for
from undivided.steps.look import pull_all
from undivided.steps.route import route
from undivided.values import SpecialistId
from unit.attention.desk import ANNA, KEVIN, LENA, MONDAY, person, shop, words
from unit.test_explain import ASKINGS, Runtime, asked, runtime

HOUR = 3600.0


def worked(**hours: float) -> Given:
    desks = {SpecialistId(who): Desk(SpecialistId(who), work=Work(HOUR * much, MONDAY)) for who, much in hours.items()}
    return Given(shop(), MONDAY, desks)


def ranking(*estimates: tuple[SpecialistId, float]) -> Ranking:
    return Ranking(tuple(Score(who, estimate, ()) for who, estimate in estimates), fits=True)


def order(found: Ranking) -> list[SpecialistId]:
    return [one.specialist for one in found.scores]


def test_a_near_tie_goes_to_who_has_worked_less() -> None:
    given = worked(anna=20, kevin=4, lena=6)
    assert order(handicapped(ranking((ANNA, 1.0), (KEVIN, 0.98), (LENA, 0.5)), given)) == [KEVIN, ANNA, LENA]


def test_a_better_match_stays_first() -> None:
    given = worked(anna=20, kevin=4, lena=6)
    assert order(handicapped(ranking((ANNA, 1.0), (KEVIN, 0.9)), given)) == [ANNA, KEVIN]


def test_twice_the_mean_costs_three_percent_and_is_a_reason() -> None:
    given = worked(anna=6, kevin=0, lena=3)
    told = ranking((ANNA, 1.0), (KEVIN, 0.5), (LENA, 0.5))
    found = {one.specialist: one for one in handicapped(told, given).scores}
    assert abs(found[ANNA].estimate - HANDICAP) < 1e-9
    assert abs(found[LENA].estimate - 0.5) < 1e-9
    assert found[KEVIN].estimate > 0.5


def test_work_is_counted_for_the_hours_that_somebody_has() -> None:
    half = Hours("UTC", tuple(Window(day, 9 * 60, 13 * 60) for day in range(5)))
    given = replace(worked(anna=8, kevin=4), shop=shop(kevin=person(KEVIN, hours=half)))
    assert relative_work([ANNA, KEVIN], given) == {ANNA: 1.0, KEVIN: 1.0}


def test_nobody_is_handicapped_before_there_is_anything_to_compare() -> None:
    given = worked(anna=0.5, kevin=0)
    before = ranking((ANNA, 1.0), (KEVIN, 0.99))
    assert handicapped(before, given) == before


def test_whose_desk_was_not_read_keeps_the_estimate() -> None:
    found = handicapped(ranking((ANNA, 1.0), (LENA, 0.6)), worked(anna=20, kevin=1))
    assert found.scores[1].estimate == 0.6


@tried(
    hours=st.lists(st.floats(0, 200), min_size=3, max_size=3),
    estimates=st.lists(st.floats(0.1, 1), min_size=3, max_size=3),
)
def test_the_handicap_is_soft(hours: list[float], estimates: list[float]) -> None:
    """With three people it changes no ratio of two estimates by more than 0.97 cubed."""
    given = worked(**dict(zip((ANNA, KEVIN, LENA), hours, strict=True)))
    before = ranking(*zip((ANNA, KEVIN, LENA), estimates, strict=True))
    after = {one.specialist: one.estimate for one in handicapped(before, given).scores}
    factors = [after[one.specialist] / one.estimate for one in before.scores]
    assert max(factors) / min(factors) <= HANDICAP**-3 + 1e-9


def test_work_fades() -> None:
    once = Work().add(100, MONDAY)
    assert once.lately(MONDAY + WORK_HALVES) == 50
    assert once.add(100, MONDAY + WORK_HALVES).seconds == 150
    assert once.lately(MONDAY - timedelta(hours=1)) == 100, "clocks of two machines differ a little"


def test_the_router_counts_it() -> None:
    """The same question, asked when its specialist has worked far more than their colleagues."""
    rt, fresh = runtime(), runtime()
    question = asked(1, replace(ASKINGS[1], sku=""), rt)
    first, *others = _routed(question, rt)
    assert others
    fresh.memory.desks[first.specialist] = Desk(first.specialist, work=Work(40 * HOUR, fresh.time))
    after = {one.specialist: one for one in _routed(question, fresh)}
    assert after[first.specialist].estimate < first.estimate
    assert all(after[one.specialist].estimate > one.estimate for one in others)


def _routed(question: Question, rt: Runtime) -> tuple[Ranked, ...]:
    route(question, rt)
    return rt.conversations.conversation(question.id).ranking


def test_an_answer_is_work_and_a_snooze_is_none() -> None:
    rt = runtime()
    question = asked(1, ASKINGS[0], rt)
    route(question, rt)
    pull_all(rt.shop.specialists, rt)
    one = rt.conversations.conversation(question.id)
    who = one.with_whom
    assert who
    rt.time += timedelta(minutes=10)
    aside = snooze(one, who, rt.time + timedelta(hours=1), given_for(one, rt, also=(who,)))
    assert aside
    assert aside.desks[0].work == Work()
    done = specialist_writes(one, who, words(who, "Red."), one.said, given_for(one, rt, also=(who,)))
    assert done
    assert done.desks[0].work.lately(rt.time) == 600
