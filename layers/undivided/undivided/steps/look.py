"""Pull from a line into a focus: the only way a waiting conversation reaches a specialist after its first moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from undivided.attention.duty import Given
from undivided.conversation import take
from undivided.errors import Conflict
from undivided.runtime import Runtime
from undivided.values import ConversationId, SpecialistId

FIRST = 10
"""So many places are read at a time; more than one is needed only where a place is stale."""
TRIES = 5


def pull(who: SpecialistId, rt: Runtime) -> int:
    """Fill `who`'s free focus slots from their line; return how many conversations were taken.

    Everything is read strongly consistently, so that a second look, a redelivered record or another router at the
    same moment ends in the same state: the commit decides.
    """
    taken = 0
    for _ in range(TRIES):
        given = Given(rt.shop, rt.now(), {who: rt.desks.desk(who)})
        if not given.ready(who) or not _take_first(who, given, rt):
            break
        taken += 1
    return taken


def pull_all(specialists: Iterable[SpecialistId], rt: Runtime) -> int:
    return sum(pull(who, rt) for who in dict.fromkeys(specialists))


def waiting_ahead(who: SpecialistId, now: datetime, rt: Runtime) -> bool:
    """Say whether somebody eligible stands in `who`'s line already."""
    return any(place.eligible_at <= now for place, _ in rt.lines.first(who, 1))


def _take_first(who: SpecialistId, given: Given, rt: Runtime) -> bool:
    for place, conversation_id in rt.lines.first(who, FIRST):
        if place.eligible_at <= given.now and _take(conversation_id, who, given, rt):
            return True
    return False


def _take(conversation_id: ConversationId, who: SpecialistId, given: Given, rt: Runtime) -> bool:
    conversation = rt.conversations.conversation(conversation_id)
    changes = take(conversation, who, given) if conversation else None
    if changes is None:
        return False
    try:
        rt.conversations.commit(changes, given.now)
    except Conflict:
        # Somebody else moved first: the desk is read again, and the line with it.
        return True
    return True
