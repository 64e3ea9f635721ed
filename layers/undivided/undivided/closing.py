"""The end of a conversation, as the shopper meets it: one question, asked once, whether it helped."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from undivided.conversation import FINAL
from undivided.state import SHOPPER, Changes, Conversation, Fact, Kind, Mail, Mark, Outcome

_ASKED_AFTER = frozenset({Outcome.WON, Outcome.ANSWERED})


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
