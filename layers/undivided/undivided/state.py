"""What the heart decides about: plain data that every room of the house may read, and nobody may change in place.

A decision returns `Changes`; `aws/table.py` commits them in one transaction, so that what stands here is also what
stands in the table. Field names are the words of docs/architecture.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from undivided.expertise.asked import Reason
from undivided.promise.estimate import Handling, Promise
from undivided.promise.handling import Work
from undivided.values import Address, ConversationId, Money, SpecialistId

SHOPPER = "shopper"
OWNER = "owner"
RESUME_LANE = "0"
NEW_LANE = "1"
MOST_PLACES = 9
"""A question stands in at most so many lines: a claim deletes them all in one transaction of at most 25 items."""


class State(StrEnum):
    """Where a conversation is; it is in exactly one of these at every moment."""

    WAITING = "waiting"
    FOCUS = "focus"
    CONSULTING = "consulting"
    WITH_SHOPPER = "with_shopper"
    SNOOZED = "snoozed"
    ENDED = "ended"


class Outcome(StrEnum):
    """How a conversation ended."""

    WON = "won"
    LOST = "lost"
    ANSWERED = "answered"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    SPAM = "spam"
    ERASED = "erased"


class HandOver(StrEnum):
    """Why a conversation left a specialist."""

    PASSED = "passed"
    NOT_MINE = "not_mine"
    """Not their field: it should not have come to them."""
    RELEASED = "released"
    """Given back to the line, for want of time."""
    SILENT = "silent"
    AWAY = "away"
    BOUNCED = "bounced"
    REMOVED = "removed"


class Stood(StrEnum):
    """How a specialist stood when a question was accepted."""

    FREE = "free"
    LINE = "line"
    """Free, but somebody stood in line before it."""
    BUSY = "busy"
    """Every focus slot was taken."""
    OFF = "off"
    """Off duty, away or silent, or the whole desk was paused."""


class Timer(StrEnum):
    """What a conversation waits for; the times stand in the conversation, a fired timer only says: look."""

    WAKE = "wake"
    WIDEN = "widen"
    PROMISE = "promise"
    REMIND = "remind"
    HAND_OVER = "hand_over"
    NUDGE = "nudge"
    LAPSE = "lapse"
    SNOOZE = "snooze"
    HOLD = "hold"
    CONSULT = "consult"
    LINGER = "linger"
    CALL = "call"


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


class Mark(StrEnum):
    """What a shopper answers when asked whether it helped."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Status(StrEnum):
    """What became of one outbox entry; `sent` and `failed` are the two ends."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Shopper:
    """Who asked."""

    name: str
    email: Address
    language: str
    zone: str = ""
    """IANA zone of their browser; empty without JavaScript: times are then in the shop's zone and say so."""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class CallBack:
    """When a shopper wants to be called, at the number of `Shopper.phone`; both are moments."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class About:
    """The product that a question is about, as the page named it."""

    sku: str = ""
    title: str = ""
    category: str = ""
    brand: str = ""
    price: Money | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What the shopper sent: the body of one message in the `questions` queue."""

    id: ConversationId
    shopper: Shopper
    about: About
    text: str
    asked_at: datetime
    promise: Promise | None
    """As told in the answer to the form; None says "no time yet"."""
    source: str = "form"
    extra: tuple[tuple[str, str], ...] = ()
    """Label and value of the form's own fields."""
    call_back: CallBack | None = None


