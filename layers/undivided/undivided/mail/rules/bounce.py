"""A report that one of our mails will not arrive; what it names counts only with a signed address."""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate


def rule(arrival: Arrival) -> Fate | None:
    bounce = arrival.mail.bounce
    return Fate.BOUNCE if bounce and (bounce.permanent or not bounce.recipients) else None
