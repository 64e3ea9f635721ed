"""What a specialist's mail does: the words to the shopper, and the commands that stand with them.

The grammar (`mail/commands.py`) has decided before this what is a command and what is text; here nothing is parsed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from undivided.answering import release, specialist_writes, take_back
from undivided.attention.duty import Given
from undivided.changes import Changes
from undivided.closing import ask_once, end
from undivided.consulting import consult
from undivided.handing_over import hand_over
from undivided.message import Message
from undivided.outbox import Kind, Mail
from undivided.snoozing import snooze
from undivided.state import Conversation, HandOver, Outcome
from undivided.values import Money, SpecialistId, stamp


@dataclass(frozen=True, slots=True)
class Order:
    """One understood command of a specialist; `word` is its English name."""

    word: str
    reason: str = ""
    sale: Money | None = None
    to: SpecialistId | None = None
    until: datetime | None = None


def obey(
    conversation: Conversation,
    who: SpecialistId,
    message: Message,
    orders: tuple[Order, ...],
    settles: int,
    given: Given,
) -> Changes | None:
    """Relay the words of `message`, if it has any, then do what the orders say, all in one transaction.

    A note is kept among colleagues, and the orders are obeyed all the same; `undo` goes before the words, which would let
    the held answer go. None: it has no words, and no order changes anything; what it asks for is done, or is no longer
    theirs to do.
    """
    asked = next((one.to for one in orders if one.word == "ask"), None)
    if asked:
        asked_text = replace(message, text="\n\n".join(filter(None, (_reason(orders, "ask"), message.text))))
        free = release(conversation, given) or Changes(conversation, conversation)
        consulted = consult(free.after, who, asked, asked_text, given.after(free))
        return _with_rest(free.then(consulted), who, orders, given) if consulted else None
    start = Changes(conversation, conversation)
    undone = [one for one in orders if one.word == "undo"]
    changes, idle = _each(start, who, undone, given)
    if idle:
        return None
    if message.note or message.text.strip() or message.files or message.offers:
        changes = changes.then(specialist_writes(changes.after, who, message, settles, given.after(changes)))
    changes, idle = _each(changes, who, [one for one in orders if one not in undone], given)
    if changes is start:
        return None
    done = tuple(one for one in orders if one not in idle)
    return _understood(ask_once(changes), who, done, idle) if orders else ask_once(changes)


def _with_rest(changes: Changes, who: SpecialistId, orders: Sequence[Order], given: Given) -> Changes:
    """Obey what stands beside a question to a colleague: whoever asks may go away with the same mail."""
    changes, idle = _each(changes, who, [one for one in orders if one.word != "ask"], given)
    return _understood(changes, who, [one for one in orders if one not in idle], idle)


def _each(changes: Changes, who: SpecialistId, orders: Sequence[Order], given: Given) -> tuple[Changes, list[Order]]:
    """Obey one order after the other; return with them those that changed nothing."""
    idle = list[Order]()
    for order in orders:
        more = _ORDERS[order.word](changes.after, who, order, given.after(changes))
        changes = changes.then(more)
        idle += [] if more else [order]
    return changes, idle


def understands(word: str) -> bool:
    return word in _ORDERS or word == "ask"


def _reason(orders: tuple[Order, ...], word: str) -> str:
    return next((one.reason for one in orders if one.word == word), "")


def _understood(changes: Changes, who: SpecialistId, orders: Sequence[Order], idle: Sequence[Order] = ()) -> Changes:
    """Tell the specialist what was done, and which orders changed nothing: a misread amount must not stay unseen."""
    until = next((stamp(one.until) for one in orders if one.until), "")
    told = {"what": _said(orders), "until": until, "idle": _said(idle)}
    confirmed = Mail(who, Kind.UNDERSTOOD, data={name: value for name, value in told.items() if value})
    return replace(changes, mails=(*changes.mails, confirmed))


def _said(orders: Sequence[Order]) -> str:
    return "\n".join(" ".join(str(part) for part in (one.word, one.sale, one.to, one.reason) if part) for one in orders)


def _won(conversation: Conversation, who: SpecialistId, order: Order, given: Given) -> Changes | None:
    return end(conversation, Outcome.WON, given, by=who, sale=order.sale)


def _lost(conversation: Conversation, who: SpecialistId, order: Order, given: Given) -> Changes | None:
    return end(conversation, Outcome.LOST, given, by=who, reason=order.reason)


def _close(conversation: Conversation, who: SpecialistId, order: Order, given: Given) -> Changes | None:
    return end(conversation, Outcome.ANSWERED, given, by=who, reason=order.reason)


def _pass(conversation: Conversation, who: SpecialistId, order: Order, given: Given) -> Changes | None:
    return hand_over(conversation, who, HandOver.PASSED, given, to=order.to)


def _not_mine(conversation: Conversation, who: SpecialistId, _order: Order, given: Given) -> Changes | None:
    return hand_over(conversation, who, HandOver.NOT_MINE, given)


def _release(conversation: Conversation, who: SpecialistId, _order: Order, given: Given) -> Changes | None:
    return hand_over(conversation, who, HandOver.RELEASED, given)


def _snooze(conversation: Conversation, who: SpecialistId, order: Order, given: Given) -> Changes | None:
    return snooze(conversation, who, order.until, given) if order.until else None


def _undo(conversation: Conversation, who: SpecialistId, _order: Order, given: Given) -> Changes | None:
    return take_back(conversation, who, given)


def _away(conversation: Conversation, who: SpecialistId, order: Order, given: Given) -> Changes | None:
    """Away until a moment, or without one until they write again; what they have in focus here is handed over."""
    moved = hand_over(conversation, who, HandOver.AWAY, given) if conversation.with_whom == who else None
    changes = moved or Changes(conversation, replace(conversation, changed_at=given.now))
    desk = given.after(changes).desk(who)
    gone = replace(desk, away_until=order.until, silent=desk.silent or order.until is None)
    kept = tuple(one for one in changes.desks if one.specialist != who)
    mails = tuple(mail for mail in changes.mails if mail.to != who)
    return replace(changes, desks=(*kept, gone), mails=mails)


def _back(conversation: Conversation, who: SpecialistId, _order: Order, given: Given) -> Changes | None:
    here = replace(given.desk(who), away_until=None, silent=False)
    return Changes(conversation, replace(conversation, changed_at=given.now), desks=(here,))


_ORDERS: dict[str, Callable[[Conversation, SpecialistId, Order, Given], Changes | None]] = {
    "won": _won,
    "lost": _lost,
    "close": _close,
    "pass": _pass,
    "not_mine": _not_mine,
    "release": _release,
    "snooze": _snooze,
    "undo": _undo,
    "away": _away,
    "back": _back,
}
