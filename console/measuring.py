"""Run the product's own router over a file of past questions and measure it: what `undivided expertise evaluate` prints.

The stream is learned in order; at each point the test questions are asked without being learned. Right means that the
chosen specialist owns the intent.
"""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import fmean
from time import monotonic, process_time
from typing import TYPE_CHECKING, TypeVar

from undivided.expertise.model import FITS, Model
from undivided.expertise.ranking import Ranking, rank

from console.taskfile import shop_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from undivided.config import Shop
    from undivided.values import SpecialistId

    from console.taskfile import Past, Task

_T = TypeVar("_T")
POINTS = (0, 50, 200, 1_000, 5_000)
_START = datetime(2026, 1, 1, tzinfo=UTC)
_EVERY = timedelta(minutes=10)
_FALSE = 0.05
_NEWCOMERS = 6
"""Specialists who take the newcomer's part in turn: enough for an average, few enough for a minute."""
_NEWCOMER_STREAM = 1_000
_NEWCOMER_TEST = 600
_TOLD_EVERY = 5.0
"""Seconds between two words to whoever waits."""


@dataclass(frozen=True, slots=True)
class Run:
    """One pass over the stream."""

    points: dict[str, dict[str, float]]
    costs: dict[str, float]


def run(task: Task, stream: Sequence[Past], points: Sequence[int]) -> Run:
    """Learn the stream once, and measure at each point on the way."""
    model, seen, found = Model.new(), 0, {}
    asking, learning = [0.0], [0.0]
    for point in sorted({min(point, len(stream)) for point in points}):
        for place in watched(range(seen, point), f"learning up to {point:,}"):
            _learn(task, model, stream[place], place, learning, fitted=place >= point - FITS)
        seen = point
        found[str(point)] = measure(task, model, asking)
    packed = model.dump()
    costs = {
        "ms_per_decision": 1000 * sum(asking) / max(1, len(asking) - 1),
        "ms_per_learned": 1000 * sum(learning) / max(1, len(learning) - 1),
        "state_bytes_gz": float(len(packed)),
        "load_ms": _load_ms(packed),
    }
    return Run({name: found[name] for name in found}, costs)


def measure(task: Task, model: Model, asking: list[float] | None = None) -> dict[str, float]:
    """Ask every test question and return the share that went right, and how many strangers were caught."""
    rankings = []
    for past in watched(task.test, "asking"):
        start = process_time()
        rankings.append(rank(task.asked(past), task.shop, model))
        if asking is not None:
            asking.append(process_time() - start)
    places = [_place(task, ranking, past.intent) for ranking, past in zip(rankings, task.test, strict=True)]
    found = {
        "top1": fmean(place == 1 for place in places),
        "top3": fmean(0 < place <= 3 for place in places),  # noqa: PLR2004 - it is called top3
        "mrr": fmean(1 / place if place else 0.0 for place in places),
    }
    if task.oos:
        strangers = [rank(task.asked(text), task.shop, model) for text in watched(task.oos, "asking strangers")]
        found |= _caught(rankings, strangers)
    return {name: round(value, 4) for name, value in found.items()}


