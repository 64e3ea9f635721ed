"""A delivery report about one of our mails."""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate


def rule(arrival: Arrival) -> Fate | None:
    return Fate.BOUNCE if arrival.mail.bounce else None
