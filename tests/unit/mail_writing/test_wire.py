"""What is written by hand is read back by the standard library, whatever it holds."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from undivided.mail import wire
from undivided.mail.masking import masking, plainly
from undivided.values import Address

texts = st.text(st.characters(blacklist_categories=("Cs",)), max_size=300)
any_text = st.text(max_size=120)


def read(headers, body=None):
    raw = wire.whole(headers, body or wire.text_part("plain", "x"))
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    return message_from_bytes(raw, policy=policy.default)


@given(texts)
def test_a_subject_comes_back_as_one_clean_line(text):
    mail = read([("Subject", wire.unstructured(text))])
    assert mail["Subject"] == wire.clean(text)
    assert list(mail.keys()) == ["Subject", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"]


@given(any_text)
def test_a_name_comes_back_beside_its_address(name):
    mail = read([("From", wire.mailbox(name, "r-abc@ask.shop.example"))])
    (found,) = mail["From"].addresses
    assert found.addr_spec == "r-abc@ask.shop.example"
    assert "".join(found.display_name.split()) == "".join(
        wire.clean(name)[:120].split()
    )  # it shows space between encoded words
    assert mail["Bcc"] is None


@given(texts)
def test_text_comes_back_whole(text):
    mail = read([], wire.text_part("plain", text))
    sent = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    assert mail.get_payload(decode=True).decode().replace("\r\n", "\n").rstrip("\n") == sent


@given(
    any_text,
    st.binary(max_size=500),
    st.sampled_from(["image/png", "text/html", "multipart/mixed", "message/rfc822", "x", "a/b\r\nBcc: c", ""]),
    st.sampled_from(["", "pic@1", "a\r\nb<>"]),
)
def test_a_file_comes_back_with_its_bytes(name, content, kind, content_id):
    part = wire.file_part(name, kind, content, content_id)
    mail = read([], wire.multipart("mixed", [wire.text_part("plain", "x"), part]))
    found = list(mail.walk())[-1]
    assert found.get_payload(decode=True) == content
    assert not found.is_multipart()
    assert found.get_filename()
    assert not re.search(r'[\r\n"\\]', found.get_filename())


def test_boundaries_follow_from_the_content():
    one, other = (wire.multipart("alternative", [wire.text_part("plain", text)]) for text in ("a", "b"))
    assert one == wire.multipart("alternative", [wire.text_part("plain", "a")])
    assert one.headers != other.headers


@pytest.mark.parametrize("value", ["a\r\nBcc: x", "a\nb", "a\rb", "a\r\n", "ü", "a\r\n\r\nb"])
def test_a_header_that_would_be_two_is_our_own_mistake(value):
    with pytest.raises(ValueError, match="header"):
        wire.whole([("Subject", value)], wire.text_part("plain", "x"))


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis adds the zone
def test_dates_are_read_back(when):
    mail = read([("Date", wire.date(when))])
    assert mail["Date"].datetime == when.replace(microsecond=0)


KNOWN = [Address("kevin.o@shop.example"), Address("k+1@shop.example")]


@pytest.mark.parametrize(
    "written",
    [
        "kevin.o@shop.example",
        "KEVIN.O@Shop.Example",
        "<kevin.o@shop.example>",
        "mailto:kevin.o@shop.example?subject=x",
        "kevin.o%40shop.example",
        "kevin%2Eo%40shop%2eexample",
        "kevin.o&#64;shop.example",
        "%3Ckevin.o@shop.example%3E",
        "(k+1@shop.example).",
        "k%2b1%40shop.example",
        "“kevin.o@shop.example”",
    ],
)
def test_a_known_address_is_masked_however_it_is_written(written):
    masked = masking(KNOWN, "r-x@ask.example")(f"Write to {written} today")
    assert "shop" not in masked.casefold()
    assert masked.count("r-x@ask.example") == 1
    assert ("mailto:" in masked) == ("mailto:" in written)
    assert masked.endswith(" today")


@pytest.mark.parametrize(
    "written",
    [
        "akevin.o@shop.example",
        "kevin.o@shop.example.org",
        "kevin.o@shop.examples",
        "kevinxo@shop.example",
        "kevin.o at shop.example",
        "x.kevin.o@shop.example",
        "kevin.o@myshop.example",
    ],
)
def test_other_addresses_are_left_alone(written):
    assert masking(KNOWN, "r-x@ask.example")(f"Write to {written}.") == f"Write to {written}."


@given(texts)
def test_a_mask_without_addresses_changes_nothing(text):
    assert masking([], "x")(text) == text


def test_a_name_that_is_an_address_keeps_its_front():
    assert plainly("Anna <anna@mail.example> and bob@x.example") == "Anna <anna> and bob"
