"""From text to hashed words: what the models count instead of words."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from undivided.expertise.asked import Asked

LONGEST = 4_000
"""Characters that are read of one text; a question of 5,000 still says in these what it is about."""
MOST = 400
"""Distinct features that are kept of one text."""

_WORD = re.compile(r"\w+")
_STEM = 5
_COMPOUND = 9
"""From this length on a word is also counted by its runs of five letters: German says "Luftmatratze" in one word."""
_RUN = 5
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Scripts that set no spaces, or whose words carry their grammar: counted by pairs of letters."""


def words(text: str) -> list[str]:
    """Split into lower-case words without accents; long input is cut, never refused."""
    if text.isascii():
        return _WORD.findall(text[:LONGEST].lower())
    plain = unicodedata.normalize("NFKD", text[:LONGEST].casefold())
    return _WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign)))


def features(text: str, *extra: str) -> list[int]:
    """Return the distinct hashes of words, word pairs, stems and runs of letters, and of `extra` as it stands."""
    found = words(text)
    named = [*extra, *found, *(f"{one} {two}" for one, two in pairwise(found))]
    for word in found:
        named.extend(_inside(word))
    return [crc32(name.encode()) for name in dict.fromkeys(named)][:MOST]


def _inside(word: str) -> list[str]:
    if UNSPACED.search(word):
        return [*word, *(f"{one}{two}~" for one, two in pairwise(word))]
    stem = [f"{word[:_STEM]}~"] if len(word) > _STEM else []
    if len(word) >= _COMPOUND:
        stem += [f"~{word[at : at + _RUN]}" for at in range(1, len(word) - _RUN + 1)]
    return stem


def asked_text(asked: Asked) -> str:
    """The words that say what a question is about: the product's title first, for it tells more than the rest."""
    return f"{asked.title}\n{asked.text}" if asked.title else asked.text


def asked_features(asked: Asked) -> list[int]:
    """Words of the question, and its product as words of their own."""
    product = (("sku", asked.sku), ("category", asked.category), ("brand", asked.brand))
    named = [f"{kind}:{value.strip().casefold()}" for kind, value in product if value.strip()]
    return features(asked_text(asked), *named)
