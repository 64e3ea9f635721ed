"""Whom the ring asks, and when: three at a time, nine at most, and wider when the head starts are over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from undivided.attention.duty import Given
from undivided.attention.ring import AT_ONCE, head_start, widen, wider_at
from undivided.config import Hours
from undivided.desk import Desk
from undivided.question import About, Shopper
from undivided.state import MOST_PLACES, Conversation, HandOver, Ranked
from undivided.values import Address, ConversationId, SpecialistId
from unit.attention.desk import MONDAY, OMAR, person, shop

TWELVE = tuple(SpecialistId(f"s{number:02d}") for number in range(12))
NEVER = Hours("UTC", ())
HALF_LIFE = timedelta(minutes=30)
asked_of = st.lists(st.booleans(), min_size=12, max_size=12)


def at_work(present: list[bool]) -> Given:
    """Give a desk of twelve, of whom some are on duty, and a fallback person."""
    hours = {who: person(who) if here else person(who, hours=NEVER) for who, here in zip(TWELVE, present, strict=True)}
    made = replace(shop(), specialists={**hours, OMAR: person(OMAR)})
    return Given(made, MONDAY, {who: Desk(who) for who in made.specialists})


def question(best: float = 1.0) -> Conversation:
    ranking = tuple(Ranked(who, best / (1 + number)) for number, who in enumerate(TWELVE))
    shopper = Shopper("Sam", Address("sam@example.com"), "en")
    return Conversation(ConversationId("q" * 12), shopper, About(), MONDAY, MONDAY, ranking=ranking)


def expected(present: list[bool]) -> list[SpecialistId]:
    """Three, and three more while none of those is there: as docs/attention.md says, "The rule of the ring"."""
    first = next((number for number, here in enumerate(present[:MOST_PLACES]) if here), MOST_PLACES - 1)
    return list(TWELVE[: (first // 3 + 1) * 3])


@settings(max_examples=60, deadline=None)
@given(present=asked_of)
def test_three_are_asked_at_a_time_until_one_of_them_is_there(present: list[bool]) -> None:
    places = widen(question(), at_work(present))
    assert [one.specialist for one in places] == expected(present)


@settings(max_examples=60, deadline=None)
@given(present=asked_of)
def test_nobody_absent_has_a_head_start(present: list[bool]) -> None:
    """Who is there waits for the best of those who are there, in the group that is asked with them or before."""
    one, here = question(), at_work(present)
    for group in range(3):
        rivals = [rank.estimate for rank in one.ranking[: group * 3 + 3] if here.present(rank.specialist)]
        for place in widen(one, here)[group * 3 : group * 3 + 3]:
            estimate = next(rank.estimate for rank in one.ranking if rank.specialist == place.specialist)
            wait = head_start(estimate, max(rivals, default=0.0), HALF_LIFE)
            assert place.eligible_at == MONDAY + wait


def test_the_half_life_is_what_it_is_called() -> None:
    assert head_start(AT_ONCE, 1.0, HALF_LIFE) == timedelta(0)
    assert head_start(AT_ONCE / 2, 1.0, HALF_LIFE) == HALF_LIFE
    assert head_start(AT_ONCE / 8, 1.0, HALF_LIFE) == 3 * HALF_LIFE
    assert head_start(1.0, AT_ONCE / 8, HALF_LIFE) == timedelta(0), "nobody is eligible before the question was asked"


def test_when_the_head_starts_are_over_the_next_three_are_asked_and_nine_at_most() -> None:
    here = at_work([True] * 12)
    here = replace(
        here, desks={who: replace(desk, focus={ConversationId("x" * 12): MONDAY}) for who, desk in here.desks.items()}
    )
    one = question()
    for most in (3, 6, 9):
        places = widen(one, here)
        assert [place.specialist for place in places] == list(TWELVE[:most])
        wider = wider_at(replace(one, places=places), places, here)
        last = max(place.eligible_at for place in places)
        assert wider == (max(last, here.now) + HALF_LIFE if most < MOST_PLACES else None)
        one = replace(one, places=places)
        here = replace(here, now=wider or here.now)


def test_whoever_had_it_is_not_asked_again() -> None:
    one = replace(question(), former={TWELVE[0]: HandOver.PASSED, TWELVE[2]: HandOver.SILENT})
    assert [place.specialist for place in widen(one, at_work([True] * 12))] == [TWELVE[1], TWELVE[3], TWELVE[4]]


def test_nobody_left_is_the_fallback_person() -> None:
    one = replace(question(), former=dict.fromkeys(TWELVE, HandOver.PASSED))
    assert [place.specialist for place in widen(one, at_work([True] * 12))] == [OMAR]
