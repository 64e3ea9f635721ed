"""`GET /answers?product=SKU`: the published answers about a product, as JSON or as a piece of its page."""

from __future__ import annotations

import json
from hashlib import sha256

from undivided.pages.answers import as_html, as_json
from undivided.pages.languages import negotiated
from undivided.pages.page import Page, Request
from undivided.runtime import Runtime

MOST = 20
LONGEST_SKU = 200
FRESH_FOR = 300
"""Seconds that anybody may keep it; taking an answer back takes so long to be seen everywhere."""
_OPEN = {"Access-Control-Allow-Origin": "*", "Vary": "Accept", "X-Content-Type-Options": "nosniff"}


def published(request: Request, rt: Runtime) -> Page:
    """Answer a shop page, a browser or a cache; anybody may ask."""
    sku = request.query.get("product", "").strip()
    if not sku or len(sku) > LONGEST_SKU:
        wrong = {"errors": {"product": "name the product: /answers?product=SKU"}}
        return Page(400, json.dumps(wrong), {**_OPEN, "Content-Type": "application/json"})
    said_in = request.query.get("lang", "")[:2].lower()
    found = [one for one in rt.publications.of_product(sku, MOST) if said_in in ("", one.proposal.language)]
    if _as_json(request):
        body, kind = as_json(sku, found, rt.shop), "application/json"
    else:
        language = negotiated(rt.shop, said_in, request.headers.get("accept-language", ""))
        body, kind = as_html(sku, found, rt.shop, language), "text/html; charset=utf-8"
    return _cached(request, body, kind)


def _as_json(request: Request) -> bool:
    wanted = request.query.get("format", "")
    return wanted == "json" or (wanted != "html" and request.wants_json)


def _cached(request: Request, body: str, kind: str) -> Page:
    tag = f'"{sha256(body.encode()).hexdigest()[:32]}"'
    headers = {**_OPEN, "Cache-Control": f"public, max-age={FRESH_FOR}", "ETag": tag}
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if tag in known:
        return Page(304, "", headers)
    return Page(200, body, {**headers, "Content-Type": kind})
