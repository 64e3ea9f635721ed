"""A mail that cannot be written is tried a few times, and then given up loudly; it never holds a claim meanwhile."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from undivided.aws.alarms import Alarms
from undivided.changes import Changes
from undivided.errors import NotThereYet, Refused, Throttled, Unknown
from undivided.mail.compose import compose
from undivided.outbox import Kind, Mail, Status
from undivided.steps import send
from undivided.steps.send import FAULT, MOST_FAULTS, STALE, drain
from undivided.values import OWNER, SHOPPER
from unit.rules.mailroom import ANNA, CONVERSATION, KEY, NOW, runtime


def room():
    """An outbox with three mails: one that must come before the second to the same reader, and one to somebody else."""
    rt = runtime(CONVERSATION)
    mails = (
        Mail(ANNA, Kind.UNDERSTOOD, data={"what": "won"}),
        Mail(ANNA, Kind.REMINDER, upto=1),
        Mail(SHOPPER, Kind.ACK),
    )
    rt.conversations.commit(Changes(CONVERSATION, CONVERSATION, mails=mails), NOW)
    return rt


def faulty(rt, why: Exception, kind: Kind = Kind.UNDERSTOOD):
    """Have the mails of one kind not be written."""

    def written(entry, record, context):
        if entry.mail.kind is kind:
            raise why
        return compose(entry, record, context)

    return mock.patch.object(send, "compose", written)


def entries(rt):
    return {one.mail.kind: one for one in rt.entries.entries(KEY)}


def told(rt):
    return [one.mail.data["what"] for one in rt.memory.entries.values() if one.mail.to == OWNER]


def test_a_fault_holds_up_only_its_own_reader_and_no_claim():
    rt = room()
    with faulty(rt, KeyError("promise")):
        assert (drain(KEY, rt).sent, len(rt.ses.mails)) == (1, 1)
    one = entries(rt)[Kind.UNDERSTOOD]
    assert (one.status, one.attempts, one.claimed_at, one.faults) == (Status.PENDING, 0, None, 1)
    assert "KeyError" in one.reason
    assert entries(rt)[Kind.REMINDER].status is Status.PENDING
    assert entries(rt)[Kind.ACK].status is Status.SENT
    assert rt.alarms.raised == [FAULT]
    assert told(rt) == []


def test_a_fault_that_is_mended_in_time_costs_nothing():
    rt = room()
    with faulty(rt, KeyError("promise")):
        drain(KEY, rt)
        drain(KEY, rt)
    assert entries(rt)[Kind.UNDERSTOOD].faults == 1, "it waits first"
    rt.time += timedelta(minutes=1)
    assert drain(KEY, rt).sent == 2
    assert {one.status for one in entries(rt).values()} == {Status.SENT}
    assert len(rt.ses.mails) == 3


@pytest.mark.parametrize("why", [KeyError("x"), NotThereYet("received/in-1"), MemoryError(), RecursionError("deep")])
def test_a_fault_that_stays_comes_to_an_end_and_the_owner_hears_of_it(why):
    rt, times = room(), []
    with faulty(rt, why):
        for _ in range(500):
            before = entries(rt)[Kind.UNDERSTOOD].faults
            drain(KEY, rt)
            if entries(rt)[Kind.UNDERSTOOD].faults > before:
                times.append(rt.time)
            rt.time += timedelta(minutes=1)
    one = entries(rt)[Kind.UNDERSTOOD]
    assert one.status is Status.FAILED
    assert type(why).__name__ in one.reason
    assert rt.alarms.raised == [FAULT] * MOST_FAULTS
    assert told(rt) == ["unsendable"]
    assert timedelta(hours=1) < times[-1] - times[0] < timedelta(hours=3), "long enough for a deployment"
    assert entries(rt)[Kind.REMINDER].status is Status.SENT, "the next one goes"
    assert rt.alarms.raised.count(FAULT) == MOST_FAULTS


class Dead(BaseException):
    """What the function leaves behind that runs out of memory or time: nothing."""


def test_a_mail_over_which_the_function_dies_comes_to_an_end_and_holds_nobody_up():
    rt, deaths = room(), []
    with faulty(rt, Dead()):
        for _ in range(400):
            try:
                drain(KEY, rt)
            except Dead:
                deaths.append(rt.time)
            rt.time += timedelta(minutes=1)
    one = entries(rt)[Kind.UNDERSTOOD]
    assert one.status is Status.FAILED
    assert "died" in one.reason
    assert told(rt) == ["unsendable"]
    counted = [at for at in deaths if at >= NOW + STALE]
    assert len(counted) == MOST_FAULTS
    assert timedelta(hours=1) < counted[-1] - counted[0] < timedelta(hours=3), "long enough for a deployment"
    assert entries(rt)[Kind.REMINDER].status is Status.SENT, "the next one goes"
    assert entries(rt)[Kind.ACK].status is Status.SENT


def test_a_late_mail_that_can_be_written_goes_as_ever():
    rt = room()
    rt.time += timedelta(hours=1)
    assert drain(KEY, rt).sent == 3
    assert {one.begun for one in entries(rt).values()} == {0}
    assert rt.alarms.raised == []


def test_a_store_that_is_busy_is_no_fault():
    rt = room()
    with faulty(rt, Throttled("slow down")):
        for _ in range(100):
            drain(KEY, rt)
            rt.time += timedelta(hours=1)
    one = entries(rt)[Kind.UNDERSTOOD]
    assert (one.status, one.faults) == (Status.PENDING, 0)
    assert rt.alarms.raised == []
    assert drain(KEY, rt).sent == 2


def test_what_can_never_be_written_ends_at_once():
    rt = room()
    with faulty(rt, Refused("not on the roster")):
        drain(KEY, rt)
    assert entries(rt)[Kind.UNDERSTOOD].status is Status.FAILED
    assert told(rt) == ["unsendable"]
    assert rt.alarms.raised == []


def test_a_mail_that_may_have_been_sent_is_not_claimed_again_while_it_cannot_be_written():
    rt = room()
    rt.ses.fails = [Unknown("no answer")]
    drain(KEY, rt)
    assert entries(rt)[Kind.UNDERSTOOD].status is Status.SENDING
    rt.time += timedelta(minutes=16)
    with faulty(rt, KeyError("x")):
        drain(KEY, rt)
        drain(KEY, rt)
    one = entries(rt)[Kind.UNDERSTOOD]
    assert (one.status, one.attempts, one.faults) == (Status.SENDING, 1, 1)
    rt.time += timedelta(minutes=1)
    drain(KEY, rt)
    assert entries(rt)[Kind.UNDERSTOOD].status is Status.SENT


def test_the_metric_is_a_line_that_cloudwatch_reads(capsys):
    Alarms("shop-email-out", lambda: datetime(2026, 5, 4, 9, tzinfo=UTC)).raise_for(FAULT)
    said = json.loads(capsys.readouterr().out)
    (metric,) = said["_aws"]["CloudWatchMetrics"]
    assert metric["Metrics"] == [{"Name": FAULT, "Unit": "Count"}]
    assert (said[FAULT], said["FunctionName"]) == (1, "shop-email-out")
    assert metric["Dimensions"] == [["FunctionName"]]
