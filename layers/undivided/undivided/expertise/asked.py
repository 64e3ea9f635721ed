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
    """Everybody who may get the question, best first."""

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
        parts = sorted(self.scores[0].parts, key=lambda part: -abs(part.value))
        return tuple(part.words for part in parts[:n])
