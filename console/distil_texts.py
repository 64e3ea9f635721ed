"""What the table of word pieces is taught with: running texts, single words, and words side by side, in ten languages.

One folder holds what `dpkg -x` makes of Debian's packages that `pieces.md` names, all into it, and WordNet's `data.*` files in `wordnet`.
None of it stands in the table but the names of some words (`whole_words`): the texts only ask the teacher where sums should point.
"""

from __future__ import annotations

import gettext
import html
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from math import log1p
from pathlib import Path
from typing import Any

import numpy as np
from undivided.expertise.features import words

Matrix = Any
"""numpy arrays: the product's type checker does not know numpy."""
LISTS = {
    "de": "ngerman",
    "fr": "french",
    "es": "spanish",
    "it": "italian",
    "nl": "dutch",
    "pl": "polish",
    "pt": "portuguese",
}
THESAURI = {"de": "th_de_DE_v2", "fr": "thes_fr", "es": "th_es_ES_v2", "it": "th_it_IT_v2"}
WHOLE = {"de": 10_000, "fr": 5_000, "es": 2_500, "it": 2_500, "nl": 1_500, "pl": 1_000, "pt": 1_000}
"""Words of each language that get a row of their own besides the teacher's pieces, which know mostly English in one piece."""
SINGLE, DRAWN = 6_000, 9_000
SYNONYMS = 40_000
EVENED = 0.35
"""Words are drawn by the power of what the teacher's pieces say of their frequency: rare ones too, but not as many as there are."""
_LONGEST_WORD, _OWN_SYNONYMS = 16, 3
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[a-z]+")
_ODD = re.compile(r"[{}$|=_\\]")
_SHORT, _LONG, _LETTERS = 2, 23, 0.6


