"""What the shopper sent: who they are, what it is about, and their words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from undivided.promise.estimate import Promise
from undivided.values import Address, ConversationId, Money


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
