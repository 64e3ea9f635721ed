"""Whatever no other rule wanted is somebody's words for the other side."""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate


def rule(arrival: Arrival) -> Fate | None:
    return Fate.RELAYED if arrival.party else None
