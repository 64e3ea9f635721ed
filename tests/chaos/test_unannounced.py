"""A mail that SES stored and never announced: S3's word finds it, the owner hears of it once, and can take it in."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from chaos import stack as moto
from chaos.harness import MINUTE, World, world
from chaos.invariants import all_hold
from undivided.aws.notices import stamped_notice
from undivided.values import stamp

ANNA, OWNER, IDA = "anna@people.example", "owner@people.example", "ida@mail.example"
ON_TOP = (
    "Return-Path: <{source}>\r\n"
    "Received: from people.example (mx.people.example [192.0.2.1])\r\n by inbound-smtp.eu-central-1.amazonaws.com"
    " with SMTP id {id}\r\n for {to};\r\n Mon, 04 May 2026 10:00:00 +0000 (UTC)\r\n"
    "X-SES-Spam-Verdict: PASS\r\nX-SES-Virus-Verdict: PASS\r\n"
    "Received-SPF: {said} (spfCheck: domain of people.example) envelope-from={source};\r\n"
    "Authentication-Results: amazonses.com;\r\n spf={said};\r\n dkim={said} header.i=@people.example;\r\n"
    " dmarc={said} header.from=people.example;\r\n"
)


def store(made: World, said: str = "pass", text: str = "The blade of 20 mm fits.") -> str:
    """Have SES store Anna's answer and S3 say so, and nobody else."""
    asked = made.last_to(ANNA)
    to = asked.mail["Reply-To"].addresses[0].addr_spec
    head = ON_TOP.format(source=ANNA, id="silent", to=to, said=said)
    raw = f"{head}From: {ANNA}\r\nTo: {to}\r\nMessage-ID: <silent@people.example>\r\nSubject: Re\r\n\r\n{text}\r\n"
    made.stack.s3.put_object(Bucket=moto.BUCKET, Key="received/silent", Body=raw.encode())
    made.notices.append("silent")
    tell(made, "silent")
    return raw


def tell(made: World, ses_id: str) -> None:
    one = {"eventTime": stamp(made.now), "s3": {"object": {"key": f"received/{ses_id}"}}}
    made.queues["received"].put(json.dumps({"Records": [one]}), made.now)


def test_the_owner_hears_once_of_a_mail_that_was_never_announced_and_takes_it_in() -> None:
    with world() as made:
        key = made.ask()
        made.settle()
        raw = store(made)
        tell(made, "silent")
        made.advance(timedelta(minutes=55))
        assert not made.to(OWNER)
        assert "The blade" not in "".join(one.text for one in made.to(IDA))
        made.advance(timedelta(minutes=10))
        told = made.last_to(OWNER)
        assert "SES has not announced it" in told.text
        assert "silent" in told.text
        made.advance(timedelta(hours=3))
        assert sum("SES has not announced it" in one.text for one in made.to(OWNER)) == 1
        notice = stamped_notice("silent", "received/silent", raw.encode())
        for _ in range(2):
            made.queues["received"].put(notice, made.now)
            made.settle()
        assert [one["fate"] for one in made.items("RECEIVED#")] == ["relayed"]
        assert "The blade of 20 mm fits." in made.last_to(IDA).text
        assert len([one for one in made.record(key).messages if one.author == "anna"]) == 1
        all_hold(made)


def test_a_mail_that_was_announced_is_looked_at_once_more_and_no_further() -> None:
    with world() as made:
        made.ask()
        made.settle()
        tell(made, "in-0001")
        made.settle()
        made.reply(made.last_to(ANNA), "The blade of 20 mm fits.\n")
        made.advance(timedelta(hours=3))
        assert not made.to(OWNER)
        assert not made.queues["received"].waiting
        assert made.queues["received"].taken == 3, "S3's word, our own of nine minutes later, SES's notice"


def test_a_late_notice_is_still_taken_in() -> None:
    with world() as made:
        made.ask()
        made.settle()
        ses_id = made.reply(made.last_to(ANNA), "The blade of 20 mm fits.\n")
        late = made.queues["received"].waiting.pop()
        tell(made, ses_id)
        made.advance(timedelta(hours=2))
        assert sum("SES has not announced it" in one.text for one in made.to(OWNER)) == 1
        made.queues["received"].put(late.body, made.now)
        made.settle()
        assert "The blade of 20 mm fits." in made.last_to(IDA).text


@pytest.mark.parametrize("said", ["fail", "none"])
def test_what_ses_could_not_prove_is_no_more_proven_by_taking_it_in(said: str) -> None:
    with world() as made:
        made.ask()
        made.settle()
        raw = store(made, said)
        made.queues["received"].put(stamped_notice("silent", "received/silent", raw.encode()), made.now)
        made.advance(MINUTE)
        assert [one["fate"] for one in made.items("RECEIVED#")] == ["forged"]
        assert "The blade" not in "".join(one.text for one in made.to(IDA))


def test_what_is_no_mail_is_left_alone() -> None:
    with world() as made:
        made.queues["received"].put(json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent"}), made.now)
        tell(made, "AMAZON_SES_SETUP_NOTIFICATION")
        made.advance(timedelta(hours=2))
        assert not made.to(OWNER)
        assert not made.queues["received"].dead
