"""Whether a mail that was decided earlier still says something true when its turn to be sent has come."""

from __future__ import annotations

from undivided.state import SHOPPER, Conversation, Kind, Mail, Outcome, State

_ABOUT_FOCUS = frozenset({Kind.QUESTION, Kind.FOLLOW_UP, Kind.REMINDER})
_ABOUT_WAITING = frozenset({Kind.REVISED, Kind.NO_TIME_YET, Kind.QUEUED})


def wanted(mail: Mail, conversation: Conversation) -> bool:
    """Say whether to send `mail` now; what is not wanted any more ends as failed, with the reason "superseded"."""
    if conversation.outcome is Outcome.ERASED:
        return False
    if mail.to == SHOPPER and conversation.unreachable and mail.kind is not Kind.ANSWER:
        return False
    if mail.kind in _ABOUT_FOCUS:
        return (
            conversation.state is State.FOCUS
            and conversation.specialist == mail.to
            and mail.upto > conversation.settled
        )
    if mail.kind in _ABOUT_WAITING:
        return conversation.said > conversation.settled and conversation.state is not State.ENDED
    if mail.kind is Kind.NUDGE:
        return conversation.state is State.WITH_SHOPPER
    return True
