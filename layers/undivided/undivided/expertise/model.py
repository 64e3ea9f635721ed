"""What the desk has learned from its outcomes: sums, so that an erasure is a subtraction, and words only as hashes."""

from __future__ import annotations

import gzip
import json
import struct
from collections import deque
from datetime import UTC, datetime
from io import BufferedIOBase, BytesIO
from math import log
from typing import TYPE_CHECKING
from zlib import DEFLATED, MAX_WBITS, Z_HUFFMAN_ONLY, compressobj, crc32

from undivided.expertise.counts import Counts
from undivided.expertise.features import asked_features, asked_text
from undivided.expertise.filters import Directory
from undivided.expertise.memory import Memory
from undivided.expertise.pieces import table
from undivided.values import SpecialistId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from undivided.config import Shop
    from undivided.expertise.asked import Asked

_FORMAT = 1
_LARGEST = 1 << 28
"""Bytes of a part; what says that it is longer is none of ours."""
_GZIP = MAX_WBITS + 16
_STEP_DAYS = 45
_STEP = 2 ** (-_STEP_DAYS / 180)
"""Sums are aged in steps of 45 days, with a half-life of 180: within a step they stay whole numbers."""
_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
_WON = 2.0
FITS = 600
"""Newest fits that are kept; from the newer two thirds of them the threshold for "nobody fits" is read."""
_RARE = 3
"""Answers from which a word can be judged."""
_SHARE = 0.1
"""A word in 10 % of all questions that everybody answers alike tells half."""


class Record:
    """What one specialist has behind them, in hundredths: outcomes, sales, and the sum of all weights."""

    __slots__ = ("answers", "outcomes", "won")

    def __init__(self, outcomes: int = 0, won: int = 0, answers: int = 0) -> None:
        self.outcomes, self.won, self.answers = outcomes, won, answers

    def add(self, weight: float, aged: float) -> None:
        sign = 1 if weight > 0 else -1
        self.outcomes = max(0, self.outcomes + sign * round(100 * aged))
        self.won = max(0, self.won + (sign * round(100 * aged) if abs(weight) >= _WON else 0))
        self.answers = max(0, self.answers + round(100 * weight * aged))

    def age(self, factor: float) -> None:
        self.outcomes, self.won, self.answers = (round(n * factor) for n in (self.outcomes, self.won, self.answers))


