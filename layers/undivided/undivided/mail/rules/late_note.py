"""A former specialist's mail that comes too late to be relayed: it is kept as a note."""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate
from undivided.parts import may_answer
from undivided.state import State
from undivided.values import SpecialistId


def rule(arrival: Arrival) -> Fate | None:
    conversation, who = arrival.conversation, arrival.party
    if arrival.parsed is None or conversation is None or who is None or arrival.only_commands:
        return None
    asked = conversation.state is State.CONSULTING and conversation.consulted == who
    return None if asked or may_answer(conversation, SpecialistId(who)) else Fate.LATE_NOTE
