"""The shop's own history: exported without the shoppers, learned anew beside the one writer, and forgotten."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest
from chaos import stack as moto
from chaos.harness import SHOP, World, world
from undivided.aws.bucket import Bucket
from undivided.aws.learnedstore import KEY, LearnedStore
from undivided.changes import Fact
from undivided.plain import to_text
from undivided.shopjson import shop_from
from undivided.steps.learn import FORGOTTEN, REBUILT, Lesson, forget
from undivided.values import ConversationId, SpecialistId, Unusable

from console import expertise, history
from console.stack import Stack
from console.taskfile import read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from undivided.expertise.learned import Learned

ANNA = SpecialistId("anna")
TEXTS = (
    "I am Ida, write to ida@mail.example or call +43 660 123 45 67: which blade fits the saw of 12 mm?",
    "Which oil for the chain?",
    "Is the guard of the saw 2nd edition?",
)


def learned(here: World) -> Learned:
    return LearnedStore(Bucket(here.stack.s3, moto.BUCKET), lambda: here.now).latest()


def deployed(here: World, monkeypatch: pytest.MonkeyPatch) -> Stack:
    monkeypatch.setattr(Stack, "client", lambda _self, service: getattr(here.stack, service))
    names = {"TableName": moto.TABLE, "MailBucket": moto.BUCKET, "ConfigBucket": moto.BUCKET}
    return Stack("shop", moto.REGION, {**names, "LessonsQueueUrl": here.stack.queue_url(moto.LESSONS)})


def sold(here: World, text: str, words: str = "/won 49.90 EUR") -> ConversationId:
    key = here.ask(text)
    here.settle()
    here.reply(here.last_to("anna@people.example"), f"The fine one.\n\n{words}")
    here.settle()
    return key


def test_the_export_is_a_task_without_the_shoppers(monkeypatch, capsys, tmp_path: Path) -> None:
    with world() as here:
        for text in TEXTS:
            sold(here, text)
        stack = deployed(here, monkeypatch)
        capsys.readouterr()  # what the functions have logged
        assert history.history(stack) == 0
    told = capsys.readouterr().out
    task = json.loads(told)
    assert [one["by"] for one in (*task["stream"], *({"by": "-"} for _ in task["test"]))] == ["anna", "anna", "-"]
    assert task["test"] == [
        {"text": TEXTS[2], "intent": "anna", "lang": "en", "sku": "S-1", "title": "Saw", "category": "saws"}
    ]
    for personal in ("Ida", "ida@", "43 660", "45 67"):
        assert personal not in told
    assert "12 mm" in task["stream"][0]["text"], "what a question is about stays"
    assert [one["id"] for one in task["specialists"]] == ["anna", "kevin"], "the fallback person is never ranked"
    assert task["specialists"][0]["categories"] == ["saws"]
    file = tmp_path / "task.json"
    file.write_text(told)
    assert [one.product[0] for one in read(file).test] == ["S-1"]
    assert expertise.evaluate(file, points="0,5") == 0
    points = json.loads(capsys.readouterr().out)["points"]
    assert points.keys() == {"0", "2"}
    assert points["2"]["top1"] == 1.0


def test_what_the_fallback_person_answered_is_exported_as_a_strangers_with_its_language(monkeypatch) -> None:
    with world() as here:
        for text in TEXTS:
            sold(here, text)
        several = history.told(deployed(here, monkeypatch))
    shop = shop_from(SHOP)
    strange = replace(several[0], taught=replace(several[0].taught, specialist=shop.fallback))
    found = history.task("shop", shop, [strange, *several[1:]])
    assert found["oos"] == [history.question(strange)]
    assert found["oos"][0]["lang"] == "en"


def test_without_answers_there_is_nothing_to_measure(monkeypatch) -> None:
    with world() as here:
        here.ask()
        here.settle()
        stack = deployed(here, monkeypatch)
        with pytest.raises(Unusable, match="has 0 answered conversations"):
            history.history(stack)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Anna-Lena Weiss hier, Tel. 0660/1234567", "…-… … hier, Tel. …"),
        ("www.shop.example/x?y=1 geht nicht", "… geht nicht"),
        ("Order 4711-0815-99 of 12.05., 4 pieces, M8 x 40", "Order … of 12.05., 4 pieces, M8 x 40"),
        ("weissbier", "weissbier"),
        ("", ""),
    ],
)
def test_what_can_be_known_as_personal_is_taken_out(text: str, left: str) -> None:
    assert history.cleaned(text, "Anna-Lena Weiss") == left


def test_what_is_built_anew_is_what_was_learned(monkeypatch) -> None:
    with world() as here:
        for text, words in zip(TEXTS, ("/won 49.90 EUR", "/close", "/lost"), strict=True):
            sold(here, text, words)
        before = learned(here)
        here.stack.s3.put_object(Bucket=moto.BUCKET, Key=KEY, Body=b"rubbish")
        rebuild(here, monkeypatch)
        after = learned(here)
        assert after.rebuild
        stack = deployed(here, monkeypatch)
        assert history.settled(stack, after.rebuild.since) is True
        assert history.settled(stack, after.rebuild.since + timedelta(seconds=1)) is None, "another one is still open"
        here.stack.s3.put_object(Bucket=moto.BUCKET, Key=KEY, Body=b"rubbish")
        assert history.settled(stack, after.rebuild.since) is None
    assert after.model.counts.dump() == before.model.counts.dump()
    assert after.taught == before.taught
    assert after.model.record(ANNA).won == before.model.record(ANNA).won > 0


def rebuild(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    stack = deployed(here, monkeypatch)
    here.process(lambda: history.begin(stack))
    here.settle()


@contextmanager
def reading_slowly(here: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The table is read when this begins; what happens inside happens while the new state is built."""
    stack, began = deployed(here, monkeypatch), here.now
    scanned = history.told(stack)
    yield
    monkeypatch.setattr(history, "told", lambda _stack: scanned)
    monkeypatch.setattr(history, "datetime", Mock(now=Mock(return_value=began)))
    here.process(lambda: history.begin(stack))
    here.settle()


