"""The meetings of `test_interleavings`: each prepares a world, and returns the handlers that meet in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from chaos.harness import MINUTE, SHOP, World
from chaos.interleaving import Work
from chaos.lambdas import context, handler
from chaos.test_roster_changes import load, without
from undivided.aws.queues import look
from undivided.state import HandOver, State
from undivided.steps.look import pull
from undivided.values import SpecialistId

ANNA, KEVIN = SpecialistId("anna"), SpecialistId("kevin")
ROOMY = 2
"""Her capacity, before it is lowered."""
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

    def do() -> Any:
        return handler(found.function)(found.event(messages), context(found.function))

    return Work(do, lambda answer: found.answered(messages, answer))


def looking(made: World, who: SpecialistId) -> Work:
    """Return a look at somebody's line, as a record of the stream brings it."""

    def look_at_it() -> int:
        return pull(who, made.runtime)

    return Work(look_at_it, again=lambda: made.process(look_at_it))


def two_looks_at_one_line(made: World) -> tuple[Work, ...]:
    waiting(made, ("ida", "tom"))
    return (looking(made, ANNA), looking(made, ANNA))


def two_specialists_and_one_question(made: World) -> tuple[Work, ...]:
    waiting(made, ("ida",), SAWYERS)
    assert all(one.place_of(ANNA) and one.place_of(KEVIN) for one in made.conversations().values())
    return (looking(made, ANNA), looking(made, KEVIN))


def two_specialists_and_two_questions(made: World) -> tuple[Work, ...]:
    waiting(made, ("ida", "tom"), SAWYERS)
    assert all(one.place_of(ANNA) and one.place_of(KEVIN) for one in made.conversations().values())
    return (looking(made, ANNA), looking(made, KEVIN))


def one_waits_for_anna(made: World) -> None:
    for name in ("ida", "tom"):
        made.ask(f"Question {name}?", name=name)
        made.settle()


def claim_against_free(made: World) -> tuple[Work, ...]:
    """Her answer frees the slot while somebody looks at her line."""
    one_waits_for_anna(made)
    made.reply(made.last_to("anna@people.example"), "The blade of 20 mm fits.\n")
    return (delivered(made, "received"), looking(made, ANNA))


def two_claims_against_free(made: World) -> tuple[Work, ...]:
    """Her answer frees the slot while two others look at her line."""
    return (*claim_against_free(made), looking(made, ANNA))


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


def timer_against_answer_and_follow_up(made: World) -> tuple[Work, ...]:
    """Her time is over in the moment in which her answer arrives, and the shopper writes once more."""
    answer, timer = timer_against_answer(made)
    made.reply(made.last_to("ida@mail.example"), "And is it loud?\n")
    return (answer, timer, delivered(made, "received"))


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
    return (delivered(made, "received"), looking(made, ANNA))


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
    return (delivered(made, "timers"), looking(made, KEVIN))


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
    return (delivered(made, "received"), looking(made, ANNA))


SCENES: dict[str, Prepared] = {
    one.__name__: one
    for one in (
        two_looks_at_one_line,
        two_specialists_and_one_question,
        two_specialists_and_two_questions,
        claim_against_free,
        two_claims_against_free,
        question_against_free,
        timer_against_answer,
        timer_against_answer_and_follow_up,
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
