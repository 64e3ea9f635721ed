"""Who should get this question: filters first, then opinions among those left, then what the shop knows besides."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from undivided.expertise.asked import Asked, Part, Ranking, Reason, Score
from undivided.expertise.fits import fit_of, threshold
from undivided.expertise.opinions import opinions
from undivided.expertise.reasons import facts, telling, views

if TYPE_CHECKING:
    from undivided.config import Shop
    from undivided.expertise.filters import Left
    from undivided.expertise.model import Model
    from undivided.expertise.panel import Panel

__all__ = ["Asked", "Part", "Ranking", "Score", "rank"]

_FLOOR = 0.1
"""Estimate of somebody with nothing in common with the question, next to 1 for the best: by the words a head start
is at most 30 min x log2(0.85 / 0.1) = 93 minutes long."""
_RANKED = 100
"""Scores that are returned; a question that a hundred specialists leave unanswered is the fallback person's."""
_EXPLAINED = 8
"""Scores that carry parts; more are never shown, and building them for hundreds would take most of the time."""


def rank(asked: Asked, shop: Shop, model: Model) -> Ranking:
    """Rank everybody who may get the question, best first; milliseconds, no I/O, same input same answer."""
    directory = model.directory(shop)
    left = directory.left(asked)
    if not left.ids:
        return Ranking((), fits=False, dropped=left.dropped)
    desk = _Desk(asked, shop, model, directory.panel(left.ids))
    fit = fit_of(desk.said, asked, desk.panel, model)
    return Ranking(desk.scores(), _fits(left, fit, model), left.dropped, fit)


def _fits(left: Left, fit: float, model: Model) -> bool:
    """Whoever owns the product fits, whatever the words; whoever does not speak the language does not."""
    return "language" not in left.dropped and (left.owned or fit >= threshold(model.fits))


class _Desk:
    """One question before one panel."""

    def __init__(self, asked: Asked, shop: Shop, model: Model, panel: Panel) -> None:
        self.asked, self.panel = asked, panel
        self.said = opinions(asked, panel, model)
        self._told = telling(asked.text, panel)
        self._facts = facts(asked, panel, shop, model)

    def scores(self) -> tuple[Score, ...]:
        total = list(self.said.total)
        best = max(range(len(total)), key=total.__getitem__)
        echo = self._take_back(best, total)
        top = max(total)
        estimates = [_FLOOR + (1 - _FLOOR) * exp(value - top) for value in total]
        for place, parts in self._facts.items():
            estimates[place] *= exp(sum(part.value for part in parts))
        order = sorted(range(len(total)), key=lambda place: (-estimates[place], -self.said.total[place]))[:_RANKED]
        return tuple(
            Score(
                self.panel.ids[place],
                estimates[place],
                self._parts(place, echo if place == best else ()) if at < _EXPLAINED else (),
            )
            for at, place in enumerate(order)
        )

    def _take_back(self, best: int, total: list[float]) -> tuple[Part, ...]:
        """Give the first place no head start if the question only repeats its description."""
        others = [value for place, value in enumerate(total) if place != best]
        if not others or not self.panel.echoes(best, self.asked.text):
            return ()
        taken = max(others) - total[best]
        total[best] = max(others)
        return (Part("echo", taken, Reason("echo")),)

    def _parts(self, place: int, echo: tuple[Part, ...]) -> tuple[Part, ...]:
        return (*views(self.said, place, self.panel, self._told), *echo, *self._facts.get(place, ()))
