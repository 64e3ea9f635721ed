"""The experiments: four ways of working, the estimators beside an oracle, drift, and what a safer promise costs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import fmean, median

from undivided.attention import ring
from undivided.attention.ring import AT_ONCE, STEP

from console.simulation.beside import Beside, beside, itself
from console.simulation.estimators import LEAST, Estimator, Shadows, all_estimators, calibrated, pinball
from console.simulation.measure import Figures, Log, figures, wait
from console.simulation.oracle import Oracle
from console.simulation.push import Push, others, rules
from console.simulation.setting import START, Asking, Setting, World, world
from console.simulation.undivided import Undivided

AIM = 0.9


@dataclass(frozen=True, slots=True)
class Score:
    """How good one estimator's promises were; unrounded, in open time."""

    name: str
    kept: float
    worst_week: float
    loss: float
    """Mean pinball loss in minutes."""
    overshoot: float
    """Median of (promised - real) ÷ real."""


def compare(setting: Setting) -> tuple[World, list[Figures], dict[str, list[float]]]:
    """Run the four ways of working in one world; also return the sorted waits in open hours of each."""
    drawn = world(setting)
    logs: list[Log] = [Undivided(drawn).run(), *(other.run() for other in others(drawn))]
    return drawn, [figures(log, drawn) for log in logs], {log.name: _waits(log, drawn) for log in logs}


def assignment(setting: Setting, seeds: int) -> dict[str, list[Figures]]:
    """Return the figures of five rules of who gets a question, each seed's world the same for all; ours come first."""
    found: dict[str, list[Figures]] = {}
    for drawn in map(world, seeded(setting, seeds)):
        several: tuple[Undivided | Push, ...] = (Undivided(drawn), *rules(drawn))
        for rule in several:
            found.setdefault(rule.log.name, []).append(figures(rule.run(), drawn))
    return found


def _waits(log: Log, drawn: World) -> list[float]:
    stories = [one for one in log.stories.values() if START + timedelta(weeks=1) <= one.asking.at]
    return sorted(wait(one, drawn, drawn.setting.end) for one in stories)


def estimators(
    setting: Setting, seeds: int, aim: float = AIM, every: int = 0
) -> tuple[list[list[Score]], list[list[Beside]]]:
    """Score every estimator, for each seed; with `every`, also in the futures that the oracle has seen."""
    everything, asked = [], []
    for one in seeded(setting, seeds):
        shadows, oracle, moments = shadowed(one, all_estimators(aim), every)
        everything.append([score(guesser, moments, aim) for guesser in shadows.estimators])
        answered = set.intersection(*({number for number, *_ in guesser.scores} for guesser in shadows.estimators))
        oracle.waits = {number: waits for number, waits in oracle.waits.items() if number in answered}
        if oracle.waits:
            days = {number: f"{one.seed} {moments[number]:%m-%d}" for number in oracle.waits}
            several = [beside(guesser, oracle, aim, days) for guesser in shadows.estimators]
            asked.append([*several, itself(oracle, aim, days)])
    return everything, asked


def together(several: Sequence[Sequence[Score]]) -> list[Score]:
    """Return each estimator's mean over seeds, and the worst week of all."""
    return [
        Score(
            rows[0].name,
            kept=fmean(one.kept for one in rows),
            worst_week=min(one.worst_week for one in rows),
            loss=fmean(one.loss for one in rows),
            overshoot=fmean(one.overshoot for one in rows),
        )
        for rows in zip(*several, strict=True)
    ]


def shadowed(
    setting: Setting, several: Sequence[Estimator], every: int = 0
) -> tuple[Shadows, Oracle, dict[int, datetime]]:
    """Run once with the estimators beside it; also return the oracle and when each question was asked."""
    drawn = world(setting)
    shadows, oracle = Shadows(several), Oracle(every)

    def ask(run: Undivided, asking: Asking, now: datetime) -> None:
        shadows.ask(run, asking, now)
        if every and asking.at > START + timedelta(weeks=1):
            oracle.ask(run, asking, now)

    run = Undivided(drawn, shadow=ask)
    run.run()
    shadows.overdue(run.engine.now)
    return shadows, oracle, {one.number: one.at for one in drawn.askings}


