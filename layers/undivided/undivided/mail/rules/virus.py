"""SES found a virus: the mail is kept and goes nowhere; the owner hears of it."""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate
from undivided.mail.trust import Verdict


def rule(arrival: Arrival) -> Fate | None:
    return Fate.VIRUS if arrival.notice.verdicts.virus is Verdict.FAIL else None