class Corpus:
    """The folder, read once."""

    def __init__(self, folder: Path) -> None:
        self._share = folder / "usr" / "share"
        self._wordnet = folder / "wordnet"
        self._order = random.Random(1)  # noqa: S311 - a reproducible sample, no secret

    def listed(self, language: str) -> list[str]:
        """The language's words as its spelling dictionary has them."""
        found = decoded((self._share / "dict" / LISTS[language]).read_bytes()).split()
        return [word for word in dict.fromkeys(found) if word.isalpha()]

    def synonyms(self, language: str) -> list[list[str]]:
        """Groups of words that mean the same."""
        if language not in THESAURI:
            return []
        data = (self._share / "mythes" / f"{THESAURI[language]}.dat").read_bytes()
        lines = (re.sub(r"\s*\([^)]*\)", "", line).split("|") for line in decoded(data).splitlines()[1:])
        return [found for line in lines if len(found := [part.strip() for part in line if part.strip(" -")]) > 1]

    def english(self) -> list[str]:
        """WordNet's examples and definitions, and fragments of them, since shoppers write in fragments."""
        examples, meanings = [], []
        for path in sorted(self._wordnet.glob("data.*")):
            for line in path.read_text(errors="replace").splitlines():
                head, _, gloss = line.partition(" | ")
                if not gloss or line.startswith("  "):
                    continue
                examples += [found for found in re.findall(r'"([^"]+)"', gloss) if found.count(" ") > 1]
                meaning = re.sub(r'"[^"]*"', "", gloss).strip(" ;")
                meanings.append(f"{head.split()[4].replace('_', ' ')}: {meaning}")
        return self._with_fragments([*self._some(examples, 42_000), *self._some(meanings, 21_000)])

    def running(self, language: str) -> list[str]:
        """Sentences that people say and read: talk in a game, proverbs and jokes, instructions."""
        talk = self._some(set(self._talk(language)), 9_000)
        jokes = self._some(set(self._jokes(language)), 12_000)
        manual = self._some(set(self._manual(language)), 5_000)
        return [*talk, *jokes, *self._with_fragments(manual)]

    def said(self, chance: Matrix, known: list[str]) -> list[str]:
        """Words of one language (each with its chance), alone and side by side: no corpus is needed to learn sums."""
        draws = np.random.default_rng(3).choice(known, SINGLE + 5 * DRAWN, p=chance)
        found = list(dict.fromkeys(draws[:SINGLE]))
        at = SINGLE
        for _ in range(DRAWN):
            length = self._order.randint(2, 5)
            found.append(" ".join(draws[at : at + length]))
            at += length
        return found

    def alike(self) -> list[str]:
        """German words and what means the same: the thesaurus names many things that shops sell."""
        groups = self.synonyms("de")
        self._order.shuffle(groups)
        drawn = (self._order.sample(one, min(len(one), self._order.randint(1, 4))) for one in groups)
        return list(dict.fromkeys(", ".join(some) for some in drawn))[:SYNONYMS]

    def whole_words(self, language: str, texts: list[str], known: set[str]) -> dict[str, list[str]]:
        """Return the language's most used words that no piece is, as we write them, with the forms that were met.

        Used: in running texts, and in how many groups of the thesaurus.
        """
        listed, used, named = set(self.listed(language)), Counter[str](), Counter[str]()
        for text in texts:
            for place, word in enumerate(_WORD.findall(text)):
                used[word if place or word in listed else word.lower()] += 1
        for group in self.synonyms(language):
            named.update({word for word in group if word.isalpha()})
        forms: dict[str, dict[str, float]] = {}
        for word in sorted(set(used) | set(named)):
            if len(word) <= _LONGEST_WORD and (word in listed or named[word] >= _OWN_SYNONYMS):
                ours = words(word)
                if len(ours) == 1 and _LATIN.fullmatch(ours[0]) and ours[0] not in known and len(ours[0]) > _SHORT:
                    worth = 1.5 * log1p(used[word]) + log1p(named[word])
                    forms.setdefault(ours[0], {})[word] = worth
        best = sorted(forms, key=lambda name: -max(forms[name].values()))[: WHOLE[language]]
        return {name: sorted(forms[name], key=lambda form: -forms[name][form])[:2] for name in best}

    def _talk(self, language: str) -> Iterator[str]:
        """What a game's people say: the English as the translations' keys."""
        folder = self._share / "games" / "wesnoth" / "1.16" / "locale" / ("de" if language == "en" else language)
        for path in sorted(folder.glob("LC_MESSAGES/*.mo")):
            with path.open("rb") as file:
                catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined] # noqa: SLF001 - all of it
            for key, said in catalogue.items():
                text = key if language == "en" else said
                if isinstance(text, str):
                    yield from sentences(text.split("\x04")[-1].rpartition("^")[2])

    def _jokes(self, language: str) -> Iterator[str]:
        folders = {"de": ("fortunes-de", "fortunes/de"), "en": ("fortunes",)}.get(language, (f"fortunes/{language}",))
        for path in sorted(path for one in folders for path in (self._share / "games" / one).glob("*")):
            if path.is_file() and path.suffix not in {".dat", ".u8"}:
                for joke in decoded(path.read_bytes()).split("\n%"):
                    yield from sentences(joke)

    def _manual(self, language: str) -> Iterator[str]:
        help_ = self._share / "help" / ("C" if language == "en" else language)
        office = self._share / "libreoffice" / "help" / ("en-US" if language == "en" else language) / "text"
        for path in sorted([*help_.rglob("*.page"), *office.rglob("*.html")]):
            text = re.sub(
                r"<(info|credit|license|media)\b.*?</\1>", " ", path.read_text(errors="replace"), flags=re.DOTALL
            )
            for _, part in re.findall(r"<(p|h[1-6]|li|title|desc)\b[^>]*>(.*?)</\1>", text, re.DOTALL):
                yield from sentences(part)

    def _some(self, texts: Iterable[str], most: int) -> list[str]:
        found = sorted(texts)
        self._order.shuffle(found)
        return found[:most]

    def _with_fragments(self, texts: list[str]) -> list[str]:
        return texts + [fragment for text in texts for fragment in self._fragment(text)]

    def _fragment(self, text: str) -> list[str]:
        found, length = text.split(), self._order.randint(2, 5)
        if len(found) <= length:
            return []
        start = self._order.randrange(len(found) - length)
        return [" ".join(found[start : start + length])]


def sentences(text: str) -> Iterator[str]:
    """Cut a text into its sentences; leave out what is hardly one."""
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.unescape(text)))
    for part in re.split(r'(?<=[.!?])["\u201c\u00bb]?\s+', plain):
        one = part.strip(' "\u201e\u201c\u00bb\u00ab-*')
        letters = sum(map(str.isalpha, one))
        if _SHORT <= one.count(" ") + 1 <= _LONG and letters > _LETTERS * len(one) and not _ODD.search(one):
            yield one


def decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")
