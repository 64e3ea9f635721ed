"""Other ways to promise a time, tried on the same states as the product's own, none of which acts on the run.

All of them count open time (somebody who may answer is on duty) and say it in whole, unrounded: what is compared is the
forecast. Each learns from the first answers as they come.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from statistics import fmean

from undivided.promise.calibration import Calibration
from undivided.promise.estimate import ROUNDING, DeskView, forward, kind_of, promise
from undivided.promise.hours import Duty, add_open, open_between
from undivided.steps.given import views_of

from console.simulation.measure import Story, quantile
from console.simulation.setting import Asking
from console.simulation.undivided import Undivided

PRODUCT = "gamma × calibration, lines shared"
"""What `undivided.promise` does."""
AS_TOLD = "the same as told, rounded up"
RECENT = 50
ROLLING = 200
LEAST = 60.0
"""Seconds; a relative overshoot of an answer that came at once means nothing."""
ENOUGH = 20
"""Ratios of one kind below which those of all kinds are mixed in."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The state at one question, as every estimator may read it."""

    number: int
    now: datetime
    desks: tuple[DeskView, ...]
    duties: tuple[Duty, ...]
    kind: str
    oldest: float
    """Open seconds for which the first in these lines has waited."""
    found: dict[tuple[float | None, bool], float] = field(default_factory=dict)
    """Forward passes by what they aim at and whether lines are shared: estimators ask for the same ones."""

    def mean(self) -> float:
        return self.gamma(None)

    def gamma(self, aim: float | None, *, shared: bool = True) -> float:
        """Return the forward pass in open seconds; not `shared`: as it is when lines are only counted."""
        if (aim, shared) not in self.found:
            desks = self.desks if shared else tuple(replace(desk, line=()) for desk in self.desks)
            self.found[aim, shared] = self._open(forward(desks, self.now, aim))
        return self.found[aim, shared]

    def _open(self, found: tuple[datetime, DeskView] | None) -> float:
        return open_between(self.duties, self.now, found[0]).total_seconds() if found else 14 * 86400.0


Guess = Callable[[Seen], float]
Learn = Callable[[Seen, float, float], None]


@dataclass(slots=True)
class Estimator:
    """`guess` returns open seconds; `learn` is told the state, the guess and what it came to."""

    name: str
    guess: Guess
    learn: Learn
    scores: list[tuple[int, float, float, bool]] = field(default_factory=list)
    """Question, promised and real open seconds, and whether it was answered in time."""


def all_estimators(aim: float) -> list[Estimator]:
    return [
        _moving_average(),
        _moving_quantile(aim),
        _last_to_enter_service(),
        _head_of_line(),
        Estimator("forward pass, mean", lambda seen: seen.mean(), lambda *_: None),
        _rolling(aim),
        Estimator("forward pass, gamma", lambda seen: seen.gamma(aim), lambda *_: None),
        calibrated("gamma × calibration, lines counted", aim, shared=False),
        calibrated(PRODUCT, aim),
        _as_told(aim),
    ]


def _moving_average() -> Estimator:
    recent: deque[float] = deque([900.0], RECENT)
    return Estimator("moving average", lambda _: fmean(recent), lambda _, __, real: recent.append(real))


def _moving_quantile(aim: float) -> Estimator:
    recent: deque[float] = deque([900.0], RECENT)
    return Estimator(
        "moving quantile", lambda _: quantile(sorted(recent), aim), lambda _, __, real: recent.append(real)
    )


def _last_to_enter_service() -> Estimator:
    last = [900.0]
    return Estimator("last to enter service", lambda _: last[0], lambda _, __, real: last.__setitem__(0, real))


def _head_of_line() -> Estimator:
    def guess(seen: Seen) -> float:
        return seen.oldest + fmean(desk.handling.mean for desk in seen.desks)

    return Estimator("head of line", guess, lambda *_: None)


