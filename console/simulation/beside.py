"""Estimators beside the oracle: each is scored in every future that it has seen, which takes the chance out of what came."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from statistics import fmean, median

from console.simulation.estimators import LEAST, Estimator, pinball
from console.simulation.measure import quantile
from console.simulation.oracle import Oracle, own_losses

_REDRAWN = 400


@dataclass(frozen=True, slots=True)
class Beside:
    """One estimator in the futures that the oracle has seen; `losses` has a row for each question."""

    name: str
    losses: tuple[tuple[str, float], ...]
    """Run and day, and the mean loss in minutes."""
    kept: float
    overshoot: float
    """Median over all futures of all questions."""


def beside(one: Estimator, oracle: Oracle, aim: float, days: Mapping[int, str]) -> Beside:
    guesses = {number: guess for number, guess, *_ in one.scores if number in oracle.waits}
    return _measured(one.name, guesses, oracle, days, lambda number, real: pinball(guesses[number], real, aim))


def itself(oracle: Oracle, aim: float, days: Mapping[int, str]) -> Beside:
    guesses = {number: quantile(waits, aim) for number, waits in oracle.waits.items()}
    own = {number: iter(own_losses(waits, aim)) for number, waits in oracle.waits.items()}
    return _measured("oracle", guesses, oracle, days, lambda number, _: next(own[number]))


def _measured(
    name: str,
    guesses: Mapping[int, float],
    oracle: Oracle,
    days: Mapping[int, str],
    loss: Callable[[int, float], float],
) -> Beside:
    pairs = [(guess, real) for number, guess in guesses.items() for real in oracle.waits[number]]
    rows = ((days[number], fmean(loss(number, real) for real in oracle.waits[number]) / 60) for number in guesses)
    kept = fmean(real <= guess for guess, real in pairs)
    return Beside(name, tuple(rows), kept, median((guess - real) / max(real, LEAST) for guess, real in pairs))


def over_oracle(one: Beside, oracle: Beside) -> tuple[float, float, float]:
    """Return loss ÷ the oracle's, and the bounds between which nine in ten redrawn samples of days lie."""
    days: dict[str, tuple[float, float]] = {}
    for (day, mine), (_, best) in zip(one.losses, oracle.losses, strict=True):
        before = days.get(day, (0.0, 0.0))
        days[day] = (before[0] + mine, before[1] + best)
    chance, several = Random(len(days)), list(days.values())  # noqa: S311 - a figure must be repeatable
    drawn = sorted(_ratio(chance.choices(several, k=len(several))) for _ in range(_REDRAWN))
    return _ratio(several), quantile(drawn, 0.05), quantile(drawn, 0.95)


def _ratio(days: Sequence[tuple[float, float]]) -> float:
    return sum(mine for mine, _ in days) / sum(best for _, best in days)


def joined(several: Sequence[Sequence[Beside]]) -> list[Beside]:
    """Return each estimator over all seeds."""
    return [
        Beside(
            rows[0].name,
            tuple(row for one in rows for row in one.losses),
            kept=fmean(one.kept for one in rows),
            overshoot=fmean(one.overshoot for one in rows),
        )
        for rows in zip(*several, strict=True)
    ]
