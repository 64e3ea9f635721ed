"""How far reality strays from the forward pass: quantiles of (real time ÷ predicted quantile), by kind of state.

Kept as histograms on a logarithmic scale, which forget, merge by addition (several readers of the record may each sum
their part) and are a few hundred bytes of JSON. Without any history every factor is 1: the forward pass stands alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

RETURNING = "returning"
KINDS = ("off_hours", "idle", "short_line", "long_line", RETURNING)
"""Kinds of state, told apart when the promise is made; the last is that of a shopper who writes back, which says nothing
about first answers, nor they about it."""
_WIDTH = math.log(1.05)
"""Bins of 5 %: finer than any promise is quoted."""
_EDGE = 120
"""Bins each way: ratios from 0.003 to 350; beyond it they count in the outermost bin."""
_FORGET = 0.995
"""Weight left to the older answers of a kind by each new one: about the last 200 count."""
_WHOLE = 20.0
"""How many answers' weight the other kinds have in each kind's quantile, at most."""
_PRIOR = 10.0
"""How many answers' weight the forward pass itself has, as if its quantile had been right so far."""
_STEP = 0.006
"""How far the quantile moves for each missed promise × the target, and back for each kept one × the rest: after some 150
of them it is where the target is kept (adaptive conformal inference, Gibbs and Candès 2021). Simulated: with twice the
step promises swing, with none the kept-rates of shops are three points apart."""
_LEAST, _MOST = -0.12, 0.1
"""How far it may move at all."""
_TARGET = 0.91
"""Of the promises as they are told. Misses come in clusters and the quantile follows late, so that aiming at 90 keeps 89 %,
and 88.6 while answers get longer (docs/decisions/0026)."""
_HIGHEST = 0.985
"""Beyond it a quantile is a single answer that went wrong."""
_CAP = 4.0
"""No factor leaves [1/4, 4]: beyond it the record is broken rather than the forecast."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of bins by kind; `counts[kind][bin]` is a sum of forgotten ones."""

    counts: Mapping[str, Mapping[int, float]] = field(default_factory=dict)
    first: float = 0.0
    """How far the quantile of first answers has moved, because too few or too many were kept as they were told, rounded."""
    returning: float = 0.0
    """The same of shoppers who write back."""

    def add(self, kind: str, ratio: float, *, kept: bool | None = None) -> Calibration:
        """Take in one finished answer: real working seconds ÷ the predicted quantile (see `estimate.ratio`).

        `kept`: whether the promise as it was told, rounded, was kept; None where nobody was told one, or where it has
        been `missed` before.
        """
        older = {place: weight * _FORGET for place, weight in self.counts.get(kind, {}).items()}
        place = _bin(ratio)
        aimed = self if kept is None else self._aimed(kind, kept=kept)
        return replace(aimed, counts={**self.counts, kind: {**older, place: older.get(place, 0.0) + 1.0}})

    def missed(self, kind: str) -> Calibration:
        """Take in that a promise has fallen due without an answer; how late it is, `add` is told with the answer."""
        return self._aimed(kind, kept=False)

    def _aimed(self, kind: str, *, kept: bool) -> Calibration:
        moved = min(max(self._moved(kind) + _STEP * (_TARGET - kept), _LEAST), _MOST)
        return replace(self, returning=moved) if kind == RETURNING else replace(self, first=moved)

    def _moved(self, kind: str) -> float:
        return self.returning if kind == RETURNING else self.first

    def merge(self, other: Calibration) -> Calibration:
        """Add the record of another reader."""
        kinds = {*self.counts, *other.counts}
        return Calibration(
            {kind: _sum(self.counts.get(kind, {}), other.counts.get(kind, {})) for kind in kinds},
            (self.first + other.first) / 2,
            (self.returning + other.returning) / 2,
        )

    def factor(self, kind: str, quantile: float) -> float:
        """Return what to multiply a predicted quantile by, so that `quantile` of the promises of this kind are kept."""
        near = self.counts if kind != RETURNING else {}
        whole = _sum(*(bins for other, bins in near.items() if other not in (kind, RETURNING)))
        shrunk = _sum(self.counts.get(kind, {}), _scaled(whole, _WHOLE))
        wanted = min(quantile + self._moved(kind), max(quantile, _HIGHEST))
        return min(max(_quantile(shrunk, wanted), 1 / _CAP), _CAP)

    def to_dict(self) -> dict[str, Any]:
        counts = {
            kind: {str(place): round(weight, 4) for place, weight in bins.items()} for kind, bins in self.counts.items()
        }
        return {**counts, "moved": [round(self.first, 6), round(self.returning, 6)]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Calibration:
        known = {kind: bins for kind, bins in data.items() if kind in KINDS}
        counts = {kind: {int(place): float(one) for place, one in bins.items()} for kind, bins in known.items()}
        return cls(counts, *data.get("moved", ()))


def _bin(ratio: float) -> int:
    """Return the bin that ends above `ratio`, so that a quantile read from the bins errs on the late side."""
    if ratio <= 0:
        return -_EDGE
    return min(max(math.ceil(math.log(ratio) / _WIDTH), -_EDGE), _EDGE)


def _sum(*several: Mapping[int, float]) -> dict[int, float]:
    total: dict[int, float] = {}
    for bins in several:
        for place, weight in bins.items():
            total[place] = total.get(place, 0.0) + weight
    return total


def _scaled(bins: Mapping[int, float], weight: float) -> dict[int, float]:
    """Return `bins` with at most `weight` in all."""
    total = sum(bins.values())
    return {place: one * min(1.0, weight / total) for place, one in bins.items()} if total else {}


def _quantile(bins: Mapping[int, float], quantile: float) -> float:
    """Return the ratio that `quantile` of the weight does not exceed; the prior lies at 1 with its share on either side."""
    weights = _sum(bins, _prior(quantile))
    left = quantile * sum(weights.values())
    for place in sorted(weights):
        left -= weights[place]
        if left <= 1e-9:  # noqa: PLR2004 - rounding of sums
            return math.exp(place * _WIDTH)
    return 1.0


def _prior(quantile: float) -> dict[int, float]:
    """Spread the prior's weight: `quantile` of it ends at ratio 1, falling off by half each 40 % on either side."""
    below: Iterable[tuple[int, float]] = ((-7 * step, 0.5**step) for step in range(6))
    above: Iterable[tuple[int, float]] = ((7 * step, 0.5**step) for step in range(1, 6))
    return {**_share(below, _PRIOR * quantile), **_share(above, _PRIOR * (1 - quantile))}


def _share(places: Iterable[tuple[int, float]], weight: float) -> dict[int, float]:
    bins = dict(places)
    return {place: one * weight / sum(bins.values()) for place, one in bins.items()}
