"""Consulting: a second specialist is asked inside a conversation, and it stays with the first (`/ask jane …`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from undivided.attention.duty import Given
from undivided.attention.ring import wake_at
from undivided.changes import Changes, Fact
from undivided.message import Message
from undivided.outbox import Kind, Mail
from undivided.parts import advice_over, freed, heard_from, promise_timer, timers_without, wait_in
from undivided.promise.hours import add_working
from undivided.state import NEW_LANE, RESUME_LANE, Conversation, Place, State, Timer
from undivided.values import SpecialistId

MOST_CONSULT = timedelta(days=2)
"""A consulted specialist has their hand-over time of working time, and never longer than this."""


def consult(
    conversation: Conversation, who: SpecialistId, to: SpecialistId, said: Message, given: Given
) -> Changes | None:
    """Ask a second specialist inside the conversation: the asker's slot is free, the asked one has her own turn.

    None if it is not in focus with the asker, or while an answer is held, which has to go first.
    """
    if conversation.state is not State.FOCUS or conversation.specialist != who or to == who or conversation.held:
        return None
    asked = replace(
        conversation,
        state=State.CONSULTING,
        changed_at=given.now,
        consulted=to,
        consult_delivered=False,
        parties=conversation.parties if to in conversation.parties else (*conversation.parties, to),
        places=(Place(to, NEW_LANE, conversation.waits_since),),
    )
    timers = {Timer.CONSULT: _consult_deadline(to, given), Timer.WAKE: wake_at(asked.places, given)}
    asked = replace(asked, timers={**timers, **promise_timer(conversation)})
    note = replace(said, number=conversation.number, author=who, note=True)
    messages = (note,) if said.text.strip() else ()
    desks = freed(conversation, given, learn=False)
    return Changes(conversation, asked, messages, desks=desks, facts=(Fact("consulted", {"specialist": to}),))


def consult_over(conversation: Conversation, given: Given, *, by: SpecialistId | None = None) -> Changes | None:
    """Bring a consulting conversation back to who asked, by the resume lane, answered or not.

    `by`: the asked one has brought that about, and need not be told.
    """
    own = conversation.specialist
    if conversation.state is not State.CONSULTING or own is None:
        return None
    free = replace(conversation, changed_at=given.now, consulted=None, consult_delivered=False, places=())
    back = wait_in(free, (Place(own, RESUME_LANE, given.now),), given)
    desks = freed(conversation, given, learn=False)
    return Changes(conversation, back, mails=advice_over(conversation, given, by=by), desks=desks)


def consult_taken(conversation: Conversation, who: SpecialistId, given: Given) -> Changes:
    timers = timers_without(conversation, Timer.WAKE)
    taken = replace(conversation, places=(), consult_delivered=True, timers=timers, changed_at=given.now)
    mail = Mail(who, Kind.CONSULT, upto=conversation.said, opens=True)
    desk = given.desk(who).with_focus(conversation.id, given.now)
    return Changes(
        conversation, taken, mails=(mail,), desks=(desk,), facts=(Fact("consult_delivered", {"specialist": who}),)
    )


def consult_answered(conversation: Conversation, who: SpecialistId, said: Message, given: Given) -> Changes | None:
    """Her answer is a note to the asker; what she would say to the shopper is for the asker to say."""
    noted = Changes(
        conversation,
        replace(conversation, changed_at=given.now),
        (replace(said, note=True),),
        desks=heard_from(who, given),
    )
    return noted.then(consult_over(noted.after, given.after(noted), by=who))


def _consult_deadline(to: SpecialistId, given: Given) -> datetime:
    person = given.specialist(to)
    within = add_working(person.hours, given.now, given.shop.pace.hand_over_after) if person else None
    return min(within or given.now + MOST_CONSULT, given.now + MOST_CONSULT)