def test_what_ends_while_it_is_built_counts_once(monkeypatch) -> None:
    with world() as here:
        sold(here, TEXTS[0])
        here.advance(timedelta(hours=1))
        with reading_slowly(here, monkeypatch):
            late = sold(here, TEXTS[1])
        after = learned(here)
        assert after.model.record(ANNA).won == 200
        assert late in after.taught
        for call in [one for one in here.wire.calls if one.name == "sqs.SendMessage"]:
            if call.params["QueueUrl"].endswith(moto.LESSONS) and REBUILT not in call.params["MessageBody"]:
                here.queues[moto.LESSONS].put(call.params["MessageBody"], here.now)
        here.settle()
        assert learned(here).dump() == after.dump(), "lessons that come again find it all known"


def test_what_was_erased_while_it_was_built_does_not_come_back(monkeypatch) -> None:
    with world() as here:
        gone, _kept = sold(here, TEXTS[0]), sold(here, TEXTS[1])
        with reading_slowly(here, monkeypatch):
            erase(here, gone)
        after = learned(here)
        assert after.rebuild
        assert history.settled(deployed(here, monkeypatch), after.rebuild.since) is False, (
            "whoever had it built is told"
        )
    assert after.model.record(ANNA).won == 100
    assert gone not in after.taught


def erase(here: World, key: ConversationId) -> None:
    here.process(lambda: forget(here.record(key), here.runtime))
    here.settle()


def test_what_an_erased_conversation_taught_is_subtracted_once(monkeypatch) -> None:
    """Forgotten twice, with its words gone after the first time, and told of once more: it was never learned."""
    with world() as here:
        sold(here, TEXTS[0])
        alone = learned(here)
        gone = sold(here, TEXTS[1])
        record = here.record(gone)
        assert learned(here).model.counts.whole > alone.model.counts.whole
        for _ in range(2):
            here.process(lambda: forget(record, here.runtime))
            here.settle()
        ended = Lesson(Fact("ended"), gone, record.conversation.version, 0)
        here.queues[moto.LESSONS].put(to_text(ended), here.now)
        here.settle()
        after = learned(here)
        sent = [call.params["MessageBody"] for call in here.wire.calls if call.name == "sqs.SendMessage"]
    assert after.model.counts.dump() == alone.model.counts.dump()
    assert after.model.record(ANNA).outcomes == alone.model.record(ANNA).outcomes
    assert after.taught == alone.taught
    assert not any("chain" in body for body in sent if FORGOTTEN in body), "the lesson holds no word"


def test_the_catalogue_may_change_before_something_is_taken_back(monkeypatch) -> None:
    with world() as here:
        gone = sold(here, TEXTS[0])
        renamed = {**SHOP, "products": [{"sku": "S-1", "title": "Band saw", "category": "machines"}], "version": "2"}
        here.stack.s3.put_object(Bucket=moto.BUCKET, Key="config/shop.json", Body=json.dumps(renamed).encode())
        here.advance(timedelta(minutes=5))
        erase(here, gone)
        assert learned(here).model.counts.whole == 0


@pytest.mark.parametrize(("found", "code", "says"), [(True, 0, "it counts"), (False, 1, "again"), (None, 1, "doctor")])
def test_the_command_says_what_became_of_it(monkeypatch, capsys, found, code: int, says: str) -> None:
    began = Mock(return_value=(datetime(2026, 5, 4, tzinfo=UTC), 7))
    slept: list[float] = []
    monkeypatch.setattr(history, "begin", began)
    monkeypatch.setattr(history, "settled", lambda *_: found if slept else None)
    monkeypatch.setattr(history.time, "sleep", slept.append)
    assert history.rebuild(Stack("shop", moto.REGION, {})) == code
    assert says in capsys.readouterr().out
    assert sum(slept) <= 180
