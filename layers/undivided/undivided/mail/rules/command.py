"""A specialist's mail that holds commands only."""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate


def rule(arrival: Arrival) -> Fate | None:
    return Fate.COMMAND if arrival.only_commands else None
