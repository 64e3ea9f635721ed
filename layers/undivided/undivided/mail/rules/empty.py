"""Nothing was said: no words, no attachment, no command."""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate


def rule(arrival: Arrival) -> Fate | None:
    commands = arrival.parsed is not None and bool(arrival.parsed.commands)
    return None if arrival.words.strip() or arrival.mail.attachments or commands else Fate.EMPTY
