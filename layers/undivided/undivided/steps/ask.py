"""Take in a question from the form: promise a time, put it into the queue, and only then answer."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from undivided.config import Hours, Shop
from undivided.errors import Fault
from undivided.expertise.ranking import rank
from undivided.plain import to_plain
from undivided.promise.estimate import DeskView, Promise, calendar_only, promise
from undivided.question import About, CallBack, Question, Shopper
from undivided.runtime import Runtime
from undivided.steps.given import LOOKED_AT, asked_of, promise_now, views_of
from undivided.values import SpecialistId


def ask(question: Question, rt: Runtime) -> Question:
    """Put the question into the queue with the promise that the shopper is told; return it as it was queued.

    A resubmit has the same id: where the first one has become a conversation already, its promise is told again.
    """
    known = _known(question, rt)
    made = known or first_promise(question.shopper, question.about, question.text, rt, question.call_back)
    promised = replace(question, promise=made)
    rt.questions.send(json.dumps(to_plain(promised), separators=(",", ":")))
    return promised


def first_promise(
    shopper: Shopper, about: About, text: str, rt: Runtime, call_back: CallBack | None = None
) -> Promise | None:
    """Compute what to promise a new question; from calendars and the prior alone when the table does not answer."""
    now, shop = rt.now(), rt.shop
    ranking = rank(asked_of(shopper, about, text, shop), shop, rt.model)
    candidates = [(one.specialist, one.estimate) for one in ranking.scores[:LOOKED_AT]] if ranking.fits else []
    try:
        desks = rt.desks.desks([who for who, _ in candidates])
        if call_back:
            return _call_promise(call_back, views_of(candidates, rt, now, desks), rt, now)
        return promise_now(candidates, rt, now, desks)
    except Fault:
        if shop.paused:
            return None
        made = calendar_only(_calendars(candidates, shop), shop.pace, now)
        return _not_before_end(made, call_back) if call_back else made


def _call_promise(call_back: CallBack, views: Iterable[DeskView], rt: Runtime, now: datetime) -> Promise | None:
    """Promise the call by the end of its time, or later where nobody will be free by then."""
    begins = call_back.start - now
    made = promise([replace(one, head_start=max(one.head_start, begins)) for one in views], now, rt.calibration)
    return _not_before_end(made, call_back)


def _not_before_end(made: Promise | None, call_back: CallBack) -> Promise | None:
    return replace(made, due=max(made.due, call_back.end)) if made else None


def _calendars(candidates: list[tuple[SpecialistId, float]], shop: Shop) -> list[Hours]:
    return [shop.specialists[who].hours for who, _ in candidates] or [shop.specialists[shop.fallback].hours]


def _known(question: Question, rt: Runtime) -> Promise | None:
    try:
        conversation = rt.conversations.conversation(question.id)
    except Fault:
        # Whether it is new is settled by the router; here it only decides what time is told.
        return None
    return conversation.promise if conversation else None
