"""What became of promises: one score for each first answer, and the figures and the calibration that they add up to.

A score is made of the promise that was told first: revised ones exist only because the first was too short, and a record
of them alone would teach that everything takes long. Scores are flat text, so that they can travel as a fact's data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean, median
from typing import Protocol

from undivided.config import Hours
from undivided.promise.calibration import Calibration
from undivided.promise.estimate import Promise, ratio
from undivided.values import SpecialistId, Unusable

_SOON = 60.0
"""Seconds; the overshoot of an answer that came at once means nothing."""


@dataclass(frozen=True, slots=True)
class Score:
    """How one promise ended."""

    kind: str
    kept: bool
    """The promise told first; one that is overdue is missed at once."""
    ratio: float
    """Real ÷ predicted open seconds; negative if it cannot be known (a promise from calendars alone)."""
    overshoot: float
    """(Promised - real) ÷ real, in time on the wall."""
    revisions: int = 0

    def to_data(self) -> dict[str, str]:
        kept = "yes" if self.kept else "no"
        numbers = {"ratio": f"{self.ratio:.4f}", "overshoot": f"{self.overshoot:.4f}", "revisions": str(self.revisions)}
        return {"kind": self.kind, "kept": kept, **numbers}

    @classmethod
    def from_data(cls, data: Mapping[str, str]) -> Score:
        """Read what `to_data` wrote; raise `Unusable` for anything else."""
        try:
            ratio_, overshoot, revisions = float(data["ratio"]), float(data["overshoot"]), int(data["revisions"])
            return cls(data["kind"], data["kept"] == "yes", ratio_, overshoot, revisions)
        except (KeyError, ValueError) as missing:
            raise Unusable(
                f"{dict(data)} is no score of a promise: {missing}; pass the data of a fact as it was told"
            ) from None


class Ended(Protocol):
    """What is counted of a promise that has ended, wherever it was read from."""

    @property
    def kept(self) -> bool: ...
    @property
    def overshoot(self) -> float | None: ...
    @property
    def revisions(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Summary:
    """The published figures of many promises."""

    promises: int
    kept: float
    revised: float
    """Share of promises that were revised at least once."""
    median_overshoot: float | None
    """None: not one of them has been answered."""


def scored(first: Promise, replied: datetime, hours: Mapping[SpecialistId, Hours], *, revisions: int = 0) -> Score:
    """Score the promise that was told first; for a question that is overdue and still waits, pass the present moment."""
    measured = ratio(first, replied, hours)
    return Score(
        kind=first.kind,
        kept=replied <= first.due,
        ratio=-1.0 if measured is None else measured,
        overshoot=overshoot(first.made, first.due, replied),
        revisions=revisions,
    )


def overshoot(made: datetime, due: datetime, replied: datetime) -> float:
    """Return (promised - real) ÷ real, in time on the wall: 1 is twice as long, under 0 a promise that was too short."""
    return (due - made).total_seconds() / max((replied - made).total_seconds(), _SOON) - 1


def learn(record: Calibration, scores: Iterable[Score]) -> Calibration:
    """Take scores, oldest first, into the calibration."""
    for one in scores:
        if one.ratio >= 0:
            record = record.add(one.kind, one.ratio, kept=one.kept)
    return record


def summary(several: Sequence[Ended]) -> Summary:
    """Sum up promises; raise `Unusable` if there are none."""
    if not several:
        raise Unusable("no promise has been scored yet; ask again after the first answers")
    over = [one.overshoot for one in several if one.overshoot is not None]
    return Summary(
        promises=len(several),
        kept=fmean(one.kept for one in several),
        revised=fmean(one.revisions > 0 for one in several),
        median_overshoot=median(over) if over else None,
    )
