"""What one person's answers take: how long each, with a prior for the first day, and how much lately. Sums that forget."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from undivided.values import Unusable

_FORGET = 0.98
"""Weight left to the older answers by each new one: about the last 50 count, so that +20 % shows within a week."""
_PRIOR_WEIGHT = 3.0
"""Answers' worth of trust in the prior mean."""
_CV_WEIGHT = 30.0
"""Below about 30 answers a measured spread is mostly chance, and too small a one breaks promises: lean on cv 1."""
WORK_HALVES = timedelta(days=7)
"""A hard week is made up for in the next one, and a holiday is not followed by a flood."""


@dataclass(frozen=True, slots=True)
class Handling:
    """Seconds of working time from delivery to answer; `prior` is the mean assumed before anything is known."""

    prior: float = 900.0
    weight: float = 0.0
    total: float = 0.0
    squares: float = 0.0

    def add(self, seconds: float) -> Handling:
        """Take in one finished answer; raise `Unusable` for a time that is negative or no number."""
        if not math.isfinite(seconds) or seconds < 0:
            raise Unusable(f"{seconds} is no handling time; pass the working seconds from delivery to answer")
        return replace(
            self,
            weight=self.weight * _FORGET + 1,
            total=self.total * _FORGET + seconds,
            squares=self.squares * _FORGET + seconds * seconds,
        )

    def merge(self, other: Handling) -> Handling:
        """Add what another person or reader has measured; the prior stays this one's."""
        return replace(
            self,
            weight=self.weight + other.weight,
            total=self.total + other.total,
            squares=self.squares + other.squares,
        )

    @property
    def n(self) -> float:
        """How many answers still count; at most 50 for one person."""
        return self.weight

    @property
    def mean(self) -> float:
        """Seconds; never below one, so that no place in a line is free."""
        return max((self.total + self.prior * _PRIOR_WEIGHT) / (self.weight + _PRIOR_WEIGHT), 1.0)

    @property
    def cv(self) -> float:
        """Standard deviation ÷ mean, shrunk to 1."""
        if self.weight == 0 or self.total == 0:
            return 1.0
        measured = self.total / self.weight
        squared = max(self.squares / self.weight - measured * measured, 0.0) / (measured * measured)
        return math.sqrt((squared * self.weight + _CV_WEIGHT) / (self.weight + _CV_WEIGHT))

    def to_dict(self) -> dict[str, Any]:
        return {"prior": self.prior, "weight": self.weight, "total": self.total, "squares": self.squares}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Handling:
        return cls(**{name: float(data[name]) for name in ("prior", "weight", "total", "squares") if name in data})


@dataclass(frozen=True, slots=True)
class Work:
    """Working seconds from delivery to answer, as of `at`; those of a week before count half."""

    seconds: float = 0.0
    at: datetime | None = None

    def add(self, seconds: float, now: datetime) -> Work:
        return Work(self.lately(now) + seconds, now)

    def lately(self, now: datetime) -> float:
        """Return what counts at `now`."""
        if self.at is None:
            return 0.0
        return float(self.seconds * 0.5 ** (max(now - self.at, timedelta(0)) / WORK_HALVES))

    def weekly(self, now: datetime) -> float:
        """Return the seconds of one week: those of all weeks, each halved, add up to more."""
        return self.lately(now) * math.log(2) * (timedelta(weeks=1) / WORK_HALVES)
