"""Links of ours that a mail filter has led round by a server of its own, as Safe Links and its like do.

`Won<https://eur01.filter.example/?url=https%3A%2F%2Fask.shop.example%2Fact%2F…&data=05>` is not, letter for letter, what
we wrote; so before a quote is compared with it, the filter's address is taken off again.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

_LINK = re.compile(r"https?://[^\s<>\"]+")


def unwrapped(text: str, base: str) -> str:
    """Return `text` with every link to `base` that stands inside another link in its place; all else stays."""
    inside = (quote(base.rstrip("/") + "/", safe=""), base.rstrip("/") + "/")
    return _LINK.sub(lambda found: _bare(found[0], inside), text)


def _bare(link: str, inside: tuple[str, str]) -> str:
    encoded, plain = inside
    at = link.lower().find(encoded.lower())
    if at > 0:
        return unquote(link[at:].partition("&")[0])
    at = link.find(plain)
    return link[at:].partition("__;")[0] if at > 0 else link