def newcomer(task: Task, stream: Sequence[Past]) -> dict[str, dict[str, float]]:
    """Let some specialists whose field is asked about be new in turn to a desk that has answered up to 1,000 questions.

    `own` is the share of questions that only they own and that reach them, `all_own` of all they own (some are owned by
    others too, who are as right), `others_change` what everybody else's top1 lost or won in points. A share of no questions
    at all is left out.
    """
    past = [*enumerate(stream[:_NEWCOMER_STREAM])]
    test = task.test[:: max(1, len(task.test) // _NEWCOMER_TEST)]
    asked = {one.intent for one in test}
    able = [person for person, owned in task.owns.items() if owned & asked] or list(task.owns)
    people = able[:: max(1, len(able) // _NEWCOMERS)][:_NEWCOMERS]
    found: dict[str, list[dict[str, float]]] = {"0": [], "10": [], "30": []}
    for person in watched(people, "newcomers"):
        own = [(place, one) for place, one in enumerate(stream) if one.by == person][:30]
        model = taught(task, [one for one in past if one[1].by != person])
        before = _right(task, _without(task, person), model, _not_owned(task, person, test))
        done = 0
        for count, rows in found.items():
            teach(task, model, own[done : int(count)])
            done = int(count)
            rows.append(_newcomer(task, model, person, test, before))
    return {count: mean(rows) for count, rows in found.items()}


def _newcomer(task: Task, model: Model, person: SpecialistId, test: Sequence[Past], before: float) -> dict[str, float]:
    mine = [one for one in test if one.intent in task.owns[person]]
    picks = [(one, rank(task.asked(one), task.shop, model).scores[0].specialist) for one in mine]
    only = [pick == person for one, pick in picks if sum(one.intent in owned for owned in task.owns.values()) == 1]
    return {
        **({"own": fmean(only)} if only else {}),
        **({"all_own": fmean(pick == person for _, pick in picks)} if picks else {}),
        "others_change": 100 * (_right(task, task.shop, model, _not_owned(task, person, test)) - before),
    }


def _not_owned(task: Task, person: SpecialistId, test: Sequence[Past]) -> list[Past]:
    return [one for one in test if one.intent not in task.owns[person]]


def _without(task: Task, person: SpecialistId) -> Shop:
    rest = [specialist for one, specialist in task.shop.specialists.items() if one != person]
    return shop_of(rest, task.language)


def _right(task: Task, shop: Shop, model: Model, test: Sequence[Past]) -> float:
    if not test or not shop.specialists:
        return 0.0
    return fmean(one.intent in task.owns[rank(task.asked(one), shop, model).scores[0].specialist] for one in test)


def taught(task: Task, learned: Sequence[tuple[int, Past]]) -> Model:
    model = Model.new()
    teach(task, model, learned)
    return model


def teach(task: Task, model: Model, learned: Sequence[tuple[int, Past]]) -> None:
    for place, past in learned:
        assert past.by is not None
        model.learn(task.asked(past), past.by, 1.0, _START + place * _EVERY)


def _learn(task: Task, model: Model, past: Past, place: int, learning: list[float], *, fitted: bool) -> None:
    """Learn as the product does: the fit is the one that the question had when it came, where the next point still knows it."""
    assert past.by is not None
    asked = task.asked(past)
    fit = rank(asked, task.shop, model).fit if fitted else None
    start = process_time()
    model.learn(asked, past.by, 1.0, _START + place * _EVERY, fit=fit)
    learning.append(process_time() - start)


def _place(task: Task, ranking: Ranking, intent: str) -> int:
    """Return the place of the first specialist who owns the intent, counted from 1; 0 if none is ranked."""
    right = (place for place, score in enumerate(ranking.scores, 1) if intent in task.owns[score.specialist])
    return next(right, 0)


def _caught(known: Sequence[Ranking], strangers: Sequence[Ranking]) -> dict[str, float]:
    """Compare the fits of known questions with those of questions that nobody owns."""
    ours = sorted(one.fit for one in known)
    bar = ours[int(_FALSE * len(ours))]
    theirs = [one.fit for one in strangers]
    return {
        "oos_caught_at_5pct": fmean(fit < bar for fit in theirs),
        "auroc_oos": area(ours, theirs),
        "fits_false": fmean(not one.fits for one in known),
        "fits_caught": fmean(not one.fits for one in strangers),
    }


def area(higher: Sequence[float], lower: Sequence[float]) -> float:
    """Return the chance that a known question fits better than a stranger's (ties count half)."""
    marked = sorted([(value, 1) for value in higher] + [(value, 0) for value in lower])
    ranks: dict[float, list[int]] = {}
    for place, (value, _) in enumerate(marked, 1):
        ranks.setdefault(value, []).append(place)
    total = sum(fmean(ranks[value]) for value, ours in marked if ours)
    count = len(higher)
    return (total - count * (count + 1) / 2) / (count * len(lower))


def _load_ms(packed: bytes) -> float:
    start = process_time()
    Model.load(packed)
    return 1000 * (process_time() - start)


def watched(items: Sequence[_T], doing: str) -> Iterator[_T]:
    """Yield the items, and say on standard error every five seconds how many are done: a large file takes minutes."""
    last = monotonic()
    for done, item in enumerate(items):
        if monotonic() - last > _TOLD_EVERY:
            print(f"{doing}: {done:,} of {len(items):,}", file=sys.stderr, flush=True)
            last = monotonic()
        yield item


def order(task: Task, seed: int) -> list[Past]:
    stream = list(task.stream)
    if seed:
        random.Random(seed).shuffle(stream)  # noqa: S311 - a reproducible order, no secret
    return stream


def mean(rows: Sequence[dict[str, float]]) -> dict[str, float]:
    """Average each number over the rows that have it."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: round(fmean(row[name] for row in rows if name in row), 4) for name in names}
