"""Whether an action link in an older mail may still act: the conversation as it stands now decides, not the link.

A mail stays in a mailbox for weeks. Meanwhile the same thing may have been done by mail, the conversation may have
moved on to somebody else, or ended.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from undivided.attention.duty import is_away
from undivided.desk import Desk
from undivided.parts import OWN_WISH
from undivided.state import FINAL, Conversation, Outcome, State


class Standing(StrEnum):
    """What a link finds."""

    OPEN = "open"
    DONE = "done"
    """It has been done, by this link or otherwise."""
    MOVED = "moved"
    """Somebody else has the conversation, or it waits for them."""
    OVER = "over"
    """The conversation has ended in another way."""


def standing(conversation: Conversation, do: str, desk: Desk, now: datetime) -> Standing:
    """Say whether the specialist of `desk` may still do `do` with the conversation."""
    if conversation.outcome in FINAL:
        return Standing.OVER
    if do == "away":
        return _away(conversation, desk, now)
    if do in ("won", "lost"):
        return _ending(conversation, Outcome(do), desk)
    return _handing_on(conversation, desk)


def _away(conversation: Conversation, desk: Desk, now: datetime) -> Standing:
    """Whoever is away already may still have this conversation: then it is handed over."""
    gone = desk.silent or is_away(desk, now)
    return Standing.DONE if gone and conversation.with_whom != desk.specialist else Standing.OPEN


def _ending(conversation: Conversation, outcome: Outcome, desk: Desk) -> Standing:
    """A sale may be reported after any other end, and its amount after the shopper's own "I bought it"; never taken back."""
    if conversation.outcome is outcome and (outcome is Outcome.LOST or conversation.sale):
        return Standing.DONE
    if conversation.specialist != desk.specialist:
        return Standing.MOVED
    return Standing.OVER if conversation.outcome is Outcome.WON and outcome is Outcome.LOST else Standing.OPEN


def _handing_on(conversation: Conversation, desk: Desk) -> Standing:
    if conversation.state is State.ENDED:
        return Standing.OVER
    if conversation.specialist == desk.specialist:
        return Standing.OPEN
    return Standing.DONE if conversation.former.get(desk.specialist) in OWN_WISH else Standing.MOVED
