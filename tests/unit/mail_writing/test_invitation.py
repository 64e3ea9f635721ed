"""The calendar entry of a call: what RFC 5545 asks for, and nothing that another program would answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from undivided.mail.compose import compose
from undivided.outbox import Kind, Mail
from undivided.question import CallBack
from undivided.values import SHOPPER
from unit.mail_writing.letters import KEVIN, MAILS, NOW, RECORD, entry
from unit.mail_writing.test_compose import CONTEXT

CALL = CallBack(NOW - timedelta(minutes=30), NOW + timedelta(hours=2))


def composed(mail: Mail = MAILS["question"], phone: str = "+49 30 1234567", call: CallBack | None = CALL):
    one = RECORD.conversation
    asked = replace(one, shopper=replace(one.shopper, phone=phone), call_back=call)
    return message_from_bytes(
        compose(entry(mail), replace(RECORD, conversation=asked), CONTEXT).raw, policy=policy.default
    )


def calendar(mail) -> str:
    (part,) = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
    assert part.get_filename() == "call.ics"
    content = part.get_payload(decode=True).decode()
    assert all(len(line.encode()) <= 75 for line in content.split("\r\n"))
    assert content.endswith("END:VCALENDAR\r\n")
    return content.replace("\r\n ", "")


def test_the_specialist_gets_number_link_and_entry() -> None:
    mail = composed()
    lines = calendar(mail).split("\r\n")
    assert "METHOD:PUBLISH" in lines
    assert not [line for line in lines if line.startswith(("ATTENDEE", "ORGANIZER"))], "nothing to answer to"
    assert f"DTSTART:{NOW:%Y%m%dT%H%M%SZ}" in lines, "it is their turn now"
    assert f"DTEND:{CALL.end:%Y%m%dT%H%M%SZ}" in lines
    assert any("tel:+49301234567" in line for line in lines)
    page = mail.get_body(("html",)).get_content()
    assert 'href="tel:+49301234567"' in page
    assert "+49 30 1234567" in mail.get_body(("plain",)).get_content()


@pytest.mark.parametrize("phone", ["+49 30 1234567\r\nATTACH:http://x", "1;2,3\\4 " * 20, "☎ 0123456789" * 9])
def test_no_number_adds_a_line_of_its_own(phone: str) -> None:
    lines = calendar(composed(phone=phone)).split("\r\n")
    names = [line.partition(":")[0] for line in lines if line]
    assert names == [
        "BEGIN", "VERSION", "PRODID", "METHOD", "BEGIN", "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION",
        "LOCATION", "END", "END",
    ]  # fmt: skip


@pytest.mark.parametrize("mail", [Mail(SHOPPER, Kind.ACK), MAILS["reminder"], MAILS["answer"], MAILS["handed_over"]])
def test_no_other_mail_carries_it(mail: Mail) -> None:
    assert not [one for one in composed(mail).walk() if one.get_content_type() == "text/calendar"]


def test_without_a_call_there_is_none() -> None:
    assert not [one for one in composed(call=None).walk() if one.get_content_type() == "text/calendar"]


def test_a_masked_number_is_no_link() -> None:
    assert "tel:" not in composed(phone="+** ** *****67", call=None).as_string()


def test_the_acknowledgement_says_when_and_repeats_no_number() -> None:
    text = composed(Mail(SHOPPER, Kind.ACK)).get_body(("plain",)).get_content()
    assert f"{CALL.end:%H}" in text
    assert "1234567" not in text
    assert KEVIN not in text
