"""What became of promises: one score for each first answer, and the figures and the calibration that they add up to.

That a promise is missed is known, and learned, when it falls due (`Late`); how late it was, when the answer comes (`Score`).
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

LATE = "promise_late"
"""The fact that tells of a `Late`."""
ENDED = frozenset({"promise_kept", "promise_missed"})
"""Those that tell of a `Score`; they are named for the time told last."""
_AS_TOLD = "pass the data of a fact as it was told"
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
    late: bool = False
    """That it was missed has been told, and learned, when it fell due."""

    def to_data(self) -> dict[str, str]:
        said = {"kept": "yes" if self.kept else "no", "late": "yes" if self.late else "no"}
        numbers = {"ratio": f"{self.ratio:.4f}", "overshoot": f"{self.overshoot:.4f}", "revisions": str(self.revisions)}
        return {"kind": self.kind, **said, **numbers}

    @classmethod
    def from_data(cls, data: Mapping[str, str]) -> Score:
        """Read what `to_data` wrote; raise `Unusable` for anything else."""
        try:
            ratio_, overshoot, revisions = float(data["ratio"]), float(data["overshoot"]), int(data["revisions"])
            return cls(data["kind"], data["kept"] == "yes", ratio_, overshoot, revisions, data.get("late") == "yes")
        except (KeyError, ValueError) as missing:
            raise Unusable(f"{dict(data)} is no score of a promise: {missing}; {_AS_TOLD}") from None


@dataclass(frozen=True, slots=True)
class Late:
    """A promise that has fallen due without an answer."""

    kind: str
    ratio: float
    """Real ÷ predicted open seconds until then; negative as in `Score`."""

    def to_data(self) -> dict[str, str]:
        return {"kind": self.kind, "ratio": f"{self.ratio:.4f}"}

    @classmethod
    def from_data(cls, data: Mapping[str, str]) -> Late:
        """Read what `to_data` wrote; raise `Unusable` for anything else."""
        try:
            return cls(data["kind"], float(data["ratio"]))
        except (KeyError, ValueError) as missing:
            raise Unusable(f"{dict(data)} tells of no late promise: {missing}; {_AS_TOLD}") from None


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


def told(name: str, data: Mapping[str, str]) -> Score | Late | None:
    """Return what a fact tells of a promise; None if it tells of something else."""
    if name == LATE:
        return Late.from_data(data)
    return Score.from_data(data) if name in ENDED else None


def late(first: Promise, now: datetime, hours: Mapping[SpecialistId, Hours]) -> Late:
    return Late(first.kind, _measured(first, now, hours))


def scored(
    first: Promise,
    replied: datetime,
    hours: Mapping[SpecialistId, Hours],
    *,
    revisions: int = 0,
    late: bool = False,
) -> Score:
    """Score the promise that was told first; `late`: that it was missed has been learned, by whatever clock."""
    return Score(
        kind=first.kind,
        kept=not late and replied <= first.due,
        ratio=_measured(first, replied, hours),
        overshoot=overshoot(first.made, first.due, replied),
        revisions=revisions,
        late=late,
    )


def _measured(first: Promise, until: datetime, hours: Mapping[SpecialistId, Hours]) -> float:
    measured = ratio(first, until, hours)
    return -1.0 if measured is None else measured


def overshoot(made: datetime, due: datetime, replied: datetime) -> float:
    """Return (promised - real) ÷ real, in time on the wall: 1 is twice as long, under 0 a promise that was too short."""
    return (due - made).total_seconds() / max((replied - made).total_seconds(), _SOON) - 1


def learn(record: Calibration, several: Iterable[Score | Late]) -> Calibration:
    """Take what was told of promises, oldest first, into the calibration: each moves the quantile once."""
    for one in several:
        if one.ratio < 0:
            continue
        if isinstance(one, Late):
            record = record.missed(one.kind)
        else:
            record = record.add(one.kind, one.ratio, kept=None if one.late else one.kept)
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
