"""What becomes of a received mail: the first rule that has an answer decides. Their order is this list.

Danger first, then machines, then who speaks, then what is said. Each rule is one file, reads the arrival, and returns
a fate or None; `steps/receive.py` acts on the fate.
"""

from __future__ import annotations

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate
from undivided.mail.rules import (
    automatic,
    away,
    bounce,
    command,
    empty,
    ended,
    forged,
    loop,
    not_a_party,
    note,
    question,
    refused,
    relay,
    spam,
    stranger,
    virus,
)

ORDER = (
    virus,
    loop,
    bounce,
    away,
    automatic,
    spam,
    question,
    stranger,
    ended,
    not_a_party,
    forged,
    refused,
    note,
    empty,
    command,
    relay,
)


def decide(arrival: Arrival) -> tuple[Fate, str]:
    """Return the fate of a mail and the name of the rule that decided it."""
    for one in ORDER:
        if fate := one.rule(arrival):
            return fate, one.__name__.rpartition(".")[2]
    return Fate.STRANGER, "stranger"
