"""One question in twenty serves to get to know somebody, and never at the shopper's cost."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given as tried
from hypothesis import strategies as st
from undivided.answering import specialist_writes
from undivided.attention.duty import Given
from undivided.attention.ring import AT_ONCE
from undivided.changes import Changes
from undivided.conversation import accept
from undivided.desk import Desk
from undivided.errors import Conflict
from undivided.expertise.asked import Ranking, Reason, Score
from undivided.expertise.explore import AT_MOST, curious, draw_of
from undivided.expertise.model import Model
from undivided.expertise.ranking import Asked
from undivided.expertise.taught import taught_by
from undivided.handing_over import hand_over
from undivided.question import About, Question, Shopper
from undivided.state import HandOver, Outcome, State
from undivided.steps.route import route
from undivided.values import Address, ConversationId, SpecialistId
from unit.attention.desk import ANNA, KEVIN, LENA, MONDAY, shop, words
from unit.expertise.desk import WHEN
from unit.test_explain import ASKINGS, SHOP, asked, runtime

PEOPLE = (ANNA, KEVIN, LENA)
IDS = [ConversationId(f"q{number:011d}") for number in range(4000)]
EXPLORED = [one for one in IDS if draw_of(one) < AT_MOST]

TWIN = SpecialistId("karl")
KNOWN = SHOP.specialists[KEVIN]
TWINS = replace(SHOP, specialists={**SHOP.specialists, TWIN: replace(KNOWN, id=TWIN, name="Karl Brandt")})
NEAR = next(
    one
    for one in EXPLORED
    if curious(Ranking((Score(KEVIN, 1, ()), Score(TWIN, 1, ())), True), Model.new(), one).drawn[0] == TWIN
)
"""An id under which the twin is tried, who comes second for no reason but the roster's order."""


def ranking(*estimates: float, drawn: tuple[SpecialistId, ...] = (), fits: bool = True) -> Ranking:
    scores = (Score(who, estimate, ()) for who, estimate in zip(PEOPLE, estimates, strict=False))
    return Ranking(tuple(scores), fits=fits, drawn=drawn)


def accepted(found: Ranking, busy: frozenset[SpecialistId] = frozenset()) -> Changes:
    desks = {who: Desk(who, focus={ConversationId("x" * 12): MONDAY} if who in busy else {}) for who in PEOPLE}
    question = Question(IDS[0], Shopper("Sam", Address("s@x.example"), "en"), About(), "?", MONDAY, None)
    return accept(question, found, Given(shop(), MONDAY, desks))


def test_one_question_in_twenty_is_explored_whichever_they_are() -> None:
    assert 0.8 * AT_MOST < len(EXPLORED) / len(IDS) < 1.2 * AT_MOST
    found = [one for one in IDS if curious(ranking(1.0, 0.9), Model.new(), one).drawn]
    assert found == EXPLORED
    assert curious(ranking(1.0, 0.9), Model.new(), EXPLORED[0]) == curious(ranking(1.0, 0.9), Model.new(), EXPLORED[0])


def test_nobody_is_tried_with_what_nobody_fits() -> None:
    assert not any(curious(ranking(1.0, 0.9, fits=False), Model.new(), one).drawn for one in EXPLORED)


def test_who_is_little_known_is_tried_more_than_who_is_known_to_be_middling() -> None:
    model = Model.new()
    for number in range(120):
        model.learn(Asked(f"question {number}", "en"), KEVIN, 0.3, WHEN)
    model.learn(Asked("good", "en"), ANNA, 2.0, WHEN)
    first = Counter(curious(ranking(1.0, 0.95, 0.95), model, one).drawn[0] for one in EXPLORED)
    assert first[LENA] > 2 * first[KEVIN]


