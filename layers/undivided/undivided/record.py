"""What the table holds beside the state: the outbox, and what became of each mail that came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from undivided.state import Conversation, Mail, Message, Status
from undivided.values import ConversationId, SpecialistId, Unusable

POST = "post_"
"""Begins the partition of mail that belongs to no conversation: `post_<hash of the address>`, hash in hexadecimal."""
DAY = timedelta(days=1)
ENTRY_TAG = "undivided-entry"
"""The SES message tag that carries an entry's name."""


def post_partition(address_hash: str) -> ConversationId:
    """Name the outbox of one address, in the place where an entry has its conversation."""
    return ConversationId(f"{POST}{address_hash}")


def sent_key(entry_id: str) -> str:
    """Return where the mail of an outbox entry is kept in the mail bucket, once it is written out."""
    return f"sent/{entry_id}"


@dataclass(frozen=True, slots=True)
class EntryId:
    """Names one outbox entry: the `index`-th mail that version `number` of a conversation decided.

    Without a conversation, `conversation` is the address's `post_partition` and `number` the time in milliseconds.
    It travels through SES as the message tag `undivided-entry`, see `tag`.
    """

    conversation: ConversationId
    number: int
    index: int

    def __str__(self) -> str:
        return f"{self.conversation}.{self.number}.{self.index}"

    @classmethod
    def read(cls, text: str) -> EntryId:
        """Read the forms that `str()` and `tag` write; raise `Unusable` for anything else."""
        conversation, *numbers = text.replace("-", ".").split(".")
        if not conversation or len(numbers) != 2 or not all(one.isascii() and one.isdigit() for one in numbers):  # noqa: PLR2004 - number and index
            raise Unusable(f"{text[:80]!r} names no outbox entry; it looks like abcdefghijkl.3.0")
        return cls(ConversationId(conversation), int(numbers[0]), int(numbers[1]))

    @property
    def tag(self) -> str:
        """The value of the message tag: SES allows only ASCII letters, digits, `_` and `-` there (API MessageTag)."""
        return str(self).replace(".", "-")


@dataclass(frozen=True, slots=True)
class Entry:
    """One mail in the outbox of a conversation, and how far it has come."""

    conversation: ConversationId
    number: int
    """The version of the conversation that decided it."""
    index: int
    """Its place among the mails of that version."""
    mail: Mail
    status: Status
    created_at: datetime
    due_at: datetime | None = None
    """When the sweep looks at it; None once it has ended."""
    claimed_at: datetime | None = None
    """When it was last handed to SES, successfully or not."""
    attempts: int = 0
    ses_id: str = ""
    """As SES returned it; some services return it with the domain already."""
    sent_key: str = ""
    """Key of the mail as sent, in the mail bucket."""
    resolved_by: str = ""
    """Who saw that it was sent: `answer` (SES's own) or `event` (SES's Send event)."""
    reason: str = ""
    """Why it failed, or was put back."""
    faults: int = 0
    """How often it could not be written, by a fault of ours."""

    @property
    def id(self) -> str:
        """Its name everywhere outside the table."""
        return str(self.key)

    @property
    def tag(self) -> str:
        """The value of SES's message tag `undivided-entry`, by which its events name this entry; `EntryId.read` reads it."""
        return self.key.tag

    @property
    def key(self) -> EntryId:
        return EntryId(self.conversation, self.number, self.index)

    @property
    def ended(self) -> bool:
        return self.status in (Status.SENT, Status.FAILED)


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


@dataclass(frozen=True, slots=True)
class Post:
    """A mail that belongs to no conversation: at most one of each `cap` goes to one address in the time `every`."""

    address_hash: str
    mail: Mail
    cap: str
    every: timedelta = DAY
