"""Invariants 1, 2, 6 and 7 under every interleaving of two handlers on moto, with the table's real conditional writes.

Claims against claims, against a freed slot, an absence, a removal, a lowered capacity; timers, hand-overs and the end of a
snooze against answers and questions. Each order runs in a fork of one prepared
world; afterwards the queues and the stream bring what they have, and everything must hold.
"""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import pytest
from chaos.forks import in_fork
from chaos.harness import MINUTE, SHOP, World, warm, world
from chaos.interleaving import Baton, Work, every_order, interleaved
from chaos.invariants import all_hold, undivided
from chaos.lambdas import context, handler
from chaos.test_roster_changes import load, without
from undivided.aws.queues import look
from undivided.outbox import Kind
from undivided.state import HandOver, State
from undivided.steps.look import pull
from undivided.values import SHOPPER, SpecialistId

ANNA, KEVIN = SpecialistId("anna"), SpecialistId("kevin")
MOST = 7
"""Orders of a scene that are tried for every change: together about a minute of a processor."""
ROOMY = 2
"""Her capacity, before it is lowered."""
EVERY = 5_000
"""More than any scene has."""
SAWYERS = {"specialists": [{**one, "categories": ["saws"]} for one in SHOP["specialists"]]}
"""A shop in which everybody knows saws: their questions stand in all lines."""
Prepared = Callable[[World], tuple[Work, ...]]


def waiting(
    made: World,
    names: tuple[str, ...],
    shop: Mapping[str, Any] = MappingProxyType({}),
    then: Mapping[str, Any] | None = None,
) -> None:
    """Let questions wait, with everybody free: the desk was paused, and nobody has looked since.

    `then` is the shop that is loaded afterwards; else it is `shop` again.
    """
    load(made, {**shop, "paused": True})
    for name in names:
        made.ask(f"Question {name}?", name=name)
    made.advance(MINUTE)
    load(made, dict(then or shop))
    made.now += 20 * MINUTE


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
    waiting(made, ("ida",), SAWYERS)
    assert all(one.place_of(ANNA) and one.place_of(KEVIN) for one in made.conversations().values())
    return (lambda: pull(ANNA, made.runtime), lambda: pull(KEVIN, made.runtime))


def two_specialists_and_two_questions(made: World) -> tuple[Work, ...]:
    waiting(made, ("ida", "tom"), SAWYERS)
    assert all(one.place_of(ANNA) and one.place_of(KEVIN) for one in made.conversations().values())
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


def away_against_answer(made: World) -> tuple[Work, ...]:
    """She answers, and her next mail says that she is away: the two are in different queue messages."""
    one_waits_for_anna(made)
    asked = made.last_to("anna@people.example")
    made.reply(asked, "The blade of 20 mm fits.\n")
    first = delivered(made, "received")
    made.reply(asked, "/away\n")
    return (first, delivered(made, "received"))


def snooze_end_against_question(made: World) -> tuple[Work, ...]:
    """A snooze of hers is over in the moment in which the router has one more question for her."""
    made.ask()
    made.settle()
    (key,) = made.conversations()
    made.reply(made.last_to("anna@people.example"), "/snooze 1 hour\n")
    made.settle()
    assert made.conversation(key).state is State.SNOOZED
    made.now += timedelta(hours=1, minutes=1)
    made.schedules.clear()
    made.queues["timers"].waiting.clear()
    made.queues["timers"].put(look(key), made.now)
    made.ask("How loud?", name="una")
    return (delivered(made, "timers"), delivered(made, "questions"))


def roster_removal_against_claim(made: World) -> tuple[Work, ...]:
    """She is on the roster no more: the look that leaves her line meets kevin's claim of the same question."""
    left = [one for one in SAWYERS["specialists"] if one["id"] != ANNA]
    waiting(made, ("ida",), SAWYERS, {"specialists": left})
    (key,) = made.conversations()
    made.queues["timers"].put(look(key), made.now)
    return (delivered(made, "timers"), lambda: pull(KEVIN, made.runtime))


