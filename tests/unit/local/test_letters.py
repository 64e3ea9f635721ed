from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.local.letters import Attachment, Draft, quote, reply_to, show, write

NOW = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n"), max_size=300)


def question(**headers: str) -> bytes:
    mail = EmailMessage()
    told = {
        "From": "Kevin at Shop <r-anna@ask.shop.example>",
        "To": "anna@mail.example",
        "Subject": "Your question [ab2c]",
        "Message-ID": "<3@email.amazonses.com>",
        "Date": "Fri, 01 May 2026 09:00:00 +0000",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in told.items():
        if value:
            mail[name] = value
    mail.set_content("Hello,\n\n> is it quiet?\n\nYes.\n")
    mail.add_alternative("<p>Yes.</p>", subtype="html")
    return mail.as_bytes()


def test_a_reply_is_addressed_threaded_and_quoted():
    draft = reply_to(question(References="<1@x> <2@x>"), "anna@mail.example", "Anna Schmidt")
    assert draft.to == "Kevin at Shop <r-anna@ask.shop.example>"
    assert draft.subject == "Re: Your question [ab2c]"
    assert draft.in_reply_to == "<3@email.amazonses.com>"
    assert draft.references == ("<1@x>", "<2@x>", "<3@email.amazonses.com>")
    assert draft.text == (
        "\n\nOn Fri, 01 May 2026 at 09:00, Kevin at Shop wrote:\n> Hello,\n>\n>> is it quiet?\n>\n> Yes."
    )


@pytest.mark.parametrize(
    ("headers", "field", "expected"),
    [
        ({"Reply_To": "r-x@ask.shop.example"}, "to", "r-x@ask.shop.example"),
        ({"Subject": "Re: hi"}, "subject", "Re: hi"),
        ({"Subject": "AW: hi"}, "subject", "AW: hi"),
        ({"Subject": "Reality"}, "subject", "Re: Reality"),
        ({"Subject": ""}, "subject", "Re: "),
        ({"In_Reply_To": "<0@x>"}, "references", ("<0@x>", "<3@email.amazonses.com>")),
        ({"Message_ID": ""}, "in_reply_to", ""),
        ({"Message_ID": "", "References": "<1@x>"}, "references", ("<1@x>",)),
    ],
)
def test_a_reply_follows_rfc_5322(headers, field, expected):
    assert getattr(reply_to(question(**headers), "anna@mail.example", ""), field) == expected


@given(TEXTS, st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=80))
def test_what_is_written_is_read_again_and_goes_over_a_seven_bit_line(text, subject):
    draft = Draft("anna@mail.example", "Anna Schmidt", "r-x@ask.shop.example", subject, text)
    raw = write(draft, NOW).as_bytes()
    raw.decode("ascii")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    shown = show(raw)
    assert shown.text.rstrip("\r\n").splitlines() == text.rstrip("\n").splitlines()
    assert shown.subject == (" ".join(subject.split()) or "(no subject)")
    assert shown.sender == "Anna Schmidt <anna@mail.example>"


@given(st.lists(st.uuids().map(lambda one: f"<{one}@mail.example>"), min_size=1, max_size=60, unique=True))
def test_long_references_keep_the_first_and_the_last(references):
    draft = Draft("a@b.example", "", "c@d.example", "x", "y", references=tuple(references))
    kept = str(write(draft, NOW)["References"]).split()
    assert kept[0] == references[0]
    assert kept[-1] == references[-1]
    assert len(kept) <= 11


def test_attachments_arrive():
    photo = Attachment("crack.png", "image/png", b"\x89PNG\x00\xff")
    draft = Draft("a@b.example", "", "c@d.example", "x", "see the photo", attachments=(photo,))
    assert show(write(draft, NOW).as_bytes()).attachments == (photo,)


@given(TEXTS)
def test_every_quoted_line_is_marked_and_nothing_is_lost(text):
    quoted = quote(text).splitlines()
    assert all(line.startswith(">") for line in quoted)
    unmarked = [line[1:] if line.startswith((">>", ">\n")) or line == ">" else line[2:] for line in quoted]
    assert unmarked == text.rstrip().splitlines()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"just text",
        b"Content-Type: text/plain; charset=nonsense\r\n\r\n\xff\xfe",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\nno part at all",
        b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!",
        b'From: "unfinished\r\nDate: yesterday\r\nMessage-ID: <[x@>\r\n\r\nhi',
    ],
)
def test_a_broken_mail_can_be_shown_and_answered(raw):
    show(raw)
    write(reply_to(raw, "anna@mail.example", "Anna"), NOW).as_bytes()
