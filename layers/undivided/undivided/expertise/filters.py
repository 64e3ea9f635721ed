"""Hard filters before any word is read: who speaks the language, and whose product it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from undivided.config import Shop, Specialist
    from undivided.expertise.asked import Asked
    from undivided.values import SpecialistId

_PATH = (">", "/", "|")


@dataclass(frozen=True, slots=True)
class Left:
    """Who is left after the filters, in the roster's order."""

    ids: tuple[SpecialistId, ...]
    dropped: tuple[str, ...]
    """Filters that had to be dropped, in order."""
    owned: bool
    """True: those left were chosen because the product is theirs."""


class Directory:
    """A shop's roster turned round: language, article, category and brand -> who. Built once for a shop."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self._order = {one: place for place, one in enumerate(shop.specialists)}
        self._by: dict[tuple[str, str], set[SpecialistId]] = {}
        for specialist in shop.specialists.values():
            for key in _claims(specialist):
                self._by.setdefault(key, set()).add(specialist.id)
        self._all = frozenset(shop.specialists) - {shop.fallback} or frozenset(shop.specialists)

    def left(self, asked: Asked) -> Left:
        """Apply both filters; where nobody would be left, drop the product before the language."""
        speakers = self._speakers(asked.language)
        owners = self.owners(asked) & self._all
        if not speakers:
            return self._left(owners or self._all, ("language",), owned=bool(owners))
        if not owners:
            return self._left(speakers, (), owned=False)
        if both := owners & speakers:
            return self._left(both, (), owned=True)
        return self._left(speakers, ("product",), owned=False)

    def owners(self, asked: Asked) -> frozenset[SpecialistId]:
        """Everybody who claims the article, its category (or one above it) or its brand."""
        keys = asked_keys(asked, self.shop)
        return frozenset().union(*(self._by.get(key, ()) for key in keys))

    def _speakers(self, language: str) -> frozenset[SpecialistId]:
        return self._all & self._by.get(("language", language.casefold()), set()) if language else self._all

    def _left(self, ids: Iterable[SpecialistId], dropped: tuple[str, ...], *, owned: bool) -> Left:
        return Left(tuple(sorted(ids, key=self._order.__getitem__)), dropped, owned)


def asked_keys(asked: Asked, shop: Shop) -> tuple[tuple[str, str], ...]:
    """Return the product's keys, most telling first; what the form left open is read from the catalogue."""
    product = shop.products.get(asked.sku)
    category = asked.category or (product.category if product else "")
    brand = asked.brand or (product.brand if product else "")
    keys = [("sku", asked.sku), *(("category", path) for path in _paths(category)), ("brand", brand)]
    return tuple((kind, value.strip().casefold()) for kind, value in keys if value.strip())


def _paths(category: str) -> list[str]:
    """Split `Outdoor > Tents` into itself and `Outdoor`: who knows the whole knows its parts."""
    cuts = [place for place, sign in enumerate(category) if sign in _PATH]
    return [category, *(category[:cut] for cut in reversed(cuts))]


def _claims(specialist: Specialist) -> list[tuple[str, str]]:
    groups = (
        ("language", specialist.languages),
        ("sku", specialist.skus),
        ("category", specialist.categories),
        ("brand", specialist.brands),
    )
    return [(kind, value.strip().casefold()) for kind, values in groups for value in values]
