"""Take in a webhook of the shop system: check it, find whose sale the order is, credit it once, take refunds back."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass

from undivided.changes import Changes
from undivided.errors import Conflict, Duplicate, NotThereYet, Retryable
from undivided.mail.keys import address_hashes
from undivided.runtime import Runtime
from undivided.sale import matching
from undivided.sale.orders import MOST_BYTES, SOURCES, Order, check, is_ping, read
from undivided.sale.webhooks import Untrusted
from undivided.selling import credit, refund
from undivided.state import Conversation
from undivided.steps.given import given_for
from undivided.steps.look import pull_all
from undivided.values import Unusable

TRIES = 5
MOST_LOOKED_AT = 10
"""So many of an address's last conversations are looked at."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the shop system is told; everything but 200 makes it call again."""

    status: int
    words: str


def receive_order(source: str, headers: Mapping[str, str], body: bytes, rt: Runtime) -> Answer:
    """Answer one call. Called again with what has been dealt with, it says so with 200, and does nothing.

    Shop systems call again when an answer was lost, and give a webhook up after some answers that are not 200.
    """
    if source not in SOURCES:
        return Answer(404, f"unknown source; use one of {', '.join(SOURCES)}")
    if len(body) > MOST_BYTES:
        return Answer(413, f"more than {MOST_BYTES} bytes")
    try:
        return Answer(200, "pong" if is_ping(source, body) else _checked(source, headers, body, rt))
    except Untrusted as why:
        log.warning("refused a webhook of %s: %s", source, why)
        return Answer(401, "not signed as it should be, or too old")
    except Unusable as why:
        return Answer(400, str(why))
    except Retryable as why:
        log.warning("a webhook of %s must come again: %s", source, why)
        return Answer(503, "please call again")


def _checked(source: str, headers: Mapping[str, str], body: bytes, rt: Runtime) -> str:
    check(source, headers, body, _secrets(source, rt), rt.now())
    done = [take_order(one, rt) for one in read(source, headers, body, rt.now())]
    return ", ".join(done) or "nothing to do"


def take_order(order: Order, rt: Runtime) -> str:
    """Credit an order, or take a refund back, in one transaction; return what was done."""
    for _ in range(TRIES):
        try:
            return _take_back(order, rt) if order.refund_of else _credit(order, rt)
        except Duplicate:
            return "credited before"
        except Conflict:
            continue
    raise Conflict(f"order {order.key} met a moving conversation {TRIES} times")


def _credit(order: Order, rt: Runtime) -> str:
    if rt.orders.conversation(order.key):
        return ", ".join(["credited before", *_early(order, rt)])
    conversation, how = _whose(order, rt)
    if conversation is None:
        return "nobody's"
    changes = credit(conversation, order, how, given_for(conversation, rt))
    if changes is None:
        return "credited before"
    _commit(changes, rt)
    return ", ".join([f"credited to {conversation.id} by {how}", *_early(order, rt)])


def _early(order: Order, rt: Runtime) -> list[str]:
    """Take back what was given back before the order was credited; a caller who was cut off comes here again."""
    kept = rt.orders.kept(order.key).items()
    refunds = (Order(order.source, name, back, order.placed_at, refund_of=order.id) for name, back in kept)
    return [_take_back(one, rt) for one in refunds]


def _before_its_order(order: Order, rt: Runtime) -> str:
    """A refund may be faster than its order: all of it closes the order, which never counts; a part waits for it."""
    if order.amount is None:
        return "nobody's" if rt.orders.close(order.key, rt.now()) else "closed before"
    rt.orders.keep(order.key, order.id, order.amount, rt.now())
    if rt.orders.conversation(order.key):
        raise Conflict("the order was credited in this moment")
    return "nobody's"


def _take_back(order: Order, rt: Runtime) -> str:
    found = rt.orders.conversation(order.key)
    if found is None:
        return _before_its_order(order, rt)
    conversation = rt.conversations.conversation(found)
    changes = refund(conversation, order, given_for(conversation, rt)) if conversation else None
    if changes is None:
        return "taken back before"
    _commit(changes, rt)
    return f"taken back from {found}"


def _whose(order: Order, rt: Runtime) -> tuple[Conversation | None, str]:
    if (linked := matching.by_link(order, rt.ring)) and (found := rt.conversations.conversation(linked)):
        return found, matching.LINK
    for code in matching.codes(order):
        if found := rt.conversations.conversation(code):
            return found, matching.CODE
    hashes = address_hashes(rt.ring, order.email) if order.email else ()
    asked = rt.askers.conversations(hashes, MOST_LOOKED_AT)
    theirs = [found for one in asked if (found := rt.conversations.conversation(one))]
    return matching.by_address(theirs, order, rt.shop.pace.credit_within), matching.ADDRESS


def _commit(changes: Changes, rt: Runtime) -> None:
    rt.conversations.commit(changes, rt.now())
    pull_all((desk.specialist for desk in changes.desks), rt)


def _secrets(source: str, rt: Runtime) -> tuple[str, ...]:
    """Return the secrets of a source, newest first; none while the owner has set none."""
    try:
        kept = json.loads(rt.order_secrets.secret())
    except NotThereYet:
        return ()
    return tuple(kept.get(source, ()))
