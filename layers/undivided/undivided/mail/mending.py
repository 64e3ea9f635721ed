"""Lines as their writers' programs meant them: quote marks that were lost or written otherwise on the way are put back."""

from __future__ import annotations

import re
from itertools import pairwise

from undivided.mail import attributions, introductions
from undivided.mail.lines import Line, Mark
from undivided.mail.patterns import Late

_VERB_ALONE = Late(rf"\s*(?:{attributions.VERBS})\s?[:：]\s*", re.IGNORECASE)
_INITIALS = re.compile(r" {0,2}[A-Z]{2,4}(>{1,5})(?: |$)")
_LINK = 500
"""Characters of a line's end in which a link may have been broken off."""
_LINK_OPEN = re.compile(r"[(<\[]https?://[^\s)>\]]{0,400}$")
_LINK_ALONE = re.compile(r"\s*[(<\[]https?://[^\s)>\]]{1,1000}[)>\]]\s?>?\s*")
_SHORT = 28
_WRAPPED = 60


def mended(lines: list[Line]) -> list[Line]:
    """Return the lines with their depths mended; the same objects, but for lines that had to be parted."""
    _mark_initials(lines)
    _mend_wrapped(lines)
    return _part_shared(lines)


def _mark_initials(lines: list[Line]) -> None:
    """Some programs quote with the initials of whoever wrote it before the mark, as in `AB> text`, below an introduction."""
    found = [at for at, line in enumerate(lines) if not line.depth and _INITIALS.match(line.text)]
    if len(found) < 2 or not introductions.above(lines, found[0]):  # noqa: PLR2004 - a prompt like `SQL>` looks the same
        return
    for at in found:
        line = lines[at]
        if one := _INITIALS.match(line.text):
            line.depth, line.text = one[1].count(">"), line.text[one.end() :]


def _mend_wrapped(lines: list[Line]) -> None:
    """A short line squeezed between two long quoted ones is the tail of the upper one, wrapped by a program on the way."""
    for above, line in pairwise(lines):
        if line.depth == 1 and above.depth == 0 and _VERB_ALONE.fullmatch(line.text) and "<" in above.text:
            line.depth = 0  # the address was wrapped before its closing bracket
    for above, line, below in zip(lines, lines[1:], lines[2:], strict=False):
        squeezed = line.depth == 0 < above.depth == below.depth and not line.blank
        if squeezed and (_tail_of(above, line, below) or _LINK_ALONE.fullmatch(line.text)):
            line.depth = above.depth


def _tail_of(above: Line, line: Line, below: Line) -> bool:
    """Say whether a line is the rest of the one above: a few words, or the end of a link in brackets."""
    going_on = len(above.raw) > _WRAPPED and above.text.rstrip()[-1:] not in ".?!:"
    if (
        going_on
        and len(line.text) < _SHORT
        and (line.text[:1].islower() or (below.text.strip() and " " not in line.text))
    ):
        return True
    return bool(_LINK_OPEN.search(above.text[-_LINK:])) and re.match(r"\S{1,200}[)>\]]", line.text) is not None


def _part_shared(lines: list[Line]) -> list[Line]:
    """Part a line in which somebody's last words and the introduction of the quote below it share a line."""
    shared = dict[int, int]()
    for at, line in enumerate(lines):
        below = next((one for one in lines[at + 1 : at + 3] if not one.blank), None)
        ends = line.depth == 0 and below is not None and below.depth and line.mark is Mark.NONE
        if ends and (where := introductions.shared(line.text)):
            shared[at] = where
    return [part for at, line in enumerate(lines) for part in _parts(line, shared.get(at, 0))] if shared else lines


def _parts(line: Line, where: int) -> list[Line]:
    if not where:
        return [line]
    said, introduction = line.text[:where].rstrip(" -\u2013\u2014"), line.text[where:]
    return [Line(said, 0, said, line.mark, line.source), Line(introduction, 0, introduction, line.mark, line.source)]
