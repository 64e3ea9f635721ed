"""What somebody sent with the form, checked: either everything that a question needs, or one message for each field.

Only what a person can see and change is refused. Product fields come from the page: what cannot be used of them is left
out (and named in `Valid.dropped`), because a shopper could not correct it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from undivided.config import Shop
from undivided.mail.amounts import read_amount
from undivided.pages.addresses import meant, usable
from undivided.pages.callback import read_call, wrong_call
from undivided.pages.languages import negotiated
from undivided.promise.estimate import Promise
from undivided.question import About, CallBack, Question, Shopper
from undivided.texts import say
from undivided.values import ConversationId, Money, Unusable

LONGEST_QUESTION = 5000
LONGEST_NAME = 100
TRAP = "topic_code"
"""A field that no person sees; what fills it in is a program."""
SEEN = ("name", "email", "question", "consent")
"""The fields that can be wrong, in the order of the form."""
_LONGEST = {"sku": 64, "title": 200, "category": 100, "brand": 100, "url": 2000, "phone": 40, "zone": 64, "token": 64}
_YES = frozenset(("yes", "on", "true", "1", "ja", "oui", "si", "sí", "sì"))
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of what follows."""
_WEB = re.compile(r"https?://[^\s\"<>\\]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Valid:
    """A form that can be accepted."""

    shopper: Shopper
    about: About
    text: str
    token: str
    suggestion: str = ""
    """The address that was perhaps meant; shown, never insisted on."""
    trapped: bool = False
    """True: the field that people do not see was filled in."""
    dropped: tuple[str, ...] = ()
    """Names of product fields that could not be used."""
    call_back: CallBack | None = None

    def question(self, id: ConversationId, asked_at: datetime, promise: Promise | None) -> Question:  # noqa: A002 - the field's name
        return Question(id, self.shopper, self.about, self.text, asked_at, promise, call_back=self.call_back)


@dataclass(frozen=True, slots=True)
class Errors:
    """A form that must come back: one message for each field that is wrong, and everything that was filled in."""

    messages: Mapping[str, str]
    values: Mapping[str, str] = field(repr=False)
    language: str
    suggestion: str = ""


def read_question(
    fields: Mapping[str, str], shop: Shop, *, accept_language: str = "", now: datetime | None = None
) -> Valid | Errors:
    """Check what `bodies.read_body` returned; messages are in the form's language. Without `now` no call is taken."""
    language = negotiated(shop, fields.get("language", ""), accept_language)
    values = {name: _clean(value, lines=name == "question") for name, value in fields.items()}
    messages = {name: say(language, f"form.error.{key}", **more) for name, (key, more) in _wrong(values).items()}
    zone = _zone(values.get("zone", ""))
    if now:
        wrong_calls = wrong_call(values, zone or shop.zone, now)
        messages |= {name: say(language, f"form.error.{key}") for name, key in wrong_calls.items()}
    suggestion = meant(values.get("email", ""))
    if messages:
        return Errors(messages, values, language, suggestion)
    about, dropped = read_about(values, shop)
    shopper = Shopper(
        name=values["name"],
        email=usable(values["email"]),
        language=language,
        zone=zone,
        phone=values.get("phone", "")[: _LONGEST["phone"]],
    )
    trapped = bool(values.get(TRAP))
    token = values.get("token", "")[: _LONGEST["token"]]
    call = read_call(values, zone or shop.zone) if now else None
    return Valid(shopper, about, values["question"], token, suggestion, trapped, dropped, call)


def read_about(values: Mapping[str, str], shop: Shop) -> tuple[About, tuple[str, ...]]:
    """Return the product as the page named it, and the names of what was left out; the catalogue knows better."""
    sku = values.get("sku", "").strip()
    if product := shop.products.get(sku):
        return About(sku, product.title, product.category, product.brand, product.price, product.url), ()
    texts = {name: _clean(values.get(name, "")) for name in ("sku", "title", "category", "brand", "url")}
    dropped = [name for name, text in texts.items() if len(text) > _LONGEST[name]]
    if texts["url"] and not _WEB.fullmatch(texts["url"]):
        dropped.append("url")
    price = _price(values, shop)
    if price is None and values.get("price", "").strip():
        dropped.append("price")
    kept = {name: "" if name in dropped else text for name, text in texts.items()}
    return About(price=price, **kept), tuple(dict.fromkeys(dropped))


def _wrong(values: Mapping[str, str]) -> dict[str, tuple[str, dict[str, object]]]:
    """Return field -> (key of the message, its values) for each field that is wrong."""
    found: dict[str, tuple[str, dict[str, object]]] = {}
    name, question = values.get("name", ""), values.get("question", "")
    if not name or len(name) > LONGEST_NAME:
        found["name"] = ("name_long" if name else "name", {"most": LONGEST_NAME} if name else {})
    if wrong := _wrong_address(values.get("email", "")):
        found["email"] = (wrong, {})
    if not question:
        found["question"] = ("question", {})
    elif len(question) > LONGEST_QUESTION:
        found["question"] = ("question_long", {"most": LONGEST_QUESTION, "over": len(question) - LONGEST_QUESTION})
    if values.get("consent", "").lower() not in _YES:
        found["consent"] = ("consent", {})
    return found


def _wrong_address(text: str) -> str:
    if not text:
        return "email_missing"
    try:
        usable(text)
    except Unusable:
        return "email"
    return ""


def _clean(text: str, *, lines: bool = False) -> str:
    """Return `text` without control characters: one line, or lines with one kind of end and no space at their ends."""
    bare = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if not lines:
        return " ".join(bare.split())
    return "\n".join(line.rstrip() for line in bare.split("\n")).strip()


def _price(values: Mapping[str, str], shop: Shop) -> Money | None:
    text = f"{values.get('price', '')} {values.get('currency', '')}"
    try:
        money, rest = read_amount(text, shop.currency)
    except Unusable:
        return None
    return None if rest else money


def _zone(name: str) -> str:
    """Return an IANA zone that exists here, else nothing: promises are then told in the shop's zone."""
    try:
        return ZoneInfo(name).key if name and len(name) <= _LONGEST["zone"] else ""
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""
