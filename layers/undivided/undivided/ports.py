"""What the steps need of the world, each as small as one need; `aws/` has the adapters, `tests/fakes/` the doubles.

Every method may raise the `Retryable` and `Permanent` of errors.py; only the others are named here. Reads are strongly
consistent unless they say otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from undivided.config import Cap
from undivided.record import Entry, EntryId, MailRef, Post, Record, Roster
from undivided.record import Received as ReceivedMail
from undivided.state import Changes, Conversation, Desk, Fact, Place
from undivided.values import ConversationId, SpecialistId

if TYPE_CHECKING:
    from undivided.expertise.learned import Learned
    from undivided.knowledge.answers import Answer
    from undivided.knowledge.index import Index
    from undivided.knowledge.publishing import Decided, Standing
    from undivided.knowledge.shelf import Shelf


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
        asker: str = "",
    ) -> Conversation:
        """Commit wholly or not at all, and return the conversation as it now stands.

        `seen` names the outside event that caused it, `received` the mail; `references` are Message-IDs to be found
        later, of which the first to be recorded counts; `asker` is the hash of the address by which `Askers` finds a
        new conversation. Raises `Conflict` when a version had moved on, `Duplicate` when `seen`, `received` or an order
        that it credits had been committed before, `TooLarge` beyond the limits of one transaction.
        """


class Askers(Protocol):
    """Find the conversations of one address."""

    def conversations(self, hashes: Iterable[str], limit: int) -> tuple[ConversationId, ...]:
        """Return those that an address, under any of its hashes, has asked; the newest first, at most `limit`."""


class Orders(Protocol):
    """Find the conversation that an order was credited to."""

    def conversation(self, order: str) -> ConversationId | None: ...

    def close(self, order: str, now: datetime) -> bool:
        """Have an order that nobody was credited with never be credited; False if it was, or is closed."""


class Desks(Protocol):
    """Load desks; save one that changes without a conversation."""

    def desk(self, specialist: SpecialistId) -> Desk:
        """Return the desk; a new one with version 0 for a specialist who has none yet."""

    def desks(self, specialists: Iterable[SpecialistId]) -> Mapping[SpecialistId, Desk]:
        """Return the desk of each of them, new ones included."""

    def save(self, desk: Desk, now: datetime) -> Desk:
        """Save and return the desk; raise `Conflict` when its version had moved on."""


class Lines(Protocol):
    """Read one specialist's line, in order. Places are put and deleted by `Conversations.commit`."""

    def first(self, specialist: SpecialistId, limit: int) -> tuple[tuple[Place, ConversationId], ...]: ...

    def ahead(self, specialist: SpecialistId, when: datetime, most: int = 50) -> int:
        """Count the places, up to `most`, before one that would be new in the line and eligible at `when`."""

    def remove(self, place: Place, conversation: ConversationId) -> None:
        """Remove a place that its conversation does not know of; nothing happens if there is none."""


