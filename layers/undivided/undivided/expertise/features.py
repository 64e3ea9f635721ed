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

_WORD = re.compile(
    "[\\w\u0900-\u0963\u0966-\u0df3\u0e31-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ecd\u0f71-\u0f84\u0f90-\u0fbc\u102b-\u103e"
    "\u1056-\u109d\u1712-\u17d3\u1a17-\u1a7c\u1b00-\u1b44\u1b80-\u1bf3\u1c24-\u1c36\ua980-\ua9c0]+"
)
"""Letters, and from India to Java the marks that are a word's vowels, which are no letters to `\\w`."""
_SPOKEN = frozenset({0, 8, 9, 84, 91, 103, 107, 118, 122, 129, 130, 132})
"""Combining classes of marks that make another sound of a letter (voiced kana, vowels, tones of Thai), not an accent."""
_SPELT = str.maketrans(
    {"\u0640": "", "\u200d": "", "\u0649": "\u064a", "\u06cc": "\u064a", "\u06a9": "\u0643", "\u0629": "\u0647"}
)
"""Arabic letters that keyboards and habits write in two ways, and signs that only join letters."""
_STEM = 5
_COMPOUND = 9
"""From this length on a word is also counted by its runs of five letters: German says "Luftmatratze" in one word."""
_RUN = 5
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]"
)
"""Scripts that set no spaces, or whose words carry their grammar: words of one or two signs, counted one by one and in pairs."""
_OTHER = re.compile("[\u0370-\u1dff]")
"""Alphabets from Greek to Khmer: counted by runs of three letters, for whatever stands before or behind a stem (Russian
endings, the Arabic article, all of a Thai sentence) some run is left as it is. Four or five letters route worse."""
_SHORT_RUN = 3


def words(text: str) -> list[str]:
    """Split into lower-case words without accents; long input is cut, never refused."""
    if text.isascii():
        return _WORD.findall(text[:LONGEST].lower())
    plain = unicodedata.normalize("NFKD", text[:LONGEST].casefold())
    kept = "".join(sign for sign in plain if unicodedata.combining(sign) in _SPOKEN)
    return _WORD.findall(unicodedata.normalize("NFC", kept).translate(_SPELT))


def features(text: str, *extra: str) -> list[int]:
    """Return the distinct hashes of words, word pairs, stems and runs of letters, and of `extra` as it stands."""
    found = words(text)
    named = [*extra, *found, *(f"{one} {two}" for one, two in pairwise(found))]
    for word in found:
        named.extend(_inside(word))
    return [crc32(name.encode()) for name in dict.fromkeys(named)][:MOST]


def _inside(word: str) -> list[str]:
    if _OTHER.search(word):
        return [f"~{word[at : at + _SHORT_RUN]}" for at in range(len(word) - _SHORT_RUN + 1)]
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
