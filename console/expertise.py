"""`undivided expertise`: does routing help? Measure it on past questions before trusting it (docs/expertise.md)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from undivided.values import Unusable

from console.measuring import POINTS, mean, newcomer, order, run
from console.taskfile import Task, read

if TYPE_CHECKING:
    from collections.abc import Sequence


def evaluate(path: str | Path, seeds: int = 1, points: str | Path | Sequence[int] | None = None) -> int:
    """Print one JSON object; return 0, or 2 with a message on standard error if something given cannot be used.

    `points` may be text like "0,50,200". Times are the processor's, not the clock's. With more than one seed, the stream
    is shuffled anew for each seed after the first, and numbers are averaged.
    """
    try:
        task, at = read(Path(path)), _points(points)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(report(task, max(1, seeds), at)))
    return 0


def _points(given: str | Path | Sequence[int] | None) -> Sequence[int]:
    if given is None:
        return POINTS
    if not isinstance(given, (str, Path)):
        return given
    try:
        found = [int(one) for one in str(given).split(",")]
    except ValueError:
        found = []
    if not found or min(found) < 0:
        raise Unusable(f"{given!s} names no points; write numbers of answers like 0,50,200,1000")
    return found


def report(task: Task, seeds: int, points: Sequence[int] = POINTS) -> dict[str, Any]:
    """Run everything and return what `evaluate` prints."""
    runs = [run(task, order(task, seed), points) for seed in range(seeds)]
    first = runs[0]
    return {
        "points": {point: mean([one.points[point] for one in runs]) for point in first.points},
        "newcomer": newcomer(task, order(task, 0)),
        **mean([one.costs for one in runs]),
    }
