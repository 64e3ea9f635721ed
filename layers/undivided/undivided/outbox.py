"""Mail that has been decided and recorded, and how far it has come on its way to SES."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from undivided.values import AddressHash, ConversationId, Unusable

POST = "post_"
"""Begins the partition of mail that belongs to no conversation: `post_<hash of the address>`, hash in hexadecimal."""
DAY = timedelta(days=1)
ENTRY_TAG = "undivided-entry"
"""The SES message tag that carries an entry's name."""


class Kind(StrEnum):
    """Every mail that the product writes; each has one template in `templates/mail/`."""

    ACK = "ack"
    QUEUED = "queued"
    REVISED = "revised"
    NO_TIME_YET = "no_time_yet"
    ANSWER = "answer"
    NUDGE = "nudge"
    CLOSED = "closed"
    QUESTION = "question"
    FOLLOW_UP = "follow_up"
    REMINDER = "reminder"
    CONSULT = "consult"
    HANDED_OVER = "handed_over"
    WITHDRAWN = "withdrawn"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    UNDERSTOOD = "understood"
    LATE = "late"
    OWNER_NOTICE = "owner_notice"
    HOW_TO = "how_to"
    WELCOME = "welcome"
    PROPOSAL = "proposal"


HOURLY = frozenset({"nobody_there", "no_time_yet"})
"""Notices to the owner that every question would bring at such a time: so few an hour go for all of them (steps/caps.py)."""


class Status(StrEnum):
    """What became of one outbox entry; `sent` and `failed` are the two ends."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Mail:
    """An outbox entry: decided and recorded, not yet handed to SES. It is written out when it is sent."""

    to: str
    """`shopper`, a specialist's id, `owner`, or a bare address."""
    kind: Kind
    message: int = 0
    """Number of the message that it carries; 0 for none."""
    upto: int = 0
    """It shows the shopper's words up to this number: answering it settles them."""
    data: Mapping[str, str] = field(default_factory=dict)
    not_before: datetime | None = None
    """Quiet: not outside the addressee's hours."""
    opens: bool = False
    """It opens a conversation in front of a specialist: what waited for such a change goes before it."""


def post_partition(address_hash: AddressHash) -> ConversationId:
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
    begun: int = 0
    """How often writing it was begun, late, and whoever began never came back."""

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
class Post:
    """A mail that belongs to no conversation: at most one of each `cap` goes to one address in the time `every`."""

    address_hash: AddressHash
    mail: Mail
    cap: str
    every: timedelta = DAY
