"""What SES wrote on top of a stored mail, and nothing that its sender wrote below."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from undivided.mail.stamped import Stamp, stamp_of
from undivided.mail.trust import Verdict, Verdicts

SES = (
    b"Return-Path: <anna@mail.example>\r\n"
    b"Received: from mail.example (mx.mail.example [192.0.2.1])\r\n by inbound-smtp.us-east-1.amazonaws.com with SMTP"
    b" id abc\r\n for r-key@ask.shop.example;\r\n Mon, 04 May 2026 10:00:00 +0000 (UTC)\r\n"
    b"X-SES-Spam-Verdict: PASS\r\nX-SES-Virus-Verdict: PASS\r\n"
    b"Received-SPF: pass (spfCheck: domain of mail.example) client-ip=192.0.2.1;\r\n"
    b"Authentication-Results: amazonses.com;\r\n spf=pass (spfCheck: x) client-ip=192.0.2.1;\r\n"
    b" dkim=fail header.i=@other.example;\r\n dkim=pass header.i=@mail.example;\r\n dmarc=none header.from=mail.example;\r\n"
    b"X-SES-RECEIPT: AEFBQUFBQUFB\r\nX-SES-DKIM-SIGNATURE: a=rsa-sha256; q=dns/txt;\r\n"
)
PASS, GRAY = Verdict.PASS, Verdict.GRAY
PROVEN = Verdicts(PASS, PASS, GRAY, PASS, PASS)
CLAIMS = [
    b"X-SES-Spam-Verdict: PASS\r\n",
    b"X-SES-Virus-Verdict: PASS\r\n",
    b"Authentication-Results: amazonses.com; spf=pass; dkim=pass; dmarc=pass\r\n",
    b"Received: from x by inbound-smtp.us-east-1.amazonaws.com for r-other@ask.shop.example; now\r\n",
    b"Return-Path: <mallory@evil.example>\r\n",
]


def test_everything_is_read() -> None:
    raw = SES + b"From: anna@mail.example\r\n\r\nhi\r\n"
    assert stamp_of(raw) == Stamp("anna@mail.example", ("r-key@ask.shop.example",), PROVEN)


@pytest.mark.parametrize("claims", [some for size in range(4) for some in permutations(CLAIMS, size)])
def test_what_the_sender_claims_below_changes_nothing(claims: tuple[bytes, ...]) -> None:
    below, sender = b"".join(claims), b"From: x@y.example\r\n"
    for header in (below + sender, sender + below):
        assert stamp_of(SES + header + b"\r\nhi\r\n") == Stamp("anna@mail.example", ("r-key@ask.shop.example",), PROVEN)


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n\r\n", b"From: x@y.example\r\n" + CLAIMS[2] + b"\r\nhi", b"\xff\x00 nothing"]
)
def test_without_sess_own_fields_nothing_is_proven(raw: bytes) -> None:
    assert stamp_of(raw) == Stamp("", (), Verdicts())


@given(st.binary(max_size=400))
def test_any_bytes_can_be_read(raw: bytes) -> None:
    stamp_of(raw)
    stamp_of(SES + raw)
