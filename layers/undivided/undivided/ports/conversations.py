"""Conversations, by whatever name they are looked for, and when something is due in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from undivided.changes import Changes
from undivided.outbox import EntryId
from undivided.record import MailRef, Record
from undivided.record import Received as ReceivedMail
from undivided.state import Conversation
from undivided.values import AddressHash, ConversationId, Money


class Conversations(Protocol):
    """Load conversations, and commit what was decided about one."""

    def conversation(self, key: ConversationId) -> Conversation | None: ...

    def record(self, key: ConversationId) -> Record | None:
        """Return the whole partition: the conversation, what was said, and its outbox."""

    def commit(
        self,
        changes: Changes,
        now: datetime,
        *,
        seen: str | None = None,
        received: ReceivedMail | None = None,
        references: tuple[MailRef, ...] = (),
        asker: AddressHash | None = None,
    ) -> Conversation:
        """Commit wholly or not at all, and return the conversation as it now stands.

        `seen` names the outside event that caused it, `received` the mail; `references` are Message-IDs to be found
        later, of which the first to be recorded counts; `asker` is the hash of the address by which `Askers` finds a
        new conversation. Raises `Conflict` when a version had moved on, `Duplicate` when `seen`, `received` or an order
        that it credits had been committed before, `TooLarge` beyond the limits of one transaction.
        """


class Askers(Protocol):
    """Find the conversations of one address."""

    def conversations(self, hashes: Iterable[AddressHash], limit: int) -> tuple[ConversationId, ...]:
        """Return those that an address, under any of its hashes, has asked; the newest first, at most `limit`."""


class Orders(Protocol):
    """Find the conversation that an order was credited to."""

    def conversation(self, order: str) -> ConversationId | None: ...

    def close(self, order: str, now: datetime) -> bool:
        """Have an order that nobody was credited with never be credited; False if it was, or is closed."""

    def keep(self, order: str, refund: str, back: Money, now: datetime) -> None:
        """Keep a refund of a part that came before its order was credited; again changes nothing."""

    def kept(self, order: str) -> Mapping[str, Money]:
        """Return such refunds by their ids."""


class MailIndex(Protocol):
    """Find what a Message-ID belongs to. Eventually consistent."""

    def find(self, message_id: str) -> MailRef | None: ...


class Due(Protocol):
    """Find what should have happened. Eventually consistent: what it names is read again before anything is done."""

    def overdue(self, shard: int, now: datetime, limit: int) -> tuple[ConversationId | EntryId, ...]:
        """Return, in one of the shards 0–15, conversations with a timer and outbox entries that were due.

        The longest overdue first. Whoever is taken up moves on by five minutes, so that the next look sees the others.
        """

    def put_off(self, conversation: ConversationId, now: datetime) -> None:
        """Have the sweep see a conversation again in five minutes; its next commit says anew when it is due."""

    def resume(self, entry: EntryId, now: datetime) -> bool:
        """Mark an outbox entry whose time has come with `resume`; False if it has ended or moved on meanwhile.

        The mark reaches email_out through the stream; whoever claims or puts back the entry takes it off. `due_at`
        moves on by five minutes. This way the sweep needs no right to send.
        """


class Schedules(Protocol):
    """Have the clock look at a conversation at some time; twice or late does no harm."""

    def remind_at(self, conversation: ConversationId, when: datetime, now: datetime) -> None: ...
