"""Offers, templates and calls: what the commands add to an answer, and where the tracked link leads."""

from __future__ import annotations

import string
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from email import message_from_bytes, policy
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from undivided.config import Product
from undivided.errors import Unavailable
from undivided.mail.commands import parse
from undivided.mail.compose import compose
from undivided.mail.keys import STATUS, link_key, read_link_key
from undivided.mail.ours import leaks
from undivided.message import Message, Offer
from undivided.pages.page import Request
from undivided.plain import from_plain, to_plain
from undivided.sale.inserts import unknown_places
from undivided.sale.offers import NoSuchArticle, destination, is_own, read_offer
from undivided.steps.additions import additions
from undivided.steps.offered import offered
from undivided.texts import LANGUAGES
from undivided.values import Money, Unusable
from unit.mail_writing.letters import CONTEXT, KEVIN, RECORD, RING, in_language, written
from unit.pages.shops import SHOP as PLAIN
from unit.sale.calls import ID, NOW, call_generic, conversation, euros, generic, shop

SHOP = replace(
    PLAIN,
    page_domains=("shop.example",),
    products={
        **PLAIN.products,
        "TR 300 XL": Product("TR 300 XL", "Trail, wide", price=euros("139.90")),
        "EVIL": Product("EVIL", "Elsewhere", url="https://shop.example.evil.example/x"),
    },
    templates={
        "sizes": {
            "de": "Hallo {shopper}, {product} fällt klein aus. {specialist}, {shop} [{code}]",
            "fr": "Bonjour {shopper}",
        }
    },
)


def added(text, **changed):
    person_speaks = ("en",)
    mail = parse(text, languages=person_speaks)
    assert not mail.errors
    return additions(mail.commands, conversation(**changed), KEVIN, SHOP)


@pytest.mark.parametrize(("argument", "offer"), [
    ("TR-300", Offer("TR-300")), ("tr-300", Offer("TR-300")), ("TR-300 99,90 €", Offer("TR-300", euros("99.90"))),
    ("TR-300  $ 99", Offer("TR-300", Money(Decimal(99), "USD"))), ("tr 300 xl 120", Offer("TR 300 XL", euros("120"))),
])  # fmt: skip
def test_an_offer_is_read_as_people_write_it(argument, offer):
    assert read_offer(argument, SHOP) == offer


def test_an_unknown_article_is_answered_with_what_was_perhaps_meant():
    with pytest.raises(NoSuchArticle) as why:
        read_offer("TR-30", SHOP)
    assert why.value.near[0] == "TR-300"
    for bad in ("TR-300 cheap", "TR-300 10 EUR please", "TR-300 0", "TR-3001", ""):
        with pytest.raises(Unusable):
            read_offer(bad, SHOP)


@given(st.text(max_size=40))
def test_reading_an_offer_never_fails_otherwise(text):
    with suppress(Unusable):
        assert read_offer(text, SHOP).sku in SHOP.products


def test_commands_add_to_the_words_in_their_order():
    found = added("/offer TR-300 99 EUR\n/template Sizes\n/call 030 1234567\n\nTake these.\n\n/offer TR 300 XL")
    assert found.errors == ()
    said = found.to(Message(0, KEVIN, NOW, "Take these.\n"))
    assert said.offers == (Offer("TR-300", euros("99")), Offer("TR 300 XL"))
    words = said.text.split("\n\n")
    assert words[0] == "Take these."
    assert words[1] == f"Hallo Anna, Trail Runner 3 fällt klein aus. Kevin, Bergfreund [{ID}]"
    assert words[2] == "You can also reach me by telephone: 030 1234567."
    assert from_plain(Message, to_plain(said)) == said


def test_a_template_speaks_the_shoppers_language():
    shopper = replace(conversation().shopper, language="fr", name="")
    assert added("/template sizes", shopper=shopper).texts == ("Bonjour ",)


def test_a_call_asks_for_a_number_unless_it_is_known():
    assert "reply with your number" in added("/call").texts[0]
    assert "+43 1 234" in added("/call", shopper=replace(conversation().shopper, phone="+43 1 234")).texts[0]


@pytest.mark.parametrize(("text", "said"), [
    ("/offer TR-30", "TR-300"), ("/offer TR-300 cheap", "Betrag"), ("/template size", "sizes"), ("/call tomorrow", "Telefonnummer"),
])  # fmt: skip
def test_what_cannot_be_added_refuses_the_mail(text, said):
    (error,) = added(text).errors
    assert said in error


@pytest.mark.parametrize("text", ["/ask jane\n/offer TR-300", "/note\n/template sizes"])
def test_what_is_for_the_shopper_cannot_go_to_a_colleague(text):
    assert len(added(text).errors) == 1
    assert len(additions(parse("/offer TR-300").commands, conversation(consulted=KEVIN), KEVIN, SHOP).errors) == 1


