"""Now and then a specialist who is not the best guess gets the question, or the desk would never learn their worth.

It costs the shopper nothing: only those who may have the question at once anyway are tried (`conversation.accept`), so
everybody tried is nearly as good a guess as the best, and nobody waits for it.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from undivided.expertise.asked import Ranking
    from undivided.expertise.model import Model
    from undivided.values import ConversationId, SpecialistId

AT_MOST = 0.05
"""Share of questions that are explored."""
_PRIOR = 4.0
"""Outcomes at an even rate that everybody starts with."""
_BITS = 64


def curious(ranking: Ranking, model: Model, question: ConversationId) -> Ranking:
    """Return the ranking, for one question in twenty with the order in which to try those who are ready.

    A Thompson draw: estimate times a rate drawn from what the specialist's outcomes leave open, which is much for
    newcomers and little for old hands. Chance comes from the question's id, so that an event that is delivered again
    decides the same.
    """
    draw = draw_of(question)
    if draw >= AT_MOST or not ranking.fits:
        return ranking
    luck = Random(draw)  # noqa: S311 - the question's id decides; nothing is kept secret by it
    drawn = {one.specialist: one.estimate * _rate(one.specialist, model, luck) for one in ranking.scores}
    return replace(ranking, drawn=tuple(sorted(drawn, key=drawn.__getitem__, reverse=True)))


def draw_of(question: ConversationId) -> float:
    """Return a number from 0 to 1 that belongs to this question for good."""
    digest = sha256(f"explore:{question}".encode()).digest()
    return int.from_bytes(digest[: _BITS // 8], "big") / (1 << _BITS)


def _rate(one: SpecialistId, model: Model, luck: Random) -> float:
    record = model.record(one)
    outcomes = record.outcomes / 100
    well = min(outcomes, record.answers / 100)
    return luck.betavariate(_PRIOR / 2 + well, _PRIOR / 2 + outcomes - well)
