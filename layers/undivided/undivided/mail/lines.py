"""The one shape in which quotes are looked for: lines with a depth and a mark, whether they came from text or HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

_QUOTED = re.compile(r"[ \t]{0,3}(?:>[ \t]?)+")
_STUFFED = re.compile(r">*")


class Mark(Enum):
    """What the structure of the mail says about a line, beyond its words."""

    NONE = ""
    ATTRIBUTION = "attribution"
    """Written by the mail program to introduce a quote."""
    HISTORY = "history"
    """Here begins everything that was said before."""
    SIGNATURE = "signature"
    """Put there by the mail program at the end of what its owner wrote."""
    FORWARD = "forward"
    """Here begins a mail that is passed on."""
    PICTURE = "picture"
    """Shows an inline image; there may be no word in it."""
    RULE = "rule"
    """A line was drawn; a header block below it is history."""


@dataclass(slots=True)
class Line:
    """One line of a body. `text` has no quote marks; `raw` is the line as it stood; `source` is the HTML node's number."""

    text: str
    depth: int = 0
    raw: str = ""
    mark: Mark = Mark.NONE
    source: int = -1

    @property
    def blank(self) -> bool:
        """Whether there is nothing to read or to see in this line."""
        return not self.text.strip() and self.mark is not Mark.PICTURE


def from_text(text: str) -> list[Line]:
    """Read plain text; a single `>From` at depth 0 is mbox escaping and no quote."""
    return [of_raw(one) for one in text.split("\n")]


def of_raw(raw: str) -> Line:
    quoted = _QUOTED.match(raw) if ">" in raw[:4] else None
    if quoted is None or raw.startswith(">From "):
        return Line(raw, 0, raw)
    return Line(raw[quoted.end() :], quoted[0].count(">"), raw)


def unflowed(text: str, *, delsp: bool) -> str:
    """Join the soft line breaks of format=flowed (RFC 3676), keeping quote depth and the signature line."""
    out = list[list[str]]()
    open_depth = -1
    for raw in text.split("\n"):
        marks = _STUFFED.match(raw)
        depth = marks.end() if marks else 0
        content = raw[depth:].removeprefix(" ")
        soft = content.endswith(" ") and content != "-- "
        if open_depth != depth or content == "-- ":
            out.append([">" * depth + " " * bool(depth and content)])
        out[-1].append(content[:-1] if soft and delsp else content)
        open_depth = depth if soft else -1
    return "\n".join(_joined(pieces) for pieces in out)


def _joined(pieces: list[str]) -> str:
    line = "".join(pieces)
    return line if line.endswith("-- ") else line.rstrip(" ")


def to_text(lines: list[Line]) -> str:
    """Write lines again as they stood, without blank ones at either end."""
    return "\n".join(line.raw.rstrip() for line in lines).strip("\n").rstrip()
