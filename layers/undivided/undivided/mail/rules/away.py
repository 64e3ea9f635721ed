"""A specialist's own out-of-office: it marks them away, and what waits for them is handed over."""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate


def rule(arrival: Arrival) -> Fate | None:
    known = arrival.sender_specialist is not None and arrival.trusted
    return Fate.AWAY if arrival.mail.out_of_office and known else None
