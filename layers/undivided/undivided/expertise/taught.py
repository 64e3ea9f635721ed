"""What one conversation taught, and what has to be known to take it back when the conversation itself is gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from undivided.expertise.asked import Asked
from undivided.expertise.features import asked_features
from undivided.state import Conversation, HandOver, Mark, Outcome, State
from undivided.values import SpecialistId

ANSWERED, WELL, WON = 0.3, 1.0, 2.0
PRAISED = 0.5
"""What the shopper's own "yes, it helped" adds; their "no" leaves of any outcome no more than `ANSWERED`."""


@dataclass(frozen=True, slots=True)
class Taught:
    """What one conversation taught; taken back when it turns out otherwise."""

    specialist: SpecialistId
    weight: float
    when: datetime


@dataclass(frozen=True, slots=True)
class Trace:
    """What a conversation left in the sums: hashes, no word. With it an erasure can subtract what is not there any more."""

    features: tuple[int, ...]
    fit: float
    taught: Taught | None
    """What it teaches as it stands, for conversations so old that it is not remembered what they taught."""


def taught_by(conversation: Conversation) -> Taught | None:
    """Say what an ended conversation teaches, and of whom: a hand-over teaches the receiver, silence teaches nothing.

    Less, where it was handed over for want of time or of an answer: the first one might have known as well. Whoever says
    that it is not their field says that the router was wrong, and the answer of the next one counts in full.
    """
    who = conversation.answered_by
    if conversation.state is not State.ENDED or who is None:
        return None
    weight = {Outcome.WON: WON, Outcome.ANSWERED: WELL, Outcome.LAPSED: WELL, Outcome.LOST: ANSWERED}.get(
        conversation.outcome or Outcome.SPAM, 0.0
    )
    if set(conversation.former.values()) - {HandOver.NOT_MINE} and weight == WELL:
        weight = ANSWERED
    if weight and conversation.rated == Mark.YES:
        weight += PRAISED
    if conversation.rated == Mark.NO:
        weight = min(weight, ANSWERED)
    return Taught(who, weight, conversation.changed_at) if weight else None


def trace(conversation: Conversation, asked: Asked) -> Trace:
    """Return what `conversation` (as it stands before it is erased) and its question left in the sums."""
    return Trace(tuple(asked_features(asked)), conversation.fit, taught_by(conversation))
