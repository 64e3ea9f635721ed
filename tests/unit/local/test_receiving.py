"""Shape of the receipt notice: SES developer guide, "Contents of notifications for Amazon SES email receiving"."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from console.local.receiving import CHECKS, Received, Receiver, UnknownOverride, Verdicts, accept, notice, read_override

NOW = datetime(2026, 5, 1, 9, 30, 0, 123456, tzinfo=UTC)
RAW = (
    b"From: =?utf-8?q?J=C3=BCrgen?= <juergen@mail.example>\r\n"
    b"To: Kevin at Shop <r-abc@ask.shop.example>, other@shop.example\r\n"
    b"Cc: third@shop.example\r\n"
    b"X-Post-Office: spf=FAIL dkim=GRAY\r\n"
    b"Subject: =?utf-8?q?gr=C3=BC=C3=9Fe?=\r\n"
    b"Message-ID: <1@mail.example>\r\n"
    b"References: <0@mail.example>\r\n <00@mail.example>\r\n"
    b"\r\nhello\r\n"
)


def taken(raw: bytes = RAW) -> Received:
    return accept("juergen@mail.example", ["r-abc@ask.shop.example"], raw, NOW)


def test_the_notice_has_the_documented_shape():
    mail = taken()
    told = notice(mail, "bucket", "arn:topic")
    headers = told["mail"].pop("headers")
    assert told == {
        "notificationType": "Received",
        "mail": {
            "timestamp": "2026-05-01T09:30:00.123Z",
            "source": "juergen@mail.example",
            "messageId": mail.id,
            "destination": ["r-abc@ask.shop.example", "other@shop.example", "third@shop.example"],
            "headersTruncated": False,
            "commonHeaders": {
                "returnPath": "juergen@mail.example",
                "from": ["Jürgen <juergen@mail.example>"],
                "to": ["Kevin at Shop <r-abc@ask.shop.example>", "other@shop.example"],
                "cc": ["third@shop.example"],
                "messageId": "<1@mail.example>",
                "subject": "grüße",
            },
        },
        "receipt": {
            "timestamp": "2026-05-01T09:30:00.123Z",
            "processingTimeMillis": 1,
            "recipients": ["r-abc@ask.shop.example"],
            "spamVerdict": {"status": "PASS"},
            "virusVerdict": {"status": "PASS"},
            "spfVerdict": {"status": "FAIL"},
            "dkimVerdict": {"status": "GRAY"},
            "dmarcVerdict": {"status": "PASS"},
            "action": {
                "type": "S3",
                "topicArn": "arn:topic",
                "bucketName": "bucket",
                "objectKeyPrefix": "received/",
                "objectKey": f"received/{mail.id}",
            },
        },
    }
    assert {"name": "References", "value": "<0@mail.example> <00@mail.example>"} in headers
    assert json.loads(json.dumps(told)) == told


def test_the_override_is_taken_out_before_storing():
    mail = taken()
    assert b"X-Post-Office" not in mail.raw
    assert mail.raw.endswith(RAW.replace(b"X-Post-Office: spf=FAIL dkim=GRAY\r\n", b""))
    assert "X-Post-Office" not in json.dumps(notice(mail, "b", "t"))


def test_what_ses_puts_before_a_stored_mail_says_the_same_as_the_notice():
    stored = taken().raw.decode()
    assert stored.startswith("Return-Path: <juergen@mail.example>\r\nReceived: from mail.example ")
    assert "X-SES-Spam-Verdict: PASS\r\n" in stored
    assert "Authentication-Results: amazonses.com; spf=fail; dkim=gray " in stored


@pytest.mark.parametrize("name", CHECKS)
@pytest.mark.parametrize("value", ["PASS", "FAIL", "gray", "PROCESSING_FAILED"])
def test_each_verdict_can_be_set_alone(name, value):
    told = notice(taken(RAW.replace(b"spf=FAIL dkim=GRAY", f"{name}={value}".encode())), "b", "t")["receipt"]
    assert {one: told[f"{one}Verdict"]["status"] for one in CHECKS} == dict.fromkeys(CHECKS, "PASS") | {
        name: value.upper()
    }


@pytest.mark.parametrize("policy", ["none", "quarantine", "reject"])
def test_the_dmarc_policy_is_told_only_when_dmarc_fails(policy):
    failed = taken(RAW.replace(b"spf=FAIL dkim=GRAY", f"dmarc=FAIL policy={policy}".encode()))
    passed = taken(RAW.replace(b"spf=FAIL dkim=GRAY", f"policy={policy}".encode()))
    assert notice(failed, "b", "t")["receipt"]["dmarcPolicy"] == policy
    assert "dmarcPolicy" not in notice(passed, "b", "t")["receipt"]


@pytest.mark.parametrize("text", ["spf=NOPE", "sfp=PASS", "spf", "policy=PASS", "spf=none", "=PASS"])
def test_a_mistyped_override_is_refused_and_explained(text):
    with pytest.raises(UnknownOverride, match="spf, dkim, dmarc = PASS or FAIL"):
        read_override(text)


def test_without_an_override_everything_passes():
    assert read_override("") == Verdicts("PASS", "PASS", "PASS", "PASS", "PASS")


def test_a_long_header_is_truncated_at_ten_kilobytes():
    raw = RAW.replace(
        b"\r\n\r\n", b"\r\n" + b"".join(b"X-%d: " % n + b"x" * 90 + b"\r\n" for n in range(300)) + b"\r\n"
    )
    told = notice(taken(raw), "b", "t")["mail"]
    assert told["headersTruncated"] is True
    size = sum(len(one["name"]) + len(one["value"]) for one in told["headers"])
    assert 9 * 1024 < size <= 10 * 1024


@pytest.mark.parametrize(
    "header",
    [
        b'From: "unfinished <a@b.example>\r\n',
        b"From: =?utf-8?q?=ff=fe?= <a@b.example>\r\n",
        b"From: \xff\xfe <a@b.example>\r\n",
        b"To: ;;;,,, <>\r\n",
        b"Message-ID: <[broken@>\r\n",
        b"Date: not a date\r\n",
        b"Subject: =?unknown-charset?b?////?=\r\n",
        b"no colon at all\r\n",
        b"",
    ],
)
def test_broken_headers_are_announced_all_the_same(header):
    told = notice(accept("", ["r-abc@ask.shop.example"], header + b"\r\nbody", NOW), "b", "t")
    assert json.loads(json.dumps(told))["receipt"]["recipients"] == ["r-abc@ask.shop.example"]


class Bucket:
    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, object]]] = []

    def put_object(self, **given: object) -> None:
        self.calls.append(("put", given))

    def publish(self, **given: object) -> None:
        self.calls.append(("publish", given))


def test_a_mail_is_stored_before_it_is_announced():
    aws = Bucket()
    mail_id = Receiver(aws, aws, "bucket", "topic").receive("a@b.example", ["r-x@ask.shop.example"], RAW, NOW)
    (first, put), (second, published) = aws.calls
    assert (first, second) == ("put", "publish")
    assert put["Key"] == f"received/{mail_id}"
    assert json.loads(str(published["Message"]))["mail"]["messageId"] == mail_id
