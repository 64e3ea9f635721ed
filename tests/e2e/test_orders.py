"""Orders of three shop systems, signed as their makers document it: credited once, taken back, and refused otherwise."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from e2e.journeys import named
from e2e.localdemo import LocalDemo
from e2e.mail import every_byte
from e2e.shop import people
from e2e.world import Answer, Talk, World, call, eventually

pytestmark = pytest.mark.e2e

SECRETS = {
    "shopify": "shpss_hush",
    "woocommerce": "ck&hush",
    "generic": "whsec_" + base64.b64encode(b"thirty-two bytes that nobody has").decode(),
}
KEY = re.compile(r"/o/([a-z2-7]+)\?sku=")


def body_signature(source: str, body: bytes) -> str:
    """Sign the raw body: base64 of its HMAC-SHA256 under the secret (Shopify and WooCommerce alike)."""
    return base64.b64encode(hmac.new(SECRETS[source].encode(), body, hashlib.sha256).digest()).decode()


def standard_headers(body: bytes, ident: str, at: float) -> dict[str, str]:
    """Sign `id.timestamp.body` under the decoded secret (Standard Webhooks, "Signature scheme")."""
    key = base64.b64decode(SECRETS["generic"].removeprefix("whsec_"))
    signed = f"{ident}.{int(at)}.".encode() + body
    made = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return {"webhook-id": ident, "webhook-timestamp": str(int(at)), "webhook-signature": f"v1,{made}"}


def tell(world: World, source: str, said: Mapping[str, Any], topic: str = "", **changed: str) -> Answer:
    """Call the webhook as the shop system would; `changed` headers replace its own."""
    body = json.dumps(said).encode()
    headers = {
        "shopify": {"X-Shopify-Topic": topic, "X-Shopify-Hmac-Sha256": body_signature("shopify", body)},
        "woocommerce": {"X-WC-Webhook-Topic": topic, "X-WC-Webhook-Signature": body_signature("woocommerce", body)},
        "generic": standard_headers(body, "msg_1", time.time()),
    }  # fmt: skip
    url = f"{world.told['api_url']}/orders/{source}"
    return call(url, body, {"Content-Type": "application/json", **headers[source], **changed})


def _secrets(world: World) -> None:
    """Store what the three sign with, once, as their owner does: piped into the command."""
    folder = Path(world.told["stack_file"]).parent
    for source, secret in SECRETS.items():
        done = LocalDemo(folder).command("orders", "secret", source, typed=f"{secret}\n")
        assert done.returncode == 0, done.stderr


def _answered(world: World, team: str) -> Talk:
    world.once(_secrets)
    (who,) = people(team)
    talk = world.ask(team)
    world.post.reply(talk.brought(who), who, f"/offer GRIND-64\n\nThis one {talk.mark}.")
    talk.heard(f"This one {talk.mark}.")
    return talk


def _stands_at(talk: Talk, outcome: str, sale: str) -> None:
    def so() -> bool:
        one = talk.record().conversation
        return (str(one.outcome), str(one.sale or "")) == (outcome, sale)

    eventually(so, f"{outcome} {sale} of {talk.id}, which is {talk.record().conversation}")


def shopify_by_the_buyers_address(world: World) -> None:
    talk = _answered(world, "shopify")
    order: dict[str, Any] = {
        "id": time.time_ns(), "total_price": "489.00", "currency": "EUR", "financial_status": "paid",
        "email": talk.shopper, "created_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "line_items": [{"sku": "GRIND-64"}], "note": None, "landing_site": "/",
    }  # fmt: skip
    for changed in ({"X-Shopify-Hmac-Sha256": ""}, {"X-Shopify-Hmac-Sha256": body_signature("shopify", b"else")}):
        assert tell(world, "shopify", order, "orders/paid", **changed).status == 401
    assert talk.record().conversation.sale is None
    for _ in range(2):
        assert tell(world, "shopify", order, "orders/paid").status == 200
    _stands_at(talk, "won", "489.00 EUR")
    refund = {
        "id": 1, "order_id": order["id"], "transactions": [
            {"kind": "refund", "status": "success", "amount": "89.00", "currency": "EUR"}
        ],
    }  # fmt: skip
    for _ in range(2):
        assert tell(world, "shopify", refund, "refunds/create").status == 200
    _stands_at(talk, "won", "400.00 EUR")
    assert tell(world, "shopify", {"id": order["id"]}, "orders/cancelled").status == 200
    _stands_at(talk, "lost", "")


def woocommerce_by_the_code_in_the_note(world: World) -> None:
    talk = _answered(world, "woocommerce")
    ping = call(f"{world.told['api_url']}/orders/woocommerce", b"webhook_id=7")
    assert ping.status == 200
    order: dict[str, Any] = {
        "id": time.time_ns() % 10**9, "status": "pending", "total": "27.90", "currency": "EUR",
        "customer_note": f"Re: your question [{talk.id}]", "billing": {"email": "somebody@else.example"},
        "line_items": [], "meta_data": [], "refunds": [],
    }  # fmt: skip
    assert tell(world, "woocommerce", order, "order.created").status == 200
    assert talk.record().conversation.sale is None, "nothing is paid yet"
    order["status"] = "processing"
    wrong = {"X-WC-Webhook-Signature": body_signature("shopify", json.dumps(order).encode())}
    assert tell(world, "woocommerce", order, "order.updated", **wrong).status == 401
    for _ in range(2):
        assert tell(world, "woocommerce", order, "order.updated").status == 200
    _stands_at(talk, "won", "27.90 EUR")
    order["refunds"] = [{"id": 5, "reason": "", "total": "-7.90"}]
    assert tell(world, "woocommerce", order, "order.updated").status == 200
    _stands_at(talk, "won", "20.00 EUR")


def generic_is_refused_when_stale_or_unsigned(world: World) -> None:
    talk = _answered(world, "generic")
    data = {"id": f"g{time.time_ns()}", "amount": "10.00", "currency": "EUR", "email": talk.shopper}
    paid = {"type": "order.paid", "data": data}
    body = json.dumps(paid).encode()
    stale = standard_headers(body, "msg_1", time.time() - 600)
    assert tell(world, "generic", paid, **stale).status == 401
    assert tell(world, "generic", paid, **{"webhook-signature": ""}).status == 401
    assert tell(world, "generic", paid, **{"webhook-id": "msg_2"}).status == 401, "another message's signature"
    assert talk.record().conversation.sale is None
    for _ in range(2):
        assert tell(world, "generic", paid).status == 200
    _stands_at(talk, "won", "10.00 EUR")
    back = {"type": "order.refunded", "data": {"order": data["id"]}}
    assert tell(world, "generic", back).status == 200
    _stands_at(talk, "lost", "")
    assert tell(world, "generic", paid).status == 200
    _stands_at(talk, "lost", "")


def an_order_that_follows_from_the_link_counts_for_it(world: World) -> None:
    """The key that the shop's page was given, in the landing page that Shopify tells."""
    talk = _answered(world, "linked")
    (key, *_) = KEY.findall("".join(map(every_byte, talk.read_by_shopper())))
    led = call(f"{world.told['api_url']}/o/{key}?sku=GRIND-64")
    assert led.headers["Location"] == f"https://shop.example/p/grind-64?undivided={key}"
    assert talk.record().conversation.outcome is None, "a click is no sale"
    order = {
        "id": time.time_ns(), "total_price": "489.00", "currency": "EUR", "financial_status": "paid",
        "email": "gift@else.example", "landing_site": led.headers["Location"].removeprefix("https://shop.example"),
    }  # fmt: skip
    assert tell(world, "shopify", order, "orders/paid").status == 200
    _stands_at(talk, "won", "489.00 EUR")


JOURNEYS = (
    shopify_by_the_buyers_address,
    woocommerce_by_the_code_in_the_note,
    generic_is_refused_when_stale_or_unsigned,
    an_order_that_follows_from_the_link_counts_for_it,
)


@pytest.mark.parametrize("journey", JOURNEYS, ids=named)
def test_orders(journey, under_way):
    under_way[journey].result()
