"""The conversation is over for good: erased, or spam."""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate
from undivided.state import FINAL


def rule(arrival: Arrival) -> Fate | None:
    over = arrival.conversation is not None and arrival.conversation.outcome in FINAL
    return Fate.ENDED if over else None
