"""The specialists whom the filters left, with their descriptions ready to be compared."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest
from itertools import pairwise
from math import log
from typing import TYPE_CHECKING

from undivided.expertise.features import features, words
from undivided.expertise.lanes import Lanes, cosine, powers
from undivided.expertise.pieces import table

if TYPE_CHECKING:
    from array import array
    from collections.abc import Sequence

    from undivided.config import Shop, Specialist
    from undivided.expertise.model import Model
    from undivided.values import SpecialistId

MU = 100 * 100
"""Dirichlet prior in hundredths of a word: a specialist with 100 counted words speaks half for themselves."""
SHARPNESS = 13.0
"""How fast a vote falls with distance: exp(13 x cosine); 12 to 16 route alike."""
PHRASES = 60
"""Phrases that are read of one specialist."""
_USUAL_LEVEL = 3
_COUNTED = 8
_NEW = 40
"""Answers up to which somebody is a newcomer, where the others have twice as many."""
_EVEN = 10.0
"""Answers that everybody is taken to have in common before a newcomer's count for more: one answer is no evidence."""
_PART = re.compile(r"[.;,:!?\n\u2022()]+|\s[-\u2013]\s")
_ECHO_WORDS = 8
_ECHO_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Matches:
    """How near each specialist's phrases are to a question."""

    votes: list[float]
    lanes: array[int] | None
    """One for each phrase; None if no word of the question is known."""

    @property
    def near(self) -> float:
        """Cosine of the nearest phrase of all; 0 if there is none."""
        return cosine(max(self.lanes)) if self.lanes else 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """What a panel has behind it in one version of the model."""

    numbers: Sequence[int]
    """The model's number of each specialist, -1 for those it has never seen."""
    places: dict[int, int]
    """Number -> place on the panel."""
    whole_desk: bool
    """True: everybody whom the model knows is on the panel."""
    answers: Sequence[float]
    """Sum of the weights of each one's outcomes."""
    usual: float
    """Average of `answers`."""
    scarce: dict[int, float]
    """Number -> how much more each answer of a newcomer counts: they were asked less often, not less rightly."""
    burdens: Sequence[float]
    """log(1 + words / MU): what a word costs somebody who has said many."""
    length: int
    """All words of the desk, in hundredths."""


def enough(usual: float) -> float:
    """Return up to how many answers a specialist is a newcomer, where `usual` is the average of all."""
    return min(_NEW, usual / 2)


class Panel:
    """Descriptions of some specialists: phrases as directions, words as counts. Built once per group, then kept."""

    def __init__(self, shop: Shop, ids: Sequence[SpecialistId]) -> None:
        self.ids = tuple(ids)
        self.claims = [frozenset(claims(shop.specialists[one])) for one in ids]
        self.lengths = [0] * len(ids)
        self._standing: tuple[int, int, Standing] | None = None
        self.rows: dict[int, dict[int, int]] = {}
        """Feature -> place in `ids` -> hundredths, like `Counts.row`."""
        self._phrases: list[str] = []
        self._strengths: list[float] = []
        self._starts = [0]
        self._uneven: set[int] = set()
        """Where specialists begin whose phrases differ in strength."""
        self._texts = [shop.specialists[one].about for one in ids]
        for place, one in enumerate(ids):
            self._describe(place, shop.specialists[one], shop)
        vectors = [table().levels(phrase) for phrase in self._phrases]
        self._lanes = Lanes.of(vectors, table().dimensions)

    @cached_property
    def untaught(self) -> Standing:
        """What these specialists have behind them before the first answer: their descriptions."""
        burdens = [log(1 + length / MU) for length in self.lengths]
        nobody = [0.0] * len(self.ids)
        return Standing([-1] * len(self.ids), {}, False, nobody, 0.0, {}, burdens, sum(self.lengths))

    def standing(self, model: Model) -> Standing:
        """Return what the model says of these specialists; kept until it has learned something."""
        if self._standing is None or self._standing[:2] != (id(model), model.version):
            self._standing = (id(model), model.version, self._stand(model))
        return self._standing[2]

    def _stand(self, model: Model) -> Standing:
        numbers = [model.numbers.get(one, -1) for one in self.ids]
        places = {number: place for place, number in enumerate(numbers) if number >= 0}
        answers = [model.record(one).answers / 100 for one in self.ids]
        learned = model.counts.lengths
        usual = sum(answers) / len(answers)
        lengths = [own + learned.get(number, 0) for own, number in zip(self.lengths, numbers, strict=True)]
        return Standing(
            numbers,
            places,
            whole_desk=len(places) == len(model.numbers),
            answers=answers,
            usual=usual,
            scarce={
                number: (usual + _EVEN) / (count + _EVEN)
                for number, count in zip(numbers, answers, strict=True)
                if 0 < count < enough(usual)
            },
            burdens=[log(1 + length / MU) for length in lengths],
            length=sum(self.lengths) + model.counts.whole,
        )

    def matches(self, vector: Sequence[float]) -> Matches:
        """Compare a question's direction with every phrase."""
        if not any(vector):
            return Matches([0.0] * len(self.ids), None)
        lanes = self._lanes.dots(vector)
        worth = list(map(powers(SHARPNESS).__getitem__, lanes))
        return Matches([self._vote(start, worth[start:end]) for start, end in pairwise(self._starts)], lanes)

    def _vote(self, start: int, own: list[float]) -> float:
        """Add up a specialist's eight nearest phrases: a description of sixty gains nothing by its length."""
        if start in self._uneven:
            own = [strength * vote for strength, vote in zip(self._strengths[start:], own, strict=False)]
        return sum(own) if len(own) <= _COUNTED else sum(nlargest(_COUNTED, own))

    def nearest(self, place: int, matches: Matches) -> tuple[float, str]:
        """Return cosine and words of a specialist's phrase that is nearest to the question; 0 and "" if none is."""
        own = range(self._starts[place], self._starts[place + 1])
        if matches.lanes is None or not own:
            return 0.0, ""
        best = max(own, key=matches.lanes.__getitem__)
        return cosine(matches.lanes[best]), self._phrases[best]

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
        if any(level != 1.0 for _, level in spoken):
            self._uneven.add(len(self._phrases))
        self._phrases += [part for part, _ in spoken[:PHRASES]]
        self._strengths += [level for _, level in spoken[:PHRASES]]
        self._starts.append(len(self._phrases))


def claims(specialist: Specialist) -> list[tuple[str, str]]:
    """Return what a specialist speaks and owns as (kind, value) pairs, in one spelling."""
    groups = (
        ("language", specialist.languages),
        ("sku", specialist.skus),
        ("category", specialist.categories),
        ("brand", specialist.brands),
    )
    return [(kind, value.strip().casefold()) for kind, values in groups for value in values]
