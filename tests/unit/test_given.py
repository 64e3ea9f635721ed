"""What a decision is given: every desk that it may change is read, or its commit could never succeed."""

from __future__ import annotations

from dataclasses import replace

from undivided.answering import specialist_writes
from undivided.closing import end
from undivided.obey import Order, obey
from undivided.state import Outcome, State
from undivided.steps.given import given_for
from undivided.steps.look import pull
from undivided.steps.route import route
from undivided.values import SHOPPER, SpecialistId
from unit.attention.desk import words
from unit.test_explain import ASKINGS, asked, runtime

JANE, KEVIN = SpecialistId("jane"), SpecialistId("kevin")


def test_a_shopper_may_withdraw_while_somebody_outside_the_ranking_is_consulted() -> None:
    rt = runtime()
    question = asked(1, ASKINGS[0], rt)
    route(question, rt)
    one = rt.conversations.conversation(question.id)
    assert one.specialist == KEVIN
    assert JANE not in [ranked.specialist for ranked in one.ranking], "she does not speak the shopper's language"
    given = given_for(one, rt, also=(KEVIN,))
    rt.conversations.commit(obey(one, KEVIN, words(KEVIN, "Is it red?"), (Order("ask", to=JANE),), 1, given), rt.time)
    assert pull(JANE, rt) == 1
    one = rt.conversations.conversation(question.id)
    assert one.state is State.CONSULTING
    ended = end(one, Outcome.WITHDRAWN, given_for(one, rt), by=SHOPPER)
    assert rt.conversations.commit(ended, rt.time).state is State.ENDED
    assert not rt.memory.desks[JANE].focus


def test_words_settle_again_after_all() -> None:
    """The desk of a former specialist is read where they still may answer."""
    rt = runtime()
    question = asked(1, ASKINGS[0], rt)
    route(question, rt)
    one = rt.conversations.conversation(question.id)
    given = given_for(one, rt, also=(KEVIN,))
    rt.memory.desks[KEVIN] = replace(rt.memory.desks[KEVIN], silent=True)
    answered = specialist_writes(
        one, KEVIN, words(KEVIN, "Red."), one.said, replace(given, desks=dict(rt.memory.desks))
    )
    assert rt.conversations.commit(answered, rt.time).state is State.WITH_SHOPPER
    assert not rt.memory.desks[KEVIN].silent
