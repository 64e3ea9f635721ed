"""A specialist's signed address was used by somebody else, or by a mail that proves nothing: it does nothing."""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate
from undivided.values import SHOPPER


def rule(arrival: Arrival) -> Fate | None:
    if arrival.party == SHOPPER:
        return None
    own = arrival.sender_specialist == arrival.party
    return None if own and arrival.trusted else Fate.FORGED
