"""Every sample event in events/ goes through its handler, against the stack in moto, and does what its name says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from chaos import stack as moto
from chaos.harness import World, world
from undivided.state import State
from undivided.values import ConversationId

EVENTS = Path(__file__).resolve().parents[2] / "events"
CASES = sorted(path.relative_to(EVENTS).with_suffix("").as_posix() for path in EVENTS.glob("*/*.json"))
ASKED = ConversationId("aaaabbbbcccc")
Answer = dict[str, Any]


@pytest.fixture
def here() -> Iterator[World]:
    with world() as made:
        yield made


def replay(here: World, case: str) -> Answer:
    """Run one event; a mail that lies beside it is put where SES would have put it."""
    event = json.loads((EVENTS / f"{case}.json").read_text())
    mail = EVENTS / f"{case}.eml"
    if mail.exists():
        key = json.loads(event["Records"][0]["body"])["receipt"]["action"]["objectKey"]
        here.stack.s3.put_object(Bucket=moto.BUCKET, Key=key, Body=mail.read_bytes())
    answer = here.run(case.partition("/")[0], event)
    assert answer is not None
    return answer


def failed(answer: Answer) -> list[str]:
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def fates(here: World) -> list[str]:
    return [str(item["fate"]) for item in here.items("RECEIVED#")]


def question_taken(here: World, answer: Answer) -> bool:
    return not failed(answer) and here.conversation(ASKED).state is State.FOCUS


def one_question_and_one_failure(here: World, answer: Answer) -> bool:
    return failed(answer) == ["00000000-0000-4000-8000-000000000003"] and list(here.conversations()) == [ASKED]


def fate(expected: str) -> Callable[[World, Answer], bool]:
    return lambda here, answer: not failed(answer) and fates(here) == [expected]


def queued(status: int) -> Callable[[World, Answer], bool]:
    return lambda here, answer: answer["statusCode"] == status and len(here.queues["questions"].waiting) == 1


def page(status: int, *said: str) -> Callable[[World, Answer], bool]:
    return lambda here, answer: answer["statusCode"] == status and all(one in answer["body"] for one in said)


def nothing_wrong(here: World, answer: Answer) -> bool:
    return not failed(answer) and not here.sent


def comes_again(here: World, answer: Answer) -> bool:
    return failed(answer) == ["00000000-0000-4000-8000-000000000001"]


def told(here: World, answer: Answer) -> bool:
    return (
        not failed(answer)
        and [one["DetailType"] for one in here.told] == ["delivered"]
        and bool(here.schedules or here.queues["timers"].waiting)
    )


EXPECTED: dict[str, Callable[[World, Answer], bool]] = {
    "clock/look": nothing_wrong,
    "clock/sweep": nothing_wrong,
    "effects/answer_published": lambda here, answer: (
        not failed(answer) and [one["DetailType"] for one in here.told] == ["answer_published"]
    ),
    "effects/conversation_moved": told,
    "effects/place_in_line": nothing_wrong,
    "effects/place_removed": nothing_wrong,
    "email_events/bounce": nothing_wrong,
    "email_events/complaint": nothing_wrong,
    "email_events/send": nothing_wrong,
    "email_events/somebody_elses_mail": nothing_wrong,
    "email_in/notice_before_mail": lambda here, answer: len(failed(answer)) == 1 and not fates(here),
    "email_in/notification_made": lambda here, answer: nothing_wrong(here, answer) and not fates(here),
    "email_in/question_by_mail": lambda here, answer: (
        fate("question")(here, answer) and len(here.queues["questions"].waiting) == 1
    ),
    "email_in/spam": fate("spam"),
    "email_in/stored": lambda here, answer: (
        nothing_wrong(here, answer) and not fates(here) and len(here.queues["received"].waiting) == 1
    ),
    "email_in/stranger": fate("stranger"),
    "email_out/new_entry": nothing_wrong,
    "intake/form": page(200, "<form", "DUO-2"),
    "intake/json": queued(202),
    "intake/multipart": queued(303),
    "intake/nothing_filled_in": page(400, "<form"),
    "intake/urlencoded": queued(303),
    "learn/outcome_of_nothing": nothing_wrong,
    "learn/promise_kept": lambda here, answer: not failed(answer) and here.runtime.learned.latest().scored != {},
    "learn/promise_late": lambda here, answer: (
        not failed(answer) and here.runtime.learned.latest().calibration.first > 0
    ),
    "orders/unsigned": page(401),
    "pages/answers": page(200, '"sku":"DUO-2"', '"answers":[]'),
    "pages/answers_of_no_product": page(400, "/answers?product=SKU"),
    "pages/proposal": page(404),
    "pages/publish_without_key": page(404),
    "pages/status": page(404),
    "pages/withdraw_without_key": page(404),
    "router/question": question_taken,
    "router/twice_and_one_broken": one_question_and_one_failure,
    "webhook/answered_without_a_secret": comes_again,
    "webhook/no_event": comes_again,
}


@pytest.mark.parametrize("case", CASES)
def test_the_event_does_what_it_says(case: str, here: World) -> None:
    answer = replay(here, case)
    assert EXPECTED[case](here, answer), json.dumps(answer)[:2000]


def test_every_function_has_a_sample_event() -> None:
    functions = {path.parent.name for path in EVENTS.parent.glob("functions/*/handler.py")}
    assert functions - {"setup"} <= {case.partition("/")[0] for case in CASES}, "setup's events are in test_setup.py"
