"""Orders of the shop, as decisions about the conversation that led to them: credited once, taken back by refunds."""

from __future__ import annotations

from dataclasses import replace

from undivided.attention.duty import Given
from undivided.changes import Changes, Fact
from undivided.closing import end
from undivided.parts import tell_owner
from undivided.sale.credits import net, sale_of
from undivided.sale.orders import Order
from undivided.state import FINAL, Conversation, Credit, Outcome, State
from undivided.values import Money

REFUNDED = "refunded"
"""The reason of a sale that was lost again."""
ORDER = "order"
"""Who ended a conversation, when a shop system told of the order."""


def credit(conversation: Conversation, order: Order, how: str, given: Given) -> Changes | None:
    """Credit a paid order; the conversation is won, unless the shopper still waits for words: then once they have them.

    None for an order that is credited already. `how` is how it was matched: link, code or address.
    """
    if conversation.outcome in FINAL or order.key in conversation.credits or order.amount is None:
        return None
    credits_ = {**conversation.credits, order.key: Credit(order.amount, how)}
    paid = replace(conversation, credits=credits_, sale=sale_of(credits_, given.shop.currency), changed_at=given.now)
    fact = Fact("order_credited", {**_about(conversation, order.key, order.amount), "by": how})
    recorded = Changes(conversation, paid, facts=(fact,))
    if conversation.state is not State.ENDED and conversation.said > conversation.settled:
        return recorded
    return recorded.then(end(paid, Outcome.WON, given.after(recorded), by=ORDER))


def refund(conversation: Conversation, order: Order, given: Given) -> Changes | None:
    """Take back a refund's amount, or all that is left; a sale of which nothing is left is lost. None: nothing to take.

    A refund in another currency than the order's cannot be subtracted: the owner is told.
    """
    known = conversation.credits.get(order.key)
    if known is None or conversation.outcome in FINAL or order.id in known.taken_back or not net(known).amount:
        return None
    back = order.amount or net(known)
    if back.currency != known.amount.currency:
        return _unclear(conversation, order, back)
    credits_ = {
        **conversation.credits,
        order.key: replace(known, taken_back={**known.taken_back, order.id: back}),
    }
    after = replace(conversation, credits=credits_, sale=sale_of(credits_, given.shop.currency), changed_at=given.now)
    facts: tuple[Fact, ...] = (Fact("order_refunded", _about(conversation, order.key, back)),)
    if after.sale is None and after.outcome is Outcome.WON:
        after = replace(after, outcome=Outcome.LOST, reason=REFUNDED)
        facts = (*facts, Fact("ended", {"outcome": str(Outcome.LOST), "by": ORDER, "reason": REFUNDED}))
    return Changes(conversation, after, facts=facts)


def _unclear(conversation: Conversation, order: Order, back: Money) -> Changes:
    """Note it with an amount of zero, so that the owner is told once."""
    known = conversation.credits[order.key]
    noted = replace(known, taken_back={**known.taken_back, order.id: replace(known.amount, amount=back.amount * 0)})
    after = replace(conversation, credits={**conversation.credits, order.key: noted})
    return Changes(conversation, after, mails=(tell_owner("refund_currency", detail=f"{order.key}: {back}"),))


def _about(conversation: Conversation, order: str, amount: Money) -> dict[str, str]:
    who = conversation.answered_by or conversation.specialist
    return {"order": order, "amount": str(amount), **({"specialist": who} if who else {})}
