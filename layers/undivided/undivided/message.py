"""What a party says in a conversation, and what goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from undivided.values import Money


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
