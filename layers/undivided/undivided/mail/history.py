"""Where what was said before begins: an introduction, a header block, a program's border or rule. One walk over lines.

The stance: a quote too many does no harm, a word too few does. Whatever is doubtful is no beginning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from undivided.mail import attributions, introductions
from undivided.mail.lines import Line, Mark
from undivided.mail.patterns import Late

_LOOK = 6
"""Lines that may stand between an introduction and its quote (blank, or a programs's own)."""
_GROUPWISE = re.compile(r"\s*>>> .{3,200}\d.{0,40} >>>\s*")
_BETWEEN_DASHES = re.compile(
    r"^[\s>]*[-_=*\u2013\u2014#]{2,}\s*([^\W\d_][^-_=*\n]{2,60}?)\s*:?\s*[-_=*\u2013\u2014#]{2,}\s*$"
)
_ORIGINAL = Late(rf"\s*(?:{attributions.ORIGINAL})\s*", re.IGNORECASE)
_FORWARDED = Late(
    rf"[\s>]*[-_=*\u2013\u2014]{{0,20}}\s*(?:{attributions.FORWARDED})\s*[:：]?\s*[-_=*\u2013\u2014]{{0,20}}\s*",
    re.IGNORECASE,
)
_THIN_RULE = re.compile(r"\s*[_\-=\u2013\u2014*]{3,}\s*")
_ABOVE = Late(rf"\W*(?:{attributions.ABOVE})\W*", re.IGNORECASE)
_FORWARD_SUBJECT = Late(
    rf"\s*(?:\[[^\]]{{1,40}}\]\s*)?(?:{attributions.FORWARD_PREFIXES})\s?(?:\[\d+\]|\(\d+\))?\s?[:：]", re.IGNORECASE
)


@dataclass(slots=True)
class Body:
    """A body while it is looked through. `history`: the line where history begins, the number of lines if there is none."""

    lines: list[Line]
    subject: str
    history: int
    rule: str = ""
    """Which rule decided, in words."""
    forward: bool = False
    introduced: set[int] = field(default_factory=set)
    """The lines that introduce quotes with marks."""


def is_forward_subject(subject: str) -> bool:
    """Say whether a subject begins as those of forwarded mail do, in any language that `attributions` knows."""
    return _FORWARD_SUBJECT.match(subject) is not None


def find(lines: list[Line], subject: str) -> Body:
    """Look for where history begins without quote marks, for what introduces quotes with marks, and for a forwarded mail."""
    body = Body(lines, subject, len(lines))
    for at, line in enumerate(lines):
        if line.blank and line.mark is Mark.NONE:
            continue
        if _quote_ends(body, at) if line.depth else _ends_here(body, at):
            break
    return body


def _quote_ends(body: Body, at: int) -> bool:
    """Say whether the walk is over at this quoted line: GroupWise's introduction, or a mail forwarded behind quote marks."""
    line = body.lines[at]
    if _GROUPWISE.fullmatch(line.raw):
        return _history(body, at, "attribution")
    if _begins_quote(body.lines, at) and _is_forward(line):
        body.forward, body.rule = True, "forwarded"
    return body.forward


def _is_forward(line: Line) -> bool:
    return line.mark is Mark.FORWARD or _FORWARDED.fullmatch(introductions.bare(line.text)) is not None


def _begins_quote(lines: list[Line], at: int) -> bool:
    above = next((line for line in reversed(lines[max(0, at - _LOOK) : at]) if not line.blank), None)
    return above is None or above.depth == 0


def _ends_here(body: Body, at: int) -> bool:
    """Say whether the walk is over: history or a forwarded mail begins at this line of depth 0."""
    line = body.lines[at]
    if _is_forward(line):
        body.forward, body.rule = True, "forwarded"
        return True
    if line.mark is Mark.HISTORY or _ABOVE.fullmatch(line.text.strip()):
        return _history(body, at, "structure" if line.mark is Mark.HISTORY else "reply above this line")
    if (dashes := _BETWEEN_DASHES.match(line.text)) and (
        _ORIGINAL.fullmatch(dashes[1]) or introductions.header_kinds(body.lines, at + 1)
    ):
        return _history(body, at, "original message")
    if introductions.header_block(body.lines, at) or introductions.notes_block(body.lines, at):
        return not _quoted_below(body, at) and _history(body, at, "header block")
    if introductions.same_line(line.text):
        return _history(body, at, "attribution")
    return _introduction(body, at)


def _history(body: Body, at: int, rule: str) -> bool:
    """Let history begin at `at`, with the rule drawn above it; a forwarding subject makes it a forwarded mail."""
    if is_forward_subject(body.subject) and rule not in ("reply above this line", "attribution"):
        body.forward, body.rule = True, f"forwarded: {rule}"
        return True
    while (
        at
        and (body.lines[at - 1].blank or _THIN_RULE.fullmatch(body.lines[at - 1].text))
        and body.lines[at - 1].depth == 0
    ):
        at -= 1
    body.history, body.rule = at, rule
    return True


def _introduction(body: Body, at: int) -> bool:
    """Note an introduction that ends at `at` if a quote follows; without quote marks it may begin the history."""
    if not introductions.may_end(body.lines[at]):
        return False
    first, strength = introductions.span(body.lines, at)
    below = next((i for i in range(at + 1, min(at + _LOOK, len(body.lines))) if not body.lines[i].blank), None)
    quoted = below is not None and body.lines[below].depth > 0
    if quoted and strength:
        body.introduced.update(range(_rule_above(body.lines, first), at + 1))
        body.rule = body.rule or "attribution"
        return False
    return strength > 1 and _history(body, first, "attribution")


def _quoted_below(body: Body, at: int) -> bool:
    """Some programs introduce a quote with marks by a header block; then what stands below the quote is new."""
    end = introductions.end_of_block(body.lines, at)
    below = next((i for i in range(end, min(end + _LOOK, len(body.lines))) if not body.lines[i].blank), None)
    if below is None or not body.lines[below].depth:
        return False
    body.introduced.update(range(at, end))
    body.rule = body.rule or "attribution"
    return True


def _rule_above(lines: list[Line], first: int) -> int:
    """Take the rule that some programs draw above their introduction along with it."""
    above = first - 1
    while above > 0 and lines[above].blank and lines[above].depth == 0:
        above -= 1
    return above if above >= 0 and lines[above].depth == 0 and _THIN_RULE.fullmatch(lines[above].text) else first
