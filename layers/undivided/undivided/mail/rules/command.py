"""A specialist's mail with commands, and perhaps words for the shopper above or below them."""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate


def rule(arrival: Arrival) -> Fate | None:
    return Fate.COMMAND if arrival.parsed is not None and arrival.parsed.commands else None
