"""A report that somebody called our mail spam: it counts for the party whose signed address it came to."""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate


def rule(arrival: Arrival) -> Fate | None:
    return Fate.COMPLAINT if arrival.mail.complaint else None
