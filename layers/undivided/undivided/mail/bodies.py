"""Which parts of a mail are its words, and which are attachments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

from undivided.mail.charsets import decode
from undivided.mail.lines import unflowed
from undivided.mail.mime import Part

MAX_TEXT = 5_000_000
"""Bytes of one text part that are read as words; the rest stays in the raw mail, and the faults say so."""
_META = re.compile(rb"<meta[^<>]{0,200}charset\s*=\s*[\"']?([\w-]{1,40})", re.IGNORECASE)
_HTML_START = re.compile(r"\s*(?:<!doctype html|<html|<head|<body|<div|<table)\b", re.IGNORECASE)
_ENRICHED = re.compile(
    r"<(?:/?(?:bold|italic|underline|fixed|excerpt|fontfamily|color|param|center|flushleft|x-\w{1,20})|nl)>",
    re.IGNORECASE,
)
_NO_TEXT = frozenset(
    {
        "text/calendar",
        "text/x-vcard",
        "text/vcard",
        "text/directory",
        "text/rfc822-headers",
        "text/csv",
        "text/xml",
        "text/css",
        "text/x-amp-html",
    }
)
_MACHINE = frozenset(
    {
        "message/delivery-status",
        "message/global-delivery-status",
        "message/disposition-notification",
        "message/feedback-report",
    }
)


@dataclass(slots=True)
class Body:
    """One piece of what was written: plain, HTML, or both as alternatives of each other."""

    plain: str = ""
    html: str = ""


@dataclass(slots=True)
class Content:
    """The words of a mail in their order, and the parts that are no words."""

    bodies: list[Body] = field(default_factory=list)
    attached: list[Part] = field(default_factory=list)
    machine: list[Part] = field(default_factory=list)
    """Delivery status and the like: for programs."""
    faults: list[str] = field(default_factory=list)

    def plain(self) -> str:
        """Return the plain text, "" if some piece exists as HTML only."""
        if any(body.html and not _speaks(body) for body in self.bodies):
            return ""
        return "\n".join(body.plain.strip("\n") for body in self.bodies if body.plain.strip())

    def html(self) -> str:
        """Return the HTML, with plain pieces between them set as such; "" if no piece has any."""
        if not any(body.html for body in self.bodies):
            return ""
        return "\n".join(
            body.html or f'<div style="white-space:pre-wrap">{escape(body.plain)}</div>' for body in self.bodies
        )


def _speaks(body: Body) -> bool:
    """Say whether the plain alternative really says what the HTML says, not "your program cannot show this"."""
    if not body.plain.strip():
        return False
    words = re.findall(r"\w{3,}", body.plain[:5000].casefold())
    if not words or not body.html or len(words) > 60:  # noqa: PLR2004 - a stub is a sentence or two
        return bool(words) or not body.html or len(re.sub(r"<[^<>]*>|\s", "", body.html[:20_000])) < 40  # noqa: PLR2004 - as short as the text
    shown = re.sub(r"<[^<>]*>", " ", body.html[:200_000]).casefold()
    return sum(word in shown for word in words) * 2 >= len(words)


def read_content(root: Part) -> Content:
    """Sort all parts of a mail into words, attachments and machine-readable reports."""
    content = Content()
    _visit(root, content)
    return content


def _visit(root: Part, content: Content) -> None:
    waiting = [root]
    while waiting:
        part = waiting.pop()
        if part.type == "multipart/alternative":
            _alternative(part, content, waiting)
        elif part.parts:
            waiting.extend(reversed(part.parts))
        elif not part.type.startswith("multipart/"):
            _leaf(part, content)


def _alternative(part: Part, content: Content, waiting: list[Part]) -> None:
    """Take the plain and the HTML alternative as one body; what else stands here is visited as if it were mixed."""
    plain = next((one for one in _texts(part) if one.type == "text/plain"), None)
    html = next((one for one in _texts(part) if one.type == "text/html"), None)
    if plain and html:
        content.bodies.append(Body(words_of(plain, content.faults), words_of(html, content.faults)))
        rest = [
            one
            for one in part.walk()
            if not one.parts and one not in (plain, html) and not one.type.startswith("multipart/")
        ]
    else:
        rest = part.parts
    waiting.extend(reversed(rest))


def _texts(part: Part) -> Iterator[Part]:
    return (one for one in part.walk() if is_words(one))


def is_words(part: Part) -> bool:
    """Say whether a part is shown as text: textual, and neither attached nor named."""
    kind = part.type
    if not kind.startswith("text/") or kind in _NO_TEXT or part.disposition == "attachment":
        return False
    return not part.name or part.disposition == "inline" or kind == "text/html"


def _leaf(part: Part, content: Content) -> None:
    if part.type in _MACHINE:
        content.machine.append(part)
    elif not is_words(part):
        content.attached.append(part)
    elif part.type == "text/html":
        _add_html(part, content)
    else:
        text = words_of(part, content.faults)
        content.bodies.append(Body(html=text) if _HTML_START.match(text) else Body(plain=text))


def _add_html(part: Part, content: Content) -> None:
    html = words_of(part, content.faults)
    content.bodies.append(Body(html=html) if "<" in html else Body(plain=html))


def _meta_charset(data: bytes) -> str:
    """Return the charset that an HTML document names itself, when its header names none."""
    found = _META.search(data[:3000])
    return found[1].decode("ascii") if found else ""


def words_of(part: Part, faults: list[str]) -> str:
    """Decode a text part: charset, line ends, format=flowed, enriched text."""
    data = part.body()
    if len(data) > MAX_TEXT:
        faults.append(f"a text of {len(data)} bytes; the first {MAX_TEXT} are read, the rest is kept in the raw mail")
        data = data[:MAX_TEXT]
    charset = part.params.get("charset", "") or (_meta_charset(data) if part.type == "text/html" else "")
    text = decode(data, charset).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if "\ufffd" in text:
        faults.append("characters that do not fit the declared charset")
    if part.type == "text/plain" and part.params.get("format", "").lower() == "flowed":
        return unflowed(text, delsp=part.params.get("delsp", "").lower() == "yes")
    if part.type in ("text/enriched", "text/richtext"):
        return re.sub(r"\n(\n*)", lambda m: m[1] or " ", _ENRICHED.sub("", text)).replace("<<", "<")
    return text
