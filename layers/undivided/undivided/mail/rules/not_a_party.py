"""The mail names a conversation without a signed address: that counts only from a party whose mail authenticates."""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate
from undivided.values import SHOPPER


def rule(arrival: Arrival) -> Fate | None:
    if arrival.key_party is not None:
        return None
    had_it = arrival.conversation is not None and arrival.party in (SHOPPER, *arrival.conversation.parties)
    return None if had_it and arrival.trusted else Fate.NOT_A_PARTY
