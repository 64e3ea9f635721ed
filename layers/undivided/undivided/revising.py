"""A promise is revised before it is missed; at the second revision the fallback person gets the conversation."""

from __future__ import annotations

from dataclasses import replace

from undivided.attention.duty import Given
from undivided.attention.ring import for_call, last_resort, wake_at
from undivided.changes import Changes, Fact
from undivided.handing_over import hand_over
from undivided.outbox import Kind, Mail
from undivided.parts import missed_timer, tell_owner, timers_without, told_of, without_timer
from undivided.promise.scoring import late
from undivided.state import MOST_PLACES, Conversation, HandOver, State, Timer
from undivided.values import SHOPPER, stamp

MOST_REVISIONS = 2
_OWED = (State.WAITING, State.FOCUS, State.CONSULTING)
"""A promise runs in these."""


def revise(conversation: Conversation, given: Given) -> Changes:
    """Tell the shopper a new time before the old one is missed; at the second revision the fallback person gets it."""
    calm = without_timer(conversation, Timer.PROMISE)
    made = conversation.promise
    if made is None or conversation.state not in _OWED:
        return Changes(conversation, calm)
    if made.revision >= MOST_REVISIONS:
        return Changes(conversation, calm, mails=(tell_owner("promise_missed"),), facts=(Fact("promise_overdue"),))
    revised = told_anew(conversation, given)
    if revised.after.promise is None or revised.after.promise.revision < MOST_REVISIONS:
        return revised
    return revised.then(_to_fallback(revised.after, given))


def missed(conversation: Conversation, given: Given) -> Changes:
    """The promise told first has fallen due: that teaches at once, before anybody knows how late the answer will be."""
    calm = without_timer(conversation, Timer.MISSED)
    first = conversation.told_first or conversation.promise
    over = first is not None and given.now > first.due
    if first is None or not over or conversation.missed or conversation.state not in _OWED:
        return Changes(conversation, calm)
    data = {**told_of(conversation, first), **late(first, given.now, given.hours).to_data()}
    return Changes(conversation, replace(calm, missed=True), facts=(Fact("promise_late", data),))


def told_anew(conversation: Conversation, given: Given) -> Changes:
    made, anew = conversation.promise, given.promise
    revision = made.revision + 1 if made else 0
    promise = replace(anew, revision=revision) if anew else None
    mail = (
        Mail(SHOPPER, Kind.REVISED, data={"promise_due": stamp(promise.due)})
        if promise
        else Mail(SHOPPER, Kind.NO_TIME_YET)
    )
    told = (mail,) if promise or given.shop.paused else (mail, tell_owner("no_time_yet"))
    first = conversation.told_first or made
    after = replace(conversation, promise=promise, told_first=first, changed_at=given.now)
    timers = timers_without(without_timer(conversation, Timer.PROMISE), Timer.MISSED)
    if promise:
        timers = {**timers, Timer.PROMISE: promise.due - (promise.due - given.now) / 5, **missed_timer(after)}
    after = replace(after, timers=timers)
    return Changes(conversation, after, mails=told, facts=(Fact("promise_revised", {"revision": str(revision)}),))


def _to_fallback(conversation: Conversation, given: Given) -> Changes | None:
    """Give it to the fallback person. While they are away or silent it stays with whoever has it, and in its lines."""
    fallback, gone = given.shop.fallback, given.gone(given.shop.fallback)
    if conversation.specialist == fallback or any(place.specialist == fallback for place in conversation.places):
        return None
    told = (tell_owner("fallback_gone" if gone else "fallback_promise"),)
    if conversation.state is not State.WAITING:
        who, why = conversation.specialist, _why(conversation)
        moved = None if gone or not who else hand_over(conversation, who, why, given, to=fallback)
        moved = moved or Changes(conversation, conversation)
        return replace(moved, mails=(*moved.mails, *told))
    kept = conversation.places[: MOST_PLACES - 1] if gone else ()
    places = for_call((*kept, last_resort(conversation, given)), conversation)
    timers = {**without_timer(conversation, Timer.WIDEN).timers, Timer.WAKE: wake_at(places, given)}
    return Changes(conversation, replace(conversation, places=places, timers=timers), mails=told)


def _why(conversation: Conversation) -> HandOver:
    """Nobody is silent who was not reminded, or who waits for a colleague's opinion."""
    reminded = conversation.state is State.FOCUS and Timer.REMIND not in conversation.timers
    return HandOver.SILENT if reminded else HandOver.OVERDUE
