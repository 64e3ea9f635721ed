"""From text to hashed words: what the models count instead of words."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from zlib import crc32

LONGEST = 4_000
"""Characters that are read of one text; a question of 5,000 still says in these what it is about."""

_STEM = 5
_WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """Split into lower-case words without accents; long input is cut, never refused."""
    plain = unicodedata.normalize("NFKD", text[:LONGEST].casefold())
    return _WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign)))


def features(text: str) -> list[int]:
    """Return the hashes of words, word pairs and stems, in order, repeats included."""
    found = words(text)
    named = [
        *found,
        *(f"{one} {two}" for one, two in pairwise(found)),
        *(f"{w[:_STEM]}~" for w in found if len(w) > _STEM),
    ]
    return [crc32(name.encode()) for name in named]
