"""How programs introduce what was said before: "… wrote" lines and header blocks, recognised in any of their languages."""

from __future__ import annotations

import re

from undivided.mail import attributions
from undivided.mail.lines import Line, Mark
from undivided.mail.patterns import Late

_SPAN = 4
"""Lines that one introduction may be wrapped to."""
_TAIL = 24
"""Characters of "> wrote:" alone in its line."""
_BLOCK = 14
"""Lines that a header block is looked for in; long recipient lists wrap."""
_LONGEST = 500
"""Characters of an introduction."""
_IGNORED = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff*_]+")
_VERB = Late(rf"(?<!\w)(?:{attributions.VERBS})(?!\w)", re.IGNORECASE)
_SAID = Late(rf"(?<!\w)(?:{attributions.VERBS})\s?[:：](?=\s*\S)", re.IGNORECASE)
_OPENER = Late(rf"\W{{0,3}}(?:{attributions.OPENERS})(?!\w)", re.IGNORECASE)
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
_NAME = 90
_STAMP = re.compile(
    r"(?:sent by:.{1,60} )?\d{1,4}[./-]\d{1,2}[./-]\d{2,4},?\s+\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AP]M)?(?:\s\w{2,5})?",
    re.IGNORECASE,
)
_INNER = re.compile(r"\S(?:[ \t]+|[ \t]*-{2,}[ \t]*)(?=(?:On|Am|Le|El|Il|Em|Op|Den)\s)")
_UNENDED = re.compile(r"<[^<>@\s]{1,64}@[^<>\s]{1,190}>\s(?:wrote|schrieb|a écrit|escribió|ha scritto|escreveu)")
_DATED = re.compile(r"\s*\d{4}[/-]\d{1,2}[/-]\d{1,2}\s.{0,80}<[^<>@\s]{1,64}@[^<>\s]{1,190}>\s*")
_RULE = re.compile(r"\s*[_\-=\u2013\u2014*]{5,}\s*")
_LABELLED = re.compile(r"^[\s|>]{0,8}\*{0,2}([^\W\d][^:：*@<>]{0,28}?)\s?\*{0,2}\s?[:：]\s?\*{0,2}\s*(.*)$")
_KINDS = {
    name.casefold(): kind
    for kind, names in attributions.LABELS.items()
    for name in names.replace("\\.", ".").split("|")
}
_FROM_AT = re.compile(
    r"[^:]{2,12}:[^:@]{0,60}[\w.+-]{1,64}@[\w.-]{3,100}[>)\]]?\s+[^:]{2,12}:\s[^@]{0,40}\d:\d\d:\d\d[^@]{0,20}"
)
_INSIDE = re.compile(r"(?<!\S)\*?([^\W\d]\w{1,12})\*?\s?[:：]")


def may_end(line: Line) -> bool:
    """Say whether a line could be the last one of an introduction."""
    last = bare(line.text)
    if not 1 < len(last) < _LONGEST:
        return False
    if line.mark is Mark.ATTRIBUTION or _ENDS.search(last) or _DATED.fullmatch(last):
        return True
    return last[-1].isalpha() and _UNENDED.search(last) is not None and strength(last) > 1


def same_line(text: str) -> bool:
    """Some programs put the first words of the history behind the introduction, in the same line."""
    said = _SAID.search(text[:600]) if ":" in text else None
    if said is None or not _OPENER.match(text.strip()):
        return False
    before = bare(text[: said.end()])
    return bool(_ADDRESS.search(before) and _DATE.search(before) and _TIME.search(before))


def shared(text: str) -> int:
    """Return where in a line an introduction begins behind other words, 0 if none does."""
    if len(text) > _LONGEST or not _ENDS.search(bare(text)):
        return 0
    for found in _INNER.finditer(text):
        tail = text[found.end() :]
        if _OPENER.match(tail) and _VERB.search(tail) and _DATE.search(tail) and _TIME.search(tail):
            return found.end() if not _OPENER.match(text) else 0
    return 0


def header_kinds(lines: list[Line], at: int) -> set[str]:
    """Return the kinds of header names in the block that begins at `at` (blank lines before it allowed)."""
    kinds, missed = set[str](), 0
    for line in lines[at : at + _BLOCK]:
        if line.blank:
            missed += bool(kinds) * 2
        else:
            kind = field_kind(line.text)
            missed = 0 if kind else missed + 1
            kinds |= {kind} if kind else set()
        if missed > 2 or (missed and not kinds):  # noqa: PLR2004 - a recipient list wraps to two more lines
            break
    return kinds


def end_of_block(lines: list[Line], at: int) -> int:
    """Return the first line below the header lines that begin at `at`: a blank or a quoted one."""
    return next((i for i in range(at, min(at + _BLOCK, len(lines))) if lines[i].blank or lines[i].depth), at)


def field_kind(text: str) -> str:
    """Return which field of a header a line is ("from", "date" …), in any of the languages, "" if none."""
    found = _LABELLED.match(text)
    return _KINDS.get(found[1].strip().casefold(), "") if found else ""


