"""A specialist's words: relayed or kept as a note, held for a moment, taken back; and what of the shopper's is settled.

A former specialist's mail is a note, or is still relayed where nobody else has answered since (DESIGN.md, "Late answers").
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from undivided.attention.duty import Given
from undivided.changes import Changes, Fact
from undivided.consulting import consult_answered
from undivided.desk import Desk
from undivided.message import Message
from undivided.outbox import Kind, Mail
from undivided.parts import (
    advice_over,
    focus_timers,
    freed,
    heard_from,
    may_answer,
    nudge_timer,
    promise_after,
    quiet_until,
    timers_without,
    told_of,
)
from undivided.promise.scoring import scored as score_of
from undivided.state import FINAL, Conversation, State, Timer
from undivided.values import SHOPPER, SpecialistId


def specialist_writes(
    conversation: Conversation, who: SpecialistId, message: Message, settles: int, given: Given
) -> Changes | None:
    """Relay a specialist's answer; it settles the shopper's words up to message `settles`.

    A former specialist's mail is a note, or is still relayed where nobody else has answered since (DESIGN.md, "Late
    answers"). Writing lifts their silence in any case.
    """
    if conversation.outcome in FINAL:
        return None
    number = conversation.number
    said = replace(message, number=number, author=who)
    if conversation.state is State.CONSULTING and conversation.consulted == who and not message.note:
        return consult_answered(conversation, who, said, given)
    if message.note or not may_answer(conversation, who):
        noted = replace(conversation, changed_at=given.now)
        return Changes(
            conversation, noted, (replace(said, note=True),), desks=heard_from(who, given), facts=(Fact("note"),)
        )
    recorded = Changes(conversation, replace(conversation, changed_at=given.now), (said,))
    recorded = recorded.then(release(recorded.after, given))
    if (
        given.shop.pace.hold
        and conversation.state in (State.FOCUS, State.WITH_SHOPPER)
        and conversation.specialist == who
    ):
        return recorded.then(_hold(recorded.after, said.number, settles, given))
    return recorded.then(_answer(recorded.after, who, said.number, settles, given.after(recorded)))


def release(conversation: Conversation, given: Given) -> Changes | None:
    """Let a held answer go: its time is over, or something happened that it must go before."""
    if not conversation.held or conversation.specialist is None:
        return None
    timers = timers_without(conversation, Timer.HOLD)
    free = replace(conversation, held=0, held_settles=0, timers=timers)
    let_go = _answer(free, conversation.specialist, conversation.held, conversation.held_settles, given)
    return replace(let_go, before=conversation)


def take_back(conversation: Conversation, who: SpecialistId, given: Given) -> Changes | None:
    """Undo a held answer: it will never reach the shopper. None when there is none of theirs, or it has left."""
    if not conversation.held or conversation.specialist != who:
        return None
    undone = replace(
        conversation,
        held=0,
        held_settles=0,
        taken_back=(*conversation.taken_back, conversation.held),
        changed_at=given.now,
    )
    timers = focus_timers(undone, who, given) if undone.state is State.FOCUS else nudge_timer(given)
    return Changes(conversation, replace(undone, timers=timers), facts=(Fact("taken_back", {"specialist": who}),))


def _hold(conversation: Conversation, number: int, settles: int, given: Given) -> Changes:
    """Keep an answer back for a moment; while it is held nothing else is due, and the slot stays taken."""
    timers = {Timer.HOLD: given.now + given.shop.pace.hold}
    held = replace(conversation, held=number, held_settles=settles, timers=timers)
    return Changes(conversation, held, facts=(Fact("held"),))


def _answer(conversation: Conversation, who: SpecialistId, number: int, settles: int, given: Given) -> Changes:
    """Relay message `number`, and see what of the shopper's words is still owed."""
    settled = max(conversation.settled, min(settles, conversation.said))
    answered = replace(
        conversation,
        settled=settled,
        changed_at=given.now,
        specialist=who,
        call_back=None,
        first_answer_at=conversation.first_answer_at or given.now,
        answered_by=who,
        told_first=None,
        missed=False,
        former={one: why for one, why in conversation.former.items() if one != who},
    )
    changes = Changes(
        conversation,
        answered,
        mails=(Mail(SHOPPER, Kind.ANSWER, message=number),),
        desks=heard_from(who, given),
        facts=(Fact("answered", {"specialist": who}), *_scored(conversation, given)),
    )
    if conversation.state is State.ENDED:
        return replace(changes, after=replace(answered, state=State.ENDED, settled=conversation.said))
    if settled < conversation.said:
        return changes.then(_still_owed(conversation, answered, who, given))
    return changes.then(_settled(conversation, answered, who, given))


def _settled(before: Conversation, answered: Conversation, who: SpecialistId, given: Given) -> Changes:
    """Nothing is owed any more: the slot is free, the lines are left, the shopper has the next word."""
    timers = {**nudge_timer(given), **_linger_timer(before, who, given)}
    rest = replace(answered, state=State.WITH_SHOPPER, places=(), promise=None, timers=timers)
    rest = replace(rest, consulted=None, consult_delivered=False)  # whoever asked did not wait for the opinion
    mails = advice_over(before, given)
    if before.state is State.FOCUS and before.specialist and before.specialist != who:
        mails = (Mail(before.specialist, Kind.LATE, data={"specialist": who}, not_before=quiet_until(before, given)),)
    desks = _merged(freed(before, given, learn=before.state is State.FOCUS), heard_from(who, given))
    return Changes(answered, rest, mails=mails, desks=tuple(_kept_free(desk, rest) for desk in desks))


def _still_owed(before: Conversation, answered: Conversation, who: SpecialistId, given: Given) -> Changes | None:
    """Words of the shopper crossed this answer: it stays where it was, with the clock started again and a time of its own."""
    if before.state is not State.FOCUS or before.specialist != who:
        return Changes(answered, replace(answered, specialist=before.specialist, former=before.former))
    owed = replace(answered, promise=promise_after(given.now, who, given))
    return Changes(answered, replace(owed, timers=focus_timers(owed, who, given)))


def _linger_timer(before: Conversation, who: SpecialistId, given: Given) -> dict[Timer, datetime]:
    """Only an answer to the own focus is lingered on; by default none is."""
    own = before.state is State.FOCUS and before.specialist == who
    return {Timer.LINGER: given.now + given.shop.pace.linger} if own and given.shop.pace.linger else {}


def _kept_free(desk: Desk, answered: Conversation) -> Desk:
    """Keep the slot that an answer has freed for the shopper who may write back at once."""
    until = answered.timers.get(Timer.LINGER)
    if until is None or desk.specialist != answered.specialist:
        return desk
    return desk.with_linger(answered.id, answered.changed_at, until)


def _merged(free: tuple[Desk, ...], heard: tuple[Desk, ...]) -> tuple[Desk, ...]:
    known = {desk.specialist: desk for desk in free}
    for desk in heard:
        known[desk.specialist] = replace(known.get(desk.specialist, desk), silent=False)
    return tuple(known.values())


def _scored(conversation: Conversation, given: Given) -> tuple[Fact, ...]:
    """Tell how the promise ended; the score, which calibrates the next ones, is that of the one told first."""
    made = conversation.promise
    if made is None:
        return ()
    first, late = conversation.told_first or made, conversation.missed
    score = score_of(first, given.now, given.hours, revisions=made.revision, late=late)
    data = {**told_of(conversation, made), **score.to_data()}
    return (Fact("promise_kept" if given.now <= made.due else "promise_missed", data),)
