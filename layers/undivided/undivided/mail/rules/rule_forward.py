"""A person's words that a rule of a mail program forwarded to a signed address: marked automatic, but not lost.

An absence notice or a mail that only its words give away as automatic is none: a program wrote those words.
"""

from __future__ import annotations

import re

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate

_FORWARDED = ("x-forwarded-to", "x-forwarded-for", "resent-from")
_BY_RULE = re.compile(r"forward|mailbox rules|x-auto-response-suppress|return-path: <>")


def rule(arrival: Arrival) -> Fate | None:
    mail = arrival.mail
    by_rule = any(name in mail.headers for name in _FORWARDED) or _BY_RULE.search(mail.automatic)
    if arrival.key_party is None or not mail.automatic or mail.out_of_office or not by_rule:
        return None
    return Fate.RULE_FORWARD if mail.reply_text.strip() else None
