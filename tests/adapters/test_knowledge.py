"""From a good answer to the next specialist's mail: learn keeps it, email_out shows it, and what turns out badly goes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest import mock

import pytest
from chaos import stack as moto
from chaos.harness import World, world
from chaos.invariants import all_hold
from chaos.wire import Call
from undivided.aws.knowledgestore import RECENT, answer_key, base_key
from undivided.changes import Fact
from undivided.errors import Unavailable
from undivided.knowledge import shelf
from undivided.knowledge.answers import Answer
from undivided.plain import from_text, to_text
from undivided.steps.knowledge import forget
from undivided.steps.learn import Lesson, learn
from undivided.steps.learn import forget as teach_to_forget
from undivided.values import ConversationId

ANNA, KEVIN, IDA, TOM = "anna@people.example", "kevin@people.example", "ida@mail.example", "tom@mail.example"
SAID = "The fine blade of 20 mm fits, Ida; the coarse one is too thick for this saw. Ring +49 30 1234567 if not."
LEARNED = "The fine blade of 20 mm fits, […]; the coarse one is too thick for this saw."


def sold(here: World, outcome: str = "/won 49.90 EUR") -> ConversationId:
    key = here.ask("Hello,\n\nwhich blade fits my saw? It is order 100234.\n\nThanks, Ida")
    here.settle()
    here.reply(here.last_to(ANNA), f"{SAID}\n\n{outcome}")
    here.settle()
    return key


def asked_again(here: World, text: str = "Does any other blade fit the saw?", name: str = "tom") -> str:
    """Ask something like it, a minute later, and return the mail that Anna gets."""
    here.advance(timedelta(minutes=2))
    here.ask(text, name=name)
    here.settle()
    return here.last_to(ANNA).text


def keys(here: World) -> list[str]:
    found = here.stack.s3.list_objects_v2(Bucket=moto.BUCKET, Prefix="knowledge/").get("Contents", [])
    return sorted(str(one["Key"]) for one in found)


def kept(here: World, key: ConversationId) -> Answer:
    return from_text(Answer, here.stack.s3.get_object(Bucket=moto.BUCKET, Key=answer_key(key))["Body"].read())


@contextmanager
def merging(most: int = 0) -> Iterator[None]:
    """Merge at each word."""
    with mock.patch.object(shelf, "MOST_RECENT", most):
        yield


def test_the_next_similar_question_brings_the_answer_without_anybody_s_data() -> None:
    with world() as here:
        key = sold(here)
        assert kept(here, key).question == "which blade fits my saw? It is order […]."
        text = asked_again(here)
        assert LEARNED in text
        assert "Anna, 4 May 2026, about Saw:" in text
        for secret in ("Ida", "ida@mail", "100234", "1234567"):
            assert secret not in text
        assert LEARNED not in here.last_to(TOM).text
        all_hold(here)


@pytest.mark.parametrize("outcome", ["/lost too dear", "/close", ""])
def test_what_did_not_end_well_is_not_kept(outcome: str) -> None:
    with world() as here:
        sold(here, outcome)
        assert keys(here) == []
        assert "similar questions" not in asked_again(here)


def test_it_needs_no_more_requests_than_the_index_and_two_texts() -> None:
    with world() as here:
        sold(here)
        asked_again(here)
        read = [call.params["Key"] for call in here.wire.calls if call.name == "s3.GetObject"]
        assert len([one for one in read if one.startswith("knowledge/")]) <= 5


def test_another_product_in_other_words_brings_nothing() -> None:
    with world() as here:
        sold(here)
        assert "similar questions" not in asked_again(here, "When do you open on Saturdays?")


def test_the_specialist_s_reply_relays_no_word_of_it_unless_they_copied_it() -> None:
    with world() as here:
        sold(here)
        quote = "\n".join(f"> {line}" for line in asked_again(here).splitlines())
        here.reply(here.last_to(ANNA), f"Take the coarse one.\n\n{quote}")
        here.settle()
        assert "coarse one is too thick" not in here.last_to(TOM).text
        here.reply(here.last_to(TOM), "Why?")
        here.settle()
        here.reply(here.last_to(ANNA), LEARNED.replace("fits, […];", "fits;"))
        here.settle()
        assert "The fine blade of 20 mm fits; the coarse one" in here.last_to(TOM).text


def test_an_answer_copied_as_it_stands_reaches_the_shopper() -> None:
    with world() as here:
        here.ask("Which blade fits my saw?")
        here.settle()
        own = "The fine blade of 20 mm fits, and the coarse one is too thick for this saw."
        here.reply(here.last_to(ANNA), f"{own}\n\n/won 49.90 EUR")
        here.settle()
        assert own in asked_again(here)
        here.reply(here.last_to(ANNA), own)
        here.settle()
        assert own in here.last_to(TOM).text
        all_hold(here)


def test_a_sale_that_is_lost_again_takes_its_answer_out() -> None:
    with world() as here:
        key = sold(here)
        assert keys(here) == [answer_key(key), RECENT]
        here.reply(here.last_to(ANNA), "/lost came back")
        here.settle()
        assert keys(here) == [RECENT]
        assert "similar questions" not in asked_again(here)


def test_a_large_part_is_made_and_replaced() -> None:
    with world() as here, merging():
        first = sold(here)
        assert keys(here) == [answer_key(first), base_key(1), RECENT]
        assert LEARNED in asked_again(here)
        here.reply(here.last_to(ANNA), "Any blade of 20 mm does, of whatever maker it may be.\n\n/won 9 EUR")
        here.settle()
        assert keys(here) == [answer_key(first), answer_key(second(here)), base_key(2), RECENT]
        text = asked_again(here, "Which blade of 20 mm fits this saw?", "una")
        assert LEARNED in text
        assert "of whatever maker" in text


def second(here: World) -> ConversationId:
    return next(key for key, one in here.conversations().items() if one.shopper.email == TOM)


@pytest.mark.parametrize("merged", [True, False])
def test_forgetting_leaves_nothing(merged: bool) -> None:
    with world() as here:
        with merging(0 if merged else 99):
            key = sold(here)
        forget(key, here.runtime)
        forget(key, here.runtime)
        assert [one for one in keys(here) if one.startswith("knowledge/answers")] == []
        rt = here.runtime
        assert not rt.knowledge.holds(rt.knowledge.latest(), key)
        assert key not in rt.knowledge.latest().recent
        assert len(keys(here)) == 1 + merged
        assert "similar questions" not in asked_again(here)


def test_a_lesson_about_a_conversation_that_is_no_more_forgets_it() -> None:
    with world() as here:
        key = sold(here)
        for item in here.items(f"CONV#{key}"):
            here.stack.dynamodb.delete_item(
                TableName=moto.TABLE, Key={name: {"S": item[name]} for name in ("pk", "sk")}
            )
        learn([Lesson(Fact("ended"), key, 9, 0)], here.runtime)
        assert keys(here) == [RECENT]


def test_what_is_being_erased_is_forgotten_although_it_still_stands() -> None:
    with world() as here:
        key = sold(here)
        record = here.record(key)
        here.process(lambda: teach_to_forget(record, here.runtime))
        here.queues[moto.LESSONS].put(to_text(Lesson(Fact("rated"), key, 9, 0)), here.now)
        here.settle()
        assert keys(here) == [RECENT]
        assert "similar questions" not in asked_again(here)


def test_an_answer_older_than_the_retention_leaves_the_large_part() -> None:
    with world() as here, merging():
        key = sold(here)
        here.now += timedelta(days=400)
        rt = here.runtime
        emptied = rt.knowledge.merge(rt.knowledge.latest(), here.now - rt.shop.pace.retention)
        assert not rt.knowledge.holds(emptied, key)


@pytest.mark.parametrize("broken", ["recent", "text", "base", "unreachable"])
def test_whatever_is_wrong_with_it_the_question_reaches_its_specialist(broken: str) -> None:
    with world() as here:
        with merging():
            key = sold(here)
        damaged = {"recent": RECENT, "text": answer_key(key), "base": base_key(1)}.get(broken)
        if damaged:
            here.stack.s3.put_object(Bucket=moto.BUCKET, Key=damaged, Body=b"\x00rubbish")
        happening = here.wire.happening
        here.wire.happening = _unreachable if broken == "unreachable" else happening
        assert "Does any other blade fit" in asked_again(here)
        all_hold(here)


def _unreachable(call: Call, moment: str) -> None:
    if call.name == "s3.GetObject" and call.params["Key"].startswith("knowledge/"):
        raise Unavailable("S3 is not there")


def test_after_a_failure_nobody_asks_again_for_a_minute() -> None:
    with world() as here:
        sold(here)
        here.wire.happening = _unreachable
        asked_again(here)
        asked = [call for call in here.wire.calls if call.name == "s3.GetObject" and call.params["Key"] == RECENT]
        here.ask("And which blade for oak?", sku="", name="una")
        here.settle()
        again = [call for call in here.wire.calls if call.name == "s3.GetObject" and call.params["Key"] == RECENT]
        assert len(again) == len(asked)


def test_rubbish_in_the_index_is_no_reason_to_learn_nothing_else() -> None:
    with world() as here:
        here.stack.s3.put_object(Bucket=moto.BUCKET, Key=RECENT, Body=b"rubbish")
        here.ask()
        here.settle()
        here.reply(here.last_to(ANNA), f"{SAID}\n\n/won 49.90 EUR")
        here.survive()
        assert here.runtime.learned.latest().taught
        assert here.queues[moto.LESSONS].dead, "and the owner hears of it"
