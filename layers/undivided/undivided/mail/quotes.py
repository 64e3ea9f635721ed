"""What is new in a mail and what was said before: one walk over lines, structure first, then words.

The stance: a quote too many does no harm, a word too few does. Whatever is doubtful stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from undivided.mail import attributions, introductions, signature
from undivided.mail.lines import Line, Mark
from undivided.mail.mending import mended
from undivided.mail.patterns import Late

MAX_LINES = 20_000
"""Lines that are parted; people write fewer."""
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
_INLINE = Late(rf"(?<!\w)(?:{attributions.INLINE})(?!\w)", re.IGNORECASE)
_READ = 4_000
"""Characters of the new words in which somebody may say that they answered further below."""


@dataclass(frozen=True, slots=True)
class Split:
    """A body taken apart. The three lists together are all its lines."""

    kept: list[Line]
    quoted: list[Line]
    signature: list[Line]
    forward: bool
    rule: str
    """Which rule decided, in words."""


@dataclass(slots=True)
class _Body:
    lines: list[Line]
    subject: str
    history: int
    rule: str = ""
    forward: bool = False
    introduced: set[int] | None = None


def is_forward_subject(subject: str) -> bool:
    """Say whether a subject begins as those of forwarded mail do, in any language that `attributions` knows."""
    return _FORWARD_SUBJECT.match(subject) is not None


def split(lines: list[Line], subject: str = "") -> Split:
    """Part the new words from quotes and signatures; when nothing would be left, everything is kept."""
    if len(lines) > MAX_LINES:
        return _long(lines, subject)
    lines = mended(lines)
    body = _Body(lines, subject, len(lines), introduced=set())
    _find_history(body)
    if body.forward or _answered_inside(body):
        return Split(lines, [], [], forward=body.forward, rule=body.rule)
    kept, quoted = _choose(body)
    ends = _signatures(lines, kept) & kept
    new = _closed_up(lines, sorted(kept - ends))
    if not any(lines[i].text.strip() for i in new):
        return Split(lines, [], [], forward=False, rule="nothing would be left: everything kept")
    taken = [lines[i] for i in sorted(ends)]
    return Split(
        [lines[i] for i in new], [lines[i] for i in sorted(quoted)], taken, forward=False, rule=body.rule or "no quote"
    )


def _closed_up(lines: list[Line], numbers: list[int]) -> list[int]:
    """Leave only one blank line where something was cut out of the middle."""
    out = list[int]()
    for number in numbers:
        cut = bool(out) and number != out[-1] + 1
        if not (cut and lines[number].blank and lines[out[-1]].blank):
            out.append(number)
    return out


def _long(lines: list[Line], subject: str) -> Split:
    """Part the first `MAX_LINES` lines; the rest follows the last of them."""
    head, tail = split(lines[:MAX_LINES], subject), lines[MAX_LINES:]
    if head.quoted and head.quoted[-1] is lines[MAX_LINES - 1]:
        return Split(head.kept, head.quoted + tail, head.signature, forward=head.forward, rule=head.rule)
    return Split(head.kept + tail, head.quoted, head.signature, forward=head.forward, rule=head.rule)


def _find_history(body: _Body) -> None:
    """Set where history begins without any quote mark, note the introductions of quotes, and find a forwarded mail."""
    for at, line in enumerate(body.lines):
        if line.blank and line.mark is Mark.NONE:
            continue
        if line.depth:
            if _GROUPWISE.fullmatch(line.raw):
                _history(body, at, "attribution")
                return
            if _begins_quote(body.lines, at) and (
                line.mark is Mark.FORWARD or _FORWARDED.fullmatch(introductions.bare(line.text))
            ):
                body.forward, body.rule = True, "forwarded"
                return
            continue
        if _ends_here(body, at):
            return


def _answered_inside(body: _Body) -> bool:
    """Say whether answers stand in a history without quote marks, as whoever wrote them says above it: nobody can part them."""
    lines, at = body.lines, body.history
    if at == len(lines) or any(line.depth for line in lines[at:]) or body.rule == "reply above this line":
        return False
    said = " ".join(line.text for line in lines[:at] if not line.depth)[:_READ]
    if not _INLINE.search(said):
        return False
    body.rule = "answers inside the history: everything kept"
    return True


def _begins_quote(lines: list[Line], at: int) -> bool:
    above = next((line for line in reversed(lines[max(0, at - _LOOK) : at]) if not line.blank), None)
    return above is None or above.depth == 0


def _ends_here(body: _Body, at: int) -> bool:
    """Say whether the walk is over: history or a forwarded mail begins at this line of depth 0."""
    line = body.lines[at]
    if line.mark is Mark.FORWARD or _FORWARDED.fullmatch(introductions.bare(line.text)):
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


def _history(body: _Body, at: int, rule: str) -> bool:
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


def _introduction(body: _Body, at: int) -> bool:
    """Note an introduction that ends at `at` if a quote follows; without quote marks it may begin the history."""
    if not introductions.may_end(body.lines[at]):
        return False
    first, strength = introductions.span(body.lines, at)
    below = next((i for i in range(at + 1, min(at + _LOOK, len(body.lines))) if not body.lines[i].blank), None)
    quoted = below is not None and body.lines[below].depth > 0
    if quoted and strength:
        assert body.introduced is not None
        body.introduced.update(range(_rule_above(body.lines, first), at + 1))
        body.rule = body.rule or "attribution"
        return False
    return strength > 1 and _history(body, first, "attribution")


def _quoted_below(body: _Body, at: int) -> bool:
    """Some programs introduce a quote with marks by a header block; then what stands below the quote is new."""
    end = introductions.end_of_block(body.lines, at)
    below = next((i for i in range(end, min(end + _LOOK, len(body.lines))) if not body.lines[i].blank), None)
    if below is None or not body.lines[below].depth:
        return False
    assert body.introduced is not None
    body.introduced.update(range(at, end))
    body.rule = body.rule or "attribution"
    return True


def _rule_above(lines: list[Line], first: int) -> int:
    """Take the rule that some programs draw above their introduction along with it."""
    above = first - 1
    while above > 0 and lines[above].blank and lines[above].depth == 0:
        above -= 1
    return above if above >= 0 and lines[above].depth == 0 and _THIN_RULE.fullmatch(lines[above].text) else first


def _choose(body: _Body) -> tuple[set[int], set[int]]:
    """Return the line numbers to keep and to cut: quotes go, unless answers stand between them."""
    lines, introduced = body.lines, body.introduced or set()
    texts = [i for i in range(body.history) if lines[i].depth == 0 and i not in introduced and not lines[i].blank]
    quotes = [i for i in range(body.history) if (lines[i].depth or i in introduced) and not lines[i].blank]
    if not quotes:
        return set(range(body.history)), set(range(body.history, len(lines)))
    ends = _signatures(lines, set(texts))
    said = [i for i in texts if i not in ends]
    around = not introduced and said and said[0] < quotes[0] and quotes[-1] < said[-1]
    if around or any(quotes[0] < i < quotes[-1] for i in said):
        body.rule = "answers between quotes"
        kept = set(range(said[-1] + 1)) | (set(texts) & ends)
        return kept, set(range(len(lines))) - kept
    body.rule = body.rule or "quote marks"
    kept = {i for i in range(body.history) if lines[i].depth == 0 and i not in introduced}
    return kept, set(range(len(lines))) - kept


def _signatures(lines: list[Line], kept: set[int]) -> set[int]:
    """Return the numbers of signature lines: at the end of each run of kept lines that a quote or the end follows."""
    found, run = set[int](), list[int]()
    for at in range(len(lines) + 1):
        if at < len(lines) and (at in kept or (lines[at].blank and run)):
            run.append(at)
            continue
        if run:
            found |= signature.of([lines[i] for i in run], run)
            run = []
    return found
