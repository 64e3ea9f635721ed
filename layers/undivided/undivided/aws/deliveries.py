"""SES's events about mails that it took, unwrapped.

Source: SES developer guide, "Contents of event data that Amazon SES publishes to Amazon SNS". The topic delivers raw.
"""

from __future__ import annotations

from typing import Any

from undivided.aws.messages import unpacked
from undivided.outbox import ENTRY_TAG
from undivided.steps.deliveries import NOT_SPAM, Delivery


def delivery(body: str) -> Delivery:
    """Read an event that SES publishes about a mail that it took."""
    said = unpacked(body)
    mail = said.get("mail", {})
    tags = mail.get("tags", {}).get(ENTRY_TAG) or [""]
    detail = said.get("bounce") or said.get("complaint") or {}
    people = detail.get("bouncedRecipients") or detail.get("complainedRecipients") or []
    return Delivery(
        kind=NOT_SPAM if detail.get("complaintFeedbackType") == NOT_SPAM else _kind(said),
        ses_id=mail.get("messageId", ""),
        entry=tags[0],
        permanent=detail.get("bounceType") == "Permanent",
        recipients=tuple((one["emailAddress"], one.get("diagnosticCode", "")) for one in people),
    )


def _kind(said: dict[str, Any]) -> str:
    kind: str = said.get("eventType") or said.get("notificationType", "")
    return kind
