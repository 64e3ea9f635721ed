"""Sums of hashed words per specialist: what a Dirichlet-smoothed language model needs, and nothing more.

Amounts are whole hundredths, so that taking something back leaves nothing behind.
"""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_left
from itertools import accumulate, chain, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Row = dict[int, int]
"""Specialist's number -> amount in hundredths."""
_DUST = 4
"""Amounts up to this are what rounding leaves after an aged entry was taken back."""


class Counts:
    """Feature -> specialist -> amount: sorted arrays as loaded, and a dictionary of what changed since."""

    def __init__(self) -> None:
        self.lengths: Row = {}
        """Specialist's number -> sum of all amounts."""
        self.whole = 0
        """Sum of all lengths."""
        self._keys = array("I")
        self._starts = array("I", [0])
        self._who = array("H")
        self._amounts = array("I")
        self._changed: dict[int, Row] = {}

    def add(self, features: Iterable[int], who: int, amount: int) -> None:
        """Add `amount` hundredths (or take them back) to every feature of a specialist."""
        added = 0
        for feature in features:
            row = self._changed.get(feature)
            if row is None:
                row = self._changed[feature] = self._loaded(feature)
            before = row.get(who, 0)
            after = before + amount
            if after > _DUST:
                row[who] = after
            else:
                row.pop(who, None)
                after = 0
            added += after - before
        self.lengths[who] = self.lengths.get(who, 0) + added
        self.whole += added

    def row(self, feature: int) -> Row:
        """Return who has answered this feature, and how much; {} if nobody."""
        changed = self._changed.get(feature)
        return self._loaded(feature) if changed is None else changed

    def size(self, feature: int) -> int:
        """Return how many specialists `row` would name, without reading it."""
        changed = self._changed.get(feature)
        if changed is not None:
            return len(changed)
        place = bisect_left(self._keys, feature)
        if place == len(self._keys) or self._keys[place] != feature:
            return 0
        return self._starts[place + 1] - self._starts[place]

    def age(self, factor: float) -> None:
        """Multiply every amount; what becomes dust is forgotten."""
        self._changed = {feature: _times(row, factor) for feature, row in self._rows()}
        self._keys, self._starts, self._who, self._amounts = array("I"), array("I", [0]), array("H"), array("I")
        self.lengths = {}
        for row in self._changed.values():
            for who, amount in row.items():
                self.lengths[who] = self.lengths.get(who, 0) + amount
        self.whole = sum(self.lengths.values())

    def dump(self) -> bytes:
        """Write sorted arrays; the keys as differences, which gzip packs well."""
        rows = sorted((feature, sorted(row.items())) for feature, row in self._rows() if row)
        keys = [feature for feature, _ in rows]
        gaps = array("I", (after - before for before, after in pairwise([0, *keys])))
        sizes = array("H", (len(row) for _, row in rows))
        who = array("H", (number for _, row in rows for number, _ in row))
        amounts = array("I", (amount for _, row in rows for _, amount in row))
        lengths = array("q", (self.lengths.get(number, 0) for number in range(max(self.lengths, default=-1) + 1)))
        parts = [_planes(gaps), sizes.tobytes(), who.tobytes(), _planes(amounts), lengths.tobytes()]
        return struct.pack("<II", len(gaps), len(who)) + b"".join(parts)

    @classmethod
    def load(cls, data: bytes) -> Counts:
        keys, postings = struct.unpack_from("<II", data)
        cuts = list(accumulate((4 * keys, 2 * keys, 2 * postings, 4 * postings), initial=8))
        gaps, sizes, who, amounts = (data[start:end] for start, end in pairwise(cuts))
        counts = cls()
        counts._keys = array("I", accumulate(_joined(gaps)))
        counts._starts = array("I", accumulate(array("H", sizes), initial=0))
        counts._who, counts._amounts = array("H", who), _joined(amounts)
        counts.lengths = dict(enumerate(array("q", data[cuts[-1] :])))
        counts.whole = sum(counts.lengths.values())
        return counts

    def _loaded(self, feature: int) -> Row:
        place = bisect_left(self._keys, feature)
        if place == len(self._keys) or self._keys[place] != feature:
            return {}
        part = slice(self._starts[place], self._starts[place + 1])
        return dict(zip(self._who[part], self._amounts[part], strict=True))

    def _rows(self) -> Iterator[tuple[int, Row]]:
        untouched = (feature for feature in self._keys if feature not in self._changed)
        return chain(self._changed.items(), ((feature, self._loaded(feature)) for feature in untouched))


def _times(row: Row, factor: float) -> Row:
    return {who: round(amount * factor) for who, amount in row.items() if amount * factor > _DUST}


def _planes(numbers: array[int]) -> bytes:
    """Write all lowest bytes, then all second ones and so on: high bytes are mostly zero and pack to nothing."""
    data = numbers.tobytes()
    return b"".join(data[place::4] for place in range(4))


def _joined(planes: bytes) -> array[int]:
    size = len(planes) // 4
    data = bytearray(len(planes))
    for place in range(4):
        data[place::4] = planes[place * size : (place + 1) * size]
    return array("I", bytes(data))
