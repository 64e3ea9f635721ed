"""Scores of promises: overdue is missed, only the first promise counts, and the calibration learns from them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from undivided.config import Hours, Window
from undivided.promise.calibration import Calibration
from undivided.promise.estimate import DeskView, promise
from undivided.promise.scoring import Late, Score, late, learn, scored, summary, told
from undivided.values import SpecialistId, Unusable

ANN = SpecialistId("ann")
HOURS = {ANN: Hours("Europe/Berlin", tuple(Window(day, 540, 1020) for day in range(5)))}
FRIDAY = datetime(2026, 5, 8, 14, 50, tzinfo=UTC)
"""Ten minutes before the weekend."""


def test_a_weekend_is_not_time_that_it_took() -> None:
    made = promise([DeskView(ANN, HOURS[ANN])], FRIDAY, Calibration())
    assert made is not None
    monday = datetime(2026, 5, 11, 7, tzinfo=UTC) + timedelta(seconds=made.predicted_seconds - 600)
    score = scored(made, monday, HOURS)
    assert score.ratio == pytest.approx(1)
    assert score.kept
    late = scored(made, made.due + timedelta(seconds=1), HOURS, revisions=1)
    assert not late.kept
    assert late.overshoot == pytest.approx(0, abs=1e-3)


def test_a_score_travels_as_text() -> None:
    score = Score("long_line", kept=False, ratio=1.25, overshoot=-0.2, revisions=2)
    assert Score.from_data(score.to_data()) == score
    with pytest.raises(Unusable, match="no score of a promise"):
        Score.from_data({"kind": "idle"})


def test_the_calibration_learns_what_it_can() -> None:
    known = [Score("idle", kept=False, ratio=2.0, overshoot=0)] * 100
    unknown = [replace(known[0], ratio=-1.0)] * 100
    assert learn(Calibration(), unknown) == Calibration()
    assert learn(Calibration(), [*known, *unknown]).factor("idle", 0.87) == pytest.approx(2, rel=0.06)


def test_a_miss_moves_the_quantile_when_it_falls_due_and_the_ratio_comes_with_the_answer() -> None:
    made = promise([DeskView(ANN, HOURS[ANN])], FRIDAY, Calibration())
    assert made is not None
    due = late(made, made.due + timedelta(minutes=1), HOURS)
    end = scored(made, made.due + timedelta(minutes=40), HOURS, late=True)
    assert due.ratio < end.ratio
    at_once, later = learn(Calibration(), [due, end]), learn(Calibration(), [replace(end, late=False)])
    assert at_once == later
    assert told("promise_late", due.to_data()) == Late("idle", pytest.approx(due.ratio, abs=1e-4))
    assert told("promise_missed", end.to_data()) == Score.from_data(end.to_data())
    assert told("promise_overdue", {}) is None
    with pytest.raises(Unusable, match="no late promise"):
        Late.from_data({"kind": "idle"})


def test_nothing_is_learned_of_what_cannot_be_measured() -> None:
    assert learn(Calibration(), [Late("idle", -1.0)]) == Calibration()


def test_the_published_figures() -> None:
    scores = [
        Score("idle", kept=True, ratio=0.5, overshoot=1.0),
        Score("idle", kept=True, ratio=0.9, overshoot=0.1),
        Score("idle", kept=False, ratio=2.0, overshoot=-0.5, revisions=1),
        Score("idle", kept=True, ratio=0.5, overshoot=0.3),
    ]
    found = summary(scores)
    assert (found.promises, found.kept, found.revised) == (4, 0.75, 0.25)
    assert found.median_overshoot == pytest.approx(0.2)
    with pytest.raises(Unusable, match="no promise has been scored yet"):
        summary([])


@pytest.mark.parametrize(("kept", "ratio"), [(0.7, 1.3), (0.98, 0.7)])
def test_too_many_or_too_few_kept_moves_the_quantile_but_not_far(kept: float, ratio: float) -> None:
    """Promises as they are told decide, rounded up: what ratios alone cannot know."""
    many = [Score("idle", kept=number < 100 * kept, ratio=ratio, overshoot=0) for number in range(100)]
    still = Calibration()
    for one in many:
        still = still.add(one.kind, one.ratio)
    moved = learn(Calibration(), many * 20)
    assert (moved.first > 0) == (kept < 0.9)
    assert -0.13 < moved.first < 0.11
    assert moved.returning == 0
    later, before = moved.factor("idle", 0.87), learn(still, []).factor("idle", 0.87)
    assert later >= before if kept < 0.9 else later <= before
    assert Calibration.from_dict(json.loads(json.dumps(moved.to_dict()))).factor("idle", 0.87) == pytest.approx(later)


def test_what_was_learned_before_quantiles_moved_is_read() -> None:
    assert Calibration.from_dict({"idle": {"3": 1.5}}) == Calibration({"idle": {3: 1.5}})
