"""A specialist's command is not understood: the mail comes back with an explanation, nothing reaches the shopper."""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate


def rule(arrival: Arrival) -> Fate | None:
    return Fate.REFUSED if arrival.parsed is not None and arrival.parsed.errors else None
