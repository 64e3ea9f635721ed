"""The sending events that SES publishes for mail with a configuration set, which the emulator lacks.

Shapes: SES developer guide, "Contents of event data that Amazon SES publishes to Amazon SNS". The fate of a mail follows
SES's mailbox simulator, and `.invalid`, the domain that never exists (RFC 2606), bounces.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from console.local import parsed
from console.local.rawmail import fields_of, take_out
from console.local.receiving import timestamp

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

SIMULATOR = "simulator.amazonses.com"
CONFIGURATION_SET = "X-SES-CONFIGURATION-SET"
MESSAGE_TAGS = "X-SES-MESSAGE-TAGS"


@dataclass(frozen=True, slots=True)
class Relayed:
    """One mail that SES delivers: `raw` as people get it, without the headers that were meant for SES."""

    id: str
    """What SendRawEmail returned."""
    source: str
    recipients: tuple[str, ...]
    raw: bytes
    configuration_set: str
    """Empty: SES publishes no events for this mail."""
    tags: dict[str, list[str]]


def read_relayed(source: str, recipients: Sequence[str], raw: bytes) -> Relayed:
    """Read a mail from the emulator's relay, taking out what was meant for SES."""
    found, rest = take_out(raw, [CONFIGURATION_SET, MESSAGE_TAGS])
    mail_id = next((value for name, value in fields_of(rest) if name.lower() == "message-id"), "").strip("<> ")
    configuration_set = found.get(CONFIGURATION_SET.lower(), "")
    tags = _read_tags(found.get(MESSAGE_TAGS.lower(), ""))
    if configuration_set:
        tags["ses:configuration-set"] = [configuration_set]
        tags["ses:from-domain"] = [source.rpartition("@")[2]]
    return Relayed(mail_id, source, tuple(recipients), rest, configuration_set, tags)


def _read_tags(text: str) -> dict[str, list[str]]:
    """Read `outbox=abc, conversation=c1`."""
    pairs = (pair.partition("=") for pair in text.split(",") if "=" in pair)
    return {name.strip(): [value.strip()] for name, _, value in pairs}


def bounces(recipient: str) -> bool:
    local, _, domain = recipient.lower().rpartition("@")
    simulated = domain == SIMULATOR and local.partition("+")[0] in {"bounce", "suppressionlist"}
    return simulated or domain == "invalid" or domain.endswith(".invalid")


def complains(recipient: str) -> bool:
    local, _, domain = recipient.lower().rpartition("@")
    return domain == SIMULATOR and local.partition("+")[0] == "complaint"


def events_of(mail: Relayed, now: datetime) -> Iterator[dict[str, Any]]:
    """Yield the events of one mail in SES's order: Send, then for each recipient what became of it."""
    if not mail.configuration_set:
        return
    told = _mail(mail, now)
    yield {"eventType": "Send", "mail": told, "send": {}}
    for recipient in mail.recipients:
        if bounces(recipient):
            yield {"eventType": "Bounce", "mail": told, "bounce": _bounce(recipient, now)}
            continue
        yield {"eventType": "Delivery", "mail": told, "delivery": _delivery(recipient, now)}
        if complains(recipient):
            yield {"eventType": "Complaint", "mail": told, "complaint": _complaint(recipient, now)}


def _mail(mail: Relayed, now: datetime) -> dict[str, Any]:
    message = parsed.parse(mail.raw)
    return {
        "timestamp": timestamp(now),
        "source": mail.source,
        "sendingAccountId": "000000000000",
        "messageId": mail.id,
        "destination": list(mail.recipients),
        "headersTruncated": False,
        "headers": [{"name": name, "value": parsed.printable(value)} for name, value in fields_of(mail.raw)],
        "commonHeaders": {
            "from": parsed.people(message, "From"),
            "to": parsed.people(message, "To"),
            "messageId": mail.id,
            "subject": parsed.text(message, "Subject"),
        },
        "tags": mail.tags,
    }


def _bounce(recipient: str, now: datetime) -> dict[str, Any]:
    suppressed = recipient.lower().startswith("suppressionlist")
    return {
        "feedbackId": _feedback_id(),
        "bounceType": "Permanent",
        "bounceSubType": "OnAccountSuppressionList" if suppressed else "General",
        "bouncedRecipients": [
            {
                "emailAddress": recipient,
                "action": "failed",
                "status": "5.1.1",
                "diagnosticCode": "smtp; 550 5.1.1 user unknown",
            }
        ],
        "timestamp": timestamp(now),
        "reportingMTA": "dns; amazonses.com",
    }


def _delivery(recipient: str, now: datetime) -> dict[str, Any]:
    return {
        "timestamp": timestamp(now),
        "processingTimeMillis": 1,
        "recipients": [recipient],
        "smtpResponse": "250 2.6.0 Message received",
        "reportingMTA": "a8-1.smtp-out.amazonses.com",
    }


def _complaint(recipient: str, now: datetime) -> dict[str, Any]:
    return {
        "feedbackId": _feedback_id(),
        "complaintSubType": None,
        "complainedRecipients": [{"emailAddress": recipient}],
        "timestamp": timestamp(now),
        "userAgent": "Amazon SES Mailbox Simulator",
        "complaintFeedbackType": "abuse",
        "arrivalDate": timestamp(now),
    }


def _feedback_id() -> str:
    return f"{secrets.token_hex(8)}-{secrets.token_hex(4)}-000000"


@dataclass(frozen=True, slots=True)
class EventPublisher:
    """Publishes to the event topic; `sns` is a boto3 client of the post office's own user."""

    sns: Any
    topic: str

    def publish(self, mail: Relayed, now: datetime) -> None:
        for event in events_of(mail, now):
            message = json.dumps(event)
            self.sns.publish(TopicArn=self.topic, Subject="Amazon SES Email Event Notification", Message=message)
