"""Real SMTP on loopback; only the bucket and the topics behind the post office are fakes."""

from __future__ import annotations

import smtplib

import pytest
from botocore.exceptions import ClientError
from undivided.mail import explain

from console.local.maildirs import Maildirs
from console.local.ports import HOST
from console.local.postoffice import LARGEST, PostOffice, open_counters
from console.local.receiving import accept

MAIL = b"From: anna@mail.example\r\nTo: r-abc@ask.shop.example\r\nSubject: hi\r\n\r\nhello\r\n"


class Receiver:
    def __init__(self) -> None:
        self.received: list[tuple[str, list[str], bytes]] = []
        self.failure: Exception | None = None

    def receive(self, source, recipients, raw, now):
        if self.failure:
            raise self.failure
        self.received.append((source, recipients, raw))
        return accept(source, recipients, raw, now).id


class Events:
    def __init__(self) -> None:
        self.published: list[object] = []

    def publish(self, mail, now):
        self.published.append(mail)


@pytest.fixture
def office(tmp_path, ports, ending) -> PostOffice:
    office = PostOffice("ask.shop.example", Maildirs(tmp_path), Receiver(), Events())
    office.maildirs.make("kevin@shop.example")
    open_counters(office, ports, ending)
    return office


def send(port: int, to: str | list[str], raw: bytes = MAIL, source: str = "anna@mail.example") -> str:
    """Return `250`, or what the server answered instead."""
    try:
        with smtplib.SMTP(HOST, port, timeout=30) as connection:
            refused = connection.sendmail(source, to, raw)
    except smtplib.SMTPRecipientsRefused as refusal:
        return " ".join(f"{code} {text.decode()}" for code, text in refusal.recipients.values())
    except smtplib.SMTPResponseException as refusal:
        return f"{refusal.smtp_code} {refusal.smtp_error.decode()}"
    return " ".join(f"{code} {text.decode()}" for code, text in refused.values()) or "250"


@pytest.mark.parametrize("to", ["r-abc@ask.shop.example", "R-ABC@ASK.Shop.Example", "ask@ask.shop.example"])
def test_mail_to_the_mail_domain_is_received(office, ports, to):
    assert send(ports.smtp, to) == "250"
    assert office.receiver.received == [("anna@mail.example", [to], MAIL)]


def test_mail_between_people_is_filed(office, ports):
    assert send(ports.smtp, ["Kevin@Shop.example", "r-abc@ask.shop.example"]) == "250"
    (letter,) = office.maildirs.letters("kevin@shop.example")
    assert letter.raw.endswith(MAIL.replace(b"\r\n", b"\n"))
    assert [recipients for _, recipients, _ in office.receiver.received] == [["r-abc@ask.shop.example"]]


@pytest.mark.parametrize(
    "to",
    [
        "x@nowhere.example",
        "anna@mail.example",
        "x@sub.ask.shop.example",
        "x@shop.example",
        ".a@shop.example",
        "a/b@shop.example",
    ],
)
def test_unknown_mailboxes_are_refused_as_ses_does(office, ports, to):
    assert send(ports.smtp, to).startswith("550 5.1.1 ")
    assert office.receiver.received == []
    assert office.maildirs.addresses() == ["kevin@shop.example"]


def test_above_forty_megabytes_is_refused_at_the_door(office, ports):
    assert send(ports.smtp, "r-abc@ask.shop.example", MAIL + b"x" * 78 * (LARGEST // 78 + 1)).startswith("552 ")
    assert office.receiver.received == []


def test_forty_megabytes_that_lie_about_their_size_are_refused_too(office, ports):
    with smtplib.SMTP(HOST, ports.smtp, timeout=240) as connection:
        connection.ehlo()
        connection.mail("anna@mail.example")
        connection.rcpt("r-abc@ask.shop.example")
        code, _ = connection.data(MAIL + (b"x" * 78 + b"\r\n") * (LARGEST // 80 + 1))
    assert code == 552
    assert office.receiver.received == []


def test_a_mistyped_override_is_explained(office, ports):
    assert send(ports.smtp, "r-abc@ask.shop.example", b"X-Post-Office: spf=NO\r\n" + MAIL).startswith(
        "554 5.6.0 X-Post-Office: "
    )


@pytest.mark.parametrize("failure", [OSError("disk"), ClientError({"Error": {"Code": "500"}}, "PutObject")])
def test_what_could_not_be_stored_is_not_taken(office, ports, failure):
    office.receiver.failure = failure
    assert send(ports.smtp, "r-abc@ask.shop.example").startswith("451 ")


@pytest.mark.parametrize("port", ["smtp", "relay"])
def test_before_the_stack_is_there_the_sender_tries_again(office, ports, port):
    office.receiver = None
    assert send(getattr(ports, port), "r-abc@ask.shop.example").startswith("451 ")


def test_what_ses_delivers_is_filed_for_anybody_and_told(office, ports):
    raw = (
        b"Message-ID: <1@email.amazonses.com>\r\nX-SES-CONFIGURATION-SET: set\r\nX-SES-MESSAGE-TAGS: outbox=7\r\n"
        + MAIL
    )
    assert send(ports.relay, ["New@Mail.example", "bounce@simulator.amazonses.com", "x@gone.invalid"], raw) == "250"
    assert office.maildirs.addresses() == ["kevin@shop.example", "new@mail.example"]
    (letter,) = office.maildirs.letters("new@mail.example")
    assert b"X-SES" not in letter.raw
    assert letter.raw.startswith(
        b"Return-Path: <anna@mail.example>\nDelivered-To: New@Mail.example\nMessage-ID: <1@email"
    )
    (told,) = office.events.published
    assert told.tags["outbox"] == ["7"]
    assert told.recipients == ("New@Mail.example", "bounce@simulator.amazonses.com", "x@gone.invalid")


def test_what_ses_delivers_to_our_own_domain_comes_in_again(office, ports):
    assert send(ports.relay, "r-abc@ask.shop.example") == "250"
    assert len(office.receiver.received) == 1


def test_who_is_out_of_the_office_answers_so(office, ports):
    assert send(ports.relay, "ooto+otto@simulator.amazonses.com", source="r-abc@ask.shop.example") == "250"
    ((source, recipients, raw),) = office.receiver.received
    assert (source, recipients) == ("", ["r-abc@ask.shop.example"])
    read = explain(raw)
    assert (read["fate"], read["is_auto"], read["subject"]) == ("away", True, "Out of office: hi")
