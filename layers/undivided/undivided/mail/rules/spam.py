"""SES takes it for spam: quarantined, and the owner hears of it; it can be taken through again."""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate
from undivided.mail.trust import Verdict


def rule(arrival: Arrival) -> Fate | None:
    return Fate.SPAM if arrival.notice.verdicts.spam is Verdict.FAIL else None
