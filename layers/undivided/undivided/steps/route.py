"""The router: a question becomes a conversation, in focus with the best who is free, or in the lines of the best."""

from __future__ import annotations

from undivided.conversation import MOST_RANKED, accept
from undivided.errors import Conflict
from undivided.expertise.ranking import rank
from undivided.mail.keys import address_hash
from undivided.runtime import Runtime
from undivided.state import Question, Ranked
from undivided.steps.given import asked_of, ring_given
from undivided.steps.look import pull_all

TRIES = 5


def route(question: Question, rt: Runtime) -> str:
    """Accept one question; a second delivery of it finds the conversation and adds nothing. Return what was done."""
    ranking = rank(asked_of(question.shopper, question.about, question.text, rt.shop), rt.shop, rt.model)
    ranked = [Ranked(one.specialist, one.estimate) for one in ranking.scores[:MOST_RANKED]]
    for _ in range(TRIES):
        if rt.conversations.conversation(question.id):
            return "already accepted"
        now = rt.now()
        try:
            changes = accept(question, ranking, ring_given(ranked, rt, now))
            asker = address_hash(rt.ring, question.shopper.email)
            after = rt.conversations.commit(changes, now, asker=asker)
        except Conflict:
            continue
        pull_all((place.specialist for place in after.places), rt)
        return str(after.state)
    raise Conflict(f"question {question.id} met a moving desk {TRIES} times; it stays in the queue")
