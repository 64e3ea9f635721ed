"""A table of words and word pieces with a vector each: what a text is about, in 192 numbers, in ten languages.

`pieces.bin` is distilled from universal-sentence-encoder-multilingual v3 by `console/distil.py`; see `pieces.md` beside
it for licence and provenance. Four bits a number: the table is 7 MB, of which a process touches the rows that it needs.
"""

from __future__ import annotations

import struct
from array import array
from functools import cache
from math import log, sqrt
from mmap import ACCESS_READ, mmap
from operator import mul
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from undivided.expertise.features import words
from undivided.expertise.lanes import ROW

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 96
"""Pieces that are read of one text; what follows in a long question moves the sum little."""
MAGIC = b"PIECES2\n"
_LONGEST = 16
"""Letters of the longest piece."""
_PART = 4
"""Letters from which a word may also stand inside another: German writes "Gartenschlauch" in one."""
_MIDDLE = 1 << 31
_FULL = 16
"""Steps of a word's weight: 16 x 96 pieces of 20 bits stay within a lane of 32."""
_KEPT = 8_000
"""Rows that stay unpacked (8 MB): a shop's questions are written with few thousand words."""
_PHRASES = 20_000
"""Phrases whose levels are kept (5 MB)."""
_UNKNOWN = 20.0
"""Price of a letter that no piece has, next to `log(place)` for a piece: pieces are listed from common to rare."""
_COMMON = 50
_WORD = 40
"""Letters that are read of one word: longer is no word."""
_LOW = bytes((value & 15) - 8 & 255 for value in range(256))
_HIGH = bytes((value >> 4) - 8 & 255 for value in range(256))


class Table:
    """Pieces and their vectors; `vector` is all that the rest of the wing needs."""

    def __init__(self, slots: memoryview, dimensions: int, scales: memoryview, rows: memoryview, mark: int = 0) -> None:
        self.dimensions = dimensions
        self.mark = mark
        """Another table's directions mean something else: what was learned with one says with which."""
        self._slots = slots
        self._mask = len(slots) // 2 - 1
        self._scales = scales
        self._packed = rows
        self._rows: dict[int, int] = {}
        self._cuts: dict[str, list[int]] = {}
        self._levels: dict[str, array[int]] = {}
        self._bias = int.from_bytes(array("I", [_MIDDLE] * dimensions).tobytes(), "little")
        self._width = dimensions // 2

    @classmethod
    def read(cls, data: bytes | mmap) -> Table:
        """Read `pieces.bin`; raise `ValueError` if it is something else. All is read where it lies, when it is needed."""
        if data[: len(MAGIC)] != MAGIC:
            raise ValueError("not a table of pieces; build one with `python -m console.distil`")
        count, dimensions, slots, mark = struct.unpack_from("<IIII", data, len(MAGIC))
        view = memoryview(data)[len(MAGIC) + 16 :]
        scales = 8 * slots
        rows = scales + 2 * count
        return cls(view[:scales].cast("I"), dimensions, view[scales:rows].cast("H"), view[rows:], mark)

    def pieces(self, text: str) -> list[int]:
        """Cut a text into the likeliest known pieces."""
        return [number for word in words(text) for number in self._cut(word)]

    def rarity(self, word: str) -> int:
        """Return the place, from common to rare, of a word's rarest piece; behind all of them if it has none."""
        return max(self._cut(word), default=len(self._scales))

    def vector(self, text: str, weight: Callable[[str], float] | None = None) -> list[float]:
        """Return the text's direction, length 1; all zeros if no piece of it is known.

        `weight` says from 0 to 1 how telling a word is at this desk; without it every word counts in full.
        """
        total = self._total(text, weight)
        length = sqrt(sum(map(mul, total, total))) or 1.0
        return [value / length for value in total]

    def levels(self, text: str) -> array[int]:
        """Return the text's direction rounded to the levels that `lanes` stores; kept, for descriptions come again."""
        found = self._levels.get(text)
        if found is None:
            total = self._total(text, None)
            length = sqrt(sum(map(mul, total, total))) or 1.0
            ratio = int(ROW * (1 << 30) / length)
            found = array("b", [(value * ratio + (1 << 29)) >> 30 for value in total])
            if len(self._levels) < _PHRASES:
                self._levels[text] = found
        return found

    def _total(self, text: str, weight: Callable[[str], float] | None) -> array[int]:
        whole, read = self._bias, 0
        for word in words(text):
            numbers = self._cut(word)
            times = _FULL if weight is None else round(_FULL * weight(word))
            whole += times * sum(map(self._row, numbers))
            read += len(numbers)
            if read > MOST:
                break
        # Taking the bias away by exclusive or leaves each lane as a signed number of 32 bits.
        return array("i", (whole ^ self._bias).to_bytes(4 * self.dimensions, "little"))

    def _cut(self, word: str) -> list[int]:
        whole = self._find(word)
        if whole is not None:
            return [whole]
        cut = self._cuts.get(word)
        if cut is None:
            cut = self._likeliest(word[:_WORD])
            if len(self._cuts) < _KEPT:
                self._cuts[word] = cut
        return cut

    def _find(self, name: str) -> int | None:
        """Return a piece's place from common to rare. It is known by its hash, which lies in its slot or soon after it."""
        key = crc32(name.encode())
        slot = key & self._mask
        while after := self._slots[2 * slot + 1]:
            if self._slots[2 * slot] == key:
                return int(after) - 1
            slot = (slot + 1) & self._mask
        return None

    def _row(self, number: int) -> int:
        """Return a piece's vector as one number with 32 bits for each value (as in `lanes`): such rows add up in C."""
        row = self._rows.get(number)
        if row is None:
            packed = bytes(self._packed[number * self._width : (number + 1) * self._width])
            values = memoryview(packed.translate(_LOW) + packed.translate(_HIGH)).cast("b")
            scale = self._scales[number]
            row = (
                int.from_bytes(array("I", [scale * value + _MIDDLE for value in values]).tobytes(), "little")
                - self._bias
            )
            if len(self._rows) < _KEPT:
                self._rows[number] = row
        return row

    def _likeliest(self, word: str) -> list[int]:
        """Find the likeliest cut of a word that is no piece itself; a letter in no piece is left out at a high price."""
        best: list[tuple[float, list[int]]] = [(0.0, [])]
        for end in range(1, len(word) + 1):
            options = [(best[end - 1][0] + _UNKNOWN, best[end - 1][1])]
            for start in range(max(0, end - _LONGEST), end):
                part = word[start:end]
                number = self._find(f"+{part}" if start else part)
                if number is None and start and len(part) >= _PART:
                    number = self._find(part)
                if number is not None:
                    options.append((best[start][0] + log(number + _COMMON), [*best[start][1], number]))
            best.append(min(options))
        return best[-1][1]


@cache
def table() -> Table:
    """Read the table that ships with the layer, once."""
    with (Path(__file__).parent / "pieces.bin").open("rb") as file:
        return Table.read(mmap(file.fileno(), 0, access=ACCESS_READ))
