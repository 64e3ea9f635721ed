"""The mail is our own, come back: our loop header stands in it, or its sender is at our mail domain."""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate


def rule(arrival: Arrival) -> Fate | None:
    ours = arrival.mail.sender.lower().endswith(f"@{arrival.shop.mail_domain.lower()}")
    return Fate.LOOP if ours or arrival.mail.loop_marks else None