@dataclass(frozen=True, slots=True)
class File:
    """One attachment of a message: part `part` of the raw mail, in walk order."""

    name: str
    content_type: str
    size: int
    part: int
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """An article of the catalogue that a specialist puts into an answer."""

    sku: str
    price: Money | None = None
    """What this shopper is asked for; None: what the catalogue says."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something a party said. `number` is the version of the conversation that recorded it."""

    number: int
    author: str
    """`shopper` or a specialist's id."""
    at: datetime
    text: str
    html: str = ""
    note: bool = False
    """A note never reaches the shopper."""
    via: str = "mail"
    message_id: str = ""
    """The writer's own Message-ID, for threading."""
    references: tuple[str, ...] = ()
    raw: str = ""
    """Key of the whole mail in the mail bucket."""
    files: tuple[File, ...] = ()
    remark: str = ""
    """Shown to the other side, for example that it came from another address."""
    offers: tuple[Offer, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Place:
    """A place in one specialist's line; order is (lane, eligible_at, conversation)."""

    specialist: SpecialistId
    lane: str
    eligible_at: datetime


@dataclass(frozen=True, slots=True)
class Ranked:
    """One specialist's rank for this question, kept to explain and to widen."""

    specialist: SpecialistId
    estimate: float
    reasons: tuple[Reason, ...] = ()
    """The strongest three, strongest first."""
    decisive: Reason | None = None
    """Of the first: the reason without which `otherwise` would have come first; None if no single one decided."""
    otherwise: SpecialistId | None = None
    parts: Mapping[str, float] = field(default_factory=dict)
    """Of the first three: name of a part -> what it added to the logarithm of the estimate."""
    stood: Stood | None = None
    """Of the first three: how they stood when the question came."""


@dataclass(frozen=True, slots=True)
class Credit:
    """One paid order of the shop that counts as a conversation's sale."""

    amount: Money
    how: str
    """How the conversation was found: by `link`, `code` or `address`."""
    taken_back: Mapping[str, Money] = field(default_factory=dict)
    """Refund -> amount, in the order's currency."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Everything that a decision needs to know of one question. `said` and `settled` are message numbers."""

    id: ConversationId
    shopper: Shopper
    about: About
    asked_at: datetime
    changed_at: datetime
    version: int = 0
    state: State = State.WAITING
    outcome: Outcome | None = None
    reason: str = ""
    sale: Money | None = None
    specialist: SpecialistId | None = None
    """Who has it in focus, or had the last word, or in whose resume lane it stands."""
    call_back: CallBack | None = None
    """It waits for a call: nobody may take it before; None once the time is over, or when mail is wanted."""
    parties: tuple[SpecialistId, ...] = ()
    """Everybody it was ever delivered to, in order: party 1, 2, … of the reply addresses; the shopper is party 0."""
    former: Mapping[SpecialistId, HandOver] = field(default_factory=dict)
    next_to: SpecialistId | None = None
    """Whom an answered conversation was passed to: they get it if the shopper writes again."""
    places: tuple[Place, ...] = ()
    ranking: tuple[Ranked, ...] = ()
    fits: bool = True
    fit: float = 0.0
    """How much the question looks like what this desk knows, as the router saw it."""
    explored: SpecialistId | None = None
    """Who got it first, though somebody ready was the better guess, so that the desk gets to know them."""
    promise: Promise | None = None
    """What the shopper was told last; None while nothing is owed, or when there is "no time yet"."""
    told_first: Promise | None = None
    """The promise that `promise` revises, until the answer: what is scored, and calibrates the next ones."""
    timers: Mapping[Timer, datetime] = field(default_factory=dict)
    said: int = 0
    """Number of the shopper's last message that wants an answer."""
    settled: int = 0
    """The shopper's words are answered up to this number."""
    delivered_at: datetime | None = None
    first_answer_at: datetime | None = None
    answered_by: SpecialistId | None = None
    """Who answered last since the last hand-over; None: nobody yet."""
    nudged: bool = False
    unreachable: str = ""
    """The diagnostic of the shopper's permanent bounce."""
    consulted: SpecialistId | None = None
    """Who was asked by `specialist`, while the conversation is consulting."""
    consult_delivered: bool = False
    """The question to them has left their line: it takes one of their focus slots."""
    held: int = 0
    """Number of the answer that waits for the end of its hold; 0 for none."""
    held_settles: int = 0
    credits: Mapping[str, Credit] = field(default_factory=dict)
    """`<source>:<order id>` -> what it brought; `sale` is what is left of them (sale/credits.py)."""
    surveyed: bool = False
    """The shopper has been asked whether it helped; that happens once."""
    rated: str = ""
    """What they answered: `yes`, `partly` or `no`."""
    taken_back: tuple[int, ...] = ()
    """Numbers of answers that were undone within their hold: nobody but their writer ever sees them."""

    @property
    def number(self) -> int:
        """The version that the next commit will have; messages recorded by it carry this number."""
        return self.version + 1

    @property
    def due_at(self) -> datetime | None:
        return min(self.timers.values(), default=None)

    @property
    def with_whom(self) -> SpecialistId | None:
        """Whose focus slot it takes; None while it takes none."""
        if self.state is State.FOCUS:
            return self.specialist
        return self.consulted if self.state is State.CONSULTING and self.consult_delivered else None

    def place_of(self, specialist: SpecialistId) -> Place | None:
        return next((place for place in self.places if place.specialist == specialist), None)


@dataclass(frozen=True, slots=True)
class Desk:
    """A specialist's focus slots, away state and handling statistics."""

    specialist: SpecialistId
    version: int = 0
    focus: Mapping[ConversationId, datetime] = field(default_factory=dict)
    """Conversation -> since when."""
    away_until: datetime | None = None
    silent: bool = False
    """After a silent hand-over nothing new goes here until they write."""
    handling: Handling = field(default_factory=Handling)
    work: Work = field(default_factory=Work)
    proven_at: datetime | None = None
    """When an answer to the welcome mail last proved that their mail reaches us and is believed."""
    lingering: Mapping[ConversationId, datetime] = field(default_factory=dict)
    """Answered conversation -> until when a slot is kept for its shopper, who may write back at once."""

    def with_focus(self, conversation: ConversationId, since: datetime) -> Desk:
        return replace(self, focus={**self.focus, conversation: since}).without_linger(conversation)

    def with_linger(self, conversation: ConversationId, now: datetime, until: datetime) -> Desk:
        live = {one: at for one, at in self.lingering.items() if at > now}
        return replace(self, lingering={**live, conversation: until})

    def without_linger(self, conversation: ConversationId) -> Desk:
        return replace(self, lingering={one: at for one, at in self.lingering.items() if one != conversation})

    def without_focus(self, conversation: ConversationId) -> Desk:
        return replace(self, focus={one: since for one, since in self.focus.items() if one != conversation})


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened, for metrics, learning and the event bus; `name` is in docs/events.md."""

    name: str
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Changes:
    """What one decision wants: committed wholly, in one transaction with version checks, or not at all.

    `before` is None for a new conversation. Places and timers are not listed: they are the difference between
    `before` and `after`. Each desk stands with the version it was read at.
    """

    before: Conversation | None
    after: Conversation
    messages: tuple[Message, ...] = ()
    mails: tuple[Mail, ...] = ()
    desks: tuple[Desk, ...] = ()
    facts: tuple[Fact, ...] = ()

    def then(self, second: Changes | None) -> Changes:
        """Join a decision made on `self.after` to this one, so that both become one transaction."""
        if second is None:
            return self
        desks = {desk.specialist: desk for desk in (*self.desks, *second.desks)}
        return Changes(
            before=self.before,
            after=second.after,
            messages=self.messages + second.messages,
            mails=self.mails + second.mails,
            desks=tuple(desks.values()),
            facts=self.facts + second.facts,
        )
