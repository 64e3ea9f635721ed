"""A shopper writes again after the end: the conversation is open again."""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate
from undivided.state import State
from undivided.values import SHOPPER


def rule(arrival: Arrival) -> Fate | None:
    ended = arrival.conversation is not None and arrival.conversation.state is State.ENDED
    return Fate.REOPENED if ended and arrival.party == SHOPPER else None
