"""What undivided/ports/ promises of askers and orders, held against the double in memory and against DynamoDB (moto) alike."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from chaos import stack as moto
from fakes import memory as fake
from undivided.aws import sales, table
from undivided.aws.bucket import Bucket
from undivided.aws.dynamo import Store
from undivided.changes import Changes
from undivided.errors import Duplicate
from undivided.question import About, Shopper
from undivided.sale.webhooks import standard_key
from undivided.state import Conversation, Credit
from undivided.values import Address, ConversationId, Money, Unusable

from console import orders as command
from console.kept import Kept
from console.stack import NoStack, Stack

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
KEY, OTHER = ConversationId("abcdefghijkl"), ConversationId("mnopqrstuvwx")
TEN = Credit(Money(Decimal("10.00"), "EUR"), "link", {"r": Money(Decimal("1.00"), "EUR")})


@pytest.fixture(params=["memory", "dynamodb"])
def world(request: pytest.FixtureRequest) -> Iterator[tuple[Any, Any, Any]]:
    if request.param == "memory":
        held = fake.Memory()
        yield fake.Conversations(held), fake.Askers(held), fake.Orders(held)
        return
    with moto.stack() as stack:
        store = Store(stack.dynamodb, moto.TABLE, pause=lambda _seconds: None)
        yield table.Conversations(store, Bucket(stack.s3, moto.BUCKET)), sales.Askers(store), sales.Orders(store)


def new(key: ConversationId = KEY, minute: int = 0) -> Changes:
    shopper = Shopper("Ida", Address("ida@mail.example"), "de")
    at = NOW + timedelta(minutes=minute)
    return Changes(None, Conversation(key, shopper, About(), asked_at=at, changed_at=at))


def paid(before: Conversation, *orders: str) -> Changes:
    return Changes(before, replace(before, credits=dict.fromkeys(orders, TEN)))


def test_whoever_asked_is_found_newest_first_under_any_hash(world):
    conversations, askers, _ = world
    keys = [ConversationId(f"aaaaaaaaaaa{letter}") for letter in "abcdef"]
    for minute, key in enumerate(keys):
        conversations.commit(new(key, minute), NOW, asker="old" if minute < 3 else "new")
    assert askers.conversations(["new", "old"], 10) == tuple(reversed(keys))
    assert askers.conversations(["old", "new"], 4) == tuple(reversed(keys))[:4]
    assert askers.conversations(["old"], 1) == (keys[2],)
    assert askers.conversations(["nobody"], 10) == askers.conversations([], 10) == ()


def test_an_asker_is_found_only_where_it_was_said(world):
    conversations, askers, _ = world
    conversations.commit(new(), NOW)
    assert askers.conversations([""], 5) == ()


def test_an_order_is_credited_once_in_the_whole_shop(world):
    conversations, _, orders = world
    first = conversations.commit(paid(conversations.commit(new(), NOW), "shopify:1"), NOW)
    assert orders.conversation("shopify:1") == KEY
    assert first.credits == {"shopify:1": TEN}
    assert conversations.conversation(KEY) == first
    other = conversations.commit(new(OTHER), NOW)
    with pytest.raises(Duplicate):
        conversations.commit(paid(other, "shopify:2", "shopify:1"), NOW)
    assert conversations.conversation(OTHER) == other, "nothing of a refused commit stands"
    assert orders.conversation("shopify:2") is None
    again = conversations.commit(paid(first, "shopify:1", "shopify:3"), NOW)
    assert again.version == 3, "what was credited before is not put again"


def test_a_closed_order_is_never_credited(world):
    conversations, _, orders = world
    assert orders.close("shopify:1", NOW)
    assert not orders.close("shopify:1", NOW)
    assert orders.conversation("shopify:1") is None
    with pytest.raises(Duplicate):
        conversations.commit(paid(conversations.commit(new(), NOW), "shopify:1"), NOW)


def test_a_credited_order_cannot_be_closed(world):
    conversations, _, orders = world
    conversations.commit(paid(conversations.commit(new(), NOW), "shopify:1"), NOW)
    assert not orders.close("shopify:1", NOW)
    assert orders.conversation("shopify:1") == KEY


def test_refunds_that_come_early_are_kept_by_their_names(world):
    _, _, orders = world
    assert orders.kept("shopify:1") == {}
    for amount, name in ((10, "a"), (5, "b"), (10, "a")):
        orders.keep("shopify:1", name, Money(Decimal(amount), "EUR"), NOW)
    assert orders.kept("shopify:1") == {"a": Money(Decimal(10), "EUR"), "b": Money(Decimal(5), "EUR")}
    assert orders.kept("shopify:11") == orders.kept("shopify") == {}
    assert orders.conversation("shopify:1") is None
    assert orders.close("shopify:1", NOW), "what is kept closes nothing"


def test_items_of_askers_and_orders_expire_and_hold_no_address():
    with moto.stack() as stack:
        store = Store(stack.dynamodb, moto.TABLE)
        conversations = table.Conversations(store, Bucket(stack.s3, moto.BUCKET), timedelta(days=10))
        conversations.commit(paid(conversations.commit(new(), NOW, asker="hash"), "shopify:1"), NOW)
        found = {one["pk"]["S"]: one for one in stack.dynamodb.scan(TableName=moto.TABLE)["Items"]}
        assert int(found["ADDR#hash"]["expires"]["N"]) == int((NOW + timedelta(days=20)).timestamp())
        assert int(found["ORDER#shopify:1"]["expires"]["N"]) == int((NOW + timedelta(days=10)).timestamp())
        assert not any("@" in json.dumps(one) for pk, one in found.items() if not pk.startswith("CONV#"))


# --- the command -----------------------------------------------------------------------------------------------


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    with moto.stack() as stack:
        outputs = {"KeysParameter": "/undivided/shop/keys", "ApiUrl": "https://api.example/live"}
        monkeypatch.setattr(Stack, "client", lambda _self, service: getattr(stack, service))
        yield Stack("shop", moto.REGION, outputs), stack.ssm


def give(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_secrets_are_stored_encrypted_with_the_one_before(deployed, monkeypatch, capsys):
    stack, ssm = deployed
    for source, text in (
        ("shopify", "one\n"),
        ("shopify", "two"),
        ("shopify", "three"),
        ("shopify", "three"),
        ("woocommerce", "w"),
    ):
        give(monkeypatch, text)
        assert command.secret(source, stack) == 0
    kept = ssm.get_parameter(Name="/undivided/shop/orders", WithDecryption=True)["Parameter"]
    assert kept["Type"] == "SecureString"
    assert json.loads(kept["Value"]) == {"shopify": ["three", "two"], "woocommerce": ["w"]}
    said = capsys.readouterr().out
    assert "https://api.example/live/orders/shopify" in said
    assert "three" not in said


def test_a_secret_is_made_for_the_generic_format_and_shown_once(deployed, monkeypatch, capsys):
    stack, ssm = deployed
    give(monkeypatch, "\n")
    command.secret("generic", stack)
    shown = capsys.readouterr().out.splitlines()[0]
    assert len(standard_key(shown)) == 32
    assert json.loads(ssm.get_parameter(Name="/undivided/shop/orders", WithDecryption=True)["Parameter"]["Value"]) == {
        "generic": [shown]
    }


@pytest.mark.parametrize(("source", "text"), [("shopify", ""), ("generic", "short"), ("amazon", "x")])
def test_what_cannot_work_is_refused_and_stores_nothing(deployed, monkeypatch, source, text):
    stack, _ = deployed
    give(monkeypatch, text)
    with pytest.raises(Unusable):
        command.secret(source, stack)
    assert Kept(stack, "orders").read({}) == {}


def test_an_older_stack_says_what_to_do():
    with pytest.raises(NoStack, match="deploy it again"):
        Kept(Stack("shop", moto.REGION, {}), "orders").read({})
