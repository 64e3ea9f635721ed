"""From a question to hashed terms: what the index of earlier answers counts instead of words.

A term is a word's first five letters, so that endings do not matter; a long word also counts by its end, because German
writes "Espressomühle" in one word. The language is part of the hash: only answers in the same language are ever found.
"""

from __future__ import annotations

from itertools import pairwise
from zlib import crc32

from undivided.expertise.features import UNSPACED, words
from undivided.knowledge.stopwords import stopwords

MOST = 64
"""Distinct terms that are kept of one question."""
STEM = 5
_COMPOUND = 9
"""From this length on a word's end is a term of its own, with and without its last letter."""
_SHORT = 2
"""Words up to this length say nothing, unless they are numbers."""


def terms(text: str, language: str) -> list[int]:
    """Return the distinct terms of a text, in the order of its words."""
    said = (word for word in words(text) if word not in stopwords())
    named = dict.fromkeys(one for word in said for one in _inside(word))
    return [crc32(f"{language[:2]} {one}".encode()) for one in named][:MOST]


def product_term(sku: str, language: str) -> int:
    """Return the term by which all answers about one product are found, in one language."""
    return crc32(f"{language[:2]} sku {sku.strip().casefold()}".encode())


def _inside(word: str) -> list[str]:
    if UNSPACED.search(word):
        return [word, *(f"{one}{two}" for one, two in pairwise(word))]
    if len(word) <= _SHORT and not word.isdigit():
        return []
    if len(word) < _COMPOUND:
        return [word[:STEM]]
    return [word[:STEM], word[-STEM:], word[-STEM - 1 : -1]]
