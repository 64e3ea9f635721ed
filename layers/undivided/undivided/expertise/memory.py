"""Past questions as directions: the nearest ones vote for who answered them."""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass
from heapq import nlargest
from itertools import compress
from typing import TYPE_CHECKING

from undivided.expertise.lanes import UNIT, Lanes, cosine, row_levels

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

LIMIT = 5_000
"""Past questions that are kept; measured, more would cost time and add little beside the counts, which keep all."""
_SLACK = 500
"""How far past LIMIT before the oldest are dropped, so that it happens rarely."""
_STEP = 4
"""Levels between two that a past question is rounded to: measured, it costs no accuracy and halves the stored state."""
_DUST = 4
_OF_FEW = 3
_REACH = UNIT // 5
"""Lane numbers below the nearest: at a fifth of a cosine farther a vote is a fourteenth."""


@dataclass(frozen=True, slots=True)
class Vote:
    """One near past question: how near (cosine), whose, and its weight (1 is answered well)."""

    cosine: float
    who: int
    weight: float


class Memory:
    """The newest past questions, each with its mark (a hash by which it can be taken back)."""

    def __init__(self, dimensions: int) -> None:
        self._dimensions = dimensions
        self._lanes = Lanes(dimensions)
        self._who = array("H")
        self._amounts = array("i")
        self._marks = array("I")
        self._taken_back = False
        self._place: dict[tuple[int, int], int] | None = None

    def __len__(self) -> int:
        return sum(amount > 0 for amount in self._amounts)

    def add(self, mark: int, vector: Sequence[float], who: int, amount: int) -> None:
        """Remember a question, or add to its amount (hundredths)."""
        places = self._places()
        place = places.get((mark, who))
        if place is not None:
            self._amounts[place] += amount
        else:
            places[mark, who] = len(self._who)
            self._lanes.add(row_levels(vector, _STEP))
            self._who.append(who)
            self._marks.append(mark)
            self._amounts.append(amount)
            if len(self._who) > LIMIT + _SLACK:
                self._shrink()

    def take_back(self, mark: int, who: int, amount: int) -> None:
        """Take from a question's amount; what falls to nothing is forgotten. Nothing happens if it is not kept any more."""
        places = self._places()
        place = places.get((mark, who))
        if place is None:
            return
        self._amounts[place] = max(0, self._amounts[place] - amount)
        if self._amounts[place] <= _DUST:
            self._amounts[place], self._taken_back = 0, True
            del places[mark, who]

    def nearest(
        self, vector: Sequence[float], most: int, ours: Container[int] | None, few: Container[int] = ()
    ) -> list[Vote]:
        """Return the `most` nearest past questions, nearest first, of the specialists in `ours` (None: of all).

        After them come the nearest three of each specialist in `few`, unless they are among them: whoever has ten
        answers among thousands is hardly ever so near.
        """
        lanes = self._lanes.dots(vector)
        places: Iterable[int] = range(len(lanes))
        if ours is not None:
            places = compress(places, map(ours.__contains__, self._who))
        mine = list(places)
        if self._taken_back:
            mine = [place for place in mine if self._amounts[place]]
        values = [lanes[place] for place in mine] if len(mine) < len(lanes) else lanes
        floor = max(values, default=0) - _REACH
        near = [(lanes[place], place) for place in compress(mine, map(floor.__lt__, values))]
        found = nlargest(most, near)
        if few:
            found += self._nearest_of(few, [(lanes[place], place) for place in mine], set(found))
        return [Vote(cosine(lane), self._who[at], self._amounts[at] / 100) for lane, at in found]

    def _nearest_of(
        self, few: Container[int], near: Iterable[tuple[int, int]], taken: set[tuple[int, int]]
    ) -> list[tuple[int, int]]:
        own: dict[int, list[tuple[int, int]]] = {}
        for one in near:
            if (who := self._who[one[1]]) in few:
                own.setdefault(who, []).append(one)
        best = (one for several in own.values() for one in nlargest(_OF_FEW, several))
        return [one for one in best if one not in taken]

    def age(self, factor: float) -> None:
        self._amounts = array(
            "i", (round(amount * factor) if amount * factor > _DUST else 0 for amount in self._amounts)
        )
        self._shrink()

    def dump(self) -> bytes:
        self._shrink()
        parts = (self._lanes.dump(), self._who.tobytes(), self._marks.tobytes(), self._amounts.tobytes())
        return struct.pack("<II", len(self._who), self._dimensions) + b"".join(parts)

    @classmethod
    def load(cls, data: bytes | bytearray) -> Memory:
        count, dimensions = struct.unpack_from("<II", data)
        memory = cls(dimensions)
        view = memoryview(data)[8:]
        memory._lanes = Lanes.load(view, count, dimensions)
        at = count * dimensions
        memory._who = array("H", bytes(view[at : at + 2 * count]))
        memory._marks = array("I", bytes(view[at + 2 * count : at + 6 * count]))
        memory._amounts = array("i", bytes(view[at + 6 * count : at + 10 * count]))
        return memory

    def _places(self) -> dict[tuple[int, int], int]:
        """Only the writer needs it: built on its first word, not when a reader loads."""
        if self._place is None:
            marked = enumerate(zip(self._marks, self._who, self._amounts, strict=True))
            self._place = {(mark, who): place for place, (mark, who, amount) in marked if amount}
        return self._place

    def _shrink(self) -> None:
        """Drop what was taken back, and the oldest beyond the limit, first of those who have most."""
        alive = [place for place, amount in enumerate(self._amounts) if amount]
        if len(alive) == len(self._who) <= LIMIT:
            return
        kept = _newest(alive, self._who)
        rows = self._lanes.rows()
        self._lanes = Lanes.of([rows[place] for place in kept], self._dimensions)
        self._who = array("H", (self._who[place] for place in kept))
        self._marks = array("I", (self._marks[place] for place in kept))
        self._amounts = array("i", (self._amounts[place] for place in kept))
        self._place, self._taken_back = None, False


def _newest(alive: list[int], who: Sequence[int]) -> list[int]:
    """Keep the newest of each, as many for everybody as fit into LIMIT: a busy colleague crowds nobody out."""
    own: dict[int, list[int]] = {}
    for place in alive:
        own.setdefault(who[place], []).append(place)
    left, share, kept = LIMIT, 0, []
    for done, places in enumerate(sorted(own.values(), key=len)):
        share = left // (len(own) - done)
        kept += places[-share:] if share else []
        left -= min(share, len(places))
    return sorted(kept)
