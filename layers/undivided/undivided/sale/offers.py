"""Offers: a product of the catalogue, put into an answer as a card with a tracked link to its page in the shop."""

from __future__ import annotations

from difflib import get_close_matches
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from undivided.config import Product, Shop
from undivided.mail.amounts import read_amount
from undivided.message import Offer
from undivided.values import Unusable

MARK = "undivided"
"""The query parameter by which the shop's page, and with it the order, knows where its visitor came from."""


class NoSuchArticle(Unusable):
    """Nothing in the catalogue has that number; `near` are numbers that were perhaps meant."""

    def __init__(self, sku: str, near: tuple[str, ...]) -> None:
        super().__init__(f"there is no article {sku[:40]!r} in the catalogue; write the number of one that is")
        self.sku, self.near = sku, near


def read_offer(argument: str, shop: Shop) -> Offer:
    """Read `GRIND-64` or `GRIND-64 449 €`; case does not matter. Raise `NoSuchArticle`, or `Unusable` for the amount."""
    known = {sku.casefold(): sku for sku in shop.products}
    words = argument.strip()
    found = max((sku for sku in known if _begins(words.casefold(), sku)), key=len, default=None)
    if found is None:
        first = words.split()[0] if words else ""
        raise NoSuchArticle(first, tuple(known[one] for one in get_close_matches(first.casefold(), known, n=3)))
    rest = words[len(found) :].strip()
    if not rest:
        return Offer(known[found])
    price, more = read_amount(rest, shop.currency)
    if more or price.amount <= 0:
        raise Unusable(f"{rest[:40]!r} is not a price; write it like 449.00 {shop.currency}")
    return Offer(known[found], price)


def _begins(words: str, sku: str) -> bool:
    return words == sku or words.startswith(f"{sku} ")


def destination(product: Product | None, key: str, shop: Shop) -> str:
    """Return where a tracked link leads: the product's page, or the shop's. Never to a host that is not the shop's own.

    The key goes along, so that the order can name the conversation.
    """
    page = product.url if product and is_own(product.url, shop) else shop.url
    parts = urlsplit(page)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != MARK]
    return urlunsplit(parts._replace(query=urlencode([*query, (MARK, key)])))


def is_own(url: str, shop: Shop) -> bool:
    """Say whether an address is a page of the shop."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.username is None and shop.knows_page(host)
