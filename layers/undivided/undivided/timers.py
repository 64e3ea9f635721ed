"""What a conversation does when one of its times has come.

A schedule only says "look"; what is due stands in the conversation itself, so a look that comes late, twice or for a
state that has passed finds nothing to do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from undivided.answering import release
from undivided.attention.duty import Given
from undivided.attention.ring import behind_the_gone, for_call, stranded, wake_at, widen, wider_at
from undivided.changes import Changes, Fact
from undivided.closing import end
from undivided.config import Shop
from undivided.consulting import consult_over
from undivided.handing_over import another_round, hand_over
from undivided.outbox import Kind, Mail
from undivided.parts import lingered, tell_owner, without_timer
from undivided.promise.hours import next_on_duty, week, working_between
from undivided.revising import missed, revise, told_anew
from undivided.snoozing import snooze_over
from undivided.state import Conversation, HandOver, Outcome, Place, State, Timer
from undivided.values import SHOPPER, SpecialistId

FALLBACK_KEEPS = timedelta(days=3)
"""So long the last resort keeps a question without a word, reminded daily; then everybody is asked once more.

Counted in their hours: three sevenths of what they work in a week, so that nobody overlooks anything in a holiday.
"""
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


def tick(conversation: Conversation, given: Given) -> Changes | None:
    """Do the first thing that is due; None when nothing is. Call again on the result until it returns None."""
    if gone := with_nobody(conversation, given.shop):
        return hand_over(conversation, gone, HandOver.REMOVED, given)
    if behind_nobody(conversation, given.shop):
        return _wake(conversation, given)
    if conversation.state is State.WAITING and stranded(conversation, conversation.places, given):
        return _widened(conversation, given, conversation)
    for timer in sorted(conversation.timers, key=lambda one: (conversation.timers[one], one)):
        if conversation.timers[timer] <= given.now:
            return _DUE[timer](conversation, given)
    return None


def with_nobody(conversation: Conversation, shop: Shop) -> SpecialistId | None:
    """Return who has it, or should give an opinion on it, and is on the roster no more; None: all is well.

    Whoever takes somebody off the roster moves no conversation: the next look at it does.
    """
    holds = conversation.state in (State.FOCUS, State.CONSULTING)
    near = (conversation.specialist, conversation.consulted) if holds else ()
    return next((who for who in near if who and who not in shop.specialists), None)


def behind_nobody(conversation: Conversation, shop: Shop) -> bool:
    """Say whether it waits in the line of somebody who is on the roster no more."""
    waits = conversation.state is State.WAITING
    return waits and any(place.specialist not in shop.specialists for place in conversation.places)


def _remind(conversation: Conversation, given: Given) -> Changes:
    who = conversation.specialist
    calm = without_timer(conversation, Timer.REMIND)
    if conversation.state is not State.FOCUS or who is None:
        return Changes(conversation, calm)
    mail = Mail(who, Kind.REMINDER, upto=conversation.said, not_before=given.quiet_until(who))
    return Changes(conversation, calm, mails=(mail,), facts=(Fact("reminded", {"specialist": who}),))


def _silence(conversation: Conversation, given: Given) -> Changes:
    """The specialist stayed silent: the next best gets it. The fallback person keeps it for some days, reminded daily."""
    calm = without_timer(conversation, Timer.HAND_OVER)
    who = conversation.specialist
    if conversation.state is not State.FOCUS or who is None:
        return Changes(conversation, calm)
    if who == given.shop.fallback and _overlooked(conversation, given):
        return another_round(conversation, who, given)
    if who == given.shop.fallback:
        again = replace(conversation, timers={**calm.timers, Timer.HAND_OVER: _next_day(who, given)})
        reminder = Mail(who, Kind.REMINDER, upto=conversation.said, not_before=given.quiet_until(who))
        return Changes(conversation, again, mails=(tell_owner("fallback_silent"), reminder))
    return hand_over(conversation, who, HandOver.SILENT, given) or Changes(conversation, calm)


def _overlooked(conversation: Conversation, given: Given) -> bool:
    since, person = conversation.delivered_at, given.specialist(conversation.specialist)
    if since is None or person is None:
        return False
    return working_between(person.hours, since, given.now) >= timedelta(minutes=week(person.hours)) * (
        FALLBACK_KEEPS / WEEK
    )


def _next_day(who: SpecialistId, given: Given) -> datetime:
    """Return when to remind the fallback person again: a day later, in their hours."""
    person, tomorrow = given.specialist(who), given.now + DAY
    return (next_on_duty(person.hours, tomorrow) if person else None) or tomorrow


def _nudge(conversation: Conversation, given: Given) -> Changes:
    """Ask the silent shopper one gentle question, once in the life of a conversation; never one who has bought."""
    if conversation.sale and (won := end(conversation, Outcome.WON, given, by="clock", sale=conversation.sale)):
        return won
    timers = {Timer.LAPSE: given.now + given.shop.pace.lapse_after}
    asked = replace(conversation, timers=timers, nudged=True, changed_at=given.now)
    mails = () if conversation.nudged or conversation.unreachable else (Mail(SHOPPER, Kind.NUDGE),)
    return Changes(conversation, asked, mails=mails, facts=(Fact("nudged"),) if mails else ())


def _lapse(conversation: Conversation, given: Given) -> Changes:
    return end(conversation, Outcome.LAPSED, given, by="clock") or Changes(
        conversation, without_timer(conversation, Timer.LAPSE)
    )


def _wake(conversation: Conversation, given: Given) -> Changes:
    """Set the time of the next look, and leave the lines of those who are on the roster no more; the step pulls after it."""
    if not conversation.places:
        return Changes(conversation, without_timer(conversation, Timer.WAKE))
    kept = _with_somebody(conversation.places, given)
    if not kept and conversation.state is State.WAITING:
        return _widened(conversation, given, conversation)
    timers = {**conversation.timers, Timer.WAKE: wake_at(kept, given)}
    awake = replace(conversation, places=kept, timers=timers)
    if conversation.promise is None and given.promise and conversation.state is State.WAITING:
        # There was no time yet, because the desk was paused or nobody had hours: now there is one.
        return replace(told_anew(awake, given), before=conversation)
    return Changes(conversation, awake)


def _held(conversation: Conversation, given: Given) -> Changes:
    return release(conversation, given) or Changes(conversation, without_timer(conversation, Timer.HOLD))


def _not_called(conversation: Conversation, given: Given) -> Changes:
    """Nobody could call in time: the question keeps its place and is answered by mail, and the shopper is told so."""
    calm = replace(without_timer(conversation, Timer.CALL), call_back=None)
    if conversation.state is not State.WAITING:
        return Changes(conversation, calm)
    return replace(told_anew(calm, given), before=conversation)


def _lingered(conversation: Conversation, given: Given) -> Changes:
    """The shopper did not write back at once: the slot is free for the next in line, whom the step pulls."""
    return Changes(conversation, without_timer(conversation, Timer.LINGER), desks=lingered(conversation, given))


def _consult(conversation: Conversation, given: Given) -> Changes:
    return consult_over(conversation, given) or Changes(conversation, without_timer(conversation, Timer.CONSULT))


def _widen(conversation: Conversation, given: Given) -> Changes:
    calm = without_timer(conversation, Timer.WIDEN)
    return _widened(calm, given, conversation) if conversation.state is State.WAITING else Changes(conversation, calm)


def _widened(calm: Conversation, given: Given, before: Conversation) -> Changes:
    kept = replace(calm, places=_with_somebody(calm.places, given))
    places = for_call(widen(kept, given), kept)
    timers = {**calm.timers, Timer.WAKE: wake_at(places, given)}
    if wider := wider_at(kept, places, given):
        timers[Timer.WIDEN] = wider
    stands_in = behind_the_gone(kept.places, given) and any(place.specialist == given.shop.fallback for place in places)
    told = (tell_owner("nobody_there"),) if stands_in else ()
    return Changes(before, replace(calm, places=places, timers=timers, changed_at=given.now), mails=told)


def _with_somebody(places: tuple[Place, ...], given: Given) -> tuple[Place, ...]:
    return tuple(place for place in places if place.specialist in given.shop.specialists)


_DUE: dict[Timer, Callable[[Conversation, Given], Changes]] = {
    Timer.WAKE: _wake,
    Timer.WIDEN: _widen,
    Timer.PROMISE: revise,
    Timer.MISSED: missed,
    Timer.REMIND: _remind,
    Timer.HAND_OVER: _silence,
    Timer.NUDGE: _nudge,
    Timer.LAPSE: _lapse,
    Timer.SNOOZE: snooze_over,
    Timer.HOLD: _held,
    Timer.CONSULT: _consult,
    Timer.LINGER: _lingered,
    Timer.CALL: _not_called,
}