# --- the mail --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_carries_a_card_with_a_tracked_link(language):
    entry, record, context = in_language(language, "answer")
    shop_ = replace(context.shop, products={**context.shop.products, "X Y/1": Product("X Y/1", "<b>Other</b>")})
    offers = (Offer("TR-300", euros("99.90")), Offer("X Y/1"), Offer("GONE"))
    messages = tuple(
        replace(one, offers=offers) if one.number == entry.mail.message else one for one in record.messages
    )
    raw = compose(entry, replace(record, messages=messages), replace(context, shop=shop_)).raw
    mail = message_from_bytes(raw, policy=policy.default)
    plain, page = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    key = link_key(RING, record.conversation.id, 2, "offer")
    for link in (f"https://desk.shop.example/o/{key}?sku=TR-300", f"https://desk.shop.example/o/{key}?sku=X%20Y%2F1"):
        assert link in plain
        assert link in page
    assert "99.90 EUR" in plain
    assert "GONE" not in plain + page
    assert "&lt;b&gt;Other" in page
    assert [one.purpose for one in leaks(plain, RING)].count("offer") == 2, "a shopper's reply is searched for them"


def test_without_offers_nothing_is_added():
    assert (
        compose(*written("answer"), CONTEXT).raw
        == compose(written("answer")[0], replace(RECORD, entries=written("answer")[1].entries), CONTEXT).raw
    )


# --- the link --------------------------------------------------------------------------------------------------

KEY = link_key(RING, ID, 1, "offer")


def visit(key=KEY, rt=None, **query):
    rt = rt or shop()
    rt.shop = SHOP
    return offered(Request("GET", f"/o/{key}", {"key": key}, query), rt), rt


def test_a_click_is_told_and_leads_to_the_article():
    page, rt = visit(sku="TR-300")
    assert (page.status, page.headers["Location"]) == (302, f"https://shop.example/p/trail-runner-3?undivided={KEY}")
    visit(rt=rt, sku="TR-300")
    rt.time += timedelta(minutes=1)
    visit(rt=rt, sku="TR-300")
    assert [(fact.name, fact.data, key, version) for fact, key, version, _ in rt.bus.told] == [
        ("offer_followed", {"sku": "TR-300", "party": "1"}, ID, 0)
    ] * 3
    assert len({told[3] for told in rt.bus.told}) == 2, "clicks of one minute are one event"
    assert rt.conversations.conversation(ID).version == 1


@given(st.text(string.printable, max_size=60))
def test_it_leads_to_the_shops_own_pages_only(sku):
    page, _ = visit(sku=sku)
    assert urlsplit(page.headers["Location"]).hostname == "shop.example"


@pytest.mark.parametrize("url", [
    "https://shop.example.evil.example/", "https://evil.example/?shop.example", "javascript:alert(1)", "//evil.example",
    "https://shop.example@evil.example/", "https://user@shop.example/", "https://[", "ftp://shop.example/", "",
])  # fmt: skip
def test_an_article_with_a_foreign_page_leads_to_the_shop(url):
    assert not is_own(url, SHOP)
    assert destination(Product("X", "X", url=url), KEY, SHOP) == f"https://shop.example?undivided={KEY}"


def test_the_mark_joins_the_query_of_the_page_and_replaces_an_old_one():
    product = Product("X", "X", url="https://www.shop.example/p?a=1&undivided=old&b=#top")
    url = destination(product, KEY, SHOP)
    assert url.endswith("#top")
    assert parse_qs(urlsplit(url).query, keep_blank_values=True) == {"a": ["1"], "b": [""], "undivided": [KEY]}


@pytest.mark.parametrize(
    "key", ["", "x" * 31, KEY[:-1], KEY[:-1] + ("a" if KEY[-1] != "a" else "b"), link_key(RING, ID, 1, STATUS)]
)
def test_a_key_that_was_not_made_for_offers_opens_nothing(key):
    page, rt = visit(key)
    assert page.status == 404
    assert rt.bus.told == []


def test_a_bus_that_fails_keeps_nobody_from_the_shop():
    class Down:
        def tell(self, *_):
            raise Unavailable("down")

    rt = shop()
    rt.bus = Down()
    page, _ = visit(rt=rt, sku="TR-300")
    assert page.status == 302


def test_an_order_by_that_link_is_this_conversations():
    page, rt = visit(sku="TR-300")
    told = call_generic(rt, generic(link=page.headers["Location"], email="else@mail.example"))
    assert told.words == f"credited to {ID} by link"
    assert read_link_key(RING, KEY, "offer") == (ID, 1)


# --- the configuration -----------------------------------------------------------------------------------------


def test_places_that_nothing_fills_are_found():
    assert unknown_places("{shopper} {name} {} {a b} {name} {{code}}") == ("name", "")


def test_an_owner_hears_of_them(tmp_path):
    from shopfiles import EXAMPLE, read

    text = EXAMPLE.replace("templates: ", 'templates:\n  bad: "Hello {shoper}"\n#', 1)
    found = read(tmp_path, text)
    assert any("{shoper}" in str(one) and "shopper" in str(one) for one in found.problems)
    sound = read(tmp_path, EXAMPLE)
    assert sound.problems == ()
    assert set(sound.shop["templates"]) == {"descaling"}
