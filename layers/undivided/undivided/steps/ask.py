"""Take in a question from the form: promise a time, put it into the queue, and only then answer."""

from __future__ import annotations

import json

from undivided.config import Hours, Shop
from undivided.errors import Fault
from undivided.expertise.ranking import rank
from undivided.plain import to_plain
from undivided.promise.estimate import Promise, calendar_only
from undivided.runtime import Runtime
from undivided.state import About, Question, Shopper
from undivided.steps.given import LOOKED_AT, asked_of, promise_now
from undivided.values import SpecialistId


def ask(question: Question, rt: Runtime) -> Question:
    """Put the question into the queue with the promise that the shopper is told; return it as it was queued.

    A resubmit has the same id: where the first one has become a conversation already, its promise is told again.
    """
    known = _known(question, rt)
    promised = Question(
        id=question.id,
        shopper=question.shopper,
        about=question.about,
        text=question.text,
        asked_at=question.asked_at,
        promise=known or first_promise(question.shopper, question.about, question.text, rt),
        source=question.source,
        extra=question.extra,
    )
    rt.questions.send(json.dumps(to_plain(promised), separators=(",", ":")))
    return promised


def first_promise(shopper: Shopper, about: About, text: str, rt: Runtime) -> Promise | None:
    """Compute what to promise a new question; from calendars and the prior alone when the table does not answer."""
    now, shop = rt.now(), rt.shop
    ranking = rank(asked_of(shopper, about, text, shop), shop, rt.model)
    candidates = [(one.specialist, one.estimate) for one in ranking.scores[:LOOKED_AT]] if ranking.fits else []
    try:
        return promise_now(candidates, rt, now, rt.desks.desks([who for who, _ in candidates]))
    except Fault:
        return calendar_only(_calendars(candidates, shop), shop.pace, now)


def _calendars(candidates: list[tuple[SpecialistId, float]], shop: Shop) -> list[Hours]:
    return [shop.specialists[who].hours for who, _ in candidates] or [shop.specialists[shop.fallback].hours]


def _known(question: Question, rt: Runtime) -> Promise | None:
    try:
        conversation = rt.conversations.conversation(question.id)
    except Fault:
        # Whether it is new is settled by the router; here it only decides what time is told.
        return None
    return conversation.promise if conversation else None
