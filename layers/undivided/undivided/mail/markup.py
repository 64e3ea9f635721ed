"""HTML to lines that remember where they came from, and back: the new words' HTML without the rest.

The HTML is first made well-formed by nh3, so that one plain regular expression reads it in linear time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from undivided.mail import quotes_html
from undivided.mail.lines import Line, Mark, of_raw
from undivided.mail.sanitise import bare_text, is_hostile, normalised

MAX_STRUCTURED = 2_000_000
"""Characters of HTML that are read by structure (inline `data:` images not counted); above, only its words are taken."""
_DATA = re.compile(r"data:[\w/+.-]{1,80};base64,[A-Za-z0-9+/=\s%]*")
_TOKEN = re.compile(r"<(/?)([a-zA-Z0-9]+)((?:\s[^=>\s]+(?:=\"[^\"]*\")?)*)\s*>|[^<]+|<")
_ATTRIBUTE = re.compile(r"\s([^=>\s]+)=\"([^\"]*)\"")
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "center", "dd", "dir", "div", "dl", "dt", "figcaption", "figure",
    "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section",
    "summary", "table", "tbody", "tfoot", "thead", "tr", "ul", "caption",
})  # fmt: skip
_SPACED = frozenset({
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "pre", "blockquote",
})  # fmt: skip
_VOID = frozenset({"br", "hr", "img", "col", "wbr"})
_TIGHT = re.compile(r"mso|margin(-top|-bottom)?:\s*0", re.IGNORECASE)
_BREAKS = re.compile(r"<(?:br|/p|/div|/tr|/li|/h\d)\b[^>]{0,200}>", re.IGNORECASE)


@dataclass(slots=True)
class _Open:
    """An element that is not closed yet."""

    tag: str
    depth: int
    mark: Mark
    hidden: bool
    pre: bool
    spaced: bool
    counter: int = 0


@dataclass(slots=True)
class Page:
    """HTML as tokens, each with the number of the line that it became a part of (-1: a tag), and those lines."""

    tokens: list[str] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


class _Reader:
    """Walks the tokens once and fills a page."""

    def __init__(self) -> None:
        self.page = Page()
        self.open = [_Open("", 0, Mark.NONE, hidden=False, pre=False, spaced=False)]
        self.words = list[str]()
        self.pending = Mark.NONE
        self.gap = False
        self.last = ""
        self.item = ""
        self.pictured = False

    def read(self, html: str) -> Page:
        for token in _TOKEN.finditer(html):
            self.page.tokens.append(token[0])
            self.page.owners.append(-1)
            if not token[2]:
                self.text(unescape(token[0]))
            elif token[1]:
                self.close(token[2].lower())
            else:
                self.start(token[2].lower(), token[3])
        self.flush()
        return self.page

    def own(self) -> None:
        lines = self.page.lines
        self.page.owners[-1] = len(lines) + bool(self.gap and lines and not lines[-1].blank)

    def text(self, text: str) -> None:
        top = self.open[-1]
        if top.hidden:
            return
        if top.pre:
            first, *others = text.split("\n")
            self.piece(first)
            for one in others:
                self.flush(always=True)
                self.piece(one)
            return
        text = re.sub(r"[ \t\r\n\f\v]+", " ", text)
        self.piece(text.lstrip(" ") if not self.words or self.words[-1].endswith(" ") else text)

    def piece(self, text: str) -> None:
        if text:
            self.own()
            self.words.append(text)

    def start(self, tag: str, attributes: str) -> None:
        if tag in _VOID:
            self.void(tag, attributes)
            return
        if tag in _BLOCKS:
            self.flush()
        names = dict(_ATTRIBUTE.findall(attributes)) if attributes else {}
        sign = quotes_html.sign(tag, names, self.last)
        if sign.mark in (Mark.HISTORY, Mark.FORWARD, Mark.RULE):
            self.pending = sign.mark
        self.push(tag, names, sign)
        if tag in ("td", "th") and self.words:
            self.words.append(" ")
        if tag == "li":
            self.item = self.bullet()

    def push(self, tag: str, names: dict[str, str], sign: quotes_html.Sign) -> None:
        top = self.open[-1]
        inner = sign.mark if sign.mark in (Mark.ATTRIBUTION, Mark.SIGNATURE) else top.mark
        style = names.get("style", "").lower().replace(" ", "")
        spaced = tag in _SPACED and not (_TIGHT.search(names.get("class", "")) or _TIGHT.search(style))
        pre = top.pre or tag == "pre" or "white-space:pre" in style
        hidden = top.hidden or "display:none" in style or "mso-hide:all" in style
        self.open.append(_Open(tag, top.depth + sign.quoted, inner, hidden=hidden, pre=pre, spaced=spaced))
        self.gap = self.gap or spaced

    def bullet(self) -> str:
        around = next((one for one in reversed(self.open[:-1]) if one.tag in ("ul", "ol")), None)
        if around is None or around.tag == "ul":
            return "- "
        around.counter += 1
        return f"{around.counter}. "

    def void(self, tag: str, attributes: str) -> None:
        if tag == "br":
            self.flush(always=True)
            if "lineBreakAtBeginningOfSignature" in attributes:
                self.pending = Mark.SIGNATURE
        elif tag == "hr":
            self.flush()
            self.pending = Mark.RULE
        else:
            self.own()
            self.pictured = self.pictured or 'src="cid:' in attributes.lower()

    def close(self, tag: str) -> None:
        if all(one.tag != tag for one in self.open[-60:]):
            return
        if tag in _BLOCKS:
            self.flush()
        while len(self.open) > 1:
            gone = self.open.pop()
            self.gap = self.gap or gone.spaced
            if gone.tag == tag:
                return

    def flush(self, *, always: bool = False) -> None:
        """End the line; an empty one is written only where a `<br>` stands alone."""
        text = "".join(self.words).replace("\xa0", " ").rstrip()
        self.words.clear()
        if not text.strip() and not always and not self.pictured:
            return
        if self.gap and self.page.lines and not self.page.lines[-1].blank:
            self.page.lines.append(Line("", self.depth_between()))
        self.gap = False
        self.add(self.item + text if text.strip() else "")

    def depth_between(self) -> int:
        return min(self.open[-1].depth, self.page.lines[-1].depth)

    def add(self, text: str) -> None:
        top = self.open[-1]
        line = of_raw(text)
        line.depth, line.raw, line.source = line.depth + top.depth, "> " * top.depth + text, len(self.page.lines)
        line.mark = Mark.PICTURE if self.pictured and top.mark is Mark.NONE else top.mark
        self.pictured = False
        if text:
            line.mark = self.pending if self.pending is not Mark.NONE else top.mark
            self.pending, self.item, self.last = Mark.NONE, "", text
        self.page.lines.append(line)


def read(html: str) -> Page:
    """Turn HTML into lines; above `MAX_STRUCTURED` only its words are taken and nothing can be cut by structure."""
    html = _DATA.sub("", html)
    if len(html) > MAX_STRUCTURED or is_hostile(html):
        plain = bare_text(_BREAKS.sub("\n", html))
        return Page(lines=[Line(one.strip(), 0, one.strip()) for one in plain.split("\n")])
    return _Reader().read(normalised(html))


def only(page: Page, kept: set[int]) -> str:
    """Write the HTML of the lines in `kept`; an element whose words were all cut goes with them."""
    out, marks = list[str](), list[tuple[int, bool, bool]]()
    cut = seen = False
    for token, owner in zip(page.tokens, page.owners, strict=True):
        if owner >= 0:
            wanted = owner in kept
            cut, seen = cut or not wanted, seen or wanted
            if wanted:
                out.append(token)
        elif token.startswith("</") and marks:
            at, cut_before, seen_before = marks.pop()
            out.append(token)
            if cut and not seen:
                del out[at:]
            cut, seen = cut or cut_before, seen or seen_before
        elif _opens(token):
            marks.append((len(out), cut, seen))
            cut = seen = False
            out.append(token)
        else:
            out.append(token)
    return "".join(out)


def _opens(token: str) -> bool:
    found = _TOKEN.fullmatch(token)
    return bool(found and found[2] and not found[1] and found[2].lower() not in _VOID)