@tried(
    estimates=st.lists(st.floats(0.1, 1.0), min_size=3, max_size=3),
    drawn=st.permutations(PEOPLE),
    busy=st.sets(st.sampled_from(PEOPLE)),
)
def test_only_who_is_eligible_and_ready_is_tried(estimates, drawn, busy) -> None:
    order = sorted(estimates, reverse=True)
    plain = accepted(ranking(*order), frozenset(busy)).after
    after = accepted(ranking(*order, drawn=tuple(drawn)), frozenset(busy)).after
    assert (after.with_whom is None) == (plain.with_whom is None), "nobody waits for it"
    if after.with_whom is None:
        assert after.explored is None
        return
    chosen, usual = PEOPLE.index(after.with_whom), PEOPLE.index(plain.with_whom)
    assert after.with_whom not in busy
    assert chosen == usual or order[chosen] >= AT_ONCE * max(order) - 1e-9, "never past a head start"
    assert after.explored == (after.with_whom if chosen != usual else None)


def test_it_is_stored_and_said() -> None:
    changes = accepted(ranking(1.0, 0.9, drawn=(KEVIN, ANNA)))
    after = changes.after
    assert (after.with_whom, after.explored) == (KEVIN, KEVIN)
    kevin = next(one for one in after.ranking if one.specialist == KEVIN)
    assert kevin.reasons[0] == kevin.decisive == Reason("explored", {"name": "Kevin"})
    assert kevin.otherwise == ANNA
    assert ("explored", {"specialist": KEVIN, "instead": ANNA}) in [(one.name, one.data) for one in changes.facts]


def test_the_same_question_decides_the_same_when_it_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first attempt fails half-way; what comes out is what would have come out without that."""
    chosen = set()
    for failures in range(3):
        rt = runtime(shop=TWINS)
        question = replace(asked(0, ASKINGS[0], rt), id=NEAR)
        commit, left = type(rt.conversations).commit, [failures]

        def failing(self, *given, left=left, commit=commit, **named):
            if left[0]:
                left[0] -= 1
                raise Conflict("half-way")
            return commit(self, *given, **named)

        monkeypatch.setattr(type(rt.conversations), "commit", failing)
        route(question, rt)
        monkeypatch.undo()
        became = rt.memory.conversations[question.id]
        assert route(question, rt) == "already accepted"
        chosen.add((became.with_whom, became.explored, repr(became.ranking)))
    assert len(chosen) == 1
    assert chosen.pop()[1], "the question was explored"


def test_an_owner_can_do_without() -> None:
    became = {}
    for explore in (True, False):
        rt = runtime(shop=replace(TWINS, explore=explore))
        route(replace(asked(0, ASKINGS[0], rt), id=NEAR), rt)
        became[explore] = rt.memory.conversations[NEAR]
    assert (became[True].with_whom, became[True].explored) == (TWIN, TWIN)
    assert (became[False].with_whom, became[False].explored) == (KEVIN, None)


def test_an_assignment_that_nobody_confirmed_teaches_nothing() -> None:
    """Neither being given a question nor passing it on says what somebody knows: an answer does, of whoever gave it."""
    one = replace(accepted(ranking(1.0, 0.9, drawn=(KEVIN, ANNA))).after, version=1)
    given = Given(shop(), MONDAY + timedelta(minutes=5), {who: Desk(who) for who in PEOPLE})
    for outcome in Outcome:
        assert taught_by(replace(one, state=State.ENDED, outcome=outcome)) is None
    passed = hand_over(one, KEVIN, HandOver.PASSED, given, to=LENA)
    taken = replace(passed.after, state=State.FOCUS, specialist=LENA, places=(), parties=(KEVIN, LENA), version=2)
    assert taught_by(replace(taken, state=State.ENDED, outcome=Outcome.LAPSED)) is None
    answered = specialist_writes(taken, LENA, words(LENA, "So."), 1, given).after
    taught = taught_by(replace(answered, state=State.ENDED, outcome=Outcome.ANSWERED))
    assert taught is not None
    assert taught.specialist == LENA
