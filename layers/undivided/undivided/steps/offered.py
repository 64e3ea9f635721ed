"""`GET /o/{key}`: a tracked link of an offer. Says that it was followed, and leads to the shop; nothing else changes."""

from __future__ import annotations

import logging

from undivided.changes import Fact
from undivided.errors import Fault
from undivided.mail.keys import OFFER, read_link_key
from undivided.pages.languages import negotiated
from undivided.pages.page import Page, Request
from undivided.pages.status import sorry_page
from undivided.runtime import Runtime
from undivided.sale.offers import destination
from undivided.values import ConversationId

_log = logging.getLogger(__name__)


def offered(request: Request, rt: Runtime) -> Page:
    """Lead on to the article of the catalogue that the link names, and to no other place than the shop's own pages."""
    key = request.parts.get("key", "").strip().lower()
    found = read_link_key(rt.ring, key, OFFER)
    if found is None:
        language = negotiated(rt.shop, "", request.headers.get("accept-language", ""))
        return sorry_page(rt.shop, language, "missing", 404)
    product = rt.shop.products.get(request.query.get("sku", ""))
    _tell(found, product.sku if product else "", rt)
    headers = {
        "Location": destination(product, key, rt.shop),
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }
    return Page(302, "", headers)


def _tell(found: tuple[ConversationId, int], sku: str, rt: Runtime) -> None:
    """Tell the bus; several clicks within a minute are one event. Nobody waits in vain because it could not be told.

    Version 0 is that of no commit; the minute stands where a fact has its index.
    """
    conversation, party = found
    minute = int(rt.now().timestamp()) // 60
    try:
        rt.bus.tell(Fact("offer_followed", {"sku": sku, "party": str(party)}), conversation, 0, minute)
    except Fault:
        _log.warning("a click could not be told", exc_info=True)
