"""Templates: Jinja2 with every value of an HTML template escaped, unknown names an error, and no effects at import."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

FOLDER = Path(__file__).parent / "templates"
_URL = re.compile(r"https?://[^\s<>\"'&]+(?:&amp;[^\s<>\"'&]+)*(?<![.,;:!?)\]])")
_GAPS = re.compile(r"\n{3,}")
_VERBATIM = re.compile("\x00(\\d+)\x00")


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the one environment; `*.html.j2` escape, `*.txt.j2` do not."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["paragraphs"] = paragraphs
    made.filters["quoted"] = quoted
    made.filters["marked"] = marked
    return made


def html(template: str, values: Mapping[str, object]) -> str:
    """Return a rendered HTML template; nothing is tidied, because blank lines in a value are somebody's words."""
    return environment().get_template(template).render(values).strip() + "\n"


def text(template: str, values: Mapping[str, object]) -> str:
    """Return a rendered text template with at most one blank line in a row, but for what `verbatim` holds together."""
    held: list[str] = []

    def verbatim(words: str) -> str:
        held.append(words)
        return f"\x00{len(held) - 1}\x00"

    drawn = environment().get_template(template).render(values, verbatim=verbatim)
    tidy = _GAPS.sub("\n\n", "\n".join(line.rstrip() for line in drawn.split("\n"))).strip("\n")
    return _VERBATIM.sub(lambda found: held[int(found[1])], tidy) + "\n"


def paragraphs(words: str, style: str = "") -> Markup:
    """Return plain words as HTML: blank lines divide paragraphs, line ends stay, web addresses become links."""
    said = (
        _linked(escape(block)).replace("\n", Markup("<br>\n")) for block in re.split(r"\n[ \t]*\n+", words.strip("\n"))
    )
    opening = Markup('<p style="{}">').format(style) if style else Markup("<p>")
    return Markup("\n").join(opening + block + Markup("</p>") for block in said)


def marked(shown: Markup) -> Markup:
    """Return HTML in which every place that something was taken out of stands out."""
    return Markup(str(shown).replace("[…]", '<mark style="background-color:#f6d365;color:#1c232b">[…]</mark>'))  # noqa: S704 - escaped before


def quoted(words: str) -> str:
    """Return plain words with the mark of a quote before each line."""
    return "\n".join(f"> {line}".rstrip() for line in words.split("\n"))


def _linked(escaped: Markup) -> Markup:
    return Markup(_URL.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', str(escaped)))  # noqa: S704 - escaped before
