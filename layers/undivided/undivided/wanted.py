"""Whether a mail that was decided earlier still says something true when its turn to be sent has come."""

from __future__ import annotations

from undivided.outbox import Kind, Mail
from undivided.state import Conversation, Outcome, State
from undivided.values import SHOPPER

_ABOUT_FOCUS = frozenset({Kind.QUESTION, Kind.FOLLOW_UP, Kind.REMINDER})
_ABOUT_WAITING = frozenset({Kind.REVISED, Kind.NO_TIME_YET, Kind.QUEUED})


def wanted(mail: Mail, conversation: Conversation) -> bool:
    """Say whether to send `mail` now; what is not wanted any more ends as failed, with the reason "superseded"."""
    if conversation.outcome is Outcome.ERASED:
        return False
    if mail.kind is Kind.PROPOSAL and mail.message in conversation.taken_back:
        return False
    if mail.to == SHOPPER and conversation.unreachable and mail.kind is not Kind.ANSWER:
        return False
    return _still_true(mail, conversation)


def _still_true(mail: Mail, conversation: Conversation) -> bool:
    theirs = conversation.specialist == mail.to
    if mail.kind is Kind.REMINDER and mail.data.get("asked"):
        return theirs and conversation.state is State.WITH_SHOPPER
    if mail.kind is Kind.CONSULT:
        return conversation.state is State.CONSULTING and conversation.consulted == mail.to
    if mail.kind in _ABOUT_FOCUS:
        return theirs and conversation.state is State.FOCUS and mail.upto > conversation.settled
    if mail.kind in _ABOUT_WAITING:
        return conversation.said > conversation.settled and conversation.state is not State.ENDED
    if mail.kind is Kind.CLOSED:
        return conversation.state is State.ENDED
    return mail.kind is not Kind.NUDGE or conversation.state is State.WITH_SHOPPER
