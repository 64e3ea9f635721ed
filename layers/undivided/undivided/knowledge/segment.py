"""An immutable part of the index: which answers have which term, as flat arrays that are used as they were read.

    "UKS1" | answers, terms, postings (uint32 each)
    ids (uint64 by answer) | when (uint32, Unix seconds) | lengths (uint16, terms of its question)
    terms (uint32, sorted) | starts (uint32, one more than terms) | postings (uint32, numbers of answers, ascending)

Reading one costs no time beyond fetching the bytes: nothing is parsed. Little-endian, as every Lambda is.
"""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_left
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from undivided.values import ConversationId

if TYPE_CHECKING:
    Numbers = Sequence[int] | memoryview[int]

_HEAD = struct.Struct("<4sIII")
_MAGIC = b"UKS1"
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_VALUES = {letter: value for value, letter in enumerate(_LETTERS)}
_ID = 12


@dataclass(frozen=True, slots=True)
class Indexed:
    """What the index knows of one answer."""

    id: ConversationId
    when: int
    """When it was given, in Unix seconds."""
    terms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """Answers by number, in the order in which they were added."""

    data: bytes
    ids: Numbers
    when: Numbers
    lengths: Numbers
    terms: Numbers
    starts: Numbers
    postings: Numbers

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def load(cls, data: bytes) -> Segment:
        """Use what `data` says as it stands; raise `ValueError` for anything but a whole segment."""
        if len(data) < _HEAD.size:
            raise ValueError("this is no part of the index of answers")
        magic, answers, terms, postings = _HEAD.unpack_from(data)
        sizes = (8 * answers, 4 * answers, 2 * answers, 4 * terms, 4 * (terms + 1), 4 * postings)
        if magic != _MAGIC or len(data) != _HEAD.size + sum(sizes):
            raise ValueError("this is no part of the index of answers, or not a whole one")
        view, at = memoryview(data), _HEAD.size
        parts: list[memoryview[int]] = []
        for size, kind in zip(sizes, "QIHIII", strict=True):
            parts.append(view[at : at + size].cast(kind))  # type: ignore[call-overload]
            at += size
        return cls(data, *parts)

    @classmethod
    def build(cls, answers: Iterable[Indexed]) -> Segment:
        """Write a segment of a few thousand answers."""
        known = list(answers)
        found: dict[int, list[int]] = {}
        for number, one in enumerate(known):
            for term in dict.fromkeys(one.terms):
                found.setdefault(term, []).append(number)
        ids, when = array("Q", (as_number(one.id) for one in known)), array("I", (one.when for one in known))
        return _written(ids, when, array("H", (len(one.terms) for one in known)), found)

    def answers(self) -> list[Indexed]:
        """Return what it was built from; for the small one, which is built anew with each word."""
        own: list[list[int]] = [[] for _ in range(len(self))]
        for place, term in enumerate(self.terms):
            for number in self.postings[self.starts[place] : self.starts[place + 1]]:
                own[number].append(term)
        return [Indexed(as_id(id_), self.when[at], tuple(own[at])) for at, id_ in enumerate(self.ids)]

    def having(self, term: int) -> Numbers:
        """Return the numbers of the answers that have `term`, ascending."""
        place = bisect_left(self.terms, term)
        if place == len(self.terms) or self.terms[place] != term:
            return ()
        return self.postings[self.starts[place] : self.starts[place + 1]]

    def merged(self, newer: Segment, without: Container[int]) -> Segment:
        """Return one segment of this, less the answers whose ids are in `without`, and all of `newer`."""
        kept = [number for number, id_ in enumerate(self.ids) if id_ not in without]
        moved = array("i", [-1]) * len(self)
        for new, old in enumerate(kept):
            moved[old] = new
        found: dict[int, list[int]] = {}
        for place, term in enumerate(self.terms):
            numbers = self.postings[self.starts[place] : self.starts[place + 1]]
            if left := [moved[number] for number in numbers if moved[number] >= 0]:
                found[term] = left
        for place, term in enumerate(newer.terms):
            numbers = newer.postings[newer.starts[place] : newer.starts[place + 1]]
            found.setdefault(term, []).extend(len(kept) + number for number in numbers)
        ids = array("Q", (*(self.ids[old] for old in kept), *newer.ids))
        when = array("I", (*(self.when[old] for old in kept), *newer.when))
        return _written(ids, when, array("H", (*(self.lengths[old] for old in kept), *newer.lengths)), found)


def as_number(key: ConversationId) -> int:
    """Return a conversation's id as the 60 bits that it is."""
    number = 0
    for letter in key:
        number = number << 5 | _VALUES[letter]
    return number


def as_id(number: int) -> ConversationId:
    return ConversationId("".join(_LETTERS[number >> 5 * place & 31] for place in reversed(range(_ID))))


def _written(ids: array[int], when: array[int], lengths: array[int], found: Mapping[int, Sequence[int]]) -> Segment:
    terms = array("I", sorted(found))
    starts, postings = array("I", [0]), array("I")
    for term in terms:
        postings.extend(found[term])
        starts.append(len(postings))
    parts = (ids, when, lengths, terms, starts, postings)
    head = _HEAD.pack(_MAGIC, len(ids), len(terms), len(postings))
    return Segment.load(head + b"".join(part.tobytes() for part in parts))


EMPTY = Segment.build(())
