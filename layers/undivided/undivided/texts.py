"""The product's own words in each language, from `templates/locales/<language>.json`: flat keys, `{name}` for values."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

LANGUAGES = ("en", "de", "fr", "es", "it")
FOLDER = Path(__file__).parent / "templates" / "locales"


def spoken(*wanted: str) -> str:
    """Return the first of `wanted` (codes like `de` or `de-AT`) that the product speaks, else English."""
    return next((one[:2].lower() for one in wanted if one[:2].lower() in LANGUAGES), LANGUAGES[0])


def say(language: str, key: str, **values: object) -> str:
    """Return the text `key` with its values put in; raise `KeyError` for a key that no locale has."""
    text = texts(spoken(language))[key]
    return text.format_map({name: str(value) for name, value in values.items()}) if values else text


def listed(language: str, words: Iterable[str]) -> str:
    """Join words as a person lists them: `a, b or c`."""
    several = list(words)
    if len(several) < 2:  # noqa: PLR2004 - a list begins with two
        return "".join(several)
    return f"{', '.join(several[:-1])} {say(language, 'or')} {several[-1]}"


def shortened(text: str, most: int) -> str:
    """Cut a text at a space."""
    return text if len(text) <= most else f"{text[:most].rsplit(None, 1)[0]} …"


@lru_cache(maxsize=len(LANGUAGES))
def texts(language: str) -> Mapping[str, str]:
    """Return all texts of one language, read once."""
    read: dict[str, str] = json.loads((FOLDER / f"{language}.json").read_text("utf-8"))
    return read
