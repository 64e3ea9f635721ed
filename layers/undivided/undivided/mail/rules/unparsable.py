"""Not even its header can be read. A signed address still says whose it is: see `answers.unparsable`."""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate

NO_HEADER = "no header at all"


def rule(arrival: Arrival) -> Fate | None:
    return Fate.UNPARSABLE if NO_HEADER in arrival.mail.faults else None
