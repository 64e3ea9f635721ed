"""A specialist's note: recorded, never relayed."""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate


def rule(arrival: Arrival) -> Fate | None:
    return Fate.NOTED if arrival.parsed is not None and arrival.parsed.note else None
