from __future__ import annotations

from email import message_from_bytes

from hypothesis import given
from hypothesis import strategies as st

from console.local.rawmail import fields_of, put_before, take_out

NAMES = st.sampled_from(["From", "To", "X-Post-Office", "x-post-office", "Subject", "X-SES-MESSAGE-TAGS"])
WORDS = st.text("abcdef0123= ,;-", min_size=1, max_size=30).map(str.strip).filter(bool)
VALUES = st.lists(WORDS, min_size=1, max_size=3)
BODIES = st.binary(max_size=200)
BREAKS = st.sampled_from([b"\r\n", b"\n"])


def build(fields: list[tuple[str, list[str]]], body: bytes, line_break: bytes) -> bytes:
    header = b"".join(
        name.encode() + b": " + (line_break + b"  ").join(one.encode() for one in lines) + line_break
        for name, lines in fields
    )
    return header + line_break + body


@given(st.lists(st.tuples(NAMES, VALUES), min_size=1, max_size=6), BODIES, BREAKS)
def test_taking_out_leaves_every_other_byte(fields, body, line_break):
    raw = build(fields, body, line_break)
    found, rest = take_out(raw, ["X-Post-Office"])
    kept = [(name, lines) for name, lines in fields if name.lower() != "x-post-office"]
    # A mail whose every field is taken out begins with the empty line that ended its header.
    assert rest == build(kept, body, line_break)
    assert bool(found) == (len(kept) < len(fields))


@given(st.lists(st.tuples(NAMES, VALUES), min_size=1, max_size=6), BODIES, BREAKS)
def test_fields_are_read_like_the_standard_library_reads_them(fields, body, line_break):
    raw = build(fields, body, line_break)
    expected = [(name, "".join(value.splitlines()).strip()) for name, value in message_from_bytes(raw).items()]
    assert fields_of(raw) == expected


@given(BODIES)
def test_a_body_is_never_taken_for_a_header(body):
    raw = b"From: a@b.example\r\n\r\nX-Post-Office: spf=FAIL\r\n" + body
    assert take_out(raw, ["X-Post-Office"]) == ({}, raw)


def test_put_before_does_not_touch_the_mail():
    raw = b"Subject: \xff\r\n\r\n\x00\xff"
    assert put_before(raw, [("Return-Path", "<a@b.example>")]) == b"Return-Path: <a@b.example>\r\n" + raw


def test_a_mail_without_a_body_is_all_header():
    assert take_out(b"To: a@b.example\r\nX-Post-Office: spf=FAIL\r\n", ["x-post-office"]) == (
        {"x-post-office": "spf=FAIL"},
        b"To: a@b.example\r\n",
    )
