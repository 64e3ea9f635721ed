"""Invariants 1, 2, 6 and 7 under every interleaving of two handlers on moto, with the table's real conditional writes.

Two claims, claim against free, timer against answer, question against answer. Each order runs in a fork of one prepared
world; afterwards the queues and the stream bring what they have, and everything must hold.
"""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from chaos.forks import in_fork
from chaos.harness import MINUTE, World, warm, world
from chaos.interleaving import Baton, Work, every_order, interleaved
from chaos.invariants import all_hold, undivided
from chaos.lambdas import context, handler
from chaos.test_roster_changes import load
from undivided.aws.queues import look
from undivided.outbox import Kind
from undivided.state import HandOver, State
from undivided.steps.look import pull
from undivided.values import SHOPPER, SpecialistId

ANNA, KEVIN = SpecialistId("anna"), SpecialistId("kevin")
MOST = 7
"""Orders of a scene that are tried for every change: together about a minute of a processor."""
EVERY = 5_000
"""More than any scene has."""
Prepared = Callable[[World], tuple[Work, ...]]


def waiting(made: World, names: tuple[str, ...]) -> None:
    """Let questions wait in the lines, with everybody free: the desk was paused, and nobody has looked since."""
    load(made, {"paused": True})
    for name in names:
        made.ask(f"Question {name}?", name=name)
    made.advance(MINUTE)
    load(made, {})
    made.advance(20 * MINUTE)


def delivered(made: World, queue: str) -> Work:
    """Return what brings the messages that are in a queue now to its function, and their answer back."""
    found = made.queues[queue]
    messages = found.next(made.now)

    def work() -> None:
        answer = handler(found.function)(found.event(messages), context(found.function))
        found.answered(messages, answer)

    return work


def two_looks_at_one_line(made: World) -> tuple[Work, ...]:
    waiting(made, ("ida", "tom"))
    return (lambda: pull(ANNA, made.runtime), lambda: pull(ANNA, made.runtime))


def two_specialists_and_one_question(made: World) -> tuple[Work, ...]:
    waiting(made, ("ida",))
    return (lambda: pull(ANNA, made.runtime), lambda: pull(KEVIN, made.runtime))


def two_specialists_and_two_questions(made: World) -> tuple[Work, ...]:
    waiting(made, ("ida", "tom"))
    return (lambda: pull(ANNA, made.runtime), lambda: pull(KEVIN, made.runtime))


def one_waits_for_anna(made: World) -> None:
    for name in ("ida", "tom"):
        made.ask(f"Question {name}?", name=name)
        made.settle()


def claim_against_free(made: World) -> tuple[Work, ...]:
    """Her answer frees the slot while somebody looks at her line."""
    one_waits_for_anna(made)
    made.reply(made.last_to("anna@people.example"), "The blade of 20 mm fits.\n")
    return (delivered(made, "received"), lambda: pull(ANNA, made.runtime))


def question_against_free(made: World) -> tuple[Work, ...]:
    """Her answer frees the slot while the router takes in one more question."""
    one_waits_for_anna(made)
    made.reply(made.last_to("anna@people.example"), "The blade of 20 mm fits.\n")
    made.ask("How loud?", name="una")
    return (delivered(made, "received"), delivered(made, "questions"))


def timer_against_answer(made: World) -> tuple[Work, ...]:
    """Her time is over in the moment in which her answer arrives."""
    made.ask()
    made.settle()
    (key,) = made.conversations()
    asked = made.last_to("anna@people.example")
    made.advance(timedelta(hours=3, minutes=59))
    made.now += 2 * MINUTE
    made.schedules.clear()
    made.queues["timers"].waiting.clear()
    made.reply(asked, "The blade of 20 mm fits.\n")
    made.queues["timers"].put(look(key), made.now)
    return (delivered(made, "received"), delivered(made, "timers"))


def follow_up_against_answer(made: World) -> tuple[Work, ...]:
    """The shopper writes in the moment in which the answer arrives: the two are in different queue messages."""
    made.ask()
    made.settle()
    made.reply(made.last_to("anna@people.example"), "The blade of 20 mm fits.\n")
    first = delivered(made, "received")
    made.reply(made.last_to("ida@mail.example"), "And is it loud?\n")
    return (first, delivered(made, "received"))


def hand_over_against_late_answer(made: World) -> tuple[Work, ...]:
    """It has left anna for her silence; her successor passes it on in the moment in which her answer arrives."""
    made.ask()
    made.settle()
    (key,) = made.conversations()
    asked = made.last_to("anna@people.example")
    for _ in range(60):
        made.advance(6 * MINUTE)
        if made.conversation(key).with_whom not in (None, ANNA):
            break
    successor = made.conversation(key).with_whom
    assert made.conversation(key).former == {ANNA: HandOver.SILENT}
    made.reply(asked, "The blade of 20 mm fits.\n")
    first = delivered(made, "received")
    made.reply(made.last_to(f"{successor}@people.example"), "/pass\n")
    return (first, delivered(made, "received"))