class Model:
    """Learned state. Readers never change it; one writer calls `learn` and `forget` and publishes `dump()`.

    `learn` is called once for each question and specialist, with the final weight. To change a weight, forget the old
    one first. Specialists who left the roster stay harmless: nobody asks about them, and they age away.
    """

    def __init__(self) -> None:
        self.version = 0
        """Counts changes: a reader's cache key."""
        self.numbers: dict[SpecialistId, int] = {}
        self.records: list[Record] = []
        self.everybody = Record()
        """The sum of all records."""
        self.counts = Counts()
        self.memory = Memory(table().dimensions)
        self.fits: deque[float] = deque(maxlen=FITS)
        self.stale = False
        """True: it was learned with another table of pieces, so directions and fits were left out until it is built anew."""
        self._tellings: dict[str, float] = {}
        self._step: int | None = None
        self._directory: Directory | None = None

    @classmethod
    def new(cls) -> Model:
        return cls()

    def learn(
        self, asked: Asked, specialist: SpecialistId, weight: float, when: datetime, *, fit: float | None = None
    ) -> None:
        """Add one outcome: 0.3 answered, 1 answered well, 2 won.

        `fit` is what the ranking said when the question came; known fits set the threshold for "nobody fits".
        """
        aged = self._aged(when)
        found = asked_features(asked)
        amount = self._sum(found, specialist, weight, aged)
        vector = self.direction(asked)
        if any(vector):
            self.memory.add(_mark(found), vector, self.numbers[specialist], amount)
        if fit is not None:
            self.fits.append(round(fit, 3))

    def forget(
        self,
        found: Sequence[int],
        specialist: SpecialistId,
        weight: float,
        when: datetime,
        *,
        fit: float | None = None,
    ) -> None:
        """Take an outcome back, by what `learn` was called with; `found` is `asked_features` of the question.

        Exact to the last bit within the 45 days in which nothing ages, and to rounding later.
        """
        aged = self._aged(when)
        amount = self._sum(found, specialist, -weight, aged)
        self.memory.take_back(_mark(found), self.numbers[specialist], -amount)
        if fit is not None and round(fit, 3) in self.fits:
            self.fits.remove(round(fit, 3))

    def _sum(self, found: Sequence[int], specialist: SpecialistId, weight: float, aged: float) -> int:
        """Add to the sums that need nothing but hashes; return the hundredths of this outcome."""
        number = self.numbers.setdefault(specialist, len(self.numbers))
        if number == len(self.records):
            self.records.append(Record())
        self.records[number].add(weight, aged)
        self.everybody.add(weight, aged)
        amount = round(100 * weight * aged)
        self.counts.add(found, number, amount)
        self.version += 1
        self._tellings.clear()
        return amount

    def directory(self, shop: Shop) -> Directory:
        """Return the roster's index, built anew only when another shop is asked about."""
        if self._directory is None or self._directory.shop is not shop:
            self._directory = Directory(shop)
        return self._directory

    def direction(self, asked: Asked) -> list[float]:
        """Return where a question points (length 1, or all zeros), with this desk's small talk turned down."""
        return table().vector(asked_text(asked), self._telling if self.counts.whole else None)

    def _telling(self, word: str) -> float:
        known = self._tellings.get(word)
        if known is None:
            known = self._tellings[word] = self._told(word)
        return known

    def _told(self, word: str) -> float:
        """Say from 0 to 1 how much a word tells: frequent ones that everybody answers alike ("thanks") tell little."""
        row = self.counts.row(crc32(word.encode()))
        total = sum(row.values())
        asked = self.everybody.answers
        if total < _RARE * 100 or not asked:
            return 1.0
        entropy = -sum(amount / total * log(amount / total) for amount in row.values())
        even = entropy / log(min(total / 100, max(2, len(self.records))))
        return _SHARE / (_SHARE + min(1.0, even) * total / asked)

    def record(self, specialist: SpecialistId) -> Record:
        number = self.numbers.get(specialist)
        return Record() if number is None else self.records[number]

    def dump(self) -> bytes:
        """Write the state, gzipped; two equal states write the same bytes."""
        head = {
            "format": _FORMAT,
            "version": self.version,
            "step": self._step,
            "table": table().mark,
            "stale": self.stale,
            "fits": list(self.fits),
            "specialists": [
                [one, record.outcomes, record.won, record.answers]
                for one, record in zip(self.numbers, self.records, strict=True)
            ],
        }
        sums = _framed(json.dumps(head, separators=(",", ":")).encode()) + _framed(self.counts.dump())
        return gzip.compress(sums, 6, mtime=0) + _huffman(_framed(self.memory.dump()))

    @classmethod
    def load(cls, data: bytes) -> Model:
        """Read what `dump` wrote; raise `ValueError` if it is something else or of a later format."""
        return cls.read(BytesIO(data))

    @classmethod
    def read(cls, source: BytesIO) -> Model:
        """Read what `dump` wrote from where `source` stands to its end."""
        try:
            with gzip.GzipFile(fileobj=source) as file:
                return cls._read(file)
        except (OSError, EOFError, ValueError, struct.error) as error:
            raise ValueError("not a model of routing; build one with `undivided expertise rebuild`") from error

    @classmethod
    def _read(cls, file: BufferedIOBase) -> Model:
        """Read part by part: a large desk's words are 17 MB, and what is unpacked beside them stays with the process."""
        head, model = json.loads(_part(file)), cls()
        if head.get("format") != _FORMAT:
            raise ValueError("another format")
        model.version, model._step = head["version"], head["step"]
        other = head.get("table") != table().mark
        model.stale = other or head["stale"]
        model.fits.extend(() if other else head["fits"])
        for one, outcomes, won, answers in head["specialists"]:
            model.numbers[SpecialistId(one)] = len(model.records)
            model.records.append(Record(outcomes, won, answers))
        model.everybody = Record(
            *(sum(column) for column in zip(*(row[1:] for row in head["specialists"]), strict=True))
        )
        model.counts = Counts.load(file, _size(file))
        if not other:
            model.memory = Memory.load(_part(file))
        return model

    def _aged(self, when: datetime) -> float:
        """Age all sums to the newest moment seen, and return what an outcome of `when` is worth by now."""
        step = (when - _EPOCH).days // _STEP_DAYS
        if self._step is None:
            self._step = step
        if step > self._step:
            self._age(_STEP ** (step - self._step))
            self._step = step
        return float(_STEP ** (self._step - step))

    def _age(self, factor: float) -> None:
        self.counts.age(factor)
        self.memory.age(factor)
        for record in (*self.records, self.everybody):
            record.age(factor)


def _mark(found: Sequence[int]) -> int:
    """Return what a question is known by in the memory."""
    return crc32(struct.pack(f"<{len(found)}I", *found))


def _framed(part: bytes) -> bytes:
    return struct.pack("<I", len(part)) + part


def _huffman(data: bytes) -> bytes:
    """Return a gzip member without back references: directions repeat nothing, and looking for it costs a fifth."""
    packer = compressobj(6, DEFLATED, _GZIP, 9, Z_HUFFMAN_ONLY)
    return packer.compress(data) + packer.flush()


def _part(file: BufferedIOBase) -> bytearray:
    part = bytearray(_size(file))
    if file.readinto(part) < len(part):
        raise EOFError
    return part


def _size(file: BufferedIOBase) -> int:
    (size,) = struct.unpack("<I", file.read(4))
    if size > _LARGEST:
        raise ValueError("no part is as long as that")
    return int(size)
