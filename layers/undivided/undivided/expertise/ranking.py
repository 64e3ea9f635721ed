"""Who should get this question: filters first, words decide among those left."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from undivided.expertise.asked import Asked, Part, Ranking, Score
from undivided.expertise.features import features

if TYPE_CHECKING:
    from undivided.config import Shop, Specialist
    from undivided.expertise.model import Model

__all__ = ["Asked", "Part", "Ranking", "Score", "rank"]

_RETURNING = 1.3
_MU = 50.0
_FLOOR = 0.1
"""The estimate of somebody with no match at all, next to a perfect match of 1."""


def rank(asked: Asked, shop: Shop, model: Model) -> Ranking:
    """Rank everybody who may get the question, best first; milliseconds, no I/O, same input same answer."""
    left = model.directory(shop).left(asked)
    found = sorted(set(features(f"{asked.title} {asked.text}")))
    counts = [_counts(shop.specialists[one], model) for one in left.ids]
    total: Counter[int] = sum(counts, Counter())
    known = [feature for feature in found if total[feature]]
    whole = sum(total.values()) or 1.0
    likelihood = [
        sum(math.log((one[f] + _MU * total[f] / whole) / (sum(one.values()) + _MU) / (total[f] / whole)) for f in known)
        for one in counts
    ]
    top = max(likelihood, default=0.0)
    shares = [math.exp(value - top) for value in likelihood]
    scores = [
        _score(asked, shop.specialists[one], share / sum(shares), log)
        for one, share, log in zip(left.ids, shares, likelihood, strict=True)
    ]
    scores.sort(key=lambda score: -score.estimate)
    fit = len(known) / (len(found) or 1)
    fits = "language" not in left.dropped and (left.owned or fit > 0)
    return Ranking(tuple(scores), fits=fits, dropped=left.dropped, fit=fit)


def _score(asked: Asked, specialist: Specialist, share: float, log: float) -> Score:
    parts = [Part("words", log, "the question's words match the description and earlier answers")]
    estimate = _FLOOR + (1 - _FLOOR) * share
    if asked.returning_to == specialist.id:
        estimate *= _RETURNING
        parts.append(Part("returning", math.log(_RETURNING), "answered this shopper before"))
    return Score(specialist.id, estimate, tuple(parts))


def _counts(specialist: Specialist, model: Model) -> Counter[int]:
    described = Counter(features(f"{specialist.about} {' '.join(specialist.skills)}"))
    return described + model.counts.get(specialist.id, Counter())
