"""What is new in a mail and what was said before: one walk over lines, structure first, then words.

The stance: a quote too many does no harm, a word too few does. Whatever is doubtful stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from undivided.mail import attributions, signature
from undivided.mail.lines import Line, Mark

MAX_LINES = 20_000
"""Lines that are parted; people write fewer."""
_SPAN = 4
"""Lines that one introduction may be wrapped to."""
_LOOK = 6
"""Lines that may stand between an introduction and its quote (blank, or a programs's own)."""
_BLOCK = 14
"""Lines that a header block is looked for in; long recipient lists wrap."""
_IGNORED = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff*_]+")
_VERB = re.compile(rf"(?<!\w)(?:{attributions.VERBS})(?!\w)", re.IGNORECASE)
_VERB_ALONE = re.compile(rf"\s*(?:{attributions.VERBS})\s?[:：]\s*", re.IGNORECASE)
_SAID = re.compile(rf"(?<!\w)(?:{attributions.VERBS})\s?[:：](?=\s*\S)", re.IGNORECASE)
_GROUPWISE = re.compile(r"\s*>>> .{3,200}\d.{0,40} >>>\s*")
_OPENER = re.compile(rf"\W{{0,3}}(?:{attributions.OPENERS})(?!\w)", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+'=-]{1,64}@[\w-]{1,63}\.[\w.-]{1,100}")
_BRACKETED = re.compile(r"[<(\[]\s?(?:mailto:)?[^<>()\s]{1,64}@[^<>()\s]{1,190}\s?[>)\]]?")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\d{1,4}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{1,4}|\d年|\d년|٢٠\d\d|[۰-۹٠-٩]{4}")
_TIME = re.compile(
    r"(?<!\d)\d{1,2}\s?[:.hH时時點点]\s?\d{2}(?!\d)|\d{1,2}\s?(?:am|pm|Uhr|시)\b|[۰-۹٠-٩]{1,2}:[۰-۹٠-٩]{2}",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"[:：﹕]$|(?:wrote|writes|schrieb|escribió|a écrit|写道|escreveu|ha scritto)\s?:?\s?-{2,}$|(?:写道|さんは書きました)$"
)
_BETWEEN_DASHES = re.compile(
    r"^[\s>]*[-_=*\u2013\u2014#]{2,}\s*([^\W\d_][^-_=*\n]{2,60}?)\s*:?\s*[-_=*\u2013\u2014#]{2,}\s*$"
)
_ORIGINAL = re.compile(rf"\s*(?:{attributions.ORIGINAL})\s*", re.IGNORECASE)
_FORWARDED = re.compile(
    rf"[\s>]*[-_=*\u2013\u2014]{{0,20}}\s*(?:{attributions.FORWARDED})\s*[:：]?\s*[-_=*\u2013\u2014]{{0,20}}\s*",
    re.IGNORECASE,
)
_THIN_RULE = re.compile(r"\s*[_\-=\u2013\u2014*]{3,}\s*")
_DATED = re.compile(r"\s*\d{4}[/-]\d{1,2}[/-]\d{1,2}\s.{0,80}<[^<>@\s]{1,64}@[^<>\s]{1,190}>\s*")
_RULE = re.compile(r"\s*[_\-=\u2013\u2014*]{5,}\s*")
_ABOVE = re.compile(rf"\W*(?:{attributions.ABOVE})\W*", re.IGNORECASE)
_LABELLED = re.compile(r"^[\s|>]{0,8}\*{0,2}([^\W\d][^:：*@<>]{0,28}?)\s?\*{0,2}\s?[:：]\s?\*{0,2}\s*(.*)$")
_KINDS = {
    name.casefold(): kind
    for kind, names in attributions.LABELS.items()
    for name in names.replace("\\.", ".").split("|")
}
_INSIDE = re.compile(r"(?<!\S)\*?([^\W\d]\w{1,12})\*?\s?[:：]")
_FORWARD_SUBJECT = re.compile(
    rf"\s*(?:\[[^\]]{{1,40}}\]\s*)?(?:{attributions.FORWARD_PREFIXES})\s?(?:\[\d+\]|\(\d+\))?\s?[:：]", re.IGNORECASE
)
_LONGEST = 500
"""Characters of an introduction."""
_SHORT = 28
_WRAPPED = 60


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
    body = _Body(lines, subject, len(lines), introduced=set())
    _mend_wrapped(lines)
    _find_history(body)
    if body.forward:
        return Split(lines, [], [], forward=True, rule=body.rule)
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


def _mend_wrapped(lines: list[Line]) -> None:
    """A short line squeezed between two long quoted ones is the tail of the upper one, wrapped by a program on the way."""
    for above, line in pairwise(lines):
        if line.depth == 1 and above.depth == 0 and _VERB_ALONE.fullmatch(line.text) and "<" in above.text:
            line.depth = 0  # the address was wrapped before its closing bracket
    for above, line, below in zip(lines, lines[1:], lines[2:], strict=False):
        squeezed = (
            line.depth == 0 < above.depth == below.depth and not line.blank and not above.blank and not below.blank
        )
        if squeezed and len(above.raw) > _WRAPPED and len(line.text) < _SHORT and line.text[:1].islower():
            line.depth = above.depth


def _find_history(body: _Body) -> None:
    """Set where history begins without any quote mark, note the introductions of quotes, and find a forwarded mail."""
    for at, line in enumerate(body.lines):
        if line.blank and line.mark is Mark.NONE:
            continue
        if line.depth:
            if _GROUPWISE.fullmatch(line.raw):
                _history(body, at, "attribution")
                return
            if _begins_quote(body.lines, at) and (line.mark is Mark.FORWARD or _FORWARDED.fullmatch(_bare(line.text))):
                body.forward, body.rule = True, "forwarded"
                return
            continue
        if _ends_here(body, at):
            return


def _begins_quote(lines: list[Line], at: int) -> bool:
    above = next((line for line in reversed(lines[max(0, at - _LOOK) : at]) if not line.blank), None)
    return above is None or above.depth == 0


def _ends_here(body: _Body, at: int) -> bool:
    """Say whether the walk is over: history or a forwarded mail begins at this line of depth 0."""
    line = body.lines[at]
    if line.mark is Mark.FORWARD or _FORWARDED.fullmatch(_bare(line.text)):
        body.forward, body.rule = True, "forwarded"
        return True
    if line.mark is Mark.HISTORY or _ABOVE.fullmatch(line.text.strip()):
        return _history(body, at, "structure" if line.mark is Mark.HISTORY else "reply above this line")
    if (dashes := _BETWEEN_DASHES.match(line.text)) and (
        _ORIGINAL.fullmatch(dashes[1]) or header_kinds(body.lines, at + 1)
    ):
        return _history(body, at, "original message")
    if _header_block(body.lines, at):
        return _history(body, at, "header block")
    if _same_line_introduction(line.text):
        return _history(body, at, "attribution")
    return _introduction(body, at)


def _same_line_introduction(text: str) -> bool:
    """Some programs put the first words of the history behind the introduction, in the same line."""
    said = _SAID.search(text[:600]) if ":" in text else None
    if said is None or not _OPENER.match(text.strip()):
        return False
    before = _bare(text[: said.end()])
    return bool(_ADDRESS.search(before) and _DATE.search(before) and _TIME.search(before))


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


def header_kinds(lines: list[Line], at: int) -> set[str]:
    """Return the kinds of header names in the block that begins at `at` (blank lines before it allowed)."""
    kinds, missed = set[str](), 0
    for line in lines[at : at + _BLOCK]:
        if line.blank:
            missed += bool(kinds) * 2
        else:
            kind = _kind(line.text)
            missed = 0 if kind else missed + 1
            kinds |= {kind} if kind else set()
        if missed > 2 or (missed and not kinds):  # noqa: PLR2004 - a recipient list wraps to two more lines
            break
    return kinds


def _kind(text: str) -> str:
    found = _LABELLED.match(text)
    return _KINDS.get(found[1].strip().casefold(), "") if found else ""


def _header_block(lines: list[Line], at: int) -> bool:
    line = lines[at]
    if line.mark is not Mark.RULE and not _RULE.fullmatch(line.text) and not _kind(line.text):
        return False
    if _in_one_line(line.text):
        return True
    ruled = line.mark is Mark.RULE or _RULE.fullmatch(line.text) is not None
    kinds = header_kinds(lines, at + bool(_RULE.fullmatch(line.text)))
    needed = 2 if ruled else 3
    known = "from" in kinds and len(kinds) >= needed
    block = " ".join(one.text for one in lines[at : at + _BLOCK])[:3000]
    return (known or (ruled and _looks_labelled(lines, at))) and bool(
        _ADDRESS.search(block) or _TIME.search(block) or _DATE.search(block)
    )


def _looks_labelled(lines: list[Line], at: int) -> bool:
    """Say whether below a rule at least four short labels follow each other, in whatever language."""
    block = [one.text for one in lines[at : at + 8] if not one.blank and not _RULE.fullmatch(one.text)][:4]
    return len(block) == 4 and all(_LABELLED.match(one) for one in block) and any("@" in one for one in block)  # noqa: PLR2004 - From, Sent, To, Subject


def _in_one_line(text: str) -> bool:
    """A table or a lost line break can put From, Sent, To and Subject into one line."""
    if len(text) > 2000 or _kind(text) != "from":  # noqa: PLR2004 - headers are shorter
        return False
    return {"from", "date", "subject"} <= {_KINDS.get(one.casefold(), "") for one in _INSIDE.findall(text)}


def _bare(text: str) -> str:
    return _IGNORED.sub("", text).replace("\xa0", " ").strip()


def _introduction(body: _Body, at: int) -> bool:
    """Note an introduction that ends at `at` if a quote follows; without quote marks it may begin the history."""
    last = _bare(body.lines[at].text)
    marked = body.lines[at].mark is Mark.ATTRIBUTION
    if not 1 < len(last) < _LONGEST or not (marked or _ENDS.search(last) or _DATED.fullmatch(last)):
        return False
    first, strength = _span(body.lines, at)
    below = next((i for i in range(at + 1, min(at + _LOOK, len(body.lines))) if not body.lines[i].blank), None)
    quoted = below is not None and body.lines[below].depth > 0
    if quoted and strength:
        assert body.introduced is not None
        body.introduced.update(range(_rule_above(body.lines, first), at + 1))
        body.rule = body.rule or "attribution"
        return False
    return strength > 1 and _history(body, first, "attribution")


def _rule_above(lines: list[Line], first: int) -> int:
    """Take the rule that some programs draw above their introduction along with it."""
    above = first - 1
    while above > 0 and lines[above].blank and lines[above].depth == 0:
        above -= 1
    return above if above >= 0 and lines[above].depth == 0 and _THIN_RULE.fullmatch(lines[above].text) else first


def _span(lines: list[Line], at: int) -> tuple[int, int]:
    """Return where the introduction that ends at `at` begins, and how sure it is one: 0 no, 1 if a quote follows, 2 alone."""
    if lines[at].mark is Mark.ATTRIBUTION:
        first = at
        while first and lines[first - 1].mark is Mark.ATTRIBUTION:
            first -= 1
        return first, 2
    text, weak = "", 0
    for first in range(at, max(-1, at - _SPAN), -1):
        if first < at and (lines[first].blank or lines[first].depth):
            break
        text = f"{_bare(lines[first].text)} {text}"[:600]
        strength = _strength(text)
        if strength > 1:
            return _extended(lines, first), strength
        weak = weak or (strength if first == at else 0)
    return at, weak


def _strength(text: str) -> int:
    verb, address = _VERB.search(text) is not None, _ADDRESS.search(text) is not None
    day, hour = _DATE.search(text) is not None, _TIME.search(text) is not None
    if verb and (hour or (day and (address or _OPENER.match(text)))):
        return 2
    if address and day and hour and _BRACKETED.search(text):
        return 2
    return 1 if verb or address or (day and hour) else 0


def _extended(lines: list[Line], first: int) -> int:
    """Take in the line above when the introduction was wrapped within its date."""
    above = _bare(lines[first - 1].text) if first and lines[first - 1].depth == 0 else ""
    if not above or _OPENER.match(_bare(lines[first].text)):
        return first
    begins = _OPENER.match(above) and re.search(r"\d", above) and above[-1] not in ".!?:"
    return first - 1 if begins else first


def _choose(body: _Body) -> tuple[set[int], set[int]]:
    """Return the line numbers to keep and to cut: quotes go, unless answers stand between them."""
    lines, introduced = body.lines, body.introduced or set()
    texts = [i for i in range(body.history) if lines[i].depth == 0 and i not in introduced and not lines[i].blank]
    quotes = [i for i in range(body.history) if (lines[i].depth or i in introduced) and not lines[i].blank]
    if not quotes:
        return set(range(body.history)), set(range(body.history, len(lines)))
    ends = _signatures(lines, set(texts))
    said = [i for i in texts if i not in ends]
    if any(quotes[0] < i < quotes[-1] for i in said):
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
