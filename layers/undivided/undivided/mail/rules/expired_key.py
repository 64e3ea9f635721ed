"""It was sent to a reply address that opens nothing: the secret is gone, or the conversation is."""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate
from undivided.mail.identify import looks_signed


def rule(arrival: Arrival) -> Fate | None:
    keyed = any(looks_signed(one) for one in arrival.notice.recipients)
    return Fate.EXPIRED_KEY if keyed and arrival.conversation is None else None
