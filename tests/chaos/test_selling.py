"""Selling through the real handlers: an offer, its link, the order, its refund; and killed at every AWS call on the way."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest
from chaos.harness import MINUTE, World, crashes, refusals, sweep, world
from chaos.invariants import all_hold
from undivided.state import Outcome, State
from undivided.values import Money
from unit.sale.calls import SECRETS, generic, hashed, shopify_order, shopify_refund, standard

ANNA, IDA = "anna@people.example", "ida@mail.example"
PARAMETER = "/undivided/orders"
MOST_CALLS = 12


@pytest.fixture(autouse=True)
def _parameter() -> Iterator[None]:
    with mock.patch.dict(os.environ, {"ORDERS_PARAMETER": PARAMETER}):
        yield


def visit(
    method: str, resource: str, body: str = "", headers: dict[str, str] | None = None, **parts: str
) -> dict[str, Any]:
    path, _, query = resource.partition("?")
    return {
        "httpMethod": method, "resource": path, "path": path.format(**parts), "pathParameters": parts, "body": body,
        "headers": headers or {}, "queryStringParameters": dict([query.split("=")]) if query else None,
        "isBase64Encoded": False, "requestContext": {"identity": {"sourceIp": "192.0.2.1"}},
    }  # fmt: skip


def offered(made: World) -> None:
    made.stack.ssm.put_parameter(Name=PARAMETER, Type="SecureString", Value=json.dumps(SECRETS))
    made.ask()
    made.settle()
    made.reply(made.last_to(ANNA), "/offer S-1 49,90 €\n\nTake this one.\n")
    made.settle()


def link(made: World) -> str:
    (key,) = re.findall(r"/o/([a-z2-7]{31})\?sku=S-1", made.last_to(IDA).text)
    return str(key)


def call(event: Callable[[World], dict[str, Any]]) -> Callable[[World], object]:
    """Call as a shop system does: again after a while, until the answer is 200."""

    def act(made: World) -> object:
        for _ in range(MOST_CALLS):
            answer = made.run("orders", event(made))
            if answer and answer["statusCode"] == 200:
                return json.loads(answer["body"])["done"]
            made.now += MINUTE
        raise AssertionError("the shop system gave up")

    return act


def shopify(said: dict[str, Any], topic: str = "orders/paid") -> Callable[[World], dict[str, Any]]:
    body = json.dumps(said)
    headers = {"X-Shopify-Topic": topic, "X-Shopify-Hmac-SHA256": hashed(b"hush", body.encode())}
    return lambda _made: visit("POST", "/orders/{source}", body, headers, source="shopify")


def other(made: World) -> dict[str, Any]:
    body = json.dumps(generic(link=f"https://shop.example?undivided={link(made)}", email="", placed_at=None))
    headers = standard(body.encode(), made.now)
    return visit(
        "POST", "/orders/{source}", body, {name.title(): one for name, one in headers.items()}, source="generic"
    )


def the(made: World) -> Any:
    (one,) = made.conversations().values()
    return one


def test_from_the_offer_to_the_sale_and_back() -> None:
    with world() as made:
        offered(made)
        mail = made.last_to(IDA).text
        assert "Take this one." in mail
        assert "Saw, 49.90 EUR" in mail
        page = made.run("pages", visit("GET", "/o/{key}?sku=S-1", key=link(made)))
        assert page
        assert page["headers"]["Location"] == f"https://shop.example?undivided={link(made)}"
        assert [one["DetailType"] for one in made.told][-1] == "offer_followed"
        assert (
            call(shopify(shopify_order(landing_site=f"/?undivided={link(made)}", email="")))(made)
            == f"credited to {the(made).id} by link"
        )
        made.settle()
        assert (the(made).outcome, the(made).sale) == (Outcome.WON, Money(Decimal("129.90"), "EUR"))
        assert {"order_credited", "ended"} <= {one["DetailType"] for one in made.told}
        call(shopify(shopify_refund(), "refunds/create"))(made)
        assert (the(made).outcome, the(made).reason) == (Outcome.LOST, "refunded")
        all_hold(made)


def test_whoever_asks_again_after_buying_is_answered_and_still_won() -> None:
    with world() as made:
        offered(made)
        call(other)(made)
        made.reply(made.last_to(IDA), "It has arrived. How do I change the blade?\n")
        made.settle()
        assert the(made).state is State.FOCUS
        made.reply(made.last_to(ANNA), "With the key in the handle.\n\n/close\n")
        made.settle()
        assert (the(made).outcome, the(made).sale) == (Outcome.WON, Money(Decimal("129.90"), "EUR"))
        all_hold(made)


def _refund(made: World) -> dict[str, Any]:
    body = json.dumps(
        {"type": "order.refunded", "data": {"order": "1001", "id": "r1", "amount": "29.90", "currency": "EUR"}}
    )
    return visit("POST", "/orders/{source}", body, standard(body.encode(), made.now), source="generic")


SCENARIOS = {
    "order": (offered, other),
    "order_by_code": (offered, lambda made: shopify(shopify_order(note=f"[{the(made).id}]"))(made)),
    "order_by_address": (offered, shopify(shopify_order(email=IDA, created_at=None))),
    "refund": (lambda made: (offered(made), call(other)(made)), _refund),
    "refund_first": (offered, _refund),
    "order_after_its_refund": (lambda made: (offered(made), call(_refund)(made)), other),
}


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("troubles", [crashes, refusals])
def test_an_order_counts_once_whatever_call_is_cut_off(name: str, troubles: Any) -> None:
    prepare, event = SCENARIOS[name]

    def stands(made: World) -> Any:
        return the(made).outcome, the(made).sale, sorted(the(made).credits), len(made.items("ORDER#"))

    def check(made: World, expected: Any) -> str:
        all_hold(made)
        assert stands(made) == expected
        return "the same"

    swept = sweep(prepare, call(event), check, stands, troubles)
    assert not swept.failures, "\n".join(swept.failures)
    assert len(swept.calls) >= 3
    print(name, swept.report())
