"""What routing may look at, and what it answers with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from undivided.values import SpecialistId


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as routing sees it: no address, no name, no time."""

    text: str
    language: str
    """Two letters; "" is unknown, and then no specialist is ruled out by language."""
    sku: str = ""
    title: str = ""
    category: str = ""
    brand: str = ""
    returning_to: SpecialistId | None = None
    """The specialist of the shopper's last conversation, if that was within 30 days."""


@dataclass(frozen=True, slots=True)
class Part:
    """One reason for a score: a number with a name, and an English sentence fragment without personal data."""

    name: str
    value: float
    words: str


@dataclass(frozen=True, slots=True)
class Score:
    """How well one specialist matches; `estimate` > 0, and only ratios between specialists mean something."""

    specialist: SpecialistId
    estimate: float
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Who may get the question, best first; a hundred at most, and reasons for the first eight."""

    scores: tuple[Score, ...]
    fits: bool
    """False: nobody fits; the fallback person gets it and the owner is told."""
    dropped: tuple[str, ...] = ()
    """Filters that would have left nobody: "product", "language"."""
    fit: float = 0.0
    """How much the question looks like what this desk knows; higher is better, no unit."""

    def why(self, n: int = 3) -> tuple[str, ...]:
        """Return the `n` strongest reasons for the first choice, strongest first."""
        if not self.scores:
            return ()
        parts = sorted((part for part in self.scores[0].parts if part.value), key=lambda part: -abs(part.value))
        if not parts:
            return ("is the only one left to ask" if len(self.scores) == 1 else "nothing tells the specialists apart",)
        return tuple(part.words for part in parts[:n])

    def turning_point(self) -> tuple[Part, SpecialistId] | None:
        """Return what decided: the first choice's part without which the second (returned too) would be first.

        None if there is no second, or if no single part decided.
        """
        if len(self.scores) < 2:  # noqa: PLR2004 - two make a choice
            return None
        first, second = self.scores[:2]
        theirs = {part.name: part.value for part in second.parts}
        gap = sum(part.value for part in first.parts) - sum(theirs.values())
        leads = [(part.value - theirs.get(part.name, 0.0), part) for part in first.parts]
        lead, decisive = max(leads, key=lambda one: one[0], default=(0.0, None))
        return (decisive, second.specialist) if decisive and lead > max(gap, 0.0) else None