def away_against_claim(made: World) -> tuple[Work, ...]:
    """Her mail program says that she is away, in the moment in which her line is looked at."""
    made.ask(name="ida")
    made.settle()
    asked = made.last_to("anna@people.example")
    made.reply(asked, "The blade of 20 mm fits.\n")
    made.settle()
    waiting(made, ("tom",))
    made.reply(asked, "I am out of the office.\n", headers={"Auto-Submitted": "auto-replied"})
    return (delivered(made, "received"), lambda: pull(ANNA, made.runtime))


def close_against_follow_up(made: World) -> tuple[Work, ...]:
    """She closes the conversation in the moment in which the shopper writes once more."""
    made.ask()
    made.settle()
    made.reply(made.last_to("anna@people.example"), "The blade of 20 mm fits.\n")
    made.settle()
    made.reply(made.last_to("anna@people.example"), "/close\n")
    first = delivered(made, "received")
    made.reply(made.last_to("ida@mail.example"), "And is it loud?\n")
    return (first, delivered(made, "received"))


SCENES: dict[str, Prepared] = {
    one.__name__: one
    for one in (
        two_looks_at_one_line,
        two_specialists_and_one_question,
        two_specialists_and_two_questions,
        claim_against_free,
        question_against_free,
        timer_against_answer,
        follow_up_against_answer,
        hand_over_against_late_answer,
        away_against_claim,
        close_against_follow_up,
    )
}


@pytest.mark.parametrize("name", SCENES)
def test_whatever_the_order_everything_holds(name: str) -> None:
    failures, outcomes, tried, all_of_them = orders_of(name, MOST)
    assert not failures, f"{len(failures)} of {tried}: {failures[0]}"
    assert all_of_them or tried == MOST
    assert tried > 5, "nothing was interleaved"
    assert outcomes


@pytest.mark.slow
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("name", SCENES)
def test_every_order_is_tried(name: str) -> None:
    failures, _, tried, all_of_them = orders_of(name, EVERY)
    assert not failures, f"{len(failures)} of {tried}: {failures[0]}"
    assert all_of_them


def orders_of(name: str, most: int) -> tuple[list[str], Counter[str], int, bool]:
    """Try at most so many orders of a scene; return what went wrong, what came of it, how many, and whether all."""
    warm()
    failures: list[str] = []
    outcomes = Counter[str]()
    with world() as made:
        works = SCENES[name](made)

        def try_one(wanted: tuple[int, ...]) -> list[Any]:
            turns, outcome, wrong = in_fork(lambda: _run(made, works, wanted))
            outcomes[outcome] += 1
            failures.extend([f"{wanted}: {wrong}"] if wrong else [])
            return turns

        tried, all_of_them = every_order(try_one, most)
    print(f"{name}: {tried} orders{'' if all_of_them else ' (of more)'}, {dict(outcomes)}")
    return failures, outcomes, tried, all_of_them


def _run(made: World, works: tuple[Work, ...], wanted: tuple[int, ...]) -> tuple[list[Any], str, str]:
    baton = Baton(wanted)
    try:
        raised = interleaved(made, baton, works)
        assert not any(raised), raised
        undivided(made)
        made.survive()
        made.advance(MINUTE)
        made.survive()
        all_hold(made)
        honest_and_quiet(made)
    except BaseException:  # noqa: BLE001 - whatever went wrong is the finding
        return baton.turns, "wrong", traceback.format_exc(limit=-4)
    return baton.turns, _outcome(made), ""


def honest_and_quiet(made: World) -> None:
    """6: whoever waits has a promise, or was told that there is no time yet. 7: nobody was sent a question while another was open with them."""
    for key, one in made.conversations().items():
        told = {entry.mail.kind for entry in made.record(key).entries}
        assert one.state is not State.WAITING or one.promise is not None or Kind.NO_TIME_YET in told
    open_at: dict[str, str] = {}
    for sent in made.sent:
        entry = made.record(sent.entry.conversation).entry(sent.entry)
        assert entry is not None
        if entry.mail.kind is Kind.ANSWER:
            open_at = {who: key for who, key in open_at.items() if key != sent.entry.conversation}
        if entry.mail.kind in (Kind.QUESTION, Kind.FOLLOW_UP):
            assert open_at.setdefault(entry.mail.to, sent.entry.conversation) == sent.entry.conversation
        assert entry.mail.to == SHOPPER or entry.mail.not_before is None or made.now >= entry.mail.not_before


def _outcome(made: World) -> str:
    return ", ".join(f"{one.state}:{one.specialist}" for one in made.conversations().values())
