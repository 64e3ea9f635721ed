"""What the heart decides about: plain data that every room of the house may read, and nobody may change in place.

`aws/table.py` commits it in one transaction, so that what stands here is also what stands in the table. Field names are
the words of docs/architecture.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from undivided.expertise.asked import Reason
from undivided.promise.estimate import Promise
from undivided.question import About, CallBack, Shopper
from undivided.values import ConversationId, Money, SpecialistId

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


FINAL = frozenset({Outcome.SPAM, Outcome.ERASED})
"""Outcomes from which nothing re-opens."""


class HandOver(StrEnum):
    """Why a conversation left a specialist."""

    PASSED = "passed"
    NOT_MINE = "not_mine"
    """Not their field: it should not have come to them."""
    RELEASED = "released"
    """Given back to the line, for want of time."""
    SILENT = "silent"
    OVERDUE = "overdue"
    """The shopper was told a new time twice, before the specialist was reminded: nobody was silent."""
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
    MISSED = "missed"
    REMIND = "remind"
    HAND_OVER = "hand_over"
    NUDGE = "nudge"
    LAPSE = "lapse"
    SNOOZE = "snooze"
    HOLD = "hold"
    CONSULT = "consult"
    LINGER = "linger"
    CALL = "call"


class Mark(StrEnum):
    """What a shopper answers when asked whether it helped."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


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
    wrote_again_at: datetime | None = None
    """When the shopper's words came that are owed an answer now; None: those that it began with."""
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
    missed: bool = False
    """The promise told first has fallen due without an answer, and the calibration has been told of it."""
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
    def waits_since(self) -> datetime:
        """Return the age that counts in every line: a shopper who writes again after days has not waited for days."""
        return self.wrote_again_at or self.asked_at

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
