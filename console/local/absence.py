"""The answer of `ooto@simulator.amazonses.com`: somebody who is out of the office, and whose mail program says so.

SES's mailbox simulator sends one for each mail, to its envelope sender. Header fields: RFC 3834.
"""

from __future__ import annotations

from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import TYPE_CHECKING

from console.local import parsed
from console.local.sesevents import SIMULATOR

if TYPE_CHECKING:
    from datetime import datetime

    from console.local.sesevents import Relayed


def is_absent(recipient: str) -> bool:
    local, _, domain = recipient.lower().rpartition("@")
    return domain == SIMULATOR and local.partition("+")[0] == "ooto"


def absence_notice(mail: Relayed, recipient: str, now: datetime) -> bytes:
    """Write what the absent `recipient` of `mail` answers."""
    message = parsed.parse(mail.raw)
    notice = EmailMessage(policy=policy.SMTP)
    notice["From"] = recipient
    notice["To"] = mail.source
    notice["Subject"] = f"Out of office: {' '.join(parsed.text(message, 'Subject').split())}"
    notice["Date"] = format_datetime(now)
    notice["Message-ID"] = make_msgid(domain=SIMULATOR)
    notice["In-Reply-To"] = parsed.text(message, "Message-ID").strip()
    notice["Auto-Submitted"] = "auto-replied"
    notice.set_content("I am out of the office and will read your mail when I am back.\n")
    return notice.as_bytes()
