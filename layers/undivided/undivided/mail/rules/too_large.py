"""More than can be read: its sender is told to send less."""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate
from undivided.mail.parse import MAX_RAW


def rule(arrival: Arrival) -> Fate | None:
    return Fate.TOO_LARGE if arrival.mail.raw_size > MAX_RAW else None
