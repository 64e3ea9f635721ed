"""What the desk has learned from its outcomes: sums of hashed words per specialist."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from typing import TYPE_CHECKING

from undivided.expertise.features import features
from undivided.expertise.filters import Directory

if TYPE_CHECKING:
    from datetime import datetime

    from undivided.config import Shop
    from undivided.expertise.asked import Asked
    from undivided.values import SpecialistId


class Model:
    """Learned state. Readers never change it; one writer calls `learn` and publishes `dump()`."""

    def __init__(self) -> None:
        self.version = 0
        self.counts: dict[SpecialistId, Counter[int]] = {}
        self._directory: Directory | None = None

    @classmethod
    def new(cls) -> Model:
        return cls()

    def learn(self, asked: Asked, specialist: SpecialistId, weight: float, when: datetime) -> None:  # noqa: ARG002
        """Add one outcome: 0.3 answered, 1 answered well, 2 won; the same with a negative weight takes it back."""
        counts = self.counts.setdefault(specialist, Counter())
        for feature in features(f"{asked.title} {asked.text}"):
            counts[feature] += weight  # type: ignore[assignment]  # a Counter of floats
        self.version += 1

    def directory(self, shop: Shop) -> Directory:
        """Return the roster's index, built anew only when another shop is asked about."""
        if self._directory is None or self._directory.shop is not shop:
            self._directory = Directory(shop)
        return self._directory

    def dump(self) -> bytes:
        return gzip.compress(json.dumps({"version": self.version, "counts": self.counts}).encode(), mtime=0)

    @classmethod
    def load(cls, data: bytes) -> Model:
        read = json.loads(gzip.decompress(data))
        model = cls()
        model.version = read["version"]
        model.counts = {who: Counter({int(f): n for f, n in one.items()}) for who, one in read["counts"].items()}
        return model
