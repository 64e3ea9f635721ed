"""What the structure of HTML says about quotes and signatures, program by program. Data first, one function to ask.

The names were collected from what the programs write (and from their documentation); Outlook on the web prefixes ids of
older mails with `x_`, so those inside a quote never look like the beginning of one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from undivided.mail.lines import Mark

_HISTORY_IDS = frozenset(
    {
        "appendonsend",  # Outlook on the web, empty, before the rule
        "divrplyfwdmsg",  # Outlook on the web and new Outlook: From / Sent / To / Subject
        "ms-outlook-mobile-body-separator-line",
        "stopspelling",  # Outlook Web App 2010
    }
)
"""From here on everything is history: the program puts nothing of its user's below."""
_REGION_IDS = frozenset(
    {
        "mail-editor-reference-message-container",  # new Outlook, mobile
        "olk_src_body_section",  # Outlook for Mac
        "isreplycontent",  # 163.com
        "tutanota_quote", "originalmessage", "reply_parent", "replybody", "zwchr",
    }
)  # fmt: skip
_REGION_CLASSES = frozenset(
    {
        "yahoo_quoted", "yahooquoted", "ymail_quoted", "protonmail_quote", "tutanota_quote", "zmail_extra", "freshdesk_quote", "hs_reply",
        "helpscout-quote", "kayako_quote", "cm_quote", "airmail_ext_on", "ms-outlook-mobile-reference-message", "foxmailquote",
        "sparrow_quote", "mailbird_quote", "mb_quote", "edo-original-message", "reply-history", "quoted-mail", "email-quote",
    }
)  # fmt: skip
"""Everything inside is quoted; what stands below is the user's again."""
_REGION_NAMES = frozenset({"messagereplysection", "quote", "replysection"})  # Spark; GMX and web.de
_ATTRIBUTION = frozenset(
    {"gmail_attr", "moz-cite-prefix", "airmail_on", "moz-email-headers-table", "quote-header", "qt-attribution"}
)
_QUOTES = frozenset(
    {"gmail_quote", "cite", "front-blockquote", "spark_quote", "gmail_plusreply", "reply-quote", "quote", "mail-quote"}
)
_FORWARDS = frozenset({"moz-forward-container"})
_SIGNATURE = re.compile(
    r"(?:^|[\s_-]|gmail_|protonmail_|moz-|applemail|message|front-|sh-|zmail_|mobile-|ydp\w{0,12})signature(?!_?prefix\w)",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"border-left:(?!none|0|medium)[^;]*(?:solid|dotted|[12](?:\.\d)?p[xt])")
_ABOVE = re.compile(r"border-top:(?!none|0|medium)[^;]*solid")
_INDENTED = re.compile(r"margin(?:-left)?:(?:0(?:px)?0(?:px)?0(?:px)?)?40px")
_INTRODUCES = re.compile(r"[:：]\s*$|\bwrote\s?-*$")


@dataclass(frozen=True, slots=True)
class Sign:
    """What opening one element means: a mark for what is in it (or, for history, for what follows), and one more quote level or none."""

    mark: Mark = Mark.NONE
    quoted: bool = False


NOTHING = Sign()


def sign(tag: str, names: dict[str, str], last: str) -> Sign:
    """Say what an element with these attributes means; `last` is the line of text before it."""
    if tag == "blockquote":
        return _blockquote(names, last)
    if not names:
        return NOTHING
    ident, classes = names.get("id", "").lower(), names.get("class", "").lower().split()
    if _region(ident, classes, names):
        return Sign(quoted=True)
    if mark := _named(ident, classes, names):
        return Sign(mark)
    return _styled(tag, names.get("style", "").lower())


def _region(ident: str, classes: list[str], names: dict[str, str]) -> bool:
    if ident in _REGION_IDS or ident.startswith("yahoo_quoted") or names.get("name", "").lower() in _REGION_NAMES:
        return True
    return any(one in _REGION_CLASSES or (one.startswith("ydp") and one.endswith("yahoo_quoted")) for one in classes)


def _named(ident: str, classes: list[str], names: dict[str, str]) -> Mark | None:
    if ident.startswith("x_"):
        return None
    if ident in _HISTORY_IDS:
        return Mark.HISTORY
    for one in classes:
        if one in _ATTRIBUTION:
            return Mark.ATTRIBUTION
        if one in _FORWARDS:
            return Mark.FORWARD
    return _signature(ident, classes, names)


def _signature(ident: str, classes: list[str], names: dict[str, str]) -> Mark | None:
    words = (ident, *classes, names.get("name", ""), names.get("data-smartmail", ""), names.get("data-marker", ""))
    marked = any(_SIGNATURE.search(word) for word in words if word and not word.startswith("x_"))
    return Mark.SIGNATURE if marked or "__sig_post__" in words or "__sig_pre__" in words else None


def _styled(tag: str, style: str) -> Sign:
    """Outlook on the desktop draws a line above the header block, and a blue one beside an inline quote."""
    if tag != "div" or "border" not in style:
        return NOTHING
    style = style.replace(" ", "")
    if _ABOVE.search(style):
        return Sign(Mark.RULE)
    return Sign(quoted=bool(_BESIDE.search(style)) and ("border-left:solidblue" in style or "#c3d9e5" in style))


def _blockquote(names: dict[str, str], last: str) -> Sign:
    """A blockquote is a quote if its program says so or an introduction stands before it; else it may be mere indentation."""
    classes, ident = names.get("class", "").lower().split(), names.get("id", "").lower()
    style = names.get("style", "").lower().replace(" ", "")
    said = (
        names.get("type", "").lower() == "cite"
        or "cite" in names
        or ident in _REGION_IDS
        or ident in ("qt", "blockquote_zmail")
    )
    if said or any(one in _QUOTES or "quote" in one for one in classes) or _BESIDE.search(style):
        return Sign(quoted=True)
    if _INDENTED.search(style) and "border:none" in style:
        return NOTHING
    return Sign(quoted=bool(_INTRODUCES.search(last)))
