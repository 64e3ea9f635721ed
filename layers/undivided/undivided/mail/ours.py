"""What we wrote never comes back out: it is cut by comparison with the mails that we sent, and keys are looked for after.

A mail program may prefix a quote, indent it, wrap it anew, join its lines, or turn it into HTML and back. So what is
compared is the run of letters and digits, without anything else: whatever it did, the runs are the same. A line is ours
if all of its letters lie inside a stretch of at least 24 letters that we sent, word for word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from undivided.mail.keys import KEY, KeyRing, purpose_of
from undivided.mail.stretches import SHORTEST, Stretches, index, letters

_END = 14
"""Letters of a line of pieces below what was cut that make it ours: more than a "Thank you"."""
_REST = 60
"""Letters that a mail program may put around our address where it names the writer of a quote."""
_MARKS = re.compile(r"^(?:[ \t\u00a0]*(?:\w{0,4}>+|[|:]))+")
"""Quote marks, also with initials (`AB>`)."""
_NAMES_WRITER = re.compile(r"^\W{0,3}[\w-]{1,12}\s?:|[:：]\W{0,3}$")
"""A line of a header block (`From: …`), or one that ends as introductions of quotes do."""
_KEYED = re.compile(rf"r-[a-z2-7]{{{KEY}}}@", re.IGNORECASE)
_BASE32 = frozenset("abcdefghijklmnopqrstuvwxyz234567")
_JOINTS = frozenset(">|:=\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
"""What a mail program may put into the middle of a key, besides space, when it wraps a line or quotes one."""
_TOKEN_END = re.compile(r"[\s<>\"'()\[\]]")
_A_PROGRAMS = re.compile(r"[^:：]{1,40}[:：].*\S@\S.*|.*://.*|[\[<(].*[\])>]")
"""Lines that mail programs write into a quote: fields with an address, links spelled out, names of pictures."""
BLANK = "[…]"


@dataclass(frozen=True, slots=True)
class Leak:
    """A key of ours in a text, with the address or link around it."""

    start: int
    end: int
    purpose: str
    text: str


def cut_ours(text: str, sent: Sequence[str | bytes], known: Sequence[str] = (), offered: Sequence[str] = ()) -> str:
    """Return `text` without the lines that we sent. `sent` are texts, or whole mails as they were written out.

    `known` is what the other side has read or written already: it is not cut, so that somebody who says the same thing
    twice is not silenced. Lines that mix our words with others stay: a word of theirs is worth more than a quote too many.
    `offered` are texts that we sent to be used: at the top, without quote marks and without anything else of ours beside
    them, they were copied there to be said.
    """
    ours, shared = index(tuple(one for whole in sent for one in _texts(whole))), index(tuple(known))
    lines, used = _lines(text), index(tuple(offered))
    mine = [_is_ours(line, owned, ours) if line.run else None for line, owned in _owned(lines, ours)]
    copied = [bool(line.run) and all(owned) and not line.marks for line, owned in _owned(lines, used)]
    cut = [one and not all(free) for one, (_, free) in zip(mine, _owned(lines, shared), strict=True)]
    for place in _copies(lines, mine, copied):
        cut[place] = False
    if True not in cut:
        return text
    gone = _filled(_bridged(cut, lines, ours))
    return _tidy([line.text for line, out in zip(lines, gone, strict=True) if not out])


def answered_inside(quoted: str, sent: Sequence[str | bytes]) -> bool:
    """Say whether words of theirs stand in the middle of what they quote of ours: what was taken for history was answered."""
    ours = index(tuple(one for whole in sent for one in _texts(whole)))
    lines = _lines(quoted)
    mine = [
        _is_ours(line, owned, ours) or _piece(line, ours) if line.run else None for line, owned in _owned(lines, ours)
    ]
    lettered = [place for place, one in enumerate(mine) if one is not None]
    between = (gap for gap, before, after in _gaps(lettered, mine) if before is not None and after is not None)
    return any(_theirs(lines[place], ours) for gap in between for place in gap)


def _theirs(line: _Line, ours: Stretches) -> bool:
    """`Size: 42` is an answer, `Sent: Monday` is not: a field without an address has one of the names that programs give."""
    from undivided.mail.introductions import field_kind  # noqa: PLC0415 - only for who answers inside a history

    text = line.text.strip(" \t\u00a0>|")
    return not (ours.covers(line.run) or _A_PROGRAMS.fullmatch(text) or field_kind(text))


def _piece(line: _Line, ours: Stretches) -> bool:
    return len(line.run) >= _END and ours.covers(line.run)


@dataclass(frozen=True, slots=True)
class _Line:
    """One line: its quote marks, and its letters and digits in a row."""

    text: str
    marks: str
    run: str


def _line(text: str) -> _Line:
    found = _MARKS.match(text)
    marks = found[0] if found else ""
    return _Line(text, "".join(marks.split()), letters(text[len(marks) :]))


def _lines(text: str) -> list[_Line]:
    return [_line(line) for line in text.split("\n")]


def _owned(lines: Sequence[_Line], sent: Stretches) -> Iterator[tuple[_Line, bytearray]]:
    """Yield each line with a mark for each of its letters that says whether it lies in a long stretch of `sent`."""
    owned, at = sent.owned("".join(line.run for line in lines)), 0
    for line in lines:
        yield line, owned[at : at + len(line.run)]
        at += len(line.run)


def _is_ours(line: _Line, owned: bytearray, ours: Stretches) -> bool:
    """Say whether a line is ours, although a mail program may have written into it.

    All of it lies in long stretches; or a long stretch stands in it and the rest are pieces, as where a link is spelled
    out behind its label; or it names us as the writer of what is quoted, with our address.
    """
    if all(owned):
        return True
    if not any(owned):
        return False
    names = _KEYED.search(line.text) and _NAMES_WRITER.search(line.text.strip())
    return ours.covers(line.run) or bool(names and owned.count(0) <= _REST)


def _copies(lines: Sequence[_Line], mine: Sequence[bool | None], copied: Sequence[bool]) -> Iterator[int]:
    """Yield the lines that somebody copied out of what we offered; a quote of our mail has more of ours beside them.

    Where a quote has begun, nothing is a copy any more: only what stands above everything else of ours counts. A short
    line, like a name below a copy, may stand in our mail by chance, and proves neither.
    """
    run = list[int]()
    for place, one in enumerate(mine):
        if one and not copied[place] and len(lines[place].run) >= SHORTEST:
            return
        if one:
            run.append(place)
        elif one is False:
            yield from run if any(copied[near] for near in run) else ()
            run = []
    yield from run if any(copied[near] for near in run) else ()


def _bridged(cut: Sequence[bool | None], lines: Sequence[_Line], ours: Stretches) -> list[bool | None]:
    """Cut what stands between cut lines too, if it consists of pieces of ours and is quoted as they are.

    So the short ends go that a program made by wrapping, and an answer that somebody wrote between the lines stays.
    """
    bridged = list(cut)
    lettered = [place for place, one in enumerate(cut) if one is not None]
    for gap, before, after in _gaps(lettered, cut):
        if before is None:
            continue
        marks = lines[before].marks
        pieces = [place for place in gap if lines[place].marks == marks and ours.covers(lines[place].run)]
        if after is None or len(pieces) < len(gap) or lines[after].marks != marks:
            pieces = [
                place for number, place in enumerate(pieces) if place == gap[number] and len(lines[place].run) >= _END
            ]
        for place in pieces:
            bridged[place] = True
    return bridged


def _gaps(lettered: Sequence[int], cut: Sequence[bool | None]) -> Iterator[tuple[list[int], int | None, int | None]]:
    """Yield the runs of lines that are not cut, with the cut lines before and after them."""
    before: int | None = None
    gap = list[int]()
    for place in lettered:
        if not cut[place]:
            gap.append(place)
            continue
        if gap:
            yield gap, before, place
        before, gap = place, []
    if gap:
        yield gap, before, None


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
    places = [place for place, letter in enumerate(text) if not (letter.isspace() or letter in _JOINTS)]
    joined = "".join(text[place] for place in places).lower()
    joined = joined if len(joined) == len(places) else "".join(text[place].lower()[0] for place in places)
    found = []
    for start in _candidates(joined, ring):
        key = joined[start : start + KEY]
        if purpose := purpose_of(ring, key):
            found.append(_around(text, places[start], places[start + KEY - 1] + 1, purpose))
    return tuple(one for place, one in enumerate(found) if not place or one.start >= found[place - 1].end)


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


def _tidy(lines: list[str]) -> str:
    """Close the gaps: no more than one blank line where lines were cut, none at the ends, no bare quote marks."""
    kept = [line for line in lines if line.strip(" \t\u00a0>|") or not line.strip()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n")


def _texts(sent: str | bytes) -> tuple[str, ...]:
    return (sent,) if isinstance(sent, str) else _texts_of(sent)


@lru_cache(maxsize=32)
def _texts_of(raw: bytes) -> tuple[str, ...]:
    """Return the subject, the text, and the words and links of the HTML of a mail that we wrote."""
    from undivided.mail.written import read_written  # noqa: PLC0415 - only where mails are compared

    return read_written(raw)
