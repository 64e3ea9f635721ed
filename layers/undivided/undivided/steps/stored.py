"""A mail that S3 has stored: SES announces it, or the owner hears that it did not.

SES stores first and announces then; a topic that takes nothing, or a rule without one, would leave a mail that nobody
ever reads. So S3 announces it as well, on its own way. Nothing is taken in on S3's word, which knows neither envelope nor
verdicts: `undivided mail reprocess` does that, when the owner says so.
"""

from __future__ import annotations

import json
from datetime import timedelta

from undivided.mail.arrival import Stored
from undivided.runtime import Runtime
from undivided.steps.caps import tell_owner
from undivided.values import stamp

LOOK_AGAIN = timedelta(minutes=9)
"""Less than the alarm for a mail that waits in the queue."""
TELL_AFTER = timedelta(hours=1)
"""A notice that comes later is still taken in."""


def watch(mail: Stored, rt: Runtime) -> str:
    """Look whether a mail has come to its fate; if not, look again later, and in the end tell the owner."""
    if rt.received.fate(mail.ses_id):
        return "announced"
    if rt.now() - mail.at < TELL_AFTER:
        rt.mailroom.send(again(mail), int(LOOK_AGAIN.total_seconds()))
        return "not announced yet"
    tell_owner(rt, "unannounced", f"unannounced {mail.ses_id}", mail=mail.ses_id)
    return "unannounced"


def again(mail: Stored) -> str:
    """Write the message that has us look again."""
    return json.dumps({"stored": mail.ses_id, "at": stamp(mail.at)})
