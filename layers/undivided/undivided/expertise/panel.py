"""The specialists whom the filters left, with their descriptions ready to be compared."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING

from undivided.expertise.features import features, words
from undivided.expertise.lanes import Lanes, cosine, row_levels
from undivided.expertise.pieces import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from undivided.config import Shop, Specialist
    from undivided.values import SpecialistId

SHARPNESS = 14.0
"""How fast a vote falls with distance: exp(14 x cosine); 12 to 16 route alike."""
PHRASES = 60
"""Phrases that are read of one specialist."""
_USUAL_LEVEL = 3
_ABOUT = 0.15
"""Cosine of texts that have nothing to do with each other: their spread is about 0.1."""
_BASE = exp(SHARPNESS * _ABOUT)
_PART = re.compile(r"[.;,:!?\n\u2022()]+|\s[-\u2013]\s")
_ECHO_WORDS = 8
_ECHO_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class _Phrase:
    place: int
    words: str
    strength: float
    """1 for what somebody says of themselves; a skill's level over 3."""


class Panel:
    """Descriptions of some specialists: phrases as directions, words as counts. Built once per group, then kept."""

    def __init__(self, shop: Shop, ids: Sequence[SpecialistId]) -> None:
        self.ids = tuple(ids)
        self.lengths = [0] * len(ids)
        self.rows: dict[int, dict[int, int]] = {}
        """Feature -> place in `ids` -> hundredths, like `Counts.row`."""
        self._phrases: list[_Phrase] = []
        self._texts = [shop.specialists[one].about for one in ids]
        for place, one in enumerate(ids):
            self._describe(place, shop.specialists[one], shop)
        vectors = [row_levels(table().vector(phrase.words)) for phrase in self._phrases]
        self._lanes = Lanes.of(vectors, table().dimensions)

    def matches(self, vector: Sequence[float]) -> tuple[list[float], list[tuple[float, str]]]:
        """Return each specialist's votes from phrases, and their nearest phrase with its cosine.

        Phrases that are about something else have no vote at all: sixty of them are no better than six.
        """
        votes = [0.0] * len(self.ids)
        best = [(-1.0, "")] * len(self.ids)
        if any(vector):
            for phrase, lane in zip(self._phrases, self._lanes.dots(vector), strict=True):
                near = cosine(lane)
                if near > best[phrase.place][0]:
                    best[phrase.place] = (near, phrase.words)
                if near > _ABOUT:
                    votes[phrase.place] += phrase.strength * (exp(SHARPNESS * near) - _BASE)
        return votes, best

    def echoes(self, place: int, text: str) -> bool:
        """Say whether a text repeats a specialist's description: such a question wants a person, not an answer."""
        described = frozenset(words(self._texts[place]))
        return len(described) >= _ECHO_WORDS and len(described.intersection(words(text))) >= _ECHO_SHARE * len(
            described
        )

    def _describe(self, place: int, specialist: Specialist, shop: Shop) -> None:
        named = [f"{kind}:{value}" for kind, value in claims(specialist) if kind != "language"]
        titles = [shop.products[sku].title for sku in sorted(specialist.skus) if sku in shop.products]
        listed = [*sorted(specialist.categories), *sorted(specialist.brands), *titles]
        skills = list(specialist.skills)
        counted = Counter(features(" . ".join([specialist.about, *skills, *listed]), *named))
        for feature in counted:
            self.rows.setdefault(feature, {})[place] = 100
        self.lengths[place] = 100 * len(counted)
        parts = [part.strip() for part in _PART.split(specialist.about)]
        levels = (
            [1.0] * len(parts) + [level / _USUAL_LEVEL for level in specialist.skills.values()] + [1.0] * len(listed)
        )
        spoken = [(part, level) for part, level in zip([*parts, *skills, *listed], levels, strict=True) if part]
        self._phrases += [_Phrase(place, part, level) for part, level in spoken[:PHRASES]]


def claims(specialist: Specialist) -> list[tuple[str, str]]:
    """Return what a specialist speaks and owns as (kind, value) pairs, in one spelling."""
    groups = (
        ("language", specialist.languages),
        ("sku", specialist.skus),
        ("category", specialist.categories),
        ("brand", specialist.brands),
    )
    return [(kind, value.strip().casefold()) for kind, values in groups for value in values]
