"""Mail to the mail domain: stored in the bucket and announced as SES does on a real account.

The shape of the notice is in the SES developer guide, "Contents of notifications for Amazon SES email receiving".
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from console.local import parsed
from console.local.rawmail import Field, fields_of, put_before, take_out

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from email.message import EmailMessage

OVERRIDE = "X-Post-Office"
PREFIX = "received/"
CHECKS = ("spam", "virus", "spf", "dkim", "dmarc")
VERDICTS = ("PASS", "FAIL", "GRAY", "PROCESSING_FAILED", "DISABLED")
POLICIES = ("none", "quarantine", "reject")
_SERVER = "inbound-smtp.us-east-1.amazonaws.com"
_ID_LETTERS = "0123456789abcdefghijklmnopqrstuv"
_NOTICE_HEADER_BYTES = 10 * 1024
"""SES tells no more header than this in a notice, and says so in `headersTruncated`."""


class UnknownOverride(ValueError):
    """The `X-Post-Office:` header of a mail cannot be read; the message says what may stand there."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What SES's scanners say; on loopback everything passes unless the mail asks for something else."""

    spam: str = "PASS"
    virus: str = "PASS"
    spf: str = "PASS"
    dkim: str = "PASS"
    dmarc: str = "PASS"
    policy: str = "none"
    """The sender's DMARC policy; SES tells it only when DMARC fails."""


@dataclass(frozen=True, slots=True)
class Received:
    """One mail as it arrived: `recipients` are the envelope's, all in the mail domain; `raw` has no override any more."""

    id: str
    source: str
    recipients: tuple[str, ...]
    raw: bytes
    verdicts: Verdicts
    at: datetime


def accept(source: str, recipients: Sequence[str], raw: bytes, now: datetime) -> Received:
    """Return the mail as SES stores it; raise `UnknownOverride` when its `X-Post-Office:` cannot be read."""
    found, rest = take_out(raw, [OVERRIDE])
    verdicts = read_override(found.get(OVERRIDE.lower(), ""))
    mail_id = "".join(secrets.choice(_ID_LETTERS) for _ in range(40))
    stored = put_before(rest, _trace(mail_id, source, recipients[0], verdicts, now))
    return Received(mail_id, source, tuple(recipients), stored, verdicts, now)


def read_override(text: str) -> Verdicts:
    """Read `spf=FAIL dkim=FAIL`; what is not named passes."""
    chosen: dict[str, str] = {}
    for word in re.split(r"[\s;,]+", text.strip()):
        name, _, value = word.partition("=")
        allowed = POLICIES if name.lower() == "policy" else VERDICTS if name.lower() in CHECKS else ()
        match = next((one for one in allowed if one.lower() == value.lower()), None)
        if word and match is None:
            raise UnknownOverride(
                f"{OVERRIDE}: cannot read {word!r}; write {', '.join(CHECKS)} = {' or '.join(VERDICTS)}, policy = {' or '.join(POLICIES)}"
            )
        if match:
            chosen[name.lower()] = match
    return Verdicts(**chosen)


def _trace(mail_id: str, source: str, recipient: str, verdicts: Verdicts, now: datetime) -> list[Field]:
    """Return the header fields that SES puts before a mail that it stores."""
    domain = source.rpartition("@")[2] or "unknown"
    spf, dkim, dmarc = (getattr(verdicts, name).lower() for name in ("spf", "dkim", "dmarc"))
    results = f"amazonses.com; spf={spf}; dkim={dkim} header.i=@{domain}; dmarc={dmarc} header.from={domain};"
    return [
        ("Return-Path", f"<{source}>"),
        (
            "Received",
            f"from {domain} ([127.0.0.1]) by {_SERVER} with SMTP id {mail_id} for {recipient}; {format_datetime(now)}",
        ),
        ("X-SES-Spam-Verdict", verdicts.spam),
        ("X-SES-Virus-Verdict", verdicts.virus),
        ("Received-SPF", f"{spf} (spfCheck: the local post office says so) envelope-from={source};"),
        ("Authentication-Results", results),
    ]


def notice(mail: Received, bucket: str, topic: str) -> dict[str, Any]:
    """Return what SES publishes for an S3 action with a topic."""
    fields = fields_of(mail.raw)
    shown = _fitting(fields)
    message = parsed.parse(mail.raw)
    return {
        "notificationType": "Received",
        "mail": {
            "timestamp": timestamp(mail.at),
            "source": mail.source,
            "messageId": mail.id,
            "destination": parsed.addresses(message, "To") + parsed.addresses(message, "Cc") or list(mail.recipients),
            "headersTruncated": len(shown) < len(fields),
            "headers": [{"name": name, "value": value} for name, value in shown],
            "commonHeaders": _common_headers(message, mail.source),
        },
        "receipt": {
            "timestamp": timestamp(mail.at),
            "processingTimeMillis": 1,
            "recipients": list(mail.recipients),
            **_verdicts(mail.verdicts),
            "action": {
                "type": "S3",
                "topicArn": topic,
                "bucketName": bucket,
                "objectKeyPrefix": PREFIX,
                "objectKey": PREFIX + mail.id,
            },
        },
    }


def timestamp(when: datetime) -> str:
    """Write a time as SES does: UTC with milliseconds and a Z."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}Z"


def _verdicts(verdicts: Verdicts) -> dict[str, Any]:
    told: dict[str, Any] = {f"{name}Verdict": {"status": getattr(verdicts, name)} for name in CHECKS}
    return told | ({"dmarcPolicy": verdicts.policy} if verdicts.dmarc == "FAIL" else {})


def _fitting(fields: Sequence[Field]) -> list[Field]:
    shown: list[Field] = []
    size = 0
    for name, value in fields:
        size += len(name) + len(value.encode("utf-8", "replace"))
        if size > _NOTICE_HEADER_BYTES:
            break
        shown.append((name, parsed.printable(value)))
    return shown


def _common_headers(message: EmailMessage, source: str) -> dict[str, Any]:
    told: dict[str, Any] = {"returnPath": source}
    for name, key in (("From", "from"), ("To", "to"), ("Cc", "cc"), ("Reply-To", "replyTo")):
        if people := parsed.people(message, name):
            told[key] = people
    for name, key in (("Date", "date"), ("Message-ID", "messageId"), ("Subject", "subject")):
        if value := parsed.text(message, name):
            told[key] = value
    return told


@dataclass(frozen=True, slots=True)
class Receiver:
    """Stores and announces; `s3` and `sns` are boto3 clients of the post office's own user."""

    s3: Any
    sns: Any
    bucket: str
    topic: str

    def receive(self, source: str, recipients: Sequence[str], raw: bytes, now: datetime) -> str:
        """Take one mail in and return its id; it is stored and announced when this returns."""
        mail = accept(source, recipients, raw, now)
        self.s3.put_object(Bucket=self.bucket, Key=PREFIX + mail.id, Body=mail.raw)
        message: Mapping[str, Any] = notice(mail, self.bucket, self.topic)
        self.sns.publish(
            TopicArn=self.topic, Subject="Amazon SES Email Receipt Notification", Message=json.dumps(message)
        )
        return mail.id