def _rolling(aim: float) -> Estimator:
    ratios: dict[str, deque[float]] = {}
    whole: deque[float] = deque([1.0], ROLLING)

    def guess(seen: Seen) -> float:
        own = ratios.get(seen.kind, ())
        known = [*own, *(list(whole)[-ENOUGH:] if len(own) < ENOUGH else ())]
        return seen.mean() * quantile(sorted(known), aim)

    def learn(seen: Seen, _: float, real: float) -> None:
        ratio = real / max(seen.mean(), 1.0)
        ratios.setdefault(seen.kind, deque(maxlen=ROLLING)).append(ratio)
        whole.append(ratio)

    return Estimator("mean × rolling quantile", guess, learn)


def calibrated(name: str, aim: float, *, shared: bool = True) -> Estimator:
    record = [Calibration()]

    def guess(seen: Seen) -> float:
        return seen.gamma(aim, shared=shared) * record[0].factor(seen.kind, aim)

    def learn(seen: Seen, _: float, real: float) -> None:
        record[0] = record[0].add(seen.kind, real / max(seen.gamma(aim, shared=shared), 1.0))

    return Estimator(name, guess, learn)


def _as_told(aim: float) -> Estimator:
    """Return the product's promise itself: aimed lower, because it is rounded up."""
    record = [Calibration()]

    def guess(seen: Seen) -> float:
        told = promise(seen.desks, seen.now, record[0], quantile=aim)
        return open_between(seen.duties, seen.now, told.due).total_seconds() if told else 14 * 86400.0

    def learn(seen: Seen, guess: float, real: float) -> None:
        measured = real / max(seen.gamma(aim - ROUNDING), 1.0)
        record[0] = record[0].add(seen.kind, measured, kept=real <= guess)

    return Estimator(AS_TOLD, guess, learn)


class Shadows:
    """Asks every estimator at each question of a run, and scores them at its first answer."""

    def __init__(self, estimators: Sequence[Estimator]) -> None:
        self.estimators = estimators
        self._open: dict[int, tuple[Seen, list[float]]] = {}

    def ask(self, run: Undivided, asking: Asking, now: datetime) -> None:
        """Guess; on the first question also ask to be told of answers."""
        if self.answered not in run.heard:
            run.heard.append(self.answered)
        seen = look_at(run, asking, now)
        if not seen.desks:
            return  # all three are silent: nobody promises anything
        self._open[asking.number] = (seen, [one.guess(seen) for one in self.estimators])

    def answered(self, story: Story) -> None:
        seen, guesses = self._open.pop(story.asking.number, (None, []))
        if seen is None or story.first_answer is None:
            return
        real = open_between(seen.duties, seen.now, story.first_answer).total_seconds()
        for one, guess in zip(self.estimators, guesses, strict=True):
            due = add_open(seen.duties, seen.now, timedelta(seconds=guess))
            one.scores.append((seen.number, guess, real, due is not None and story.first_answer <= due))
            one.learn(seen, guess, real)

    def overdue(self, now: datetime) -> None:
        """Count what still waits at the end and should have been answered: missed."""
        for seen, guesses in self._open.values():
            real = open_between(seen.duties, seen.now, now).total_seconds()
            for one, guess in zip(self.estimators, guesses, strict=True):
                if real > guess:
                    one.scores.append((seen.number, guess, real, False))


def look_at(run: Undivided, asking: Asking, now: datetime) -> Seen:
    """Read the state as the step that promises does."""
    ranked = sorted(asking.estimates.items(), key=lambda one: -one[1])
    views = views_of(ranked, run.rt, now, run.table.desks(asking.estimates))
    desks = tuple(desk for desk in views if not desk.silent)
    duties = tuple(desk.duty(now) for desk in desks)
    heads = [head for desk in desks for head in run.table.first(desk.specialist, 1)]
    asked = [run.table.all[key].asked_at for _, key in heads]
    oldest = open_between(duties, min(asked), now).total_seconds() if asked else 0.0
    seen = Seen(asking.number, now, desks, duties, "", oldest)
    return replace(seen, kind=kind_of(desks, now, timedelta(seconds=seen.gamma(0.87))))


def pinball(guess: float, real: float, aim: float) -> float:
    """Return the loss of a quantile forecast, in seconds: too short costs `aim`, too long 1 - `aim` a second."""
    return aim * (real - guess) if real > guess else (1 - aim) * (guess - real)
