"""The end of a conversation: its outcome, and one question to the shopper, asked once, whether it helped."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from undivided.answering import release
from undivided.attention.duty import Given
from undivided.changes import Changes, Fact
from undivided.outbox import Kind, Mail
from undivided.parts import advice_over, freed, quiet_until
from undivided.sale.credits import as_sold
from undivided.state import FINAL, Conversation, Mark, Outcome, State
from undivided.values import SHOPPER, Money

_ASKED_AFTER = frozenset({Outcome.WON, Outcome.ANSWERED})


def end(
    conversation: Conversation,
    outcome: Outcome,
    given: Given,
    *,
    by: str,
    reason: str = "",
    sale: Money | None = None,
) -> Changes | None:
    """Give the conversation its outcome, free the slot and leave the lines; ending it the same way twice says nothing.

    A later outcome replaces an earlier one: a sale may be reported after a lapse.
    """
    outcome, sale = as_sold(conversation, outcome, sale, given.shop.currency)
    if conversation.outcome in FINAL or (conversation.outcome, conversation.sale) == (outcome, sale):
        return None
    if let_go := release(conversation, given):
        rest = end(let_go.after, outcome, given.after(let_go), by=by, reason=reason, sale=sale)
        return let_go.then(rest)
    ended = replace(
        conversation,
        shopper=replace(conversation.shopper, phone=_masked(conversation.shopper.phone)),
        call_back=None,
        state=State.ENDED,
        outcome=outcome,
        reason=reason,
        sale=sale,
        changed_at=given.now,
        places=(),
        promise=None,
        timers={},
        consulted=None,
        consult_delivered=False,
    )
    told = advice_over(conversation, given, by=by)
    if by == SHOPPER and conversation.specialist and conversation.state in (State.FOCUS, State.CONSULTING):
        data = {"outcome": str(outcome)}
        news = Mail(conversation.specialist, Kind.WITHDRAWN, data=data, not_before=quiet_until(conversation, given))
        told = (news, *told)
    desks = freed(conversation, given, learn=by == conversation.specialist)
    said = {"reason": reason, "sale": str(sale or ""), "specialist": conversation.specialist or ""}
    fact = Fact("ended", {"outcome": str(outcome), "by": by, **{name: value for name, value in said.items() if value}})
    return Changes(conversation, ended, mails=told, desks=desks, facts=(fact,))


def ask_once(changes: Changes) -> Changes:
    """Ask at the end that a specialist made: in the answer that ends it, or in a mail of its own; never a second time."""
    before, after = changes.before, changes.after
    ended = after.outcome in _ASKED_AFTER and (before is None or before.outcome is not after.outcome)
    if not ended or after.surveyed or after.unreachable or not after.first_answer_at:
        return changes
    asked = replace(changes, after=replace(after, surveyed=True))
    last = max((at for at, mail in enumerate(changes.mails) if mail.kind is Kind.ANSWER), default=None)
    if last is None:
        return replace(asked, mails=(*changes.mails, Mail(SHOPPER, Kind.CLOSED)))
    answer = replace(changes.mails[last], data={**changes.mails[last].data, "survey": "yes"})
    return replace(asked, mails=(*changes.mails[:last], answer, *changes.mails[last + 1 :]))


def rate(conversation: Conversation, mark: Mark, now: datetime) -> Changes | None:
    """Record the shopper's answer; the first one counts. None for a second, or where nobody was asked."""
    if not conversation.surveyed or conversation.rated or conversation.outcome in FINAL:
        return None
    who = conversation.answered_by or conversation.specialist
    fact = Fact("rated", {"mark": str(mark), **({"specialist": who} if who else {})})
    return Changes(conversation, replace(conversation, rated=str(mark), changed_at=now), facts=(fact,))


def _masked(phone: str) -> str:
    """Leave of a telephone number what its owner knows it by: the last two digits."""
    digits = [at for at, letter in enumerate(phone) if letter.isdigit()]
    return "".join("*" if at in digits[:-2] else letter for at, letter in enumerate(phone))
