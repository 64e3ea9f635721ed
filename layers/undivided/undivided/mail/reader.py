"""Who a mail goes to, and as whom they may answer it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from undivided.config import Shop, Specialist
from undivided.errors import Refused
from undivided.mail.keys import KeyRing, reply_address
from undivided.mail.masking import Mask, masking
from undivided.outbox import Entry
from undivided.record import Record
from undivided.texts import say, spoken
from undivided.values import OWNER, SHOPPER, Address, SpecialistId

if TYPE_CHECKING:
    from undivided.knowledge.answers import Answer

SYSTEM = "desk"
"""Local part of the address of mails that belong to no party of a conversation."""


def _none(_record: Record) -> tuple[Answer, ...]:
    return ()


MOST_COUNTED = 20
"""So many places of a line are counted for a mail, and then "more than" that is said."""


@dataclass(frozen=True, slots=True)
class Context:
    """What writing a mail needs besides the record."""

    shop: Shop
    ring: KeyRing
    public_url: str
    """Where the pages are, for example `https://ask.shop.example`."""
    now: datetime
    attachment: Callable[[str, int], bytes]
    """Returns the content of part `number` of the mail under a key of the mail bucket."""
    keep: Callable[[str, bytes, str], None]
    """Keeps a file that is too large for a mail: key, content, type."""
    region: str = "us-east-1"
    configuration_set: str = ""
    earlier: Callable[[Record], tuple[Answer, ...]] = _none
    """Returns earlier answers to questions like that of a conversation, none rather than an error."""
    waiting: Callable[[SpecialistId], int] = lambda _who: 0
    """Returns how many stand in the line of somebody, at most `MOST_COUNTED` and one."""


@dataclass(frozen=True, slots=True)
class Reader:
    """The addressee of one mail."""

    to: str
    """As in `Mail.to`."""
    address: Address
    name: str
    language: str
    zone: str
    zone_known: bool
    """False: times are told with the zone's name."""
    reply: Address
    """The address that the mail comes from: signed for this party, or the system's."""
    party: int | None
    mask: Mask
    person: Specialist | None = None

    def say(self, key: str, **values: object) -> str:
        return say(self.language, key, **values)


def reader_of(entry: Entry, record: Record | None, context: Context) -> Reader:
    """Return who reads this entry's mail; raise `errors.Refused` for somebody who is not on the roster any more."""
    to = entry.mail.to
    if to == SHOPPER:
        return _shopper(_needed(record, entry), context)
    if to in context.shop.specialists:
        return _specialist(context.shop.specialists[SpecialistId(to)], record, context)
    if to != OWNER and "@" not in to:
        raise Refused(f"{to!r} is not on the roster; mail to them ends here")
    shop = context.shop
    language = spoken(entry.mail.data.get("language", ""), *shop.languages)
    address = shop.owner if to == OWNER else Address(to)
    return Reader(to, address, "", language, shop.zone, True, system_address(shop), None, lambda text: text)


def _shopper(record: Record, context: Context) -> Reader:
    shop, shopper = context.shop, record.conversation.shopper
    reply = reply_address(context.ring, record.conversation.id, 0, shop.mail_domain)
    theirs = (address for one in shop.specialists.values() for address in one.addresses)
    return Reader(
        to=SHOPPER,
        address=shopper.email,
        name=shopper.name,
        language=spoken(shopper.language, *shop.languages),
        zone=shopper.zone or shop.zone,
        zone_known=bool(shopper.zone),
        reply=reply,
        party=0,
        mask=masking(() if shop.unmask else theirs, reply),
    )


def _specialist(person: Specialist, record: Record | None, context: Context) -> Reader:
    shop = context.shop
    party = (
        record.conversation.parties.index(person.id) + 1
        if record and person.id in record.conversation.parties
        else None
    )
    reply = system_address(shop)
    if record and party is not None:
        reply = reply_address(context.ring, record.conversation.id, party, shop.mail_domain)
    hidden = (record.conversation.shopper.email,) if record and not shop.unmask else ()
    return Reader(
        to=person.id,
        address=person.email,
        name=person.name,
        language=spoken(*person.languages),
        zone=person.hours.zone,
        zone_known=True,
        reply=reply,
        party=party,
        mask=masking(hidden, reply),
        person=person,
    )


def system_address(shop: Shop) -> Address:
    """Return the address that mails of no conversation come from."""
    return Address(f"{SYSTEM}@{shop.mail_domain}")


def _needed(record: Record | None, entry: Entry) -> Record:
    if record is None:
        raise Refused(f"entry {entry.id} is for the shopper, but belongs to no conversation")
    return record
