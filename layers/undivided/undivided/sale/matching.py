"""Whose sale an order is: a tracked link says it for certain, a code in the buyer's note too, an address probably."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

from undivided.mail.keys import OFFER, KeyRing, read_link_key
from undivided.sale.orders import Order
from undivided.state import Conversation, Outcome
from undivided.values import ConversationId

LINK, CODE, ADDRESS = "link", "code", "address"
MOST_CODES = 3
_KEY = re.compile(r"(?<![a-z2-7])[a-z2-7]{31}(?![a-z2-7])", re.IGNORECASE)
_CODE = re.compile(r"(?<![\w-])[a-z2-7]{12}(?![\w-])", re.IGNORECASE)
_FINAL = frozenset({Outcome.SPAM, Outcome.ERASED})


def by_link(order: Order, ring: KeyRing) -> ConversationId | None:
    """Return the conversation whose tracked link led to this order. The key is signed: nobody can make one up."""
    for place in (*order.links, order.note):
        for found in _KEY.finditer(place[:2000]):
            if read := read_link_key(ring, found[0], OFFER):
                return read[0]
    return None


def codes(order: Order) -> tuple[ConversationId, ...]:
    """Return what may be a conversation's code in the note, most likely first: a word with a digit, as most codes are."""
    found = dict.fromkeys(one[0].lower() for one in _CODE.finditer(order.note))
    likely = sorted(found, key=lambda one: not any(letter.isdigit() for letter in one))
    return tuple(ConversationId(one) for one in likely[:MOST_CODES])


def by_address(candidates: Iterable[Conversation], order: Order, within: timedelta) -> Conversation | None:
    """Return the conversation of this buyer that best explains the order; one about a bought product, then the last.

    Only one that was answered before the order was placed, and whose last change is not longer ago than `within`.
    """
    explains = [one for one in candidates if _explains(one, order, within)]
    return max(explains, key=lambda one: (one.about.sku in order.skus, one.changed_at), default=None)


def _explains(conversation: Conversation, order: Order, within: timedelta) -> bool:
    answered = conversation.first_answer_at
    if conversation.outcome in _FINAL or answered is None:
        return False
    return answered <= order.placed_at <= conversation.changed_at + within
