"""From a signed call to a won conversation, and back by a refund: each source, each way to match, each repetition."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from undivided.mail.keys import KeyRing, address_hash
from undivided.outbox import Kind
from undivided.sale.orders import Order, read
from undivided.selling import credit, refund
from undivided.state import Outcome, State
from undivided.steps import visit
from undivided.steps.orders import receive_order, take_order
from undivided.timers import tick
from undivided.values import Money, Unusable
from unit.sale.calls import (
    ID,
    KEVIN,
    NOW,
    OTHER,
    RING,
    call_generic,
    call_shopify,
    call_woocommerce,
    conversation,
    euros,
    generic,
    hashed,
    offer_url,
    shop,
    shopify_order,
    shopify_refund,
    standard,
    stands,
    woocommerce_order,
)

CALLS = {
    "shopify": lambda rt, **more: call_shopify(rt, shopify_order(**more)),
    "woocommerce": lambda rt, **more: call_woocommerce(rt, woocommerce_order(**more)),
    "generic": lambda rt, **more: call_generic(rt, generic(**more)),
}
"""A paid order of 129.90 EUR by Anna."""
BACK = {
    "shopify": lambda rt, amount="129.90": call_shopify(rt, shopify_refund(amount), "refunds/create"),
    "woocommerce": lambda rt, amount="129.90": call_woocommerce(
        rt, woocommerce_order(refunds=[{"id": 726, "reason": "", "total": f"-{amount}"}])
    ),
    "generic": lambda rt, amount="129.90": call_generic(
        rt, {"type": "order.refunded", "data": {"order": "1001", "id": "r1", "amount": amount, "currency": "EUR"}}
    ),
}
CANCELLED = {
    "shopify": lambda rt: call_shopify(rt, shopify_order(cancelled_at="2026-05-04T12:00:00Z"), "orders/cancelled"),
    "woocommerce": lambda rt: call_woocommerce(rt, woocommerce_order(status="cancelled")),
    "generic": lambda rt: call_generic(rt, {"type": "order.refunded", "data": {"order": "1001"}}),
}
NOTED = {"shopify": {"note": "with {}"}, "woocommerce": {"customer_note": "code: {}!"}, "generic": {"note": "[{}]"}}
LINKED = {
    "shopify": lambda url: {"landing_site": url},
    "woocommerce": lambda url: {
        "meta_data": [
            {"key": "_wc_order_attribution_session_entry", "value": f"https://shop.example{url}"},
            {"key": "x", "value": {"a": 1}},
        ]
    },
    "generic": lambda url: {"link": url},
}
sources = pytest.mark.parametrize("source", CALLS)


@sources
def test_an_order_wins_the_conversation_once(source):
    rt = shop()
    assert CALLS[source](rt).status == 200
    won = stands(rt)
    assert (won.state, won.outcome, won.sale) == (State.ENDED, Outcome.WON, euros("129.90"))
    assert [one.how for one in won.credits.values()] == ["address"]
    again = CALLS[source](rt)
    assert (again.status, again.words) == (200, "credited before")
    assert stands(rt) == won


@sources
def test_a_refund_takes_it_back_once(source):
    rt = shop()
    CALLS[source](rt)
    BACK[source](rt, "29.90")
    part = stands(rt)
    assert (part.outcome, part.sale) == (Outcome.WON, euros("100.00"))
    assert BACK[source](rt, "29.90").words.endswith("taken back before")
    assert stands(rt) == part
    CANCELLED[source](rt)
    gone = stands(rt)
    assert (gone.outcome, gone.reason, gone.sale) == (Outcome.LOST, "refunded", None)
    CANCELLED[source](rt)
    CALLS[source](rt)
    assert stands(rt) == gone


@sources
def test_a_refund_that_overtakes_its_order_closes_it(source):
    rt = shop()
    CANCELLED[source](rt)
    assert CALLS[source](rt).words in ("credited before", "credited before, taken back before")
    assert stands(rt).outcome is None


@pytest.mark.parametrize("source", ["shopify", "generic"])
def test_a_part_that_is_given_back_before_its_order_is_told_is_taken_off_it(source):
    """WooCommerce tells all refunds with the order each time."""
    rt = shop()
    for _ in range(2):
        assert BACK[source](rt, "29.90").words == "nobody's"
    assert CALLS[source](rt).words == f"credited to {ID} by address, taken back from {ID}"
    assert (stands(rt).outcome, stands(rt).sale) == (Outcome.WON, euros("100.00"))
    once = stands(rt)
    for again in (CALLS[source], lambda rt: BACK[source](rt, "29.90")):
        assert again(rt).words.endswith("taken back before")
        assert stands(rt) == once


def test_a_refund_that_meets_its_order_is_not_lost(monkeypatch):
    """The order is credited after the refund has looked for it, and before it is kept."""
    from fakes import memory

    rt, keep = shop(), memory.Orders.keep

    def late(self, *said):
        monkeypatch.setattr(memory.Orders, "keep", keep)
        CALLS["generic"](rt)
        keep(self, *said)

    monkeypatch.setattr(memory.Orders, "keep", late)
    BACK["generic"](rt, "29.90")
    assert stands(rt).sale == euros("100.00")


@sources
def test_several_refunds_of_parts_add_up_and_never_below_nothing(source):
    rt = shop()
    CALLS[source](rt)
    several = {"shopify": (1, 2, 3), "woocommerce": (1, 2, 3), "generic": ("a", "b", "c")}[source]
    for number, name in enumerate(several, 1):
        if source == "shopify":
            call_shopify(rt, shopify_refund("50.00", id=name), "refunds/create")
        elif source == "woocommerce":
            told = [{"id": one, "reason": "", "total": "-50.00"} for one in several[:number]]
            call_woocommerce(rt, woocommerce_order(refunds=told))
        else:
            data = {"order": "1001", "id": name, "amount": "50.00", "currency": "EUR"}
            call_generic(rt, {"type": "order.refunded", "data": data})
        left = {1: euros("79.90"), 2: euros("29.90"), 3: None}[number]
        assert stands(rt).sale == left
    assert (stands(rt).outcome, stands(rt).reason) == (Outcome.LOST, "refunded")


@sources
def test_an_order_that_is_told_of_two_conversations_counts_for_the_first(source):
    rt = shop(conversation(), conversation(OTHER, changed_at=NOW))
    noted = [{name: text.format(one) for name, text in NOTED[source].items()} for one in (ID, OTHER)]
    assert CALLS[source](rt, **noted[0]).words == f"credited to {ID} by code"
    assert CALLS[source](rt, **noted[1]).words == "credited before"
    assert CALLS[source](rt, **LINKED[source](offer_url(OTHER))).words == "credited before"
    assert stands(rt, OTHER).credits == {}


@sources
def test_an_id_may_be_a_number_or_a_text(source):
    rt = shop()
    assert CALLS[source](rt, id=1001).words.startswith("credited to")
    assert CALLS[source](rt, id="1001").words == "credited before"
    assert list(stands(rt).credits) == [f"{source}:1001"]


@pytest.mark.parametrize("wrong", [10.5, True, None, [], "", " ", "x" * 101])
@sources
def test_what_is_no_id_is_answered_400(source, wrong):
    rt = shop()
    assert CALLS[source](rt, id=wrong).status == 400
    assert untouched(rt)


def test_a_test_notification_of_shopify_is_nobodys_and_its_names_of_deliveries_change_nothing():
    """As its documentation describes deliveries: ids of webhook and event differ from call to call, and are not signed."""
    rt, body = shop(), json.dumps(shopify_order(email="jon@example.com")).encode()
    said = {"x-shopify-topic": "orders/paid", "x-shopify-hmac-sha256": hashed(b"hush", body), "x-shopify-test": "true"}
    for number in range(2):
        names = {
            "x-shopify-webhook-id": f"w{number}",
            "x-shopify-event-id": "e",
            "x-shopify-triggered-at": "2020-01-01",
        }
        assert receive_order("shopify", {**said, **names}, body, rt).words == "nobody's"
    assert receive_order("shopify", said, body + b" ", rt).status == 401, "signed is the raw body"
    assert untouched(rt)


def test_topics_of_woocommerce_that_are_no_order_are_answered_and_do_nothing():
    rt = shop()
    for topic in ("product.updated", "action.woocommerce_order_refunded", ""):
        assert call_woocommerce(rt, woocommerce_order(), topic).words == "nothing to do"
    assert untouched(rt)


@sources
def test_the_code_in_the_note_names_the_conversation(source):
    rt = shop(conversation(), conversation(OTHER, changed_at=NOW))
    noted = {name: text.format(ID.upper()) for name, text in NOTED[source].items()}
    assert CALLS[source](rt, **noted).words == f"credited to {ID} by code"


@sources
def test_a_tracked_link_goes_before_code_and_address(source):
    rt = shop(conversation(), conversation(OTHER, changed_at=NOW))
    noted = {name: text.format(OTHER) for name, text in NOTED[source].items()}
    assert CALLS[source](rt, **noted, **LINKED[source](offer_url())).words == f"credited to {ID} by link"


def test_a_made_up_link_counts_for_nothing():
    rt = shop()
    url = offer_url()
    forged = url[:-1] + ("a" if url[-1] != "a" else "b")
    assert call_generic(rt, generic(link=forged, email="")).words == "nobody's"


@sources
def test_a_stranger_is_nobodys(source):
    rt = shop(conversation(shopper=replace(conversation().shopper, email="else@mail.example")))
    assert CALLS[source](rt).words == "nobody's"


@pytest.mark.parametrize("why", [
    {"first_answer_at": None}, {"first_answer_at": NOW}, {"changed_at": NOW - timedelta(days=31)},
    {"state": State.ENDED, "outcome": Outcome.SPAM}, {"state": State.ENDED, "outcome": Outcome.ERASED},
])  # fmt: skip
def test_an_address_alone_proves_nothing_without_an_answer_shortly_before(why):
    rt = shop(conversation(**why))
    assert call_shopify(rt, shopify_order()).words == "nobody's"


@pytest.mark.parametrize("outcome", [Outcome.LAPSED, Outcome.LOST, Outcome.ANSWERED, Outcome.WITHDRAWN, Outcome.WON])
def test_an_order_outranks_what_was_said_before(outcome):
    rt = shop(conversation(state=State.ENDED, outcome=outcome))
    call_shopify(rt, shopify_order())
    assert (stands(rt).outcome, stands(rt).sale) == (Outcome.WON, euros("129.90"))


def test_the_conversation_about_the_bought_product_goes_first():
    other = conversation(OTHER, changed_at=NOW, about=replace(conversation().about, sku="X"))
    assert call_shopify(shop(conversation(), other), shopify_order()).words == f"credited to {ID} by address"


def test_addresses_are_found_after_a_rotation_of_the_keys():
    rt = shop()
    rt.ring = RING.rotated(b"another secret of a test, longer")
    assert address_hash(rt.ring, "anna@mail.example") != address_hash(RING, "anna@mail.example")
    assert call_shopify(rt, shopify_order()).words == f"credited to {ID} by address"


def test_orders_in_two_currencies_are_never_added():
    rt = shop()
    call_generic(rt, generic(id="1", currency="CHF"))
    assert stands(rt).sale == Money(euros("129.90").amount, "CHF")
    call_generic(rt, generic(id="2", amount="10.00"))
    call_generic(rt, generic(id="3", amount="5.00"))
    assert stands(rt).sale == euros("15.00")
    assert set(stands(rt).credits) == {"generic:1", "generic:2", "generic:3"}


def test_a_refund_in_another_currency_is_told_to_the_owner_once():
    rt = shop()
    call_shopify(rt, shopify_order())
    for _ in range(2):
        call_shopify(rt, shopify_refund("140.00", "USD"), "refunds/create")
    assert stands(rt).sale == euros("129.90")
    told = [one.mail for one in rt.entries.entries(ID) if one.mail.kind is Kind.OWNER_NOTICE]
    assert [one.data["what"] for one in told] == ["refund_currency"]


# --- who waits for words keeps waiting --------------------------------------------------------------------------


def test_a_shopper_who_waits_for_an_answer_is_not_ended():
    rt = shop(conversation(state=State.FOCUS, said=2, settled=1))
    call_shopify(rt, shopify_order())
    waits = stands(rt)
    assert (waits.state, waits.outcome, waits.sale) == (State.FOCUS, None, euros("129.90"))
    assert list(rt.desks.desk(KEVIN).focus) == [ID]


def test_whoever_has_bought_is_not_asked_whether_they_still_want_something():
    from undivided.attention.duty import Given
    from undivided.parts import nudge_timer

    given = Given(shop().shop, NOW)
    bought = credit(conversation(said=2, timers=nudge_timer(given)), order(), "link", given)
    assert bought is not None
    assert bought.after.outcome is None
    settled = replace(bought.after, settled=2)
    after = tick(settled, replace(given, now=NOW + timedelta(days=3)))
    assert after is not None
    assert (after.after.outcome, after.after.sale, after.mails) == (Outcome.WON, euros("129.90"), ())


def order(**changed):
    return replace(Order("generic", "1001", euros("129.90"), NOW, email="anna@mail.example"), **changed)


def test_the_shoppers_own_word_does_not_count_twice():
    rt = shop()
    call_shopify(rt, shopify_order())
    won = stands(rt)
    visit.bought(ID, rt)
    visit.withdraw(ID, rt)
    assert (stands(rt).outcome, stands(rt).sale) == (won.outcome, won.sale)


def test_decisions_say_nothing_a_second_time():
    from undivided.attention.duty import Given

    given = Given(shop().shop, NOW)
    bought = credit(conversation(), order(), "link", given)
    assert bought is not None
    assert [fact.name for fact in bought.facts] == ["order_credited", "ended"]
    assert bought.facts[0].data == {
        "order": "generic:1001",
        "amount": "129.90 EUR",
        "specialist": "kevin",
        "by": "link",
    }
    assert credit(bought.after, order(), "link", given) is None
    back = order(id="r", refund_of="1001", amount=euros("1000"))
    taken = refund(bought.after, back, given)
    assert taken is not None
    assert [fact.name for fact in taken.facts] == ["order_refunded", "ended"]
    assert refund(taken.after, back, given) is None
    assert refund(taken.after, replace(back, id="r2"), given) is None
    assert refund(conversation(), back, given) is None


# --- refusals ---------------------------------------------------------------------------------------------------


def untouched(rt):
    return stands(rt).version == 1


@sources
@pytest.mark.parametrize(
    "headers", [{}, {"x-shopify-hmac-sha256": "x", "x-wc-webhook-signature": "x", "webhook-signature": "v1,x"}]
)
def test_unsigned_calls_are_refused(source, headers):
    rt = shop()
    made = {"shopify": shopify_order(), "woocommerce": woocommerce_order(), "generic": generic()}[source]
    refused = receive_order(source, headers, json.dumps(made).encode(), rt)
    assert refused.status == 401
    assert untouched(rt)


def test_a_signature_of_another_source_or_a_dropped_secret_is_refused():
    rt = shop()
    assert call_shopify(rt, shopify_order(), secret="wc hush").status == 401
    assert call_shopify(rt, shopify_order(), secret="older").status == 200
    assert call_shopify(shop(shopify=["hush"]), shopify_order(), secret="older").status == 401


def test_stale_calls_are_refused_and_repeated_ones_do_nothing():
    rt = shop()
    assert call_generic(rt, generic(), NOW - timedelta(minutes=6)).status == 401
    assert untouched(rt)
    body = json.dumps(generic()).encode()
    headers = standard(body, NOW)
    assert receive_order("generic", headers, body, rt).words.startswith("credited to")
    rt.time = NOW + timedelta(minutes=4)
    assert receive_order("generic", headers, body, rt).words == "credited before"
    rt.time = NOW + timedelta(minutes=6)
    assert receive_order("generic", headers, body, rt).status == 401


def test_without_a_secret_every_call_is_refused():
    rt = shop()
    rt.order_secrets.text = ""
    assert call_shopify(rt, shopify_order()).status == 401
    assert receive_order("shopify", {"x-shopify-hmac-sha256": hashed(b"", b"{}")}, b"{}", rt).status == 401


def test_an_unknown_source_and_too_much_are_refused():
    assert receive_order("amazon", {}, b"{}", shop()).status == 404
    assert receive_order("generic", {}, b"x" * 1_000_001, shop()).status == 413


def test_woocommerces_first_ping_is_answered_and_does_nothing():
    """WC_Webhook::deliver_ping sends it unsigned, and does not save a webhook whose address answers anything but 200."""
    rt = shop()
    assert receive_order("woocommerce", {}, b"webhook_id=12", rt).status == 200
    assert receive_order("shopify", {}, b"webhook_id=12", rt).status == 401
    assert untouched(rt)


@pytest.mark.parametrize("topic", ["orders/create", "orders/updated", "orders/paid", "carts/update", ""])
@pytest.mark.parametrize("status", ["pending", "authorized", "paid", "voided", None])
def test_only_a_paid_order_of_shopify_counts(topic, status):
    rt = shop()
    call_shopify(rt, shopify_order(financial_status=status), topic)
    assert untouched(rt) == (status != "paid" or not topic.startswith("orders/"))


@pytest.mark.parametrize(("status", "counts"), [
    ("pending", False), ("on-hold", False), ("processing", True), ("completed", True), ("failed", False), ("trash", False),
])  # fmt: skip
def test_only_a_paid_order_of_woocommerce_counts(status, counts):
    rt = shop()
    call_woocommerce(rt, woocommerce_order(status=status), "order.created")
    assert untouched(rt) != counts


def test_an_order_told_late_brings_its_refunds_along():
    rt = shop()
    told = call_shopify(rt, shopify_order(financial_status="partially_refunded", refunds=[shopify_refund("29.90")]))
    assert told.words == f"credited to {ID} by address, taken back from {ID}"
    assert stands(rt).sale == euros("100.00")


def test_the_shops_own_money_is_taken_where_the_buyer_paid_in_another():
    back = shopify_refund("140.00", "USD")
    back["transactions"][0]["amount_set"] = {
        "shop_money": {"amount": "129.90", "currency_code": "EUR"},
        "presentment_money": {"amount": "140.00", "currency_code": "USD"},
    }
    (read_,) = read("shopify", {"x-shopify-topic": "refunds/create"}, json.dumps(back).encode(), NOW)
    assert read_.amount == euros("129.90")


@pytest.mark.parametrize("body", [
    b"", b"[]", b"{}", b"{" * 100_000, b'{"type": "order.paid", "data": {"id": [], "amount": "1", "currency": "EUR"}}',
    b'{"type": "order.paid", "data": {"id": "1", "amount": "many", "currency": "EUR"}}',
    b'{"type": "order.paid", "data": {"id": "1", "amount": true, "currency": "EUR"}}',
    b'{"type": "order.paid", "data": {"id": "1", "amount": "NaN", "currency": "EUR"}}',
    b'{"type": "order.paid", "data": {"id": "1", "amount": "1", "currency": "euro"}}',
    b'{"type": "order.paid", "data": {"id": "1", "amount": "1", "currency": "EUR", "placed_at": "soon"}}',
])  # fmt: skip
def test_a_signed_call_that_says_nonsense_is_answered_400(body):
    rt = shop()
    with pytest.raises(Unusable):
        read("generic", {}, body, NOW)
    assert receive_order("generic", standard(body, NOW), body, rt).status == 400
    assert untouched(rt)


def test_amounts_are_decimals_also_as_json_numbers():
    (one,) = read("generic", {}, b'{"type":"order.paid","data":{"id":7,"amount":0.1,"currency":"eur"}}', NOW)
    assert (one.amount, one.key) == (euros("0.1"), "generic:7")


def test_a_conflict_is_tried_again_and_then_left_to_the_caller(monkeypatch):
    from fakes import memory
    from undivided.errors import Conflict

    rt, tries = shop(), []

    def busy(*_args, **_more):
        tries.append(1)
        raise Conflict("busy")

    monkeypatch.setattr(memory.Conversations, "commit", busy)
    assert call_shopify(rt, shopify_order()).status == 503
    assert len(tries) == 5
    with pytest.raises(Conflict):
        take_order(order(), rt)


def test_keys_of_another_ring_open_nothing():
    rt = shop()
    rt.ring = KeyRing({1: b"somebody else's secret for tests"})
    assert call_generic(rt, generic(link=offer_url(), email="")).words == "nobody's"
