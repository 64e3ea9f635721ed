"""From an outcome to the next ranking: effects passes lessons on, learn publishes, everybody reads."""

from __future__ import annotations

from datetime import timedelta

from chaos import stack as moto
from chaos.harness import World, world
from chaos.wire import Call
from undivided.aws.bucket import Bucket
from undivided.aws.learnedstore import KEY, LearnedStore
from undivided.expertise.learned import Learned
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
        known = store.current()
        here.stack.s3.put_object(Bucket=moto.BUCKET, Key=KEY, Body=b"rubbish")
        here.now += timedelta(minutes=2)
        assert store.current() is known
