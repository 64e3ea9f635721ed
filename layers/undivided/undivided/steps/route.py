"""The router: a question becomes a conversation, in focus with the best who is free, or in the lines of the best."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from undivided.attention.duty import Given
from undivided.attention.fairness import handicapped
from undivided.conversation import accept
from undivided.errors import Conflict
from undivided.expertise.explore import curious
from undivided.expertise.ranking import rank
from undivided.mail.keys import address_hash, address_hashes
from undivided.parts import MOST_RANKED
from undivided.question import Question
from undivided.runtime import Runtime
from undivided.state import Ranked
from undivided.steps.given import asked_as, catalogued, promise_now, ring_given
from undivided.steps.look import pull_all
from undivided.values import SpecialistId

TRIES = 5
KNOWN_FOR = timedelta(days=30)
"""So long a shopper's specialist is preferred for their next question (factor 1.3, not a rule)."""
LOOKED_BACK = 3


def route(question: Question, rt: Runtime) -> str:
    """Accept one question; a second delivery of it finds the conversation and adds nothing. Return what was done.

    The conversation keeps the product as the catalogue has it now: what is learned from it can be taken back exactly.
    """
    question = replace(question, about=catalogued(question.about, rt.shop))
    asked = asked_as(question.shopper, question.about, question.text)
    ranking = rank(replace(asked, returning_to=_knows_them(question, rt)), rt.shop, rt.model)
    ranked = [Ranked(one.specialist, one.estimate) for one in ranking.scores[:MOST_RANKED]]
    for _ in range(TRIES):
        if rt.conversations.conversation(question.id):
            return "already accepted"
        now = rt.now()
        try:
            given = _given(question, ranked, rt, now)
            fair = handicapped(ranking, given)
            tried = curious(fair, rt.model, question.id) if rt.shop.explore else fair
            changes = accept(question, tried, given)
            asker = address_hash(rt.ring, question.shopper.email)
            after = rt.conversations.commit(changes, now, asker=asker)
        except Conflict:
            continue
        pull_all((place.specialist for place in after.places), rt)
        return str(after.state)
    raise Conflict(f"question {question.id} met a moving desk {TRIES} times; it stays in the queue")


def _given(question: Question, ranked: list[Ranked], rt: Runtime, now: datetime) -> Given:
    """Read the desks of the ring; a question that was told no time may be told one now, before anybody says so."""
    given = ring_given(ranked, rt, now)
    if question.promise:
        return given
    near = [(one.specialist, one.estimate) for one in ranked]
    return replace(given, promise=promise_now(near, rt, now, given.desks))


def _knows_them(question: Question, rt: Runtime) -> SpecialistId | None:
    """Return who answered this shopper's last question, if that was not long ago."""
    for key in rt.askers.conversations(address_hashes(rt.ring, question.shopper.email), LOOKED_BACK):
        before = rt.conversations.conversation(key) if key != question.id else None
        if before and before.answered_by and question.asked_at - before.asked_at <= KNOWN_FOR:
            return before.answered_by
    return None
