"""What Lambda brings, unwrapped: queue bodies and stream records as the types that the steps take.

Sources: the SES developer guide ("Contents of notifications for Amazon SES email receiving", "Contents of event data
that Amazon SES publishes to Amazon SNS") and the shape of DynamoDB stream records. Both topics deliver raw to their
queues, so that a body is SES's own JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from undivided.aws import items
from undivided.aws.wire import Item, item
from undivided.errors import Refused
from undivided.mail.arrival import Notice
from undivided.mail.trust import Verdict, Verdicts
from undivided.plain import from_plain
from undivided.record import ENTRY_TAG
from undivided.state import Question
from undivided.steps.deliveries import Delivery
from undivided.steps.follow import Moved, Opened
from undivided.values import ConversationId, SpecialistId, moment


def question(body: str) -> Question:
    return from_plain(Question, _json(body))


def timer(body: str) -> ConversationId | None:
    """Return the conversation to look at; None for the sweep."""
    said = _json(body)
    return None if said.get("sweep") else ConversationId(said["conversation"])


def receipt_notice(body: str) -> Notice:
    """Read SES's notice of a received mail that an S3 action has stored."""
    said = _json(body)
    try:
        receipt, mail = said["receipt"], said["mail"]
        return Notice(
            ses_id=mail["messageId"],
            raw=receipt["action"]["objectKey"],
            recipients=tuple(receipt["recipients"]),
            source=mail.get("source", ""),
            verdicts=Verdicts(**{name: _verdict(receipt, name) for name in ("spf", "dkim", "dmarc", "spam", "virus")}),
        )
    except KeyError as missing:
        raise Refused(f"no receipt notice of SES: {missing} is missing; the topic must deliver raw messages") from None


def delivery(body: str) -> Delivery:
    """Read an event that SES publishes about a mail that it took."""
    said = _json(body)
    mail = said.get("mail", {})
    tags = mail.get("tags", {}).get(ENTRY_TAG) or [""]
    detail = said.get("bounce") or said.get("complaint") or {}
    people = detail.get("bouncedRecipients") or detail.get("complainedRecipients") or []
    return Delivery(
        kind=said.get("eventType") or said.get("notificationType", ""),
        ses_id=mail.get("messageId", ""),
        entry=tags[0],
        permanent=detail.get("bounceType") == "Permanent",
        recipients=tuple((one["emailAddress"], one.get("diagnosticCode", "")) for one in people),
    )


def partition(record: Mapping[str, Any]) -> ConversationId:
    """Return whose outbox a stream record is about."""
    return items.owner(record["dynamodb"]["Keys"]["pk"]["S"])


def happened(record: Mapping[str, Any]) -> Moved | Opened | None:
    """Return what a stream record means to those who follow; None when nothing follows from it."""
    change = record["dynamodb"]
    new, keys = item(change.get("NewImage", {})), item(change["Keys"])
    if not new:
        return None
    if keys["sk"] == items.META:
        return _moved(new, item(change.get("OldImage", {})))
    kind, _, specialist = str(keys["pk"]).partition("#")
    return Opened(SpecialistId(specialist)) if kind in ("LINE", "SPEC") else None


def _moved(new: Item, old: Item) -> Moved:
    due = str(new["due_at"]) if "due_at" in new and new["due_at"] != old.get("due_at") else ""
    return Moved(
        conversation=items.owner(str(new["pk"])),
        version=int(new["version"]),
        due_at=moment(due) if due else None,
        facts=items.facts(new),
    )


def _verdict(receipt: Mapping[str, Any], name: str) -> Verdict:
    """A verdict that is missing, or that this version does not know, proves nothing."""
    said = receipt.get(f"{name}Verdict", {}).get("status", "")
    return Verdict(said) if said in Verdict.__members__ else Verdict.GRAY


def _json(body: str) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except ValueError as error:
        raise Refused(f"the message is no JSON: {error}") from None
    if not isinstance(said, dict):
        raise Refused("the message is no JSON object")
    return said
