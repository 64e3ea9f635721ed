"""A report that one of our mails is late: the other side is still trying, so nothing is done."""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate


def rule(arrival: Arrival) -> Fate | None:
    return Fate.DELAYED if arrival.mail.bounce else None
