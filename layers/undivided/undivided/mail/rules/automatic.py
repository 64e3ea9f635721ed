"""An automatic mail of anybody else: recorded, never acted on."""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate


def rule(arrival: Arrival) -> Fate | None:
    return Fate.AUTOMATIC if arrival.mail.automatic else None
