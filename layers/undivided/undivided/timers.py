"""What a conversation does when one of its times has come.

A schedule only says "look"; what is due stands in the conversation itself, so a look that comes late, twice or for a
state that has passed finds nothing to do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from undivided.attention.duty import Given
from undivided.attention.ring import behind_the_gone, fallback_place, for_call, wake_at, widen, wider_at
from undivided.config import Shop
from undivided.consulting import consult_over
from undivided.conversation import another_round, end, hand_over, release, resume
from undivided.parts import lingered, timers_without
from undivided.state import (
    OWNER,
    SHOPPER,
    Changes,
    Conversation,
    Fact,
    HandOver,
    Kind,
    Mail,
    Outcome,
    Place,
    State,
    Timer,
)
from undivided.values import SpecialistId, stamp

MOST_REVISIONS = 2
FALLBACK_KEEPS = timedelta(days=3)
"""So long the last resort keeps a question without a word, reminded daily; then everybody is asked once more."""
DAY = timedelta(days=1)


def tick(conversation: Conversation, given: Given) -> Changes | None:
    """Do the first thing that is due; None when nothing is. Call again on the result until it returns None."""
    if gone := with_nobody(conversation, given.shop):
        return hand_over(conversation, gone, HandOver.REMOVED, given)
    if behind_nobody(conversation, given.shop):
        return _wake(conversation, given)
    if conversation.state is State.WAITING and behind_the_gone(conversation.places, given):
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
    calm = _without(conversation, Timer.REMIND)
    if conversation.state is not State.FOCUS or who is None:
        return Changes(conversation, calm)
    mail = Mail(who, Kind.REMINDER, upto=conversation.said, not_before=given.quiet_until(who))
    return Changes(conversation, calm, mails=(mail,), facts=(Fact("reminded", {"specialist": who}),))


def _silence(conversation: Conversation, given: Given) -> Changes:
    """The specialist stayed silent: the next best gets it. The fallback person keeps it for some days, reminded daily."""
    calm = _without(conversation, Timer.HAND_OVER)
    who = conversation.specialist
    if conversation.state is not State.FOCUS or who is None:
        return Changes(conversation, calm)
    if who == given.shop.fallback and _overlooked(conversation, given):
        return another_round(conversation, who, given)
    if who == given.shop.fallback:
        again = replace(conversation, timers={**calm.timers, Timer.HAND_OVER: given.now + DAY})
        reminder = Mail(who, Kind.REMINDER, upto=conversation.said, not_before=given.quiet_until(who))
        return Changes(conversation, again, mails=(_owner("fallback_silent"), reminder))
    return hand_over(conversation, who, HandOver.SILENT, given) or Changes(conversation, calm)


def _overlooked(conversation: Conversation, given: Given) -> bool:
    since = conversation.delivered_at
    return since is not None and given.now >= since + FALLBACK_KEEPS


def _revise(conversation: Conversation, given: Given) -> Changes:
    """Tell the shopper a new time before the old one is missed; at the second revision the fallback person gets it."""
    calm = _without(conversation, Timer.PROMISE)
    made = conversation.promise
    if made is None or conversation.state not in (State.WAITING, State.FOCUS, State.CONSULTING):
        return Changes(conversation, calm)
    if made.revision >= MOST_REVISIONS:
        return Changes(conversation, calm, mails=(_owner("promise_missed"),), facts=(Fact("promise_overdue"),))
    revised = _told_anew(conversation, given)
    if revised.after.promise is None or revised.after.promise.revision < MOST_REVISIONS:
        return revised
    return revised.then(_to_fallback(revised.after, given))


def _told_anew(conversation: Conversation, given: Given) -> Changes:
    made, anew = conversation.promise, given.promise
    revision = made.revision + 1 if made else 0
    promise = replace(anew, revision=revision) if anew else None
    timers = {**_without(conversation, Timer.PROMISE).timers}
    if promise:
        timers[Timer.PROMISE] = promise.due - (promise.due - given.now) / 5
    mail = (
        Mail(SHOPPER, Kind.REVISED, data={"promise_due": stamp(promise.due)})
        if promise
        else Mail(SHOPPER, Kind.NO_TIME_YET)
    )
    told = (mail,) if promise or given.shop.paused else (mail, _owner("no_time_yet"))
    first = conversation.told_first or made
    after = replace(conversation, promise=promise, told_first=first, timers=timers, changed_at=given.now)
    return Changes(conversation, after, mails=told, facts=(Fact("promise_revised", {"revision": str(revision)}),))


def _to_fallback(conversation: Conversation, given: Given) -> Changes | None:
    fallback = given.shop.fallback
    if conversation.specialist == fallback or any(place.specialist == fallback for place in conversation.places):
        return None
    if conversation.state in (State.FOCUS, State.CONSULTING) and conversation.specialist:
        return hand_over(conversation, conversation.specialist, HandOver.SILENT, given, to=fallback)
    places = for_call((fallback_place(given),), conversation)
    timers = {**_without(conversation, Timer.WIDEN).timers, Timer.WAKE: wake_at(places, given)}
    return Changes(conversation, replace(conversation, places=places, timers=timers), mails=(_owner("fallback"),))


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
        conversation, _without(conversation, Timer.LAPSE)
    )


def _wake(conversation: Conversation, given: Given) -> Changes:
    """Set the time of the next look, and leave the lines of those who are on the roster no more; the step pulls after it."""
    if not conversation.places:
        return Changes(conversation, _without(conversation, Timer.WAKE))
    kept = _with_somebody(conversation.places, given)
    if not kept and conversation.state is State.WAITING:
        return _widened(conversation, given, conversation)
    timers = {**conversation.timers, Timer.WAKE: wake_at(kept, given)}
    awake = replace(conversation, places=kept, timers=timers)
    if conversation.promise is None and given.promise and conversation.state is State.WAITING:
        # There was no time yet, because the desk was paused or nobody had hours: now there is one.
        return replace(_told_anew(awake, given), before=conversation)
    return Changes(conversation, awake)


def _awake(conversation: Conversation, given: Given) -> Changes:
    """A snooze is over: owed words come back by the resume lane, else the specialist is reminded as they wished."""
    calm = _without(conversation, Timer.SNOOZE)
    who = conversation.specialist
    if conversation.state is not State.SNOOZED:
        return Changes(conversation, calm)
    if conversation.said > conversation.settled or who is None:
        return resume(conversation, given)
    mail = Mail(who, Kind.REMINDER, data={"asked": "snooze"})
    timers = {Timer.NUDGE: given.now + given.shop.pace.nudge_after}
    mails = (mail,) if who in given.shop.specialists else ()
    return Changes(conversation, replace(calm, state=State.WITH_SHOPPER, timers=timers), mails=mails)


def _held(conversation: Conversation, given: Given) -> Changes:
    return release(conversation, given) or Changes(conversation, _without(conversation, Timer.HOLD))


def _not_called(conversation: Conversation, given: Given) -> Changes:
    """Nobody could call in time: the question keeps its place and is answered by mail, and the shopper is told so."""
    calm = replace(_without(conversation, Timer.CALL), call_back=None)
    if conversation.state is not State.WAITING:
        return Changes(conversation, calm)
    return replace(_told_anew(calm, given), before=conversation)


def _lingered(conversation: Conversation, given: Given) -> Changes:
    """The shopper did not write back at once: the slot is free for the next in line, whom the step pulls."""
    return Changes(conversation, _without(conversation, Timer.LINGER), desks=lingered(conversation, given))


def _consult(conversation: Conversation, given: Given) -> Changes:
    return consult_over(conversation, given) or Changes(conversation, _without(conversation, Timer.CONSULT))


def _widen(conversation: Conversation, given: Given) -> Changes:
    calm = _without(conversation, Timer.WIDEN)
    return _widened(calm, given, conversation) if conversation.state is State.WAITING else Changes(conversation, calm)


def _widened(calm: Conversation, given: Given, before: Conversation) -> Changes:
    kept = replace(calm, places=_with_somebody(calm.places, given))
    places = for_call(widen(kept, given), kept)
    timers = {**calm.timers, Timer.WAKE: wake_at(places, given)}
    if wider := wider_at(kept, places, given):
        timers[Timer.WIDEN] = wider
    stands_in = behind_the_gone(kept.places, given) and any(place.specialist == given.shop.fallback for place in places)
    told = (_owner("nobody_there"),) if stands_in else ()
    return Changes(before, replace(calm, places=places, timers=timers, changed_at=given.now), mails=told)


def _with_somebody(places: tuple[Place, ...], given: Given) -> tuple[Place, ...]:
    return tuple(place for place in places if place.specialist in given.shop.specialists)


def _without(conversation: Conversation, timer: Timer) -> Conversation:
    return replace(conversation, timers=timers_without(conversation, timer))


def _owner(what: str) -> Mail:
    return Mail(OWNER, Kind.OWNER_NOTICE, data={"what": what})


_DUE: dict[Timer, Callable[[Conversation, Given], Changes]] = {
    Timer.WAKE: _wake,
    Timer.WIDEN: _widen,
    Timer.PROMISE: _revise,
    Timer.REMIND: _remind,
    Timer.HAND_OVER: _silence,
    Timer.NUDGE: _nudge,
    Timer.LAPSE: _lapse,
    Timer.SNOOZE: _awake,
    Timer.HOLD: _held,
    Timer.CONSULT: _consult,
    Timer.LINGER: _lingered,
    Timer.CALL: _not_called,
}