def header_block(lines: list[Line], at: int) -> bool:
    line = lines[at]
    if line.mark is not Mark.RULE and not _RULE.fullmatch(line.text) and not field_kind(line.text):
        return False
    if _in_one_line(line.text):
        return True
    ruled = line.mark is Mark.RULE or _RULE.fullmatch(line.text) is not None
    kinds = header_kinds(lines, at + bool(_RULE.fullmatch(line.text)))
    needed = 2 if ruled else 3
    known = "from" in kinds and (len(kinds) >= needed or _bare_pair(lines, at, kinds))
    block = " ".join(one.text for one in lines[at : at + _BLOCK])[:3000]
    return (known or (ruled and _looks_labelled(lines, at))) and bool(
        _ADDRESS.search(block) or _TIME.search(block) or _DATE.search(block)
    )


def notes_block(lines: list[Line], at: int) -> bool:
    """Find the block of Lotus Notes: a name, the date below it, then To, cc and Subject as words alone, without colons."""
    below = next((i for i in range(at + 1, min(at + 3, len(lines))) if not lines[i].blank), None)
    if below is None or len(lines[at].text) > _NAME or not lines[below].text.lstrip()[:1].isalnum():
        return False
    if not any(character.isdigit() for character in lines[below].text) or not _STAMP.fullmatch(bare(lines[below].text)):
        return False
    words = [bare(line.text) for line in lines[below + 1 : below + _BLOCK] if not line.blank][:8]
    kinds = [_KINDS.get(one.partition(" ")[0].casefold(), "") for one in words]
    return "to" in kinds and "subject" in kinds[kinds.index("to") :]


def _bare_pair(lines: list[Line], at: int, kinds: set[str]) -> bool:
    """Believe two header lines alone if they are From with an address in brackets and its date with the time."""
    if kinds != {"from", "date"} or at + 1 >= len(lines):
        return False
    below = lines[at + 1].text
    return bool(_BRACKETED.search(lines[at].text) and _DATE.search(below) and _TIME.search(below))


def _looks_labelled(lines: list[Line], at: int) -> bool:
    """Say whether below a rule at least four short labels follow each other, in whatever language."""
    block = [one.text for one in lines[at : at + 8] if not one.blank and not _RULE.fullmatch(one.text)][:4]
    return len(block) == 4 and all(_LABELLED.match(one) for one in block) and any("@" in one for one in block)  # noqa: PLR2004 - From, Sent, To, Subject


def _in_one_line(text: str) -> bool:
    """A table or a lost line break can put From, Sent, To and Subject into one line."""
    if len(text) > 2000 or field_kind(text) != "from":  # noqa: PLR2004 - headers are shorter
        return False
    inside = {_KINDS.get(one.casefold(), "") for one in _INSIDE.findall(text)}
    return {"from", "date", "subject"} <= inside or ("date" in inside and _FROM_AT.fullmatch(text) is not None)


def bare(text: str) -> str:
    return _IGNORED.sub("", text).replace("\xa0", " ").strip()


def span(lines: list[Line], at: int) -> tuple[int, int]:
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
        text = f"{bare(lines[first].text)} {text}"[:600]
        sure = strength(text)
        if sure > 1:
            return _extended(lines, first), sure
        weak = weak or (sure if first == at else 0)
    return _torn(lines, at) or (at, weak)


def _torn(lines: list[Line], at: int) -> tuple[int, int] | None:
    """Find an introduction whose name, address and verb some programs set apart with blank lines."""
    if not (_VERB.search(lines[at].text) and len(lines[at].text) < _TAIL):
        return None
    text, seen = "", 0
    for first in range(at, max(-1, at - 2 * _SPAN), -1):
        one = bare(lines[first].text)
        seen += bool(one)
        text = f"{one} {text}"
        if seen > _SPAN or lines[first].depth:
            return None
        if _OPENER.match(one) and _DATE.search(one) and _TIME.search(one):
            return (first, 2) if _ADDRESS.search(text) else None
    return None


def above(lines: list[Line], at: int) -> bool:
    """Say whether the nearest words above a line could introduce it."""
    near = next((line for line in reversed(lines[max(0, at - 3) : at]) if not line.blank), None)
    return near is not None and _ENDS.search(bare(near.text)) is not None and strength(near.text) > 0


def strength(text: str) -> int:
    verb, address = _VERB.search(text) is not None, _ADDRESS.search(text) is not None
    day, hour = _DATE.search(text) is not None, _TIME.search(text) is not None
    if verb and (hour or (day and (address or _OPENER.match(text)))):
        return 2
    if address and day and hour and _BRACKETED.search(text):
        return 2
    return 1 if verb or address or (day and hour) else 0


def _extended(lines: list[Line], first: int) -> int:
    """Take in the line above when the introduction was wrapped within its date."""
    above = bare(lines[first - 1].text) if first and lines[first - 1].depth == 0 else ""
    if not above or _OPENER.match(bare(lines[first].text)):
        return first
    begins = _OPENER.match(above) and re.search(r"\d", above) and above[-1] not in ".!?:"
    return first - 1 if begins else first
