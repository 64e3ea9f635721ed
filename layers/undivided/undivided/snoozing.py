"""Snooze: a conversation is put aside until a moment, and comes back by the resume lane."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from undivided.answering import release
from undivided.attention.duty import Given
from undivided.changes import Changes, Fact
from undivided.conversation import resume
from undivided.outbox import Kind, Mail
from undivided.parts import freed, promise_after, promise_told, tell_owner, without_timer
from undivided.state import Conversation, State, Timer
from undivided.values import SHOPPER, SpecialistId


def snooze(conversation: Conversation, who: SpecialistId, until: datetime, given: Given) -> Changes | None:
    """Put a conversation aside until a moment; the slot is free. A shopper who waits is told the time that now holds."""
    if conversation.specialist != who or conversation.state not in (State.FOCUS, State.WAITING, State.WITH_SHOPPER):
        return None
    if let_go := release(conversation, given):
        return let_go.then(snooze(let_go.after, who, until, given.after(let_go)))
    promised, told = _promised(conversation, until, who, given)
    aside = replace(
        promised, state=State.SNOOZED, call_back=None, places=(), timers={Timer.SNOOZE: until}, changed_at=given.now
    )
    desks = freed(conversation, given, learn=False)
    return Changes(conversation, aside, mails=told, desks=desks, facts=(Fact("snoozed", {"specialist": who}),))


def snooze_over(conversation: Conversation, given: Given) -> Changes:
    """A snooze is over: owed words come back by the resume lane, else the specialist is reminded as they wished."""
    calm = without_timer(conversation, Timer.SNOOZE)
    who = conversation.specialist
    if conversation.state is not State.SNOOZED:
        return Changes(conversation, calm)
    if conversation.said > conversation.settled or who is None:
        return resume(conversation, given)
    mail = Mail(who, Kind.REMINDER, data={"asked": "snooze"})
    timers = {Timer.NUDGE: given.now + given.shop.pace.nudge_after}
    mails = (mail,) if who in given.shop.specialists else ()
    return Changes(conversation, replace(calm, state=State.WITH_SHOPPER, timers=timers), mails=mails)


def _promised(
    conversation: Conversation, until: datetime, who: SpecialistId, given: Given
) -> tuple[Conversation, tuple[Mail, ...]]:
    """Return the conversation with the time that a snooze leaves the shopper, who is told if it is another one.

    The time told first is still what counts, and the revisions are those before it.
    """
    if conversation.said <= conversation.settled:
        return conversation, ()
    promise, later = conversation.promise, promise_after(until, who, given)
    if promise and promise.due >= (later.due if later else until):
        return conversation, ()
    first = conversation.told_first or promise
    if later is None:
        told = (Mail(SHOPPER, Kind.NO_TIME_YET), tell_owner("no_time_yet"))
        return replace(conversation, promise=None, told_first=first), told
    later = replace(later, revision=promise.revision if promise else 0)
    return replace(conversation, promise=later, told_first=first), (
        Mail(SHOPPER, Kind.REVISED, data=promise_told(later)),
    )