class Outbox(Protocol):
    """Move one outbox entry along: pending → sending → sent or failed.

    Each step is conditional, and returns the entry as it now stands; one that has ended stays as it ended.
    """

    def claim(self, entry: Entry, now: datetime) -> bool:
        """Take `entry`, as it was read, for sending; also one whose claim is 15 minutes old and was never answered.

        False: somebody else has it, or it has changed since it was read.
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


class Rosters(Protocol):
    """Remember who was on the roster."""

    def known(self) -> Roster: ...

    def save(self, roster: Roster) -> None:
        """Raise `Conflict` when its version had moved on."""


class Turns(Protocol):
    """Find the outboxes in which mail may wait until a specialist turns to another conversation.

    An outbox is named when such a mail is put into it, by `Conversations.commit` and `Entries.post`.
    """

    def waiting(self, specialist: SpecialistId, limit: int) -> tuple[ConversationId, ...]: ...

    def done(self, specialist: SpecialistId, outbox: ConversationId) -> None:
        """Forget one: nothing in it waits for them; nothing happens if it is not named."""


class Quiet(Protocol):
    """Limit the automatic mail to one address, and stop it after a complaint."""

    def hush(self, address_hash: str, now: datetime) -> None:
        """Let no automatic mail go to an address any more; its owner has complained."""

    def lift(self, address_hashes: Iterable[str], now: datetime) -> bool:
        """Forget the complaint of an address, under any of its hashes: its owner has written. False: there was none."""

    def allow(self, address_hashes: Iterable[str], caps: tuple[Cap, ...], name: str, now: datetime) -> str:
        """Count the mail `name` for an address; return "" if it may go, else why not: `complaint` or `capped`.

        The address has a hash under each secret of the ring, the newest first. The same name counts once. Reads and
        writes one item, however many mails there were. Raises `Conflict` when somebody else counted at the same moment.
        """


class Received(Protocol):
    """Know what became of each received mail."""

    def fate(self, ses_id: str) -> ReceivedMail | None: ...

    def record(self, received: ReceivedMail) -> None:
        """Record the fate of a mail that changes nothing else; raise `Duplicate` when it has one."""


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


class MailStore(Protocol):
    """Keep whole mails, received and sent."""

    def raw(self, key: str) -> bytes:
        """Return a whole mail; raise `NotThereYet` for a key that has no object."""

    def keep_sent(self, entry_id: str, raw: bytes) -> bytes:
        """Keep a mail as it was first written out, and return that: sent again, it is the same mail."""

    def part(self, key: str, number: int) -> bytes:
        """Return the decoded content of part `number` of the mail under `key`, as `mail.files.Attachment` numbers them.

        Empty if there is no such part.
        """


class Files(Protocol):
    """Keep files that are too large for a mail."""

    def keep(self, key: str, content: bytes, content_type: str) -> None: ...

    def address(self, key: str, name: str, content_type: str) -> str:
        """Return where anybody can download it for five minutes, saved under `name`, never shown.

        Raises `NotThereYet` for a key that has no object.
        """


class Texts(Protocol):
    """Keep what is too large for the table, and the few objects that every process reads."""

    def get(self, key: str) -> bytes:
        """Raise `NotThereYet` for a key that has no object."""

    def put(self, key: str, content: bytes, content_type: str) -> None: ...

    def delete(self, key: str) -> None:
        """Remove an object; nothing happens if there is none."""


class Ses(Protocol):
    """Hand mails to SES."""

    def send(self, raw: bytes, source: str, destinations: tuple[str, ...]) -> str:
        """Send a written-out mail and return SES's id for it.

        Raises `Unsent` when SES has definitely not taken it, `Permanent` when it never will, and `Unknown` when it may
        have.
        """


class Schedules(Protocol):
    """Have the clock look at a conversation at some time; twice or late does no harm."""

    def remind_at(self, conversation: ConversationId, when: datetime, now: datetime) -> None: ...


class Queue(Protocol):
    """Put messages into one queue."""

    def send(self, body: str, delay: int = 0) -> None:
        """Send one message; `delay` in seconds, at most 900."""

    def send_all(self, bodies: Iterable[str]) -> None:
        """Send many, ten to a request; raise `Unavailable` if any was not taken."""


class Lessons(Protocol):
    """Pass on what somebody can learn from, in order, to the one who does."""

    def send(self, body: str, name: str) -> None:
        """Send one lesson; the same `name` within five minutes is one lesson."""


class LearnedStore(Protocol):
    """Keep what was learned. Only its one writer publishes."""

    def current(self) -> Learned:
        """Return what is known, at most a minute old; nothing at all, rather than an error, when it cannot be read."""

    def latest(self) -> Learned:
        """Return a copy to add to, as last published; raise `Retryable` when it cannot be read."""

    def publish(self, learned: Learned) -> None: ...

    def rebuilt(self) -> Learned:
        """Return the state that was built anew from all conversations; raise `NotThereYet` if none was."""


class KnowledgeStore(Protocol):
    """Keep earlier answers and their index. Only its one writer does more than `current` and `answer`."""

    def current(self) -> Index:
        """Return what can be searched, at most a minute old; what is known, rather than an error or a long wait."""

    def answer(self, key: ConversationId) -> Answer | None: ...

    def latest(self) -> Shelf:
        """Return a copy to add to, as last published; raise `Retryable` when it cannot be read."""

    def has(self, key: ConversationId) -> bool:
        """Say whether there is an answer of this conversation."""

    def keep(self, answer: Answer) -> None: ...

    def drop(self, key: ConversationId) -> None: ...

    def publish(self, shelf: Shelf) -> None: ...

    def merge(self, shelf: Shelf, oldest: datetime) -> Shelf:
        """Publish the shelf with all of it in the large part, without what is gone or was answered before `oldest`."""

    def tidy(self, shelf: Shelf) -> None:
        """Remove large parts that `merge` has replaced."""

    def holds(self, shelf: Shelf, key: ConversationId) -> bool:
        """Say whether the large part has something of a conversation."""


class Publications(Protocol):
    """Keep what the owner decided about proposed answers."""

    def of_product(self, sku: str, limit: int) -> tuple[Decided, ...]:
        """Return the published answers about a product, the newest first."""

    def find(self, sku: str, conversation: ConversationId, number: int) -> Decided | None: ...

    def decide(self, decided: Decided, was: Standing | None) -> bool:
        """Write a decision in place of the one that stands (None: of none); False if another stands there by now."""


class Bus(Protocol):
    """Tell the outside what happened."""

    def tell(self, fact: Fact, conversation: ConversationId, version: int, index: int) -> None:
        """Publish fact `index` of a conversation's version; the three numbers make it known again when it comes twice."""


class Web(Protocol):
    """Call somebody's server."""

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """POST and return the status, within 20 seconds; no redirect is followed. Raises `Unavailable` without an answer."""


class Later(Protocol):
    """Put off a queue's message that failed."""

    def put_off(self, receipt: str, attempt: int) -> None:
        """Have it come again after a pause that grows with `attempt`, the number of the attempt that failed, from 1."""


class Alarms(Protocol):
    """Have somebody look."""

    def raise_for(self, what: str) -> None:
        """Count one `what`, a metric that an alarm of template.yaml stands on."""


class Secrets(Protocol):
    """Read what `setup` created and nobody else may see."""

    def secret(self) -> str:
        """Return the secret's text, at most five minutes old."""
