"""The mail names no conversation that we know: it cannot be relayed, its sender is told how to ask."""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate


def rule(arrival: Arrival) -> Fate | None:
    return Fate.STRANGER if arrival.conversation is None else None
