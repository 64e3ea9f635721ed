"""Somebody goes away: nothing new reaches them, and all that is in focus with them is handed over, one commit each.

The desk is marked first, so that no freed slot is filled again; doing it all once more changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from undivided.changes import Changes
from undivided.handing_over import hand_over
from undivided.obey import Order
from undivided.runtime import Runtime
from undivided.state import Conversation, HandOver
from undivided.steps.given import given_for
from undivided.steps.look import pull_all
from undivided.values import ConversationId, SpecialistId


def leave(who: SpecialistId, until: datetime | None, rt: Runtime, *, besides: ConversationId | None = None) -> None:
    """Mark them away (None: until they write) and hand over their foci, but for `besides`, which the caller decides on."""
    desk = rt.desks.desk(who)
    absent = replace(desk, away_until=until or desk.away_until, silent=desk.silent or until is None)
    if absent != desk:
        desk = rt.desks.save(absent, rt.now())
    for key in desk.focus:
        conversation = rt.conversations.conversation(key) if key != besides else None
        changes = _handed_over(conversation, who, rt) if conversation else None
        if changes:
            after = rt.conversations.commit(changes, rt.now())
            pull_all((place.specialist for place in after.places), rt)


def leave_others(orders: Iterable[Order], who: SpecialistId, here: ConversationId, rt: Runtime) -> None:
    """Hand over what else is in focus with somebody who says in the conversation `here` that they go away."""
    for one in orders:
        if one.word == "away" and set(rt.desks.desk(who).focus) - {here}:
            leave(who, one.until, rt, besides=here)


def _handed_over(conversation: Conversation, who: SpecialistId, rt: Runtime) -> Changes | None:
    if conversation.with_whom != who:
        return None
    return hand_over(conversation, who, HandOver.AWAY, given_for(conversation, rt, also=(who,), ring=True))
