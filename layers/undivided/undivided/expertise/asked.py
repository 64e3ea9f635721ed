"""What routing may look at, and what it answers with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
class Reason:
    """Why somebody, as data without a word of the shopper's; `why.said` writes it out in the reader's language."""

    code: str
    """`why.<code>` in the locales."""
    args: Mapping[str, str] = field(default_factory=dict)


ONLY, ALIKE, NEXT = Reason("only"), Reason("alike"), Reason("next")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score: what it adds to the logarithm of the estimate, and why."""

    name: str
    value: float
    reason: Reason


@dataclass(frozen=True, slots=True)
class Score:
    """How well one specialist matches; `estimate` > 0, and only ratios between specialists mean something."""

    specialist: SpecialistId
    estimate: float
    parts: tuple[Part, ...]

    def strongest(self, n: int) -> tuple[Reason, ...]:
        """Return up to `n` different reasons that speak for them, the strongest first."""
        good = sorted((part for part in self.parts if part.value > 0), key=lambda part: -part.value)
        reasons = [part.reason for part in good]
        return tuple(reason for place, reason in enumerate(reasons) if reason not in reasons[:place])[:n]


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
    drawn: tuple[SpecialistId, ...] = ()
    """In this order those who are ready are tried, where the question serves to get to know somebody."""

    def why(self, n: int = 3) -> tuple[Reason, ...]:
        """Return the `n` strongest reasons for the first choice, strongest first."""
        return self.reasons(0, n) if self.scores else ()

    def reasons(self, place: int, n: int = 3) -> tuple[Reason, ...]:
        """Return the `n` strongest reasons for one of the scores; there is always one."""
        otherwise = NEXT if place else ONLY if len(self.scores) == 1 else ALIKE
        return self.scores[place].strongest(n) or (otherwise,)

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
