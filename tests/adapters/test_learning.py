"""From an outcome to the next ranking: effects passes lessons on, learn publishes, everybody reads."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from weakref import ref

import pytest
from chaos import stack as moto
from chaos.harness import World, world
from chaos.wire import Call
from undivided.aws.alarms import Figures
from undivided.aws.bucket import Bucket
from undivided.aws.learnedstore import KEY, LearnedStore
from undivided.errors import Unavailable
from undivided.expertise.learned import Learned
from undivided.promise.scoring import Score
from undivided.values import SpecialistId


def learned(here: World) -> Learned:
    return LearnedStore(Bucket(here.stack.s3, moto.BUCKET), lambda: here.now).latest()


def _is_lesson(call: Call) -> bool:
    return call.name == "sqs.SendMessage" and call.params["QueueUrl"].endswith(moto.LESSONS)


def sold(here: World) -> None:
    here.ask("Which blade fits the saw?")
    here.settle()
    here.reply(here.last_to("anna@people.example"), "The fine one.\n\n/won 49.90 EUR")
    here.settle()


def test_a_sale_teaches_who_answered_and_how_long_it_took() -> None:
    with world() as here:
        sold(here)
        known = learned(here)
    assert known.model.record(SpecialistId("anna")).won > 0
    assert list(known.scored), "the promise was scored"


def test_lessons_that_come_twice_change_nothing() -> None:
    with world() as here:
        sold(here)
        once = learned(here).dump()
        passed_on = [call.params["MessageBody"] for call in here.wire.calls if _is_lesson(call)]
        assert passed_on
        for body in passed_on:
            here.queues[moto.LESSONS].put(body, here.now)
        here.settle()
        assert learned(here).dump() == once


def _figures(printed: str) -> dict[str, list[Any]]:
    """Read the lines of a log as CloudWatch does: all values of each metric about promises."""
    lines = [json.loads(line) for line in printed.splitlines() if "PromiseKept" in line]
    assert all(line["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["FunctionName"]] for line in lines)
    names = [one["Name"] for line in lines[:1] for one in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]]
    return {name: [value for line in lines for value in line[name]] for name in names}


def _promises(lessons: Iterable[str]) -> list[dict[str, str]]:
    facts = [json.loads(body)["fact"] for body in lessons]
    return [one["data"] for one in facts if one["name"] in ("promise_kept", "promise_missed")]


def test_the_end_of_a_promise_is_counted_once_however_often_it_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with world() as here:
        sold(here)
        told = [call.params["MessageBody"] for call in here.wire.calls if _is_lesson(call)]
        (score,) = _promises(told)
        for body in told:
            here.queues[moto.LESSONS].put(body, here.now)
        here.settle()
    assert _figures(capsys.readouterr().out) == {
        "PromiseKept": [int(score["kept"] == "yes")],
        "PromiseLength": [pytest.approx(float(score["overshoot"]) + 1, abs=1e-3)],
        "PromiseRevisions": [int(score["revisions"])],
    }


def test_a_miss_is_learned_when_it_falls_due_and_not_again_with_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    with world() as here:
        here.ask("Which blade fits the saw?")
        here.settle()
        before = learned(here).calibration
        here.advance(timedelta(minutes=90))
        missed = learned(here).calibration
        assert missed.first == pytest.approx(before.missed("idle").first)
        assert missed.first > before.first
        assert missed.counts == before.counts
        here.reply(here.last_to("anna@people.example"), "The fine one.")
        here.settle()
        told = [call.params["MessageBody"] for call in here.wire.calls if _is_lesson(call)]
        for body in reversed(told):
            here.queues[moto.LESSONS].put(body, here.now)
        here.settle()
        answered = learned(here).calibration
    assert answered.first == missed.first
    assert sum(answered.counts["idle"].values()) == 1
    assert _figures(capsys.readouterr().out)["PromiseKept"] == [0], "one promise, counted at its end"


def test_what_could_not_be_published_is_not_counted_before_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = [Unavailable("the bucket is away")]
    publish = LearnedStore.publish

    def at_last(store: LearnedStore, known: Learned) -> None:
        if failing:
            raise failing.pop()
        publish(store, known)

    monkeypatch.setattr(LearnedStore, "publish", at_last)
    with world() as here:
        sold(here)
        here.advance(timedelta(minutes=10))
        assert list(learned(here).scored)
    assert not failing
    assert _figures(capsys.readouterr().out)["PromiseKept"] == [1]


def test_more_values_than_a_line_may_hold_fill_several(capsys: pytest.CaptureFixture[str]) -> None:
    scores = [Score("idle", kept=number % 10 > 0, ratio=1, overshoot=-0.5, revisions=0) for number in range(250)]
    Figures("shop-learn", lambda: datetime(2026, 5, 4, 9, tzinfo=UTC)).promises(scores)
    printed = capsys.readouterr().out
    assert len(printed.splitlines()) == 3
    assert sum(_figures(printed)["PromiseKept"]) == 225
    assert set(_figures(printed)["PromiseLength"]) == {0.5}


def test_a_reader_keeps_what_it_knows_for_a_minute_and_then_asks_again() -> None:
    with world() as here:
        store = LearnedStore(Bucket(here.stack.s3, moto.BUCKET), lambda: here.now)
        assert store.current().model.version == 0
        sold(here)
        assert store.current().model.version == 0
        here.now += timedelta(minutes=2)
        assert store.current().model.version > 0


def test_rubbish_in_the_bucket_leaves_the_last_known_state() -> None:
    with world() as here:
        sold(here)
        store = LearnedStore(Bucket(here.stack.s3, moto.BUCKET), lambda: here.now)
        known = store.current().dump()
        here.stack.s3.put_object(Bucket=moto.BUCKET, Key=KEY, Body=b"rubbish")
        here.now += timedelta(minutes=2)
        assert store.current().dump() == known


def test_a_reader_lets_go_of_what_it_knew_before_it_reads_what_is_newer(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as here:
        sold(here)
        store = LearnedStore(Bucket(here.stack.s3, moto.BUCKET), lambda: here.now)
        former, load, gone = ref(store.current().model), Learned.load, []

        def observed(data: bytes) -> Learned:
            gone.append(former() is None)
            return load(data)

        sold(here)
        monkeypatch.setattr(Learned, "load", observed)
        here.now += timedelta(minutes=2)
        store.current()
    assert gone[-1:] == [True], "two states of a large desk are more than the process may hold"
