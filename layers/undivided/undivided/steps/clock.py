"""The clock: do what is due in one conversation, and find what lost timers left behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from undivided.attention.duty import Given
from undivided.errors import Conflict
from undivided.outbox import EntryId
from undivided.promise.estimate import promise, revised
from undivided.runtime import Runtime
from undivided.state import Conversation, State, Timer
from undivided.steps.given import given_for, views_of
from undivided.steps.look import pull_all
from undivided.steps.roster import follow_roster
from undivided.timers import tick, with_nobody
from undivided.values import ConversationId, SpecialistId

TRIES = 10
"""More than all timers of a conversation, each of which may meet one conflict."""
SHARDS = 16
MOST_OVERDUE = 100
NEVER = datetime.max.replace(tzinfo=UTC)


def look(conversation_id: ConversationId, rt: Runtime) -> int:
    """Do everything that is due in this conversation, then look at its lines; return how many timers fired."""
    fired, moved = 0, set[SpecialistId]()
    for _ in range(TRIES):
        conversation = rt.conversations.conversation(conversation_id)
        if conversation is None or not _due(conversation, rt):
            break
        changes = tick(conversation, _given(conversation, rt))
        if changes is None:
            break
        try:
            rt.conversations.commit(changes, rt.now())
        except Conflict:
            continue
        fired += 1
        moved |= {desk.specialist for desk in changes.desks}
    else:
        raise Conflict(f"conversation {conversation_id} still has something due after {TRIES} looks")
    if conversation and conversation.state is State.WAITING:
        moved |= {place.specialist for place in conversation.places}
    pull_all(sorted(moved), rt)
    return fired


def _due(conversation: Conversation, rt: Runtime) -> bool:
    """Say whether a time has come, whoever has it is on the roster no more, or it waits, perhaps for nobody who is there."""
    timed = conversation.due_at is not None and conversation.due_at <= rt.now()
    return timed or conversation.state is State.WAITING or with_nobody(conversation, rt.shop) is not None


def sweep(rt: Runtime) -> int:
    """Find what lost timers and lost stream records left behind, and have it looked at; return how much there was.

    Each look is a message of its own: one that fails goes to the dead letters and keeps no other back. Whatever is found
    moves on in the index, so that the next sweep finds what comes after it.
    """
    found = follow_roster(rt)
    for shard in range(SHARDS):
        for one in rt.due.overdue(shard, rt.now(), MOST_OVERDUE):
            if isinstance(one, EntryId):
                found += rt.due.resume(one, rt.now())
            else:
                rt.schedules.remind_at(one, rt.now(), rt.now())
                rt.due.put_off(one, rt.now())
                found += 1
    return found


def _given(conversation: Conversation, rt: Runtime) -> Given:
    given = given_for(conversation, rt, ring=True)
    told = (Timer.PROMISE, Timer.CALL) if conversation.promise else (Timer.CALL, Timer.WAKE)
    if all(conversation.timers.get(one, NEVER) > given.now for one in told):
        return given
    ranked = {one.specialist: one.estimate for one in conversation.ranking}
    who = conversation.specialist
    near = [(who, 1.0)] if who and conversation.state is State.FOCUS else list(ranked.items())
    views = views_of(near, rt, given.now, given.desks, conversation.places)
    made = conversation.promise
    later = revised(made, views, given.now, rt.calibration) if made else promise(views, given.now, rt.calibration)
    return replace(given, promise=later)
