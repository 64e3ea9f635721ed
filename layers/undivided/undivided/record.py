"""One conversation as the table holds it: what was decided, what was said, and every mail that left or will leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from undivided.state import Conversation, Mail, Message, Status
from undivided.values import ConversationId


@dataclass(frozen=True, slots=True)
class Entry:
    """One outbox entry. `number` is the version of the conversation that decided it, `index` its place among those."""

    conversation: ConversationId
    number: int
    index: int
    mail: Mail
    status: Status
    created_at: datetime
    due_at: datetime | None = None
    """When the sweep looks at it again; None once it has ended."""
    claimed_at: datetime | None = None
    attempts: int = 0
    ses_id: str = ""
    """As SES returned it; some services return it with the domain already."""
    sent_key: str = ""
    """Key of the mail as it was written out, in the mail bucket."""
    resolved_by: str = ""

    @property
    def tag(self) -> str:
        """The value of SES's message tag `undivided-entry`, by which its events name this entry."""
        return f"{self.conversation}.{self.number}.{self.index}"


@dataclass(frozen=True, slots=True)
class Record:
    """The whole partition of one conversation, messages and entries in the order of their numbers."""

    conversation: Conversation
    messages: tuple[Message, ...] = ()
    entries: tuple[Entry, ...] = ()

    def message(self, number: int) -> Message | None:
        return next((message for message in self.messages if message.number == number), None)
