"""A newsletter, or a posting to a list that answers nobody: with a signed address it is a party behind a list."""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate


def rule(arrival: Arrival) -> Fate | None:
    listed = arrival.mail.automatic.startswith("bulk") or "list-id" in arrival.mail.headers
    return Fate.BULK if listed and (arrival.mail.automatic or arrival.key_party is None) else None
