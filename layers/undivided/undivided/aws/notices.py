"""SES's notices of received mail, unwrapped.

Source: SES developer guide, "Contents of notifications for Amazon SES email receiving". The topic delivers raw to the
queue, so that a body is SES's own JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from undivided.aws.messages import unpacked
from undivided.errors import Refused
from undivided.mail.arrival import Notice
from undivided.mail.trust import Verdict, Verdicts
from undivided.record import Received

AGAIN = "-again"
"""Behind the id of a mail that is taken through again: doing so twice is once."""


def receipt_notice(body: str) -> Notice:
    """Read SES's notice of a received mail that an S3 action has stored."""
    said = unpacked(body)
    try:
        receipt, mail = said["receipt"], said["mail"]
        return Notice(
            ses_id=mail["messageId"],
            raw=receipt["action"]["objectKey"],
            recipients=tuple(receipt["recipients"]),
            source=mail.get("source", ""),
            released=bool(said.get("released")),
            verdicts=Verdicts(**{name: _verdict(receipt, name) for name in ("spf", "dkim", "dmarc", "spam", "virus")}),
        )
    except KeyError as missing:
        raise Refused(f"no receipt notice of SES: {missing} is missing; the topic must deliver raw messages") from None


def _verdict(receipt: Mapping[str, Any], name: str) -> Verdict:
    """A verdict that is missing, or that this version does not know, proves nothing."""
    said = receipt.get(f"{name}Verdict", {}).get("status", "")
    return Verdict(said) if said in Verdict.__members__ else Verdict.GRAY


def released_notice(received: Received) -> str:
    """Write a notice that takes a mail through again, overruling suspicions; it has a name and a fate of its own.

    Raise `Refused` for a mail whose fate left nothing to do, or was recorded by a version that kept no notice.
    """
    if not received.notice:
        raise Refused(f"{received.ses_id} is {received.fate}: there is nothing to take through again")
    kept = json.loads(received.notice)
    receipt = {"recipients": kept["recipients"], "action": {"type": "S3", "objectKey": received.raw}}
    receipt |= {f"{name}Verdict": {"status": status} for name, status in kept["verdicts"].items()}
    mail = {"messageId": f"{received.ses_id}{AGAIN}", "source": kept["source"]}
    return json.dumps({"notificationType": "Received", "mail": mail, "receipt": receipt, "released": True})
