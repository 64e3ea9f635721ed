"""Only its addressee could read it, and that is nobody here."""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate


def rule(arrival: Arrival) -> Fate | None:
    sealed = any(fault.startswith("encrypted") for fault in arrival.mail.faults)
    return Fate.ENCRYPTED if sealed and not arrival.mail.text.strip() else None
