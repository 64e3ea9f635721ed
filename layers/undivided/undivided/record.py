"""What the table holds beside the state: what was said, what became of each mail that came in, and what mails belong to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from undivided.message import Message
from undivided.outbox import Entry, EntryId
from undivided.state import Conversation
from undivided.values import ConversationId, SpecialistId


@dataclass(frozen=True, slots=True)
class Record:
    """The whole partition of one conversation, in order: messages by number, entries by number and index."""

    conversation: Conversation
    messages: tuple[Message, ...] = ()
    entries: tuple[Entry, ...] = ()

    def message(self, number: int) -> Message | None:
        """Return message `number`; None when there is none, as for a mail that carries no message (0)."""
        return next((message for message in self.messages if message.number == number), None)

    def entries_to(self, party: str) -> tuple[Entry, ...]:
        """Return the entries whose mail goes `to` this addressee, oldest first."""
        return tuple(entry for entry in self.entries if entry.mail.to == party)

    def entry(self, key: EntryId) -> Entry | None:
        return next((entry for entry in self.entries if entry.key == key), None)


@dataclass(frozen=True, slots=True)
class Received:
    """The fate of one received mail; `ses_id` names it, as SES's notice does."""

    ses_id: str
    fate: str
    """A word from the closed list of fates."""
    at: datetime
    rule: str = ""
    """Which rule decided."""
    conversation: ConversationId | None = None
    raw: str = ""
    """Key of the whole mail in the mail bucket."""
    notice: str = ""
    """What SES said of it, as JSON, where it may be taken through again: recipients, source, verdicts."""


@dataclass(frozen=True, slots=True)
class MailRef:
    """Says which conversation and party a Message-ID belongs to: a mail of ours (`entry`) or of theirs (`message`)."""

    message_id: str
    conversation: ConversationId
    party: str
    """`shopper` or a specialist's id: who got our mail, or who wrote theirs."""
    entry: str = ""
    message: int = 0


@dataclass(frozen=True, slots=True)
class Roster:
    """Who was on the roster when what follows from its last change was done."""

    version: int = 0
    shop: str = ""
    """`Shop.version` of that time."""
    people: tuple[SpecialistId, ...] = ()
    coming: str = ""
    """The version that was seen since, from which nothing has followed yet."""
    seen_at: datetime | None = None
