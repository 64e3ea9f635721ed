"""The form: empty, filled in by the page that leads to it, or come back with what is wrong."""

from __future__ import annotations

from collections.abc import Mapping

from undivided.config import Shop
from undivided.pages.callback import FIELDS as CALL
from undivided.pages.forms import TRAP, Errors
from undivided.pages.page import Page
from undivided.pages.view import page
from undivided.texts import say

SHOWN = ("name", "email", "question", "consent", *CALL)
PRODUCT = ("sku", "title", "category", "brand", "price", "currency", "url")


def form_page(shop: Shop, language: str, values: Mapping[str, str], action: str) -> Page:
    """Show the form; `values` come from the address of the page, `token` among them makes resubmits known."""
    return _page(shop, language, values, action, {}, "", 200)


def form_again(shop: Shop, errors: Errors, action: str) -> Page:
    """Show what was filled in again, with one message for each field that is wrong."""
    return _page(shop, errors.language, errors.values, action, errors.messages, errors.suggestion, 400)


def _page(
    shop: Shop,
    language: str,
    values: Mapping[str, str],
    action: str,
    messages: Mapping[str, str],
    suggestion: str,
    status: int,
) -> Page:
    product = shop.products.get(values.get("sku", ""))
    hidden = {name: values[name] for name in PRODUCT if values.get(name)}
    told = {"token": values.get("token", ""), "language": language, "zone": values.get("zone", "")}
    return page(
        "form",
        shop,
        language,
        {
            "action": action,
            "values": {name: values.get(name, "") for name in SHOWN},
            "about": product.title if product else values.get("title", "")[:200],
            "hidden": {**hidden, **told},
            "messages": messages,
            "suggestion": suggestion,
            "consent": shop.said(shop.texts.consent, language) or say(language, "form.consent", shop=shop.name),
            "trap": TRAP,
        },
        status,
    )