def score(one: Estimator, moments: Mapping[int, datetime], aim: float) -> Score:
    """Sum up one estimator, the first week left out."""
    kept_in = [
        (moments[number], guess, real, kept)
        for number, guess, real, kept in one.scores
        if moments[number] >= START + timedelta(weeks=1)
    ]
    return Score(
        one.name,
        kept=fmean(kept for *_, kept in kept_in),
        worst_week=min(weekly([(at, kept) for at, _, _, kept in kept_in]).values(), default=math.nan),
        loss=fmean(pinball(guess, real, aim) for _, guess, real, _ in kept_in) / 60,
        overshoot=median((guess - real) / max(real, LEAST) for _, guess, real, _ in kept_in),
    )


def weekly(kept: Sequence[tuple[datetime, bool]]) -> dict[int, float]:
    """Return the kept-rate by week of the run, weeks with under 20 promises left out."""
    weeks: dict[int, list[bool]] = {}
    for at, one in kept:
        weeks.setdefault((at - START).days // 7, []).append(one)
    return {week: fmean(several) for week, several in sorted(weeks.items()) if len(several) >= 20}  # noqa: PLR2004 - as said


@dataclass(frozen=True, slots=True)
class Drift:
    """Kept-rates by week when handling times rise in the middle of the run."""

    by_week: dict[int, float]
    """Of the first promise, as told (rounded)."""
    by_week_last: dict[int, float]
    """Of the promise that stood last."""


def drift(setting: Setting, seeds: int) -> list[Drift]:
    """Play the same drift with several seeds, from that of `setting` on."""
    return [_drift(one) for one in seeded(setting, seeds)]


def _drift(setting: Setting) -> Drift:
    log = Undivided(world(setting)).run()
    told = [one for one in log.stories.values() if one.promise and (one.first_answer or one.promise.due < setting.end)]
    first = [
        (one.asking.at, bool(one.promise and one.first_answer and one.first_answer <= one.promise.due)) for one in told
    ]
    last = [
        (one.asking.at, bool(one.last_due and one.first_answer and one.first_answer <= one.last_due)) for one in told
    ]
    return Drift(weekly(first), weekly(last))


def trade_off(setting: Setting, aims: Sequence[float]) -> list[tuple[float, Score]]:
    """Return what the product's estimator keeps, and how far it overshoots, at several quantiles."""
    shadows, _, moments = shadowed(setting, [calibrated(f"{aim:.0%}", aim) for aim in aims])
    return [(aim, score(one, moments, aim)) for aim, one in zip(aims, shadows.estimators, strict=True)]


@dataclass(frozen=True, slots=True)
class Ring:
    """One way to set the ring."""

    half_life: float = 30.0
    """Minutes of head start for half as good a match."""
    width: float = AT_ONCE
    """The share of the best estimate that may take a question at once."""
    step: int = STEP
    """So many specialists at a time."""
    capacity: int = 1
    returning: float | None = None
    """Minutes by which a shopper who writes again stands before new ones; None: wholly."""

    @property
    def name(self) -> str:
        ahead = "" if self.returning is None else f", again {self.returning / 60:g} h ahead"
        return f"{self.half_life:g} min, {self.width:.0%}, {self.step}, capacity {self.capacity}{ahead}"


def rings(setting: Setting, several: Sequence[Ring], seeds: int) -> dict[str, list[Figures]]:
    """Return the figures of least-loaded push, and of the product with each ring, for several seeds."""
    found: dict[str, list[Figures]] = {}
    for drawn in map(world, seeded(setting, seeds)):
        found.setdefault(PUSHED, []).append(figures(others(drawn)[1].run(), drawn))
        for one in several:
            found.setdefault(one.name, []).append(_ringed(drawn.setting, one))
    return found


PUSHED = "least loaded, cap 5"


def _ringed(setting: Setting, one: Ring) -> Figures:
    """Bend the ring's constants for the time of one run: the product has no setting for them."""
    drawn = world(replace(setting, head_start=one.half_life, capacity=one.capacity, returning=one.returning))
    ring.AT_ONCE, ring.STEP = one.width, one.step
    try:
        return figures(Undivided(drawn).run(), drawn)
    finally:
        ring.AT_ONCE, ring.STEP = AT_ONCE, STEP


def seeded(setting: Setting, seeds: int) -> list[Setting]:
    """Return the setting with its seed and those that follow."""
    return [replace(setting, seed=setting.seed + number) for number in range(seeds)]


def patience(setting: Setting, minutes: Sequence[float]) -> list[tuple[float, Figures]]:
    """Return the product's figures for several times until a silent specialist loses a conversation."""
    found = []
    for one in minutes:
        drawn = world(replace(setting, patience=one))
        found.append((one, figures(Undivided(drawn).run(), drawn)))
    return found