def roster_removal_against_answer(made: World) -> tuple[Work, ...]:
    """She is on the roster no more: the look that hands over what she has meets her answer."""
    made.ask()
    made.settle()
    (key,) = made.conversations()
    asked = made.last_to("anna@people.example")
    load(made, without("anna"))
    assert made.conversation(key).with_whom == ANNA
    made.reply(asked, "The blade of 20 mm fits.\n")
    made.queues["timers"].put(look(key), made.now)
    return (delivered(made, "received"), delivered(made, "timers"))


def lowered_capacity_against_claim(made: World) -> tuple[Work, ...]:
    """She has two in focus and room for one: her answer to one of them meets a look at her line."""
    roomy = [{**one, "capacity": 2} if one["id"] == "anna" else one for one in SHOP["specialists"]]
    load(made, {"specialists": roomy})
    for name in ("ida", "tom", "una"):
        made.ask(f"Question {name}?", name=name)
        made.settle()
    assert len(made.desks()[ANNA].focus) == ROOMY
    load(made, {})
    made.reply(made.to("anna@people.example")[0], "The blade of 20 mm fits.\n")
    made.interruptions.clear()
    return (delivered(made, "received"), lambda: pull(ANNA, made.runtime))


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
        away_against_answer,
        snooze_end_against_question,
        roster_removal_against_claim,
        roster_removal_against_answer,
        lowered_capacity_against_claim,
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
        slots = ROOMY if SCENES[name] is lowered_capacity_against_claim else 1

        def try_one(wanted: tuple[int, ...]) -> list[Any]:
            turns, outcome, wrong = in_fork(lambda: _run(made, works, wanted, slots))
            outcomes[outcome] += 1
            failures.extend([f"{wanted}: {wrong}"] if wrong else [])
            return turns

        tried, all_of_them = every_order(try_one, most)
    print(f"{name}: {tried} orders{'' if all_of_them else ' (of more)'}, {dict(outcomes)}")
    return failures, outcomes, tried, all_of_them


def _run(made: World, works: tuple[Work, ...], wanted: tuple[int, ...], slots: int) -> tuple[list[Any], str, str]:
    baton = Baton(wanted)
    try:
        raised = interleaved(made, baton, works)
        assert not any(raised), raised
        undivided(made)
        made.survive()
        made.advance(MINUTE)
        made.survive()
        all_hold(made)
        honest_and_quiet(made, slots)
    except BaseException:  # noqa: BLE001 - whatever went wrong is the finding
        return baton.turns, "wrong", traceback.format_exc(limit=-4)
    return baton.turns, _outcome(made), ""


def honest_and_quiet(made: World, slots: int) -> None:
    """6: whoever waits has a promise, or was told that there is no time yet. 7: nobody was sent a question with all slots taken."""
    for key, one in made.conversations().items():
        told = {entry.mail.kind for entry in made.record(key).entries}
        assert one.state is not State.WAITING or one.promise is not None or Kind.NO_TIME_YET in told
    open_at: dict[str, set[str]] = {}
    for sent in made.sent:
        entry = made.record(sent.entry.conversation).entry(sent.entry)
        assert entry is not None
        if entry.mail.kind is Kind.ANSWER:
            open_at = {who: keys - {sent.entry.conversation} for who, keys in open_at.items()}
        if "snooze" in entry.mail.data.get("what", ""):
            open_at[entry.mail.to].discard(sent.entry.conversation)
        if entry.mail.kind in (Kind.QUESTION, Kind.FOLLOW_UP):
            open_at.setdefault(entry.mail.to, set()).add(sent.entry.conversation)
            assert len(open_at[entry.mail.to]) <= slots
        assert entry.mail.to == SHOPPER or entry.mail.not_before is None or made.now >= entry.mail.not_before


def _outcome(made: World) -> str:
    return ", ".join(f"{one.state}:{one.specialist}" for one in made.conversations().values())
