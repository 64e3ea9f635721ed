"""Comparing texts by their letters and digits alone: which stretches of one stand in others, however they were set."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

SHORTEST = 24
"""Letters and digits in a row that make a stretch ours: shorter ones, like a name or "Thank you", people write themselves."""
STEP = 8
"""Letters of the shortest piece that is looked for."""
_TRIED = 40
"""Places at which a piece is tried: what stands in more of them is found in those."""


class Stretches:
    """The letters of what we sent, with an index of the places where each few of them stand."""

    def __init__(self, sent: Iterable[str]) -> None:
        self._sent = "\x00".join(one for one in dict.fromkeys(sent) if one)
        self._places: dict[str, list[int]] = {}
        for place in range(len(self._sent) - STEP + 1):
            self._places.setdefault(self._sent[place : place + STEP], []).append(place)

    def owned(self, run: str) -> bytearray:
        """Return 1 for each letter of `run` that lies in a stretch of ours, else 0."""
        owned = bytearray(len(run))
        at = 0
        while at + STEP <= len(run):
            longest = self._longest(run, at)
            if longest >= SHORTEST:
                owned[at : at + longest] = b"\x01" * longest
                at += longest
            else:
                at += 1
        return owned

    def covers(self, run: str) -> bool:
        """Say whether a run consists of pieces of ours of at least `STEP` letters."""
        at = 0
        while at < len(run):
            length = self._longest(run, at)
            if length < STEP:
                return False
            at += length
        return True

    def _longest(self, run: str, at: int) -> int:
        """Return how many letters from `at` on stand somewhere in what we sent; only the first few places are tried."""
        best = 0
        for place in self._places.get(run[at : at + STEP], ())[:_TRIED]:
            if best and run[at : at + best + 1] != self._sent[place : place + best + 1]:
                continue
            length = _common(run, at, self._sent, place)
            best = max(best, length)
        return best


@lru_cache(maxsize=8)
def index(sent: tuple[str, ...]) -> Stretches:
    """Index texts once for all the mails that are compared with them."""
    return Stretches(map(letters, sent))


def _common(one: str, start: int, other: str, begin: int) -> int:
    """Return how many letters agree, found by doubling and halving rather than one by one."""
    low, high = 0, min(len(one) - start, len(other) - begin)
    while low < high:
        middle = (low + high + 1) // 2
        if one[start + low : start + middle] == other[begin + low : begin + middle]:
            low = middle
        else:
            high = middle - 1
    return low


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
