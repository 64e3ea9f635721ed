"""SES's notices of received mail, unwrapped.

Source: SES developer guide, "Contents of notifications for Amazon SES email receiving". The topic delivers raw to the
queue, so that a body is SES's own JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from undivided.aws.messages import unpacked
from undivided.errors import Refused
from undivided.mail.arrival import Notice, Stored
from undivided.mail.parse import read
from undivided.mail.stamped import stamp_of
from undivided.mail.trust import Verdict, Verdicts
from undivided.record import Received
from undivided.values import moment

AGAIN = "-again"
"""Behind the id of a mail that is taken through again: doing so twice is once."""
_SETUP = "AMAZON_SES_SETUP_NOTIFICATION"
"""What SES stores when a receipt rule is made."""


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


def stored(body: str) -> tuple[Stored, ...] | None:
    """Read S3's word, or our own of later, that a mail is stored; None for a notice of SES.

    Empty for what is no mail: S3's test when the notification is made, and SES's when the rule is.
    """
    said = unpacked(body)
    if "stored" in said:
        return (Stored(said["stored"], moment(said["at"])),)
    if said.get("Event") == "s3:TestEvent":
        return ()
    if "Records" not in said:
        return None
    objects = ((one["s3"]["object"]["key"].rpartition("/")[2], one["eventTime"]) for one in said["Records"])
    return tuple(Stored(name, moment(at)) for name, at in objects if name != _SETUP)


def stamped_notice(ses_id: str, key: str, raw: bytes) -> str:
    """Write the notice of a mail that SES never announced, from what SES wrote on top of it."""
    stamp = stamp_of(raw)
    verdicts = {one.name: str(getattr(stamp.verdicts, one.name)) for one in fields(stamp.verdicts)}
    recipients = list(dict.fromkeys((*stamp.recipients, *read(raw).recipients)))
    return _written(ses_id, key, stamp.source, recipients, verdicts)


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
    name = f"{received.ses_id}{AGAIN}"
    return _written(name, received.raw, kept["source"], kept["recipients"], kept["verdicts"], released=True)


def _written(
    ses_id: str, key: str, source: str, recipients: list[str], verdicts: Mapping[str, str], **more: bool
) -> str:
    receipt = {"recipients": recipients, "action": {"type": "S3", "objectKey": key}}
    receipt |= {f"{name}Verdict": {"status": status} for name, status in verdicts.items()}
    mail = {"messageId": ses_id, "source": source}
    return json.dumps({"notificationType": "Received", "mail": mail, "receipt": receipt, **more})
