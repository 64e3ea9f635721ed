"""The form: three encodings, one result; one message for each wrong field; nothing that was typed is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from undivided.pages.addresses import COMMON, meant, usable
from undivided.pages.bodies import MOST_BYTES, Refused, read_body
from undivided.pages.forms import LONGEST_QUESTION, SEEN, TRAP, Errors, Valid, read_question
from undivided.pages.languages import negotiated
from undivided.texts import LANGUAGES
from undivided.values import Unusable
from unit.pages.shops import SHOP, TRAIL

GOOD = {
    "name": "Anna Ödegård",
    "email": "anna@example.com",
    "question": "Do they run small?\nI have 42.",
    "consent": "yes",
    "sku": "TR-300",
    "language": "de",
    "zone": "Europe/Vienna",
    "token": "t1",
}
texts = st.text(st.characters(blacklist_categories=("Cs",)), max_size=60)
fields = st.dictionaries(texts.filter(lambda name: name != "product"), texts, max_size=8)


def multipart(values):
    parts = [
        f'--XX\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in values.items()
    ]
    photo = '--XX\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n\x00\x01\r\n'
    return ("".join(parts) + photo + "--XX--\r\n").encode()


ENCODINGS = {
    "application/x-www-form-urlencoded": lambda values: urlencode(values).encode(),
    "multipart/form-data; boundary=XX": multipart,
    'multipart/form-data; boundary="XX"': multipart,
    "application/json": lambda values: json.dumps(values).encode(),
    "application/json; charset=utf-8": lambda values: json.dumps(values, ensure_ascii=False).encode(),
}


@pytest.mark.parametrize("content_type", ENCODINGS)
def test_every_encoding_gives_the_same_question(content_type):
    read = read_body(ENCODINGS[content_type](GOOD), content_type)
    valid = read_question(read, SHOP)
    assert isinstance(valid, Valid)
    assert valid == read_question(GOOD, SHOP)
    assert (valid.shopper.name, valid.shopper.language, valid.shopper.zone) == ("Anna Ödegård", "de", "Europe/Vienna")
    assert valid.text == GOOD["question"]
    assert (valid.about.title, valid.about.price) == (TRAIL.title, TRAIL.price)


@given(fields)
def test_urlencoded_and_json_say_the_same(values):
    values = {name[:60]: value for name, value in values.items()}
    assert read_body(urlencode(values).encode(), "") == values
    assert read_body(json.dumps(values).encode(), "application/json") == values


@given(st.binary(max_size=300), st.sampled_from(list(ENCODINGS)))
def test_any_bytes_are_read_or_refused(body, content_type):
    try:
        read = read_body(body, content_type)
    except Refused:
        return
    assert isinstance(read_question(read, SHOP), Valid | Errors)


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"x" * (MOST_BYTES + 1), "", 413), (b"a=1", "text/plain", 415), (b"a=1", "multipart/form-data", 400), (b"--XX\r\ncut", "multipart/form-data; boundary=XX", 400),
        (b"[1]", "application/json", 400), (b"{", "application/json", 400), (b"[" * 60000, "application/json", 400), (b'{"a": [1]}', "application/json", 400),
        (b"\xff\xfe", "application/json", 400), (b"&".join(b"a%d=1" % n for n in range(80)), "", 400), (b"&".join(b"a=1" for n in range(800)), "", 400),
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_read_says_what_to_send(body, content_type, status):
    with pytest.raises(Refused) as caught:
        read_body(body, content_type)
    assert caught.value.status == status
    assert "send" in str(caught.value) or "let the browser" in str(caught.value)


def test_json_takes_the_product_as_an_object_and_plain_values():
    body = json.dumps(
        {"name": "A", "consent": True, "product": {"title": "Hat", "price": 12.5, "currency": "USD"}, "phone": None}
    )
    assert read_body(body.encode(), "application/json") == {
        "name": "A",
        "consent": "yes",
        "title": "Hat",
        "price": "12.5",
        "currency": "USD",
        "phone": "",
    }


BAD = {
    "name": ["", "   ", "\x07", "x" * 101],
    "email": [
        "",
        "anna",
        "anna@",
        "anna@example",
        "a b@example.com",
        "änna@example.com",
        "anna@exa mple.com",
        "anna@-x.com",
        "a..b@example.com",
        "anna@example.123",
        "x" * 70 + "@example.com",
        "anna@example.com\r\nBcc: x@y.zz y",
    ],
    "question": ["", "  \r\n ", "x" * (LONGEST_QUESTION + 1)],
    "consent": ["", "no", "false"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, several in BAD.items() for value in several])
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_wrong_field_has_one_message_in_the_forms_language(name, value, language):
    errors = read_question({**GOOD, "language": language, name: value}, SHOP)
    assert isinstance(errors, Errors)
    assert set(errors.messages) == {name}
    assert errors.language == language
    assert {**errors.values, name: ""} == {**GOOD, "language": language, name: ""}


def test_everything_wrong_is_said_at_once_and_in_order():
    errors = read_question({}, SHOP)
    assert isinstance(errors, Errors)
    assert tuple(errors.messages) == SEEN


def test_the_limit_counts_as_the_browser_does():
    exactly = "é\r\n" * (LONGEST_QUESTION // 2)
    assert isinstance(read_question({**GOOD, "question": "x" + exactly}, SHOP), Valid)
    assert isinstance(read_question({**GOOD, "question": "x" * LONGEST_QUESTION}, SHOP), Valid)


def test_what_a_shopper_cannot_correct_never_refuses():
    odd = {
        "sku": "x" * 65,
        "title": "Hat\r\nBcc: x",
        "price": "much",
        "url": "javascript:alert(1)",
        "zone": "../../etc/passwd",
        "language": "xx",
        "brand": "b" * 200,
        "phone": "1" * 99,
    }
    valid = read_question({**GOOD, **odd}, SHOP)
    assert isinstance(valid, Valid)
    assert set(valid.dropped) == {"sku", "price", "url", "brand"}
    assert (valid.about.title, valid.about.url, valid.shopper.zone, valid.shopper.language) == (
        "Hat Bcc: x",
        "",
        "",
        "de",
    )


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        ("129,90 €", "129.90 EUR"),
        ("$1,299.00", "1299.00 USD"),
        ("12.5", "12.50 EUR"),
        ("", "None"),
        ("from 12", "None"),
    ],
)
def test_prices_are_read_as_pages_write_them(price, expected):
    valid = read_question({**GOOD, "sku": "", "price": price}, SHOP)
    assert isinstance(valid, Valid)
    assert str(valid.about.price) == expected


def test_text_is_cleaned_of_what_turns_or_controls_it():
    valid = read_question({**GOOD, "name": "An\u202ena\r\nX", "question": "a\x00b\r\n\r\nc  \r\n"}, SHOP)
    assert isinstance(valid, Valid)
    assert (valid.shopper.name, valid.text) == ("Anna X", "ab\n\nc")


def test_the_trap_is_seen_and_blocks_nobody():
    valid = read_question({**GOOD, TRAP: "https://spam.example"}, SHOP)
    assert isinstance(valid, Valid)
    assert valid.trapped


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("anna@gmial.com", "anna@gmail.com"), ("anna@gmail.co", "anna@gmail.com"), ("anna@gmail.con", "anna@gmail.com"), ("anna@gmaill.com", "anna@gmail.com"),
        ("anna@hotmial.com", "anna@hotmail.com"), ("anna@outlok.com", "anna@outlook.com"), ("Anna@YAHO.com", "Anna@yahoo.com"), ("anna@t-onlin.de", "anna@t-online.de"),
        ("anna@shop.example", ""), ("anna@we.de", ""), ("gmail.com", ""), ("", ""),
    ],
)  # fmt: skip
def test_typos_are_suggested(typed, expected):
    assert meant(typed) == expected


@pytest.mark.parametrize("domain", COMMON)
def test_no_right_address_is_doubted(domain):
    assert meant(f"anna@{domain}") == ""


def test_a_suggestion_never_blocks():
    valid = read_question({**GOOD, "email": "anna@gmial.com"}, SHOP)
    assert isinstance(valid, Valid)
    assert (valid.shopper.email, valid.suggestion) == ("anna@gmial.com", "anna@gmail.com")


def test_domains_of_other_scripts_become_ascii():
    assert usable("anna@bücher.example") == "anna@xn--bcher-kva.example"
    with pytest.raises(Unusable):
        usable(f"anna@{'ü' * 64}.example")


@pytest.mark.parametrize(
    ("asked", "header", "expected"),
    [
        ("fr", "de", "fr"),
        ("", "en-GB,en;q=0.9,de;q=0.8", "en"),
        ("", "nl, it;q=0.5", "it"),
        ("xx", "", "de"),
        ("", "en;q=0,fr;q=0.1", "fr"),
        ("", "*", "de"),
        ("", ";;q=x,,", "de"),
        ("IT-it", "", "it"),
    ],
)
def test_the_language_is_the_one_wanted_if_the_shop_speaks_it(asked, header, expected):
    assert negotiated(SHOP, asked, header) == expected


def test_a_shop_of_one_language_is_answered_in_it():
    assert negotiated(replace(SHOP, languages=("fr",)), "de", "en") == "fr"


def test_reading_a_form_loads_neither_templates_nor_aws():
    code = "import sys; import undivided.pages.forms, undivided.pages.bodies; print(' '.join(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"jinja2", "boto3", "email", "nh3"} & set(ran.stdout.split())
