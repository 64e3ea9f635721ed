"""From the outbox to SES."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from undivided.config import Cap
from undivided.outbox import Entry, EntryId, Post
from undivided.record import Received as ReceivedMail
from undivided.values import AddressHash, ConversationId, SpecialistId


class Outbox(Protocol):
    """Move one outbox entry along: pending → sending → sent or failed.

    Each step is conditional, and returns the entry as it now stands; one that has ended stays as it ended.
    """

    def claim(self, entry: Entry, now: datetime) -> bool:
        """Take `entry`, as it was read, for sending; also one whose claim is 15 minutes old and was never answered.

        False: somebody else has it, or it has changed since it was read.
        """

    def begin(self, entry: Entry, due_at: datetime) -> bool:
        """Count that writing `entry`, as it was read, begins once more; it waits until `due_at` if nobody comes back.

        False: somebody else has begun, or it has changed since it was read. A claim, `put_back` and `put_off` say that
        somebody came back, and the count begins anew.
        """

    def sent(self, entry: Entry, ses_id: str, now: datetime, by: str = "answer") -> Entry:
        """Record that SES has it, and where replies to it belong; `by` is `answer` or `event`.

        A second SES id for one entry (sent again after an unknown) still gets its reference, so that replies to either
        copy find their conversation.
        """

    def put_back(self, entry: Entry, due_at: datetime, reason: str = "") -> Entry:
        """Make a claimed entry pending again: SES has definitely not taken it."""

    def put_off(self, entry: Entry, due_at: datetime, reason: str, faults: int) -> Entry:
        """Let an entry that could not be written wait; `faults` counts how often that was our own fault."""

    def failed(self, entry: Entry, reason: str) -> Entry:
        """End an entry that can never be sent, or need not be any more."""


class Entries(Protocol):
    """Find outbox entries; add ones that belong to no conversation."""

    def entry(self, key: EntryId) -> Entry | None: ...

    def entries(self, partition: ConversationId) -> tuple[Entry, ...]:
        """Return the outbox of a conversation or of a `post_partition`, oldest first."""

    def post(self, post: Post, now: datetime, received: ReceivedMail | None = None) -> bool:
        """Put a mail into the address's own outbox; False if its cap forbids it, and then nothing is written.

        `received` is recorded in the same transaction; raises `Duplicate` when it had been recorded before.
        """


class Turns(Protocol):
    """Find the outboxes in which mail may wait until a specialist turns to another conversation.

    An outbox is named when such a mail is put into it, by `Conversations.commit` and `Entries.post`.
    """

    def waiting(self, specialist: SpecialistId, limit: int) -> tuple[ConversationId, ...]: ...

    def done(self, specialist: SpecialistId, outbox: ConversationId) -> None:
        """Forget one: nothing in it waits for them; nothing happens if it is not named."""


class Quiet(Protocol):
    """Limit the automatic mail to one address, and stop it after a complaint."""

    def hush(self, address_hash: AddressHash, now: datetime) -> None:
        """Let no automatic mail go to an address any more; its owner has complained."""

    def lift(self, address_hashes: Iterable[AddressHash], now: datetime) -> bool:
        """Forget the complaint of an address, under any of its hashes: its owner has written. False: there was none."""

    def allow(self, address_hashes: Iterable[AddressHash], caps: tuple[Cap, ...], name: str, now: datetime) -> str:
        """Count the mail `name` for an address; return "" if it may go, else why not: `complaint` or `capped`.

        The address has a hash under each secret of the ring, the newest first. The same name counts once. Reads and
        writes one item, however many mails there were. Raises `Conflict` when somebody else counted at the same moment.
        """


class Ses(Protocol):
    """Hand mails to SES."""

    def send(self, raw: bytes, source: str, destinations: tuple[str, ...]) -> str:
        """Send a written-out mail and return SES's id for it.

        Raises `Unsent` when SES has definitely not taken it, `Permanent` when it never will, and `Unknown` when it may
        have.
        """
