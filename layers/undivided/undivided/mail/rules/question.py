"""A mail to the ask address that belongs to no conversation is a question like any other."""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate


def rule(arrival: Arrival) -> Fate | None:
    return Fate.QUESTION if arrival.to_ask and arrival.conversation is None and arrival.mail.sender else None
