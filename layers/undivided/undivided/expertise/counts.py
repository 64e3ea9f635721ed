"""Sums of hashed words per specialist: what a Dirichlet-smoothed language model needs, and nothing more.

Amounts are whole hundredths, so that taking something back leaves nothing behind.
"""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_left
from itertools import accumulate, compress, islice
from operator import sub
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from io import BufferedIOBase

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
        self._merge()
        kept = [round(amount * factor) if amount * factor > _DUST else 0 for amount in self._amounts]
        sizes = [
            size - kept[start : start + size].count(0)
            for start, size in zip(self._starts, _differences(self._starts), strict=False)
        ]
        self._keys = array("I", compress(self._keys, sizes))
        self._starts = array("I", accumulate(filter(None, sizes), initial=0))
        self._who, self._amounts = array("H", compress(self._who, kept)), array("I", filter(None, kept))
        self.lengths = {}
        for who, amount in zip(self._who, self._amounts, strict=True):
            self.lengths[who] = self.lengths.get(who, 0) + amount
        self.whole = sum(self.lengths.values())

    def dump(self) -> bytes:
        """Write sorted arrays; the keys as differences, which gzip packs well."""
        self._merge()
        gaps = array("I", _differences([0, *self._keys]))
        sizes = array("H", _differences(self._starts))
        lengths = array("q", (self.lengths.get(number, 0) for number in range(max(self.lengths, default=-1) + 1)))
        parts = [_planes(gaps), sizes.tobytes(), self._who.tobytes(), _planes(self._amounts), lengths.tobytes()]
        return struct.pack("<II", len(gaps), len(self._who)) + b"".join(parts)

    def _merge(self) -> None:
        """Put what changed into the sorted arrays; what did not is copied in whole runs, for it is nearly everything."""
        keys, sizes, who, amounts = array("I"), array("H"), array("H"), array("I")

        def copy(begin: int, end: int) -> None:
            rows = slice(self._starts[begin], self._starts[end])
            keys.extend(self._keys[begin:end])
            sizes.extend(_differences(self._starts[begin : end + 1]))
            who.extend(self._who[rows])
            amounts.extend(self._amounts[rows])

        at = 0
        for feature, row in sorted(self._changed.items()):
            place = bisect_left(self._keys, feature, at)
            copy(at, place)
            at = place + (place < len(self._keys) and self._keys[place] == feature)
            if row:
                keys.append(feature)
                sizes.append(len(row))
                who.extend(sorted(row))
                amounts.extend(row[one] for one in sorted(row))
        copy(at, len(self._keys))
        self._keys, self._starts, self._changed = keys, array("I", accumulate(sizes, initial=0)), {}
        self._who, self._amounts = who, amounts

    @classmethod
    def load(cls, file: BufferedIOBase, length: int) -> Counts:
        """Read the `length` bytes that `dump` wrote, each array straight into its place; raise `EOFError` if they are fewer.

        A large desk's are 17 MB: what is copied on the way stays with the process.
        """
        keys, postings = _numbers("I", file, 2)
        others = length - 8 - 6 * (keys + postings)
        if others < 0:
            raise EOFError("more is announced than there is")
        counts, sizes = cls(), array("H")
        counts._keys = array("I", accumulate(_joined(file, keys)))
        sizes.fromfile(file, keys)
        counts._starts = array("I", accumulate(sizes, initial=0))
        counts._who.fromfile(file, postings)
        counts._amounts = _joined(file, postings)
        counts.lengths = dict(enumerate(_numbers("q", file, others // 8)))
        counts.whole = sum(counts.lengths.values())
        return counts

    def _loaded(self, feature: int) -> Row:
        place = bisect_left(self._keys, feature)
        if place == len(self._keys) or self._keys[place] != feature:
            return {}
        part = slice(self._starts[place], self._starts[place + 1])
        return dict(zip(self._who[part], self._amounts[part], strict=True))


def _differences(numbers: Sequence[int]) -> Iterator[int]:
    return map(sub, islice(numbers, 1, None), numbers)


def _numbers(kind: str, file: BufferedIOBase, count: int) -> array[int]:
    numbers = array(kind)
    numbers.fromfile(file, count)
    return numbers


def _planes(numbers: array[int]) -> bytes:
    """Write all lowest bytes, then all second ones and so on: high bytes are mostly zero and pack to nothing."""
    data = numbers.tobytes()
    return b"".join(data[place::4] for place in range(4))


def _joined(file: BufferedIOBase, count: int) -> array[int]:
    """Read what `_planes` wrote: two planes at a time, for all four together would be as much again as they are in the end."""
    joined = array("I", [0]) * count
    halves = memoryview(joined).cast("B").cast("H")
    for half in range(2):
        planes = bytearray(2 * count)
        planes[::2], planes[1::2] = _numbers("B", file, count), _numbers("B", file, count)
        halves[half::2] = memoryview(planes).cast("H")
    return joined
