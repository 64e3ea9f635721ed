"""Calls of shop systems, signed as the vendors document it, and a shop that takes them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from fakes.runtime import FakeRuntime
from undivided.changes import Changes
from undivided.desk import Desk
from undivided.mail.keys import KeyRing, address_hash, link_key
from undivided.question import About, Shopper
from undivided.state import Conversation, State
from undivided.steps.orders import Answer, receive_order
from undivided.values import Address, ConversationId, Money, SpecialistId
from unit.pages.shops import SHOP

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
RING = KeyRing({1: b"not a secret, only a test secret"})
KEVIN = SpecialistId("kevin")
ID = ConversationId("k7m2cqxd41ab".replace("1", "w"))
OTHER = ConversationId("qqqqqqqq2222")
EMAIL = "Anna@mail.example"
SECRETS = {
    "shopify": ["hush", "older"],
    "woocommerce": ["wc hush"],
    "generic": ["whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()],
}


def euros(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def conversation(key: ConversationId = ID, **changed: Any) -> Conversation:
    """One that Kevin has answered an hour ago."""
    answered = NOW - timedelta(hours=1)
    made = Conversation(
        key,
        Shopper("Anna", Address(EMAIL), "en"),
        About("TR-300"),
        asked_at=NOW - timedelta(hours=3),
        changed_at=answered,
        state=State.WITH_SHOPPER,
        specialist=KEVIN,
        parties=(KEVIN,),
        said=1,
        settled=1,
        first_answer_at=answered,
        answered_by=KEVIN,
    )
    return replace(made, **changed)


def shop(*conversations: Conversation, **secrets: list[str]) -> FakeRuntime:
    rt = FakeRuntime(SHOP, RING, NOW)
    rt.order_secrets.text = json.dumps({**SECRETS, **secrets})
    for one in conversations or (conversation(),):
        desks = (Desk(KEVIN).with_focus(one.id, NOW),) if one.state is State.FOCUS else ()
        rt.conversations.commit(Changes(None, one, desks=desks), NOW, asker=address_hash(RING, one.shopper.email))
    return rt


def stands(rt: FakeRuntime, key: ConversationId = ID) -> Conversation:
    found = rt.conversations.conversation(key)
    assert found is not None
    return found


def offer_url(key: ConversationId = ID) -> str:
    return f"/products/trail?undivided={link_key(RING, key, 1, 'offer')}"


# --- what the vendors send ------------------------------------------------------------------------------------------


def shopify_order(**changed: Any) -> dict[str, Any]:
    """Shopify's Order resource, as its webhook documentation prints it, cut to what is read and some of what is not."""
    return {
        "id": 820982911946154508,
        "created_at": "2026-05-04T11:55:00+02:00",
        "currency": "EUR",
        "email": EMAIL.lower(),
        "financial_status": "paid",
        "landing_site": "/",
        "name": "#9999",
        "note": None,
        "note_attributes": [],
        "presentment_currency": "EUR",
        "referring_site": None,
        "total_price": "129.90",
        "line_items": [{"id": 1, "sku": "TR-300", "quantity": 1, "price": "129.90"}],
        "refunds": [],
        **changed,
    }


def shopify_refund(amount: str = "129.90", currency: str = "EUR", **changed: Any) -> dict[str, Any]:
    transaction = {"id": 4, "kind": "refund", "status": "success", "amount": amount, "currency": currency}
    return {
        "id": 890088186047892319,
        "order_id": 820982911946154508,
        "created_at": "2026-05-04T11:59:00+02:00",
        "transactions": [transaction],
        **changed,
    }


def woocommerce_order(**changed: Any) -> dict[str, Any]:
    return {
        "id": 727,
        "status": "processing",
        "currency": "EUR",
        "date_created_gmt": "2026-05-04T09:55:00",
        "total": "129.90",
        "billing": {"first_name": "Anna", "email": EMAIL},
        "customer_note": "",
        "meta_data": [{"id": 1, "key": "_wc_order_attribution_session_entry", "value": "https://shop.example/"}],
        "line_items": [{"id": 315, "sku": "TR-300"}],
        "refunds": [],
        **changed,
    }


def generic(kind: str = "order.paid", **changed: Any) -> dict[str, Any]:
    data = {"id": "1001", "amount": "129.90", "currency": "EUR", "email": EMAIL, "skus": ["TR-300"]}
    return {"type": kind, "timestamp": "2026-05-04T09:59:00Z", "data": {**data, **changed}}


# --- how they sign --------------------------------------------------------------------------------------------------


def hashed(secret: bytes, content: bytes) -> str:
    return base64.b64encode(hmac.new(secret, content, hashlib.sha256).digest()).decode()


def call_shopify(rt: FakeRuntime, said: dict[str, Any], topic: str = "orders/paid", secret: str = "hush") -> Answer:
    body = json.dumps(said).encode()
    headers = {"x-shopify-topic": topic, "x-shopify-hmac-sha256": hashed(secret.encode(), body)}
    return receive_order("shopify", headers, body, rt)


def call_woocommerce(rt: FakeRuntime, said: dict[str, Any], topic: str = "order.updated") -> Answer:
    body = json.dumps(said).encode()
    headers = {"x-wc-webhook-topic": topic, "x-wc-webhook-signature": hashed(b"wc hush", body)}
    return receive_order("woocommerce", headers, body, rt)


def standard(body: bytes, sent: datetime, name: str = "msg_1") -> dict[str, str]:
    seconds = str(int(sent.timestamp()))
    key = base64.b64decode(SECRETS["generic"][0].removeprefix("whsec_"))
    signature = hashed(key, b".".join((name.encode(), seconds.encode(), body)))
    return {"webhook-id": name, "webhook-timestamp": seconds, "webhook-signature": f"v1,{signature}"}


def call_generic(rt: FakeRuntime, said: dict[str, Any], sent: datetime | None = None) -> Answer:
    body = json.dumps(said).encode()
    return receive_order("generic", standard(body, sent or rt.now()), body, rt)
