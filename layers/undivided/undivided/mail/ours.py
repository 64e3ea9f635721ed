"""What we wrote never comes back out: it is cut by comparison with the mails that we sent, and keys are looked for after.

A mail program may prefix a quote, indent it, wrap it anew, join its lines, or turn it into HTML and back. So what is
compared is the run of letters and digits, without anything else: whatever it did, the runs are the same. A line is ours
if all of its letters lie inside a stretch of at least `_SHORTEST` letters that we sent, word for word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from undivided.mail.keys import KEY, KeyRing, purpose_of

_SHORTEST = 24
"""Letters and digits in a row that make a stretch ours: shorter ones, like a name or "Thank you", people write themselves."""
_STEP = 8
_BASE32 = frozenset("abcdefghijklmnopqrstuvwxyz234567")
_JOINTS = re.compile(r"[\s>|:=\u00ad\u200b-\u200f\u2060\ufeff]")
"""What a mail program may put into the middle of a key when it wraps a line or quotes one."""
_TOKEN_END = re.compile(r"[\s<>\"'()\[\]]")
BLANK = "[…]"


@dataclass(frozen=True, slots=True)
class Leak:
    """A key of ours in a text, with the address or link around it."""

    start: int
    end: int
    purpose: str
    text: str


def cut_ours(text: str, sent: Sequence[str | bytes], known: Sequence[str] = ()) -> str:
    """Return `text` without the lines that we sent. `sent` are texts, or whole mails as they were written out.

    `known` is what the other side has read or written already: it is not cut, so that somebody who says the same thing
    twice is not silenced. Lines that mix our words with others stay: a word of theirs is worth more than a quote too many.
    """
    ours = _Ours([_letters(one) for whole in sent for one in _texts(whole)])
    shared = _Ours([_letters(one) for one in known])
    lines = text.split("\n")
    runs = [_letters(line) for line in lines]
    run = "".join(runs)
    owned, free = ours.owned(run), shared.owned(run)
    cut, at = list[bool | None](), 0
    for one in runs:
        span = slice(at, at + len(one))
        cut.append(all(owned[span]) and not all(free[span]) if one else None)
        at += len(one)
    if True not in cut:
        return text
    return _tidy([line for line, gone in zip(lines, _filled(cut), strict=True) if not gone])


def _filled(cut: Sequence[bool | None]) -> list[bool]:
    """Decide on lines without letters (rules, bare quote marks): they go with what stands around them."""
    filled = list[bool]()
    for place, one in enumerate(cut):
        after = next((other for other in cut[place:] if other is not None), True)
        before = next((other for other in cut[place::-1] if other is not None), False)
        filled.append(before and after if one is None else one)
    return filled


def leaks(text: str, ring: KeyRing) -> tuple[Leak, ...]:
    """Return every key that any of our secrets has signed, for whatever purpose, even if it was wrapped or quoted."""
    places = [place for place, letter in enumerate(text) if not _JOINTS.match(letter)]
    joined = "".join(text[place] for place in places).lower()
    joined = joined if len(joined) == len(places) else "".join(text[place].lower()[0] for place in places)
    found = []
    for start in _candidates(joined, ring):
        key = joined[start : start + KEY]
        if purpose := purpose_of(ring, key):
            found.append(_around(text, places[start], places[start + KEY - 1] + 1, purpose))
    return tuple(found)


def blank(text: str, ring: KeyRing) -> str:
    """Return `text` with every address and link that holds a key of ours replaced."""
    for leak in sorted(leaks(text, ring), key=lambda one: -one.start):
        text = text[: leak.start] + BLANK + text[leak.end :]
    return text


def _candidates(joined: str, ring: KeyRing) -> Iterator[int]:
    """Yield where a key may begin: enough letters of base32 in a row, and the version of one of our secrets in its place."""
    versions = {"abcdefghijklmnopqrstuvwxyz234567"[version] for version in ring.secrets}
    run = 0
    for place, letter in enumerate(joined):
        run = run + 1 if letter in _BASE32 else 0
        if run >= KEY and joined[place - 16] in versions:
            yield place - KEY + 1


def _around(text: str, start: int, end: int, purpose: str) -> Leak:
    """Widen a key to the whole address or link that it stands in."""
    before = max(
        (found.end() for found in _TOKEN_END.finditer(text, max(0, start - 300), start)), default=max(0, start - 300)
    )
    after = _TOKEN_END.search(text, end)
    stop = after.start() if after else len(text)
    return Leak(before, stop, purpose, text[before:stop])


class _Ours:
    """The letters of what we sent, with an index of the places where each few of them stand."""

    def __init__(self, sent: Iterable[str]) -> None:
        self._sent = "\x00".join(one for one in dict.fromkeys(sent) if one)
        self._places: dict[str, list[int]] = {}
        for place in range(len(self._sent) - _STEP + 1):
            self._places.setdefault(self._sent[place : place + _STEP], []).append(place)

    def owned(self, run: str) -> bytearray:
        """Return 1 for each letter of `run` that lies in a stretch of ours, else 0."""
        owned = bytearray(len(run))
        at = 0
        while at + _STEP <= len(run):
            longest = self._longest(run, at)
            if longest >= _SHORTEST:
                owned[at : at + longest] = b"\x01" * longest
                at += longest
            else:
                at += 1
        return owned

    def _longest(self, run: str, at: int) -> int:
        """Return how many letters from `at` on stand somewhere in what we sent; only the first few places are tried."""
        best = 0
        for place in self._places.get(run[at : at + _STEP], ())[:40]:
            if best and run[at : at + best + 1] != self._sent[place : place + best + 1]:
                continue
            length = _common(run, at, self._sent, place)
            best = max(best, length)
        return best


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


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _tidy(lines: list[str]) -> str:
    """Close the gaps: no more than one blank line where lines were cut, none at the ends, no bare quote marks."""
    kept = [line for line in lines if line.strip(" \t>|") or not line.strip()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n")


def _texts(sent: str | bytes) -> tuple[str, ...]:
    return (sent,) if isinstance(sent, str) else _texts_of(sent)


@lru_cache(maxsize=32)
def _texts_of(raw: bytes) -> tuple[str, ...]:
    """Return the subject, the text, and the words and links of the HTML of a mail that we wrote."""
    from undivided.mail.written import read_written  # noqa: PLC0415 - only where mails are compared

    return read_written(raw)
