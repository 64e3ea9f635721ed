"""What a shopper can do on the status page: see, write, say "I bought it", withdraw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from undivided.changes import Changes
from undivided.closing import end, rate
from undivided.errors import Conflict, Duplicate
from undivided.mail.keys import address_hash
from undivided.message import Message
from undivided.record import Record
from undivided.repair import corrected
from undivided.runtime import Runtime
from undivided.state import Conversation, Mark, Outcome, State
from undivided.steps.given import given_for
from undivided.steps.look import pull_all
from undivided.steps.relay import hear_shopper
from undivided.values import SHOPPER, Address, ConversationId

TRIES = 5
MOST_SHOWN = 20
"""A place in line is shown up to this number, and then as "more than 20"."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the status page shows; `record` is None while the router has not run."""

    record: Record | None
    place: int | None = None
    """Place in the shortest of its lines, from 1; `MOST_SHOWN + 1` stands for more."""


def see(conversation: ConversationId, rt: Runtime) -> Seen:
    """Read what the page shows; nothing is changed."""
    record = rt.conversations.record(conversation)
    if record is None or record.conversation.state is not State.WAITING:
        return Seen(record)
    ahead = [rt.lines.ahead(one.specialist, one.eligible_at, MOST_SHOWN) for one in record.conversation.places]
    return Seen(record, min(ahead, default=0) + 1)


def write(conversation: ConversationId, text: str, token: str, rt: Runtime) -> bool:
    """Add words from the page; `token` makes a double click one message. False if nothing can be said any more."""
    said = Message(0, SHOPPER, rt.now(), text, via="page")
    return change(conversation, lambda one: hear_shopper(one, said, rt), rt, f"page:{conversation}:{token}")


def correct(conversation: ConversationId, email: Address, rt: Runtime) -> bool:
    """Take a new address of a shopper whose mail came back, and send again what they missed."""
    for _ in range(TRIES):
        record = rt.conversations.record(conversation)
        changes = corrected(record, email, given_for(record.conversation, rt)) if record else None
        if changes is None:
            return False
        try:
            rt.conversations.commit(changes, rt.now(), asker=address_hash(rt.ring, email))
        except Conflict:
            continue
        return True
    raise Conflict(f"conversation {conversation} moved {TRIES} times; please try again")


def bought(conversation: ConversationId, rt: Runtime) -> bool:
    """The shopper says that they bought it: won, with no amount known."""
    return change(conversation, lambda one: _end(one, Outcome.WON, rt), rt)


def withdraw(conversation: ConversationId, rt: Runtime) -> bool:
    return change(conversation, lambda one: _end(one, Outcome.WITHDRAWN, rt), rt)


def rated(conversation: ConversationId, mark: Mark, rt: Runtime) -> bool:
    """The shopper says whether it helped."""
    return change(conversation, lambda one: rate(one, mark, rt.now()), rt)


def _end(conversation: Conversation, outcome: Outcome, rt: Runtime) -> Changes | None:
    if conversation.outcome is Outcome.WON:
        return None
    return end(conversation, outcome, given_for(conversation, rt), by=SHOPPER)


def change(
    key: ConversationId, decide: Callable[[Conversation], Changes | None], rt: Runtime, seen: str | None = None
) -> bool:
    """Commit what `decide` says of the conversation as it stands, and look at the lines it concerns.

    `seen` names what may be done once. False: there is nothing to be done (any more).
    """
    for _ in range(TRIES):
        conversation = rt.conversations.conversation(key)
        changes = decide(conversation) if conversation else None
        if changes is None:
            return False
        try:
            after = rt.conversations.commit(changes, rt.now(), seen=seen)
        except Duplicate:
            return True
        except Conflict:
            continue
        freed = (desk.specialist for desk in changes.desks)
        pull_all((*freed, *(place.specialist for place in after.places)), rt)
        return True
    raise Conflict(f"conversation {key} met a moving desk {TRIES} times; please try again")
