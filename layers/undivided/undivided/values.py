"""Small values with a type of their own: money, addresses, identifiers and moments.

All moments in the product are aware datetimes in UTC; zones exist only where people read or write a time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import NewType

Address = NewType("Address", str)
"""A bare e-mail address, as `address()` returns it."""
AddressHash = NewType("AddressHash", str)
"""32 characters that stand for an address where it must not be written, as `mail.keys.address_hash` returns them."""
ConversationId = NewType("ConversationId", str)
"""12 characters of lower-case base32 (60 bits); it is also the short code in subjects."""
SpecialistId = NewType("SpecialistId", str)
"""The specialist's key in `undivided.yaml`: lower-case letters, digits and hyphens."""
SHOPPER = "shopper"
"""Names the shopper wherever a party is named, as its id names a specialist."""
OWNER = "owner"
"""Names the owner as an addressee."""

_ADDRESS = re.compile(
    r"[^\s@<>()\[\],;:\\\"\x00-\x1f]{1,64}@(?:[^\s@.<>\x00-\x1f-][^\s@.<>\x00-\x1f]{0,62}\.)+[^\s@.<>\x00-\x1f]{2,63}"
)
_CURRENCY = re.compile(r"[A-Z]{3}")


class Unusable(ValueError):
    """A value from outside cannot be used; the message says what to write instead."""


def address(text: str) -> Address:
    """Return `text` as a bare address with its domain in lower case; raise `Unusable` if it is none (RFC 5321 limits)."""
    bare = text.strip()
    if len(bare) > 254 or not _ADDRESS.fullmatch(bare):  # noqa: PLR2004 - RFC 5321 4.5.3.1.3 less the angle brackets
        raise Unusable(f"{bare[:80]!r} is not an e-mail address; write it like anna@example.com")
    local, _, domain = bare.rpartition("@")
    return Address(f"{local}@{domain.lower()}")


def same_address(one: str, other: str) -> bool:
    """Say whether two addresses reach the same mailbox; like every large provider, local parts ignore case."""
    return one.strip().casefold() == other.strip().casefold()


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency (ISO 4217); sums never mix currencies."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not _CURRENCY.fullmatch(self.currency):
            raise Unusable(f"{self.currency!r} is not a currency; write a code of three letters like EUR")
        if not self.amount.is_finite():
            raise Unusable(f"{self.amount} is not an amount; write it like 49.90")

    def __add__(self, other: Money) -> Money:
        if self.currency != other.currency:
            raise Unusable(f"cannot add {other.currency} to {self.currency}; keep one sum for each currency")
        return Money(self.amount + other.amount, self.currency)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    @classmethod
    def read(cls, text: str) -> Money:
        """Read the form that `str()` writes, `49.90 EUR`; raise `Unusable` for anything else."""
        amount, _, currency = text.strip().partition(" ")
        try:
            return cls(Decimal(amount), currency)
        except InvalidOperation:
            raise Unusable(f"{text!r} is not an amount of money; write it like 49.90 EUR") from None


def moment(text: str) -> datetime:
    """Read an ISO 8601 time with an offset as UTC; raise `Unusable` if it names no offset."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise Unusable(f"{text!r} is not a time; write it like 2026-05-01T09:30:00+00:00") from None
    if read.tzinfo is None:
        raise Unusable(f"{text!r} names no time zone; add an offset like +00:00")
    return read.astimezone(UTC)


def stamp(when: datetime) -> str:
    """Write a moment so that text order is time order: UTC, milliseconds, always the same length."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}+00:00"
