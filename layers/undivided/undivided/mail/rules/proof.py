"""A specialist answered a mail that belongs to no conversation, as the welcome mail asks for: the way back works.

It counts only from a mail that authenticates; one that does not says that their answers would not be believed either.
"""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate
from undivided.mail.reader import system_address
from undivided.values import same_address


def rule(arrival: Arrival) -> Fate | None:
    if arrival.conversation is not None or arrival.sender_specialist is None:
        return None
    ours = system_address(arrival.shop)
    if not any(same_address(one, ours) for one in arrival.notice.recipients):
        return None
    return Fate.PROVEN if arrival.trusted else Fate.FORGED
