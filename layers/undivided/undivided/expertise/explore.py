"""Now and then a specialist who is not the best guess gets the question, or the desk would never learn their worth."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

    from undivided.expertise.asked import Ranking
    from undivided.expertise.model import Model
    from undivided.values import SpecialistId

AT_MOST = 0.05
"""Share of questions that are explored."""
SHORT_WAIT = timedelta(minutes=10)
"""A shopper who waits longer than this gets the best guess."""
_PRIOR = 4.0
"""Outcomes at an even rate that everybody starts with."""


def explored(
    ranking: Ranking, ring: Container[SpecialistId], model: Model, wait: timedelta, draw: float
) -> SpecialistId | None:
    """Return who should be tried out, or None: take the best as ever (95 of 100 questions).

    `ring` is who is eligible at this moment, `wait` what the shopper would wait for the best, `draw` a random number
    from 0 to 1 (the caller's; the same draw gives the same answer). A Thompson draw: estimate times a rate drawn from
    what the specialist's outcomes leave open, which is much for newcomers and little for old hands.
    """
    inside = [score for score in ranking.scores if score.specialist in ring]
    if draw >= AT_MOST or wait > SHORT_WAIT or not ranking.fits or len(inside) < 2:  # noqa: PLR2004 - two make a choice
        return None
    luck = Random(draw)  # noqa: S311 - the caller's draw decides; nothing is kept secret by it
    drawn = {score.specialist: score.estimate * _rate(score.specialist, model, luck) for score in inside}
    return max(drawn, key=drawn.__getitem__)


def _rate(one: SpecialistId, model: Model, luck: Random) -> float:
    record = model.record(one)
    outcomes = record.outcomes / 100
    well = min(outcomes, record.answers / 100)
    return luck.betavariate(_PRIOR / 2 + well, _PRIOR / 2 + outcomes - well)
