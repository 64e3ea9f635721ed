"""The shop holds answers back for a moment, so that they can be undone; a command that moves on lets it go."""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate
from undivided.state import State

_MOVES_ON = frozenset({"won", "lost", "close", "pass", "not_mine", "release", "ask", "away"})


def rule(arrival: Arrival) -> Fate | None:
    conversation, parsed = arrival.conversation, arrival.parsed
    if conversation is None or parsed is None or not arrival.shop.pace.hold or arrival.only_commands:
        return None
    stays = conversation.state in (State.FOCUS, State.WITH_SHOPPER) and conversation.specialist == arrival.party
    return Fate.HELD if stays and not any(one.name in _MOVES_ON for one in parsed.commands) else None
