"""What becomes of a received mail: the first rule that has an answer decides. Their order is these lists.

Danger first, then machines, then who speaks; only then are the words read, and what they say decides. Each rule is one
file, reads the arrival, and returns a fate or None; `steps/receive.py` acts on the fate.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

from undivided.mail.arrival import Arrival
from undivided.mail.fates import Fate
from undivided.mail.rules import (
    automatic,
    away,
    bounce,
    bulk,
    command,
    complaint,
    delayed,
    echo,
    empty,
    encrypted,
    ended,
    expired_key,
    forged,
    held,
    late_note,
    loop,
    not_a_party,
    note,
    proof,
    question,
    refused,
    relay,
    reopened,
    rule_forward,
    spam,
    stranger,
    too_large,
    unparsable,
    virus,
)

DOOR = (
    virus,
    loop,
    complaint,
    bounce,
    delayed,
    away,
    rule_forward,
    bulk,
    automatic,
    spam,
    too_large,
    unparsable,
    question,
    proof,
    expired_key,
    stranger,
    ended,
    not_a_party,
    forged,
)
WORDS = (
    encrypted,
    echo,
    refused,
    note,
    empty,
    late_note,
    held,
    command,
    reopened,
    relay,
)
SUSPICIONS = frozenset({virus, loop, rule_forward, bulk, automatic, spam, echo})
"""What the owner overrules by taking a mail through again (`undivided mail reprocess`). Who speaks is never overruled."""


def decide(arrival: Arrival, hear: Callable[[Arrival], Arrival]) -> tuple[Arrival, Fate, str]:
    """Return the arrival as far as it was read, its fate, and the name of the rule that decided.

    `hear` reads the words; it is not called for a mail that is turned away at the door.
    """
    if found := _first(DOOR, arrival):
        return arrival, *found
    heard = hear(arrival)
    return heard, *(_first(WORDS, heard) or (Fate.STRANGER, "stranger"))


def _first(rules: tuple[ModuleType, ...], arrival: Arrival) -> tuple[Fate, str] | None:
    for one in rules:
        overruled = arrival.notice.released and one in SUSPICIONS
        fate: Fate | None = None if overruled else one.rule(arrival)
        if fate:
            return fate, one.__name__.rpartition(".")[2]
    return None
