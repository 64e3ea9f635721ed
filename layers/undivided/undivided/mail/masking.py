"""Hiding the two sides' addresses from each other: each known one becomes the address at which the reader may answer.

Other addresses in a text are left alone: they are part of what was said. Known ones are found in any case, also as
`anna%40shop.example` in links and `anna&#64;shop.example` in HTML, but not inside a longer address.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from undivided.values import Address

Mask = Callable[[str], str]
_AT = r"(?:@|%40|&#64;|&#x40;|&commat;|＠)"
_BEFORE = r"(?:(?<=%[0-9A-Fa-f]{2})|(?<![\w.+%-]))"
_AFTER = r"(?![\w-]|\.\w)"


def masking(addresses: Iterable[Address], instead: str) -> Mask:
    """Return a function that puts `instead` for each of `addresses`."""
    known = sorted({one.strip() for one in addresses if "@" in one}, key=len, reverse=True)
    if not known:
        return lambda text: text
    pattern = re.compile(f"{_BEFORE}(?:mailto:)?(?:{'|'.join(map(_anyhow, known))}){_AFTER}", re.IGNORECASE)
    return lambda text: pattern.sub(lambda found: _kept_scheme(found[0]) + instead, text)


def plainly(text: str) -> str:
    """Return a name in which every address is cut to what stands before its @: a name may be one."""
    return re.sub(r"([^\s@<>]+)@[^\s@<>]+", r"\1", text)


def _anyhow(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{_escaped(local)}{_AT}{_escaped(domain)}"


def _escaped(text: str) -> str:
    """Match a part of an address as it is and percent-encoded."""
    return "".join(letter if letter.isalnum() else f"(?:{re.escape(letter)}|%{ord(letter):02x})" for letter in text)


def _kept_scheme(found: str) -> str:
    return found[: len("mailto:")] if found.lower().startswith("mailto:") else ""
