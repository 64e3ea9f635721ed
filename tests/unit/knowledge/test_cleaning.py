"""Personal data goes, what is said of the product stays."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from undivided.knowledge.cleaning import Cleaner
from undivided.mail.keys import PURPOSES, link_key, reply_address
from undivided.mail.ours import BLANK
from undivided.question import Shopper
from undivided.values import Address, ConversationId
from unit.mail_writing.letters import RING
from unit.pages.shops import SHOP

ID = ConversationId("k7m2cqxd4wab")
ANNA = Shopper("Anna-Lena Ödegård", Address("lena.oedegaard77@mail.example"), "de")
CLEANER = Cleaner.of(ANNA, replace(SHOP, page_domains=("shop.example",)))


def clean(text: str) -> str:
    return CLEANER.clean(text).text


PERSONAL = {
    "name": ["Ödegård", "Oedegaard", "ODEGARD", "Anna-Lena", "Anna", "Lena", "Lenas", "Anna-Lena’s"],
    "surname of a specialist": ["Müller", "Mueller", "Doe"],
    "address": ["lena.oedegaard77@mail.example", "x@y.example", "some.body+tag@sub.domain.example", "mailto:a@b.example"],
    "phone": [
        "+49 30 1234567", "030/1234567", "0171 234 56 78", "(0171) 2345678", "0043-1-234567", "(555) 123-4567",
        "555-123-4567", "+33 6 12 34 56 78", "07911 123456", "+39 02 1234 5678",
    ],
    "order": [
        "Bestellung Nr. 4711-88", "order number 100234", "Order #A-1001", "commande n° 889123", "pedido 55123", "#10023",
        "ordine numero 7781", "Rechnung 2024-00123", "tracking code 1Z999AA10123456784", "DE89 3704 0044 0532 0130 00",
        "00340434161094042557", "customer id 884421", "Kundennummer: K-99120",
    ],
    "link": [
        "https://else.example/track?id=1", "http://evil.example", "www.tracking.example/abc",
        *(f"https://desk.shop.example/q/{link_key(RING, ID, 1, one)}" for one in PURPOSES[1:3]),
        reply_address(RING, ID, 1, "ask.shop.example"), link_key(RING, ID, 0, "status"),
    ],
    "place": [
        "Lindenstraße 12a", "Lange Str. 5", "Marktplatz 3", "10115 Berlin", "A-1010 Wien", "12 Baker Street",
        "221 Old Kent Rd", "NW1 6XE", "5 rue de la Paix", "75002 Paris", "calle Mayor 5", "via Garibaldi 12",
        "Springfield, IL 62704",
    ],
}  # fmt: skip
EACH = [pytest.param(kind, one, id=f"{kind}: {one[:30]}") for kind, several in PERSONAL.items() for one in several]
SECRET_PART = {"name": None, "surname of a specialist": None}


@pytest.mark.parametrize(("kind", "one"), EACH)
@pytest.mark.parametrize(
    "around",
    ["I live here: {} and wonder.", "{}", "Is it big enough? ({})", "It is {}, said he.", "Line one\n{}\nline three"],
)
def test_personal_data_goes(kind: str, one: str, around: str) -> None:
    left = clean(around.format(one))
    digits = [part for part in one.replace("-", " ").replace("/", " ").split() if any(map(str.isdigit, part))]
    telling = [part.strip("#(),.:") for part in digits] if kind in ("phone", "order") else [one]
    assert not [part for part in telling if part in left], left


@pytest.mark.parametrize(
    "said",
    [
        "Is the Duo 2 quiet at 230 V and 1400 Watt? It turns 15000 Umdrehungen.",
        "The board is 1200 x 600 x 18 mm, size 42.5, 49.90 EUR.",
        "I bought it on 04.05.2026, or 2026-05-04, at 10:30.",
        "TR-300 or the Trail Runner 3?",
        "Mahlgrad 12, Weg 5 cm, Platz 3, Ring 7.",
        "Does it fit? Will it hold 3 000 hours?",
        "Kevin and Jane said so.",
        "See https://shop.example/p/trail-runner-3",
        "I need 2 of them; my order arrived damaged.",
        "Die Bestellung kam heute. Der Kunde war froh.",
    ],
)
def test_what_is_said_of_the_product_stays(said: str) -> None:
    assert clean(said) == said


def test_greeting_and_signature_go_whole() -> None:
    text = "Liebe Jane,\n\npasst der Schuh?\n\nViele Grüße\nPetra und Karl\nSent from my phone"
    assert clean(text) == "passt der Schuh?"
    assert clean("Hi Kevin!\nDoes it fit?\nthanks a lot, petra") == "Does it fit?"
    assert clean("hello\nDoes it fit?\n\nanna") == "Does it fit?"


def test_a_link_to_the_shop_loses_what_stands_behind_its_path() -> None:
    assert clean("See https://www.shop.example/p/x?utm=anna#me.") == "See https://www.shop.example/p/x."


def test_how_somebody_tells_their_name() -> None:
    assert clean("Ich heiße Petra Schulz und suche einen Schuh.") == f"Ich heiße {BLANK} und suche einen Schuh."
    assert clean("Je m'appelle Chloé Dubois. Taille 42 ?") == f"Je m'appelle {BLANK}. Taille 42 ?"


def test_it_counts_what_it_blanked() -> None:
    found = CLEANER.clean("Anna here, +49 30 1234567, a@b.example, order 12345.")
    assert dict(found.blanked) == {"name": 1, "phone": 1, "address": 1, "order": 1}


NASTY = st.sampled_from([one for several in PERSONAL.values() for one in several])
WORDS = st.text(st.sampled_from(list("abcde ÄÖß.,!?\n-0123")), max_size=60)


@given(st.lists(st.one_of(WORDS, NASTY), max_size=8))
def test_no_address_and_no_name_is_ever_left_and_cleaning_twice_changes_nothing(parts: list[str]) -> None:
    left = clean(" ".join(parts))
    assert "@" not in left or not any("@" in part for part in parts)
    assert "degaard" not in left.casefold()
    assert "Müller" not in left
    assert clean(left) == left
