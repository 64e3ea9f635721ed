"""Shapes: SES developer guide, "Contents of event data that Amazon SES publishes to Amazon SNS"."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from console.local.sesevents import EventPublisher, events_of, read_relayed

NOW = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
RAW = (
    b"Message-ID: <abc@email.amazonses.com>\r\n"
    b"From: Shop <ask@ask.shop.example>\r\n"
    b"X-SES-CONFIGURATION-SET: undivided-set\r\n"
    b"X-SES-MESSAGE-TAGS: outbox=abc-1,\r\n conversation=c1\r\n"
    b"Subject: hi\r\n\r\nhello\r\n"
)


def kinds(*recipients: str, raw: bytes = RAW) -> list[tuple[str, str]]:
    found = []
    for event in events_of(read_relayed("ask@ask.shop.example", recipients, raw), NOW):
        kind = event["eventType"]
        detail = event[kind.lower()]
        people = (
            detail.get("recipients")
            or [one["emailAddress"] for one in detail.get("bouncedRecipients", detail.get("complainedRecipients", []))]
            or [""]
        )
        found.append((kind, people[0]))
    return found


@pytest.mark.parametrize(
    ("recipient", "expected"),
    [
        ("anna@mail.example", ["Delivery"]),
        ("success@simulator.amazonses.com", ["Delivery"]),
        ("ooto@simulator.amazonses.com", ["Delivery"]),
        ("bounce@simulator.amazonses.com", ["Bounce"]),
        ("bounce+label@simulator.amazonses.com", ["Bounce"]),
        ("Bounce@Simulator.AmazonSES.com", ["Bounce"]),
        ("suppressionlist@simulator.amazonses.com", ["Bounce"]),
        ("complaint@simulator.amazonses.com", ["Delivery", "Complaint"]),
        ("anna@nowhere.invalid", ["Bounce"]),
        ("bounce@mail.example", ["Delivery"]),
    ],
)
def test_the_fate_of_an_address(recipient, expected):
    assert kinds(recipient) == [("Send", ""), *((kind, recipient) for kind in expected)]


def test_one_send_for_a_mail_and_one_fate_for_each_recipient():
    assert kinds("a@mail.example", "bounce@simulator.amazonses.com") == [
        ("Send", ""),
        ("Delivery", "a@mail.example"),
        ("Bounce", "bounce@simulator.amazonses.com"),
    ]


def test_no_configuration_set_no_events():
    raw = RAW.replace(b"X-SES-CONFIGURATION-SET: undivided-set\r\n", b"")
    assert kinds("anna@mail.example", raw=raw) == []


def test_what_was_meant_for_ses_is_taken_out_and_becomes_tags():
    mail = read_relayed("ask@ask.shop.example", ["anna@mail.example"], RAW)
    assert mail.id == "abc@email.amazonses.com"
    assert mail.raw == (
        b"Message-ID: <abc@email.amazonses.com>\r\nFrom: Shop <ask@ask.shop.example>\r\nSubject: hi\r\n\r\nhello\r\n"
    )
    assert mail.tags == {
        "outbox": ["abc-1"],
        "conversation": ["c1"],
        "ses:configuration-set": ["undivided-set"],
        "ses:from-domain": ["ask.shop.example"],
    }


def test_every_event_carries_the_id_that_ses_returned_and_the_tags():
    class Topic:
        def __init__(self) -> None:
            self.messages: list[dict[str, object]] = []

        def publish(self, **given: str) -> None:
            self.messages.append(json.loads(given["Message"]))

    topic = Topic()
    mail = read_relayed("ask@ask.shop.example", ["complaint@simulator.amazonses.com"], RAW)
    EventPublisher(topic, "arn").publish(mail, NOW)
    assert [one["eventType"] for one in topic.messages] == ["Send", "Delivery", "Complaint"]
    for one in topic.messages:
        assert one["mail"]["messageId"] == "abc@email.amazonses.com"
        assert one["mail"]["tags"]["outbox"] == ["abc-1"]
        assert one["mail"]["commonHeaders"]["subject"] == "hi"


def test_headers_that_are_no_utf8_are_published_all_the_same():
    raw = RAW.replace(b"Subject: hi", b"Subject: \xff\xfe")
    events = list(events_of(read_relayed("a@b.example", ["anna@mail.example"], raw), NOW))
    json.dumps(events, ensure_ascii=False).encode()
