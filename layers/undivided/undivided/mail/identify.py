"""Which conversation a mail belongs to: five keys, tried in order, each enough alone.

Only the first, the signed reply address, says who writes. The others name a conversation and are no secrets: they
count only from a known party whose mail authenticates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from undivided.config import Shop
from undivided.mail.keys import KEY, KeyRing, read_reply_address
from undivided.state import Conversation
from undivided.values import SHOPPER, ConversationId, same_address

_OWN_ID = re.compile(r"<c\.([a-z2-7]{12})\.\d+@([^>]+)>", re.IGNORECASE)
_KEYED = re.compile(rf"r-[a-z2-7]{{{KEY}}}@.+", re.IGNORECASE)
_CODE = re.compile(r"\[#?([a-z2-7]{12})\]", re.IGNORECASE)


class By(StrEnum):
    """Where the reference to the conversation stood."""

    ADDRESS = "address"
    MESSAGE_ID = "message_id"
    OWN_ID = "own_id"
    SUBJECT = "subject"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Found:
    """A reference to a conversation; `party` is known from a signed address alone (0 is the shopper)."""

    conversation: ConversationId
    by: By
    party: int | None = None


@dataclass(frozen=True, slots=True)
class Traces:
    """What of a mail may name a conversation."""

    recipients: tuple[str, ...]
    """Envelope recipients first, then To and Cc."""
    message_ids: tuple[str, ...]
    """In-Reply-To, then References from the newest to the oldest."""
    subject: str
    body: str


def identify(
    traces: Traces, ring: KeyRing, mail_domain: str, lookup: Callable[[str], ConversationId | None]
) -> Found | None:
    """Return the first reference that holds; `lookup` finds a stored Message-ID's conversation."""
    return next(iter(_all(traces, ring, mail_domain, lookup)), None)


def _all(
    traces: Traces, ring: KeyRing, mail_domain: str, lookup: Callable[[str], ConversationId | None]
) -> Iterable[Found]:
    yield from keys(traces.recipients, ring)
    for message_id in traces.message_ids:
        if conversation := lookup(message_id):
            yield Found(conversation, By.MESSAGE_ID)
    for message_id in traces.message_ids:
        own = _OWN_ID.fullmatch(message_id)
        if own and own[2].lower() == mail_domain.lower():
            yield Found(ConversationId(own[1].lower()), By.OWN_ID)
    for text, by in ((traces.subject, By.SUBJECT), (traces.body, By.BODY)):
        if code := _CODE.search(text):
            yield Found(ConversationId(code[1].lower()), by)


def keys(recipients: Iterable[str], ring: KeyRing) -> Iterator[Found]:
    """Yield the signed addresses that a mail was sent to, each conversation once: a mail may go to several."""
    known = set[ConversationId]()
    for recipient in recipients:
        key = read_reply_address(ring, recipient)
        if key and key[0] not in known:
            known.add(key[0])
            yield Found(key[0], By.ADDRESS, key[1])


def looks_signed(address: str) -> bool:
    """Say whether an address has the shape of a reply address, valid or not."""
    return _KEYED.fullmatch(address.strip().strip("<>")) is not None


def party_of(address: str, conversation: Conversation, shop: Shop) -> str | None:
    """Return whose address this is in a conversation; None for somebody else's."""
    if same_address(address, conversation.shopper.email):
        return SHOPPER
    for who in conversation.parties:
        person = shop.specialists.get(who)
        if person and any(same_address(address, one) for one in person.addresses):
            return who
    return None
