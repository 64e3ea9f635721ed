"""The words of a mail that are new, from the best evidence: its plain text, its HTML, or both against each other."""

from __future__ import annotations

import re
from dataclasses import dataclass

from undivided.mail import markup, quotes
from undivided.mail.bodies import Content
from undivided.mail.lines import Line, from_text, to_text
from undivided.mail.sanitise import sanitise

_TOKEN = re.compile(r"\w+")
_PROBE = 6
"""Words by which the same place is found in the other alternative."""
_LONG_SIGNATURE = 400
_SIGNED, _SIGNATURE, _END = (
    "-----BEGIN PGP SIGNED MESSAGE-----",
    "-----BEGIN PGP SIGNATURE-----",
    "-----END PGP SIGNATURE-----",
)


@dataclass(frozen=True, slots=True)
class Said:
    """What `Mail` says about its words."""

    text: str
    reply_text: str
    reply_html: str
    quoted: str
    is_forward: bool
    rule: str


def of(content: Content, subject: str) -> Said:
    """Find the new words of a mail."""
    plain, html = _without_armour(content.plain()), content.html()
    page = markup.read(html) if html else None
    shown = quotes.split([_copy(line) for line in page.lines], subject) if page else None
    if not plain:
        plain_split, text = shown, to_text(page.lines) if page else ""
    else:
        plain_split, text = quotes.split(from_text(plain), subject), plain.strip("\n").rstrip()
        plain_split = _agreed(plain_split, shown) if shown else plain_split
    if plain_split is None:
        return Said(text, text, "", "", is_forward=False, rule="no words")
    reply = to_text(plain_split.kept)
    return Said(
        text, reply, _html(page, shown, plain_split), to_text(plain_split.quoted), plain_split.forward, plain_split.rule
    )


def _copy(line: Line) -> Line:
    return Line(line.text, line.depth, line.raw, line.mark, line.source)


def _without_armour(text: str) -> str:
    """Take the words out of an inline PGP signature (RFC 4880 7)."""
    before, begin, rest = text.partition(_SIGNED)
    signed, signature, after = rest.partition(_SIGNATURE)
    if not (begin and signature):
        return text
    _, _, words = signed.partition("\n\n")
    return before + re.sub(r"(?m)^- ", "", words).strip("\n") + "\n" + after.partition(_END)[2]


def _html(page: markup.Page | None, shown: quotes.Split | None, chosen: quotes.Split) -> str:
    """Write the new words as HTML; if the plain text had more to keep than the HTML, doubt wins and all of it goes."""
    if page is None or shown is None:
        return ""
    kept = {line.source for line in shown.kept}
    if chosen.forward and not shown.forward:
        kept = {line.source for line in page.lines}
    return sanitise(markup.only(page, kept | {len(page.lines)}) if page.tokens else "")


def _agreed(plain: quotes.Split, shown: quotes.Split) -> quotes.Split:
    """Let the structure of the HTML show the plain text where history and signature begin, when words alone did not."""
    if plain.forward or shown.forward:
        return plain
    kept = plain.kept
    longer = _count(kept) > _count(shown.kept) * 1.3 + 5
    cut = _place(kept, shown.quoted, shown.kept) if shown.quoted and (longer or not plain.quoted) else len(kept)
    kept, history = kept[:cut], kept[cut:]
    end = _signature_place(kept, shown.signature) if shown.signature and not plain.signature else len(kept)
    if not any(not line.blank for line in kept[:end]):
        return plain
    rule = plain.rule if not history else f"structure of the HTML: {shown.rule}"
    return quotes.Split(
        kept[:end], [*history, *plain.quoted], [*kept[end:], *plain.signature], forward=False, rule=rule
    )


def _place(kept: list[Line], quoted: list[Line], new: list[Line]) -> int:
    """Return the first line of the plain text that says what the HTML's history begins with, or all of them."""
    probe = _head(quoted)
    wanted = _count(new)
    if len(probe) < 2:  # noqa: PLR2004 - one word may stand anywhere
        return len(kept)
    before = 0
    for at, line in enumerate(kept):
        tokens = _TOKEN.findall(line.text.casefold())
        if tokens and before >= wanted * 0.8 - 2 and _head(kept[at : at + 12]) == probe:
            return at
        before += len(tokens)
    return len(kept)


def _count(lines: list[Line]) -> int:
    return sum(len(_TOKEN.findall(line.text)) for line in lines)


def _head(lines: list[Line]) -> list[str]:
    found = list[str]()
    for line in lines[:12]:
        found += _TOKEN.findall(line.text.casefold())
        if len(found) >= _PROBE:
            break
    return found[:_PROBE]


def _signature_place(kept: list[Line], marked: list[Line]) -> int:
    """Return where the lines begin that the HTML marks as a signature, if the plain text ends with just those words."""
    wanted = [token for line in marked for token in _TOKEN.findall(line.text.casefold())]
    at, tail = len(kept), list[str]()
    if len(wanted) > _LONG_SIGNATURE:
        return at
    while at and len(tail) < len(wanted):
        at -= 1
        tail = _TOKEN.findall(re.sub(r"<[^<>\s]*>|\[[^\]]*\]", " ", kept[at].text.casefold())) + tail
    return at if tail and tail == wanted else len(kept)
