"""What the orders of one conversation come to. Sums never mix currencies."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from undivided.state import Conversation, Credit, Outcome
from undivided.values import Money

_NO_SALE_SAID = frozenset({Outcome.LAPSED, Outcome.ANSWERED})
_FINAL = frozenset({Outcome.SPAM, Outcome.ERASED})


def net(credit: Credit) -> Money:
    """Return what is left of an order after its refunds; never below zero."""
    back = sum((one.amount for one in credit.taken_back.values()), Decimal(0))
    return Money(max(credit.amount.amount - back, Decimal(0)), credit.amount.currency)


def totals(credits_: Mapping[str, Credit]) -> dict[str, Money]:
    """Return what is left of all orders, by currency."""
    sums: dict[str, Money] = {}
    for one in map(net, credits_.values()):
        sums[one.currency] = sums[one.currency] + one if one.currency in sums else one
    return sums


def sale_of(credits_: Mapping[str, Credit], home: str) -> Money | None:
    """Return the sale of a conversation: the sum in the shop's currency `home`, else in that of the first order."""
    left = {currency: one for currency, one in totals(credits_).items() if one.amount}
    return left.get(home) or next(iter(left.values()), None)


def as_sold(
    conversation: Conversation, outcome: Outcome, sale: Money | None, home: str
) -> tuple[Outcome, Money | None]:
    """Return outcome and sale as they are to be recorded: what was paid for is won, whatever is said of it later.

    A sale that somebody reported, without an order, outlives a re-opened conversation that merely ends in silence.
    """
    if outcome in _FINAL:
        return outcome, None
    if paid := sale_of(conversation.credits, home):
        return Outcome.WON, paid
    if conversation.sale and outcome in _NO_SALE_SAID:
        return Outcome.WON, conversation.sale
    return outcome, sale
