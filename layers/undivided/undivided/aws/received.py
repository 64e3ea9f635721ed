"""Fates of received mails, and the index of Message-IDs, in the table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from undivided.aws import items
from undivided.aws.dynamo import Store
from undivided.aws.table import ONCE, RETENTION
from undivided.aws.wire import NEW, put
from undivided.errors import Duplicate
from undivided.record import MailRef
from undivided.record import Received as ReceivedMail


@dataclass(frozen=True, slots=True)
class Received:
    """The adapter behind the port of the same name."""

    store: Store
    retention: timedelta = RETENTION

    def fate(self, ses_id: str) -> ReceivedMail | None:
        item = self.store.get(items.received_key(ses_id))
        return items.read_received(item) if item else None

    def record(self, received: ReceivedMail) -> None:
        expires = items.expiry(received.at + self.retention)
        if not self.store.attempt(put(items.received(received, expires), NEW, ONCE)):
            raise Duplicate(f"mail {received.ses_id} has its fate already")


@dataclass(frozen=True, slots=True)
class MailIndex:
    """The adapter behind the port of the same name."""

    store: Store

    def find(self, message_id: str) -> MailRef | None:
        item = self.store.get(items.reference_key(message_id))
        return items.read_reference(item) if item else None
