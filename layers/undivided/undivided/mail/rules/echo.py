"""Two machines that take each other for people: neither mail is marked, each answers the other at once.

People do not write eight mails in turns within ten minutes, nor send the same words a fourth time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate
from undivided.message import Message

TURNS = 8
WITHIN = timedelta(minutes=10)
TIMES = 3


def rule(arrival: Arrival) -> Fate | None:
    if arrival.record is None or arrival.conversation is None or arrival.party is None:
        return None
    said = [one for one in arrival.record.messages if one.via == "mail"]
    return Fate.LOOP if _in_turns(said, arrival) or _same_again(said, arrival) else None


def _in_turns(said: Sequence[Message], arrival: Arrival) -> bool:
    """Say whether the last mails came in turns, and this one is the next turn."""
    last = said[-TURNS:]
    authors = [*(one.author for one in last), str(arrival.party)]
    quick = len(last) == TURNS and arrival.at - last[0].at <= WITHIN
    return quick and all(one != other for one, other in pairwise(authors))


def _same_again(said: Sequence[Message], arrival: Arrival) -> bool:
    own = [one.text.split() for one in said if one.author == arrival.party][-TIMES:]
    return len(own) == TIMES and bool(own[0]) and all(one == arrival.words.split() for one in own)
