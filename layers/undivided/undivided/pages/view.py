"""What all pages share: the layout, the words of a language, and headers that keep the page to itself."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import cache, partial
from hashlib import sha256

from undivided import texts
from undivided.config import Shop
from undivided.pages.page import Page
from undivided.texts import FOLDER

SCRIPT = "var zone=document.querySelector('[name=zone]');if(zone)zone.value=Intl.DateTimeFormat().resolvedOptions().timeZone||'';"
"""All the JavaScript there is: tells the form which clock its reader lives by."""


def page(template: str, shop: Shop, language: str, values: Mapping[str, object], status: int = 200) -> Page:
    """Render `templates/pages/<template>.html.j2` as an answer that is kept by nobody and sends nobody elsewhere."""
    from markupsafe import Markup  # noqa: PLC0415

    from undivided.rendering import html  # noqa: PLC0415 - Jinja2 is for those who look; taking a question needs none

    words = {
        "shop": shop,
        "language": language,
        "say": partial(texts.say, language),
        "css": Markup(_css()),  # noqa: S704 - our own file
        "script": Markup(SCRIPT),  # noqa: S704 - our own words
        **values,
    }
    return Page(status, html(f"pages/{template}.html.j2", words), headers(language))


def headers(language: str) -> dict[str, str]:
    """Nothing is fetched, framed or cached; the address of a status page, which is a key, is told to nobody."""
    return {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Language": language,
        "Cache-Control": "no-store",
        "Content-Security-Policy": _policy(),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
    }


@cache
def _css() -> str:
    return (FOLDER.parent / "pages" / "page.css").read_text("utf-8").strip()


@cache
def _policy() -> str:
    style, script = _hash(_css()), _hash(SCRIPT)
    return (
        f"default-src 'none'; style-src '{style}'; script-src '{script}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def _hash(content: str) -> str:
    return "sha256-" + b64encode(sha256(content.encode()).digest()).decode()
