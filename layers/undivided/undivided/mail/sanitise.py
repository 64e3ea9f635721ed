"""HTML of strangers made safe to send on: nh3 (ammonia, a real HTML5 parser) with the lists below.

Its parser takes quadratic time on deep nesting (20,000 open lists: 17 s), so HTML nested deeper than any mail program
writes is reduced to its words before it gets there.
"""

from __future__ import annotations

import re
from html import escape, unescape

MAX_NESTED = 600
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_FLAT = frozenset({
    "p", "li", "td", "th", "tr", "dd", "dt", "br", "hr", "img", "col", "wbr", "input", "meta", "link", "area", "base",
    "option", "tbody", "thead", "o",
})  # fmt: skip
"""Elements that close themselves, so that open ones of them are no nesting."""
_MARKUP = re.compile(r"<[^<>]*>")
_TAGS = frozenset({
    "a", "abbr", "address", "article", "aside", "b", "big", "blockquote", "br", "caption", "center", "cite", "code",
    "col", "colgroup", "dd", "del", "dfn", "dir", "div", "dl", "dt", "em", "figcaption", "figure", "font", "footer",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "li", "main", "mark", "nav", "ol",
    "p", "pre", "q", "s", "samp", "section", "small", "span", "strike", "strong", "sub", "summary", "sup", "table",
    "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "wbr",
})  # fmt: skip
_STRUCTURAL = {"id", "class", "name", "style", "type", "dir", "lang", "data-smartmail", "data-marker"}
_SHOWN = {"dir", "lang", "style", "align"}
_CELL = {"colspan", "rowspan", "width", "align", "valign"}
_IMAGE = {"src", "alt", "width", "height"}
_UNSEEN = frozenset({"script", "style", "title", "noscript", "template", "object", "svg", "math"})
_STYLES = frozenset({
    "color", "background-color", "font-weight", "font-style", "font-family", "font-size", "text-align",
    "text-decoration", "line-height", "margin", "margin-top", "margin-bottom", "margin-left", "padding",
    "padding-left", "border-left", "border-collapse", "white-space", "vertical-align", "width",
})  # fmt: skip


def sanitise(html: str) -> str:
    """Return `html` without scripts, styles sheets, forms and remote images; inline images keep their `cid:`."""
    if is_hostile(html):
        return f"<pre>{escape(bare_text(html))}</pre>"
    import nh3  # noqa: PLC0415 - 20 ms that only mail with HTML should pay

    return nh3.clean(
        html,
        tags=set(_TAGS),
        clean_content_tags=set(_UNSEEN),
        attributes={
            "*": _SHOWN,
            "a": {"href", "title"},
            "img": _IMAGE,
            "td": _CELL,
            "th": _CELL,
            "table": {"border", "cellpadding", "width"},
            "font": {"color", "face", "size"},
            "ol": {"start", "type"},
        },
        attribute_filter=_harmless,
        filter_style_properties=set(_STYLES),
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer nofollow",
    )


def _harmless(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "src":
        return value if tag == "img" and value.lower().startswith("cid:") else None
    if attribute == "style" and ("url(" in value.lower() or "expression(" in value.lower() or "\\" in value):
        return None
    return value


def normalised(html: str) -> str:
    """Return well-formed HTML that keeps what shows where quotes and signatures are (ids, classes, styles)."""
    import nh3  # noqa: PLC0415 - see above

    return nh3.clean(
        html,
        tags=set(_TAGS),
        clean_content_tags=set(_UNSEEN),
        attributes={
            "*": _STRUCTURAL,
            "a": {"href"},
            "img": _IMAGE,
            "td": _CELL,
            "th": _CELL,
            "blockquote": {"cite"},
            "font": {"color", "face", "size"},
            "ol": {"start"},
        },
        url_schemes={"http", "https", "mailto", "tel", "cid", "ftp", "mid"},
        link_rel=None,
    )


def is_hostile(html: str) -> bool:
    """Say whether HTML is nested deeper than `MAX_NESTED`."""
    depths, total = dict[str, int](), 0
    for closing, name in _TAG.findall(html):
        tag = name.lower()
        step = -1 if closing else 1
        if tag in _FLAT or depths.get(tag, 0) + step < 0:
            continue
        depths[tag] = depths.get(tag, 0) + step
        total += step
        if total > MAX_NESTED:
            return True
    return False


def bare_text(html: str) -> str:
    """Return all words of `html` without any structure, in time and memory that grow with its length only."""
    return unescape(_MARKUP.sub("", html))
