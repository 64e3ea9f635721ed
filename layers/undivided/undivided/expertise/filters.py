"""Hard filters before any word is read: who speaks the language, and whose product it is."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from undivided.expertise.panel import Panel, claims

if TYPE_CHECKING:
    from collections.abc import Iterable

    from undivided.config import Shop
    from undivided.expertise.asked import Asked
    from undivided.values import SpecialistId

_PATH = (">", "/", "|")
_KEPT = 4_000
"""Specialists in all panels that are kept, one counted in each: some 15 MB."""


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
            for key in claims(specialist):
                self._by.setdefault(key, set()).add(specialist.id)
        self._panels: OrderedDict[tuple[SpecialistId, ...], Panel] = OrderedDict()
        self._speaking: dict[str, frozenset[SpecialistId]] = {}
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

    def panel(self, ids: tuple[SpecialistId, ...]) -> Panel:
        """Return the panel of these specialists, from those kept or a new one."""
        panel = self._panels.pop(ids, None) or Panel(self.shop, ids)
        self._panels[ids] = panel
        while len(self._panels) > 1 and sum(map(len, self._panels)) > _KEPT:
            self._panels.popitem(last=False)
        return panel

    def owners(self, asked: Asked) -> frozenset[SpecialistId]:
        """Everybody who claims the article, its category (or one above it) or its brand."""
        keys = asked_keys(asked, self.shop)
        return frozenset().union(*(self._by.get(key, ()) for key in keys))

    def _speakers(self, language: str) -> frozenset[SpecialistId]:
        if not language:
            return self._all
        code = language.casefold()
        if code not in self._speaking:
            self._speaking[code] = self._all & self._by.get(("language", code), set())
        return self._speaking[code]

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
