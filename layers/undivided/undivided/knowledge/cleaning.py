"""Taking personal data out of what was said, so that it may be shown to somebody else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from undivided.config import Shop
from undivided.expertise.features import words
from undivided.knowledge import personal
from undivided.mail.ours import BLANK
from undivided.question import Shopper

_CLOSING_LINES = 6
"""A closing stands in the last lines of a text; the same words earlier are said, not signed."""
_FEW = 3
"""Words of a line that is no sentence: a name in small letters there is a signature."""
_SHORTEST_NAME = 2
_GENITIVE = 4
"""Letters beyond which a word that ends in s may be a name's genitive: "Annas", but not "does" of somebody called Doe."""
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "ø": "oe", "æ": "ae"})
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_PARTS = re.compile(r"[\s'’-]+")
_BLANKS = re.compile(rf"{re.escape(BLANK)}(?:[\s,;]*{re.escape(BLANK)})+")
_GAPS = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text without personal data; `BLANK` stands where something was."""

    text: str
    blanked: Counter[str] = field(default_factory=Counter)
    """Kind (`personal.KINDS`) -> how often."""


@dataclass(frozen=True, slots=True)
class Cleaner:
    """Cleans the texts of one conversation."""

    names: frozenset[str]
    """Parts of names as `_folded` writes them: all of the shopper's, the specialists' but for their first names."""
    kept: frozenset[str]
    """Tokens of the catalogue that look like codes and are none."""
    shop: Shop

    @classmethod
    def of(cls, shopper: Shopper, shop: Shop) -> Cleaner:
        surnames = (part for one in shop.specialists.values() for part in one.name.split()[1:])
        local = re.split(r"[._+\d-]+", shopper.email.partition("@")[0])
        own = [*shopper.name.split(), *_PARTS.split(shopper.name), *(part for part in local if len(part) > _FEW)]
        first = {form for one in shop.specialists.values() for form in _folded(one.first_name)}
        names = {form for part in own for form in _folded(part)}
        names |= {form for part in surnames for form in _folded(part)} - first
        known = (word for one in shop.products.values() for word in f"{one.sku} {one.title}".casefold().split())
        return cls(frozenset(names), frozenset(known), shop)

    def clean(self, text: str) -> Cleaned:
        """Take out links, addresses, numbers, codes, places and names; greeting and signature lines go whole."""
        counted: Counter[str] = Counter()
        hidden = _unsigned(text.replace("\r\n", "\n"))
        for kind, pattern, replace in self._passes():
            hidden = pattern.sub(_counting(kind, replace, counted), hidden)
        hidden = "\n".join(self._without_names(line, counted) for line in hidden.split("\n"))
        return Cleaned(_tidy(hidden), +counted)

    def _passes(self) -> Iterable[tuple[str, re.Pattern[str], Callable[[re.Match[str]], str]]]:
        yield personal.ADDRESS, personal.MAIL, _all
        yield personal.LINK, personal.URL, self._link
        yield personal.LINK, personal.KEY, _all
        yield personal.NAME, personal.SELF, _behind
        for pattern in personal.ORDERS:
            yield personal.ORDER, pattern, self._code
        for pattern in personal.PLACES:
            yield personal.PLACE, pattern, _all
        yield personal.PHONE, personal.NUMBER, _number

    def _link(self, found: re.Match[str]) -> str:
        """Keep a link to the shop's own pages, without what stands behind its path; no other."""
        url = found[0] if "://" in found[0] else f"https://{found[0]}"
        try:
            parts = urlsplit(url)
        except ValueError:
            return BLANK
        known = parts.hostname and self.shop.knows_page(parts.hostname) and "@" not in parts.netloc
        return f"{parts.scheme}://{parts.netloc}{parts.path}" if known else BLANK

    def _code(self, found: re.Match[str]) -> str:
        return found[0] if found["code"].casefold().strip(".,") in self.kept else found["kept"] + BLANK

    def _without_names(self, line: str, counted: Counter[str]) -> str:
        """Blank names with a capital letter, and in any writing where they stand alone on a line."""
        alone = len(line.split()) <= _FEW

        def named(found: re.Match[str]) -> str:
            parts = _PARTS.split(found[0])
            shown = alone or any(part[:1].isupper() for part in parts)
            known = any(form in self.names for part in (found[0], *parts) for form in _forms(part))
            if not (shown and known):
                return found[0]
            counted[personal.NAME] += 1
            return BLANK

        return _WORD.sub(named, line)


def _all(_found: re.Match[str]) -> str:
    return BLANK


def _behind(found: re.Match[str]) -> str:
    return found["kept"] + BLANK


def _number(found: re.Match[str]) -> str:
    """Keep dates, and measures that only look like numbers to call."""
    return found[0] if personal.DATE.search(found[0]) else BLANK


def _counting(
    kind: str, replace: Callable[[re.Match[str]], str], counted: Counter[str]
) -> Callable[[re.Match[str]], str]:
    def replaced(found: re.Match[str]) -> str:
        instead = replace(found)
        counted[kind] += instead != found[0] and BLANK in instead
        return instead

    return replaced


def _unsigned(text: str) -> str:
    """Return a text without its greeting line, and without what stands from its closing line on."""
    lines = text.strip().split("\n")
    while lines and (not lines[0].strip() or personal.GREETING.fullmatch(lines[0])):
        del lines[0]
    for at in range(max(0, len(lines) - _CLOSING_LINES), len(lines)):
        if personal.CLOSING.fullmatch(lines[at]):
            return "\n".join(lines[:at])
    return "\n".join(lines)


def _tidy(text: str) -> str:
    lines = (line.rstrip() for line in _BLANKS.sub(BLANK, text).split("\n"))
    return _GAPS.sub("\n\n", "\n".join(line for line in lines if line.strip(" ,.-–") != BLANK)).strip()


def _forms(word: str) -> set[str]:
    """Return how a name may stand: as it is, and in the genitive."""
    found = _folded(word)
    return found | {form[:-1] for form in found if form.endswith("s") and len(form) > _GENITIVE}


def _folded(word: str) -> set[str]:
    """Return a word without accents, and with `ue` for `ü`; nothing for an initial."""
    plain = {"".join(words(word)), "".join(words(word.casefold().translate(_UMLAUTS)))}
    return {form for form in plain if len(form) >= _SHORTEST_NAME}
