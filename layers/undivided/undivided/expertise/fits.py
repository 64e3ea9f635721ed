"""Does anybody fit at all? Judged by raw likeness, never by how the specialists compare: somebody is always first.

The threshold is the lowest twentieth of the fits of the newest questions that somebody did answer; so about one
question in twenty goes to the fallback person by mistake, whatever the desk, its languages and its state of learning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from undivided.expertise.opinions import Opinions

_QUANTILE = 0.05
_STANDING_OUT = 0.06
_ENOUGH = 40
"""Answered questions from which their own fits set the threshold."""
_AT_FIRST = 0.2
"""Threshold before: what at most one in twenty questions falls below on descriptions alone, on all three sets."""


def fit_of(said: Opinions) -> float:
    """Return how much a question looks like what this desk knows: its nearest phrase or past question, first of all.

    How far the best specialist stands out adds a little; measured alone it is a poor judge.
    """
    nearest = max((vote.cosine for vote in said.votes), default=0.0)
    return max(nearest, said.matches.near, 0.0) + _STANDING_OUT * max(said.total)


def threshold(fits: Sequence[float]) -> float:
    """Return the fit below which nobody fits."""
    if len(fits) < _ENOUGH:
        return _AT_FIRST
    return sorted(fits)[int(_QUANTILE * len(fits))]
