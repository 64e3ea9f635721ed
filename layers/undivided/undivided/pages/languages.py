"""Which language a page speaks: the one asked for, else the first that the browser wants and the shop answers in."""

from __future__ import annotations

from collections.abc import Iterator

from undivided.config import Shop
from undivided.texts import spoken


def negotiated(shop: Shop, asked: str, accept_language: str = "") -> str:
    """Return a code that both the shop answers in and the product has texts for; else the shop's first."""
    offered = {one[:2].lower() for one in shop.languages}
    wanted = [one for one in (asked.strip()[:2].lower(), *_wanted(accept_language)) if one in offered]
    found = next((one for one in wanted if spoken(one) == one), "")
    return found or spoken(*shop.languages)


def _wanted(accept_language: str) -> Iterator[str]:
    """Yield the codes of an Accept-Language header, most wanted first (RFC 9110, 12.5.4)."""
    ranked = []
    for place, item in enumerate(accept_language[:500].split(",")):
        code, _, quality = item.strip().partition(";q=")
        try:
            ranked.append((-float(quality or 1), place, code[:2].lower()))
        except ValueError:
            continue
    yield from (code for quality, _, code in sorted(ranked) if quality < 0)
