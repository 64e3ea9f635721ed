"""The search for earlier answers: what a question has in common with those that were answered well, rare words first.

A word weighs what it tells (its inverse document frequency). The words of a question are looked up from the rarest to the
commonest until so many answers have been touched that more would cost time and tell little; the common words are then
only looked up for the few answers that are near already. So the time hardly grows with the number of answers.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import chain
from math import log
from operator import itemgetter
from typing import TYPE_CHECKING

from undivided.knowledge.segment import EMPTY, Segment, as_id
from undivided.values import ConversationId

if TYPE_CHECKING:
    from undivided.knowledge.segment import Numbers

MOST_TOUCHED = 8_000
"""Postings that one search goes through for the words, and again for the product."""
SAME_PRODUCT = 0.25
"""What the same product adds to a similarity."""
ENOUGH = 0.4
"""A similarity from which on an answer is worth showing: 1 is the same question about another product."""
_LOOKED_AT = 64
_AT_LEAST = 500
"""So many answers are assumed: where there are few, a word that one of them has is still a rare word."""
_FEWEST = 3
"""Rare words that a question is taken to have at least: one word in common is no similar question."""
_LONGER = 0.3
"""How much a question that says more than was asked loses, for each time that it is longer."""


@dataclass(frozen=True, slots=True)
class Found:
    """One earlier answer, and how much its question is like the one that was asked."""

    id: ConversationId
    similarity: float
    when: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched: the terms of a question, and that of its product (None: it is about none)."""

    terms: Sequence[int]
    product: int | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """A large part that rarely changes, and the small one of lately, whose answers count in place of older ones."""

    base: Segment = EMPTY
    recent: Segment = EMPTY
    hidden: frozenset[int] = frozenset()
    """Numbers of the answers of `base` that are no more, or that `recent` has anew."""

    @classmethod
    def of(cls, base: Segment, recent: Segment, gone: frozenset[int]) -> Index:
        """Put the parts together; `gone` are the ids, as numbers, of answers of `base` that are no more."""
        replaced = gone.union(recent.ids)
        return cls(base, recent, frozenset(number for number, id_ in enumerate(base.ids) if id_ in replaced))

    def __len__(self) -> int:
        return len(self.base) + len(self.recent)

    def search(self, wanted: Wanted, most: int, *, without: ConversationId | None = None) -> list[Found]:
        """Return the `most` similar that are similar enough, the most similar first."""
        weights = self._weights(wanted.terms)
        if not weights:
            return []
        told = max(sum(weights.values()), _FEWEST * _weight(0, max(len(self), _AT_LEAST)))
        parts = ((self.base, self.hidden), (self.recent, frozenset[int]()))
        found = chain.from_iterable(_nearest(part, weights, told, wanted, hidden) for part, hidden in parts)
        near = [one for one in found if one.similarity >= ENOUGH and one.id != without]
        return nlargest(most, near, key=lambda one: (round(one.similarity, 2), one.when))

    def _weights(self, terms: Sequence[int]) -> dict[int, float]:
        """Return what each term tells, the most first; a word that everybody uses tells nothing."""
        answers = max(len(self), _AT_LEAST)
        counted = {term: len(self.base.having(term)) + len(self.recent.having(term)) for term in terms}
        weights = {term: _weight(count, answers) for term, count in counted.items()}
        return dict(sorted(weights.items(), key=itemgetter(1), reverse=True))


def _weight(count: int, answers: int) -> float:
    """Return what a term tells that `count` of so many answers have."""
    return log(1 + (answers - count + 0.5) / (count + 0.5))


def _nearest(
    part: Segment, weights: dict[int, float], told: float, wanted: Wanted, hidden: frozenset[int]
) -> list[Found]:
    """Return the few of one part that share most with what is searched."""
    sums, common = _shared(part, weights)
    if wanted.product is not None:
        _add(sums, part.having(wanted.product)[-MOST_TOUCHED:], SAME_PRODUCT * told)
    for number in hidden.intersection(sums):
        del sums[number]
    near = dict(nlargest(_LOOKED_AT, sums.items(), key=itemgetter(1)))
    for term in common:
        _add(near, _having(part, term, near), weights[term])
    asked = max(len(wanted.terms), _FEWEST)
    return [
        Found(as_id(part.ids[number]), _similarity(shared / told, part.lengths[number] / asked), part.when[number])
        for number, shared in near.items()
    ]


def _shared(part: Segment, weights: dict[int, float]) -> tuple[dict[int, float], list[int]]:
    """Add up what each answer shares, from the rarest word on; return the sums, and the words that were too common."""
    sums: dict[int, float] = {}
    common, touched = list[int](), 0
    for term, weight in weights.items():
        numbers = part.having(term)
        touched += len(numbers)
        if touched > MOST_TOUCHED:
            common.append(term)
        else:
            _add(sums, numbers, weight)
    return sums, common


def _having(part: Segment, term: int, among: Iterable[int]) -> list[int]:
    """Return which of a few answers have a term that many have."""
    numbers = part.having(term)
    places = ((number, bisect_left(numbers, number)) for number in among)
    return [number for number, place in places if place < len(numbers) and numbers[place] == number]


def _add(sums: dict[int, float], numbers: Numbers, weight: float) -> None:
    get = sums.get
    for number in numbers:
        sums[number] = get(number, 0.0) + weight


def _similarity(shared: float, longer: float) -> float:
    return shared / (1 + _LONGER * max(longer - 1, 0))
