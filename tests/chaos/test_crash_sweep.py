"""Every handler is killed before and after every single AWS call, and the result is as if nothing had happened.

Each scenario is one act on a prepared shop, delivered to its end through the real handlers: the act's calls are those
of all handlers that it sets in motion. After the trouble Lambda, SQS and the sweep bring everything again that was not
finished; then the invariants of DESIGN.md must hold, and the outcome must be that of the run without trouble.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from chaos.harness import MINUTE, Sweep, Troubles, World, crashes, refusals, sweep
from chaos.invariants import all_hold, summary, twice

ANNA, KEVIN, OMAR = (f"{who}@people.example" for who in ("anna", "kevin", "omar"))
IDA, TOM = "ida@mail.example", "tom@mail.example"
Act = Callable[[World], object]


@dataclass(frozen=True)
class Scenario:
    prepare: Act
    act: Act
    through: frozenset[str]
    """Handlers that the act must set in motion, known by what only they call or by what they leave."""


def one_question(world: World) -> None:
    world.ask()
    world.settle()


def two_questions(world: World) -> None:
    """The second stands in the line of the one who has the first, until others may take it."""
    world.ask()
    world.settle()
    world.ask("How thick may the board be?", name="tom")


def answered(world: World) -> None:
    one_question(world)
    world.reply(world.last_to(ANNA), "The blade of 20 mm fits.\n")


def all_busy(world: World) -> None:
    """Everybody has a question, and one more waits."""
    for number, name in enumerate(("ida", "tom", "una", "vic")):
        world.ask(f"Question {number}?", name=name)
        world.advance(40 * MINUTE)


def stranger(world: World) -> None:
    raw = b"From: who@else.example\r\nTo: nobody@ask.shop.example\r\nSubject: hi\r\nMessage-ID: <s@else.example>\r\n\r\nHello?\r\n"
    world.arrive(raw, ["nobody@ask.shop.example"], "who@else.example")


def plain_question(world: World) -> None:
    raw = b"From: Una <una@mail.example>\r\nTo: ask@ask.shop.example\r\nSubject: saw\r\nMessage-ID: <q@mail.example>\r\n\r\nHow loud is it?\r\n"
    world.arrive(raw, ["ask@ask.shop.example"], "una@mail.example")


def away(world: World) -> None:
    sent = world.last_to(ANNA)
    raw = (
        f"From: {ANNA}\r\nTo: {sent.mail['Reply-To']}\r\nSubject: Out of office: {sent.mail['Subject']}\r\n"
        "Auto-Submitted: auto-replied\r\nMessage-ID: <away@people.example>\r\n\r\nI am away.\r\n"
    )
    world.arrive(raw.encode(), [sent.mail["Reply-To"].addresses[0].addr_spec], "")


def same_mail_twice(world: World) -> None:
    """Two notices of one mail: its server sent it twice."""
    sent = world.last_to(ANNA)
    for _ in range(2):
        count = len(world.notices)
        world.reply(sent, "The blade of 20 mm fits.\n")
        body = world.queues["received"].waiting[-1].body
        raw = world.stack.s3.get_object(Bucket="undivided-mail", Key=f"received/{world.notices[-1]}")["Body"].read()
        same = raw.replace(f"<reply-{count}@".encode(), b"<reply-same@")
        world.stack.s3.put_object(Bucket="undivided-mail", Key=f"received/{world.notices[-1]}", Body=same)
        assert body


def lost_wake_ups(world: World) -> None:
    """Every timer and every stream record got lost; only the sweep is left."""
    world.ask()
    world.settle()
    world.schedules.clear()
    world.queues["timers"].waiting.clear()
    world.now += timedelta(hours=3)


def nothing_done(_world: World) -> None:
    """The shop is empty."""


def reply(text: str, to: str = ANNA) -> Act:
    return lambda world: world.reply(world.last_to(to), text)


SCENARIOS = {
    "question": Scenario(nothing_done, one_question, frozenset({"router"})),
    "question_waits": Scenario(
        one_question, lambda world: world.ask("And the board?", name="tom"), frozenset({"router"})
    ),
    "answer": Scenario(two_questions, reply("The blade of 20 mm fits.\n"), frozenset({"email_in"})),
    "follow_up": Scenario(answered, lambda world: world.reply(world.last_to(IDA), "And for oak?\n"), frozenset()),
    "follow_up_in_focus": Scenario(
        one_question, lambda world: world.reply(world.last_to(IDA), "It is a Bosch.\n"), frozenset()
    ),
    "won": Scenario(two_questions, reply("Buy it.\n\n/won 49.90 EUR\n"), frozenset()),
    "won_only": Scenario(two_questions, reply("/won 49.90 EUR\n"), frozenset()),
    "passed": Scenario(one_question, reply("/pass\n"), frozenset()),
    "mistyped": Scenario(one_question, reply("/wonn 49.90\n"), frozenset()),
    "away": Scenario(one_question, away, frozenset()),
    "bounced": Scenario(one_question, lambda world: world.bounce(world.last_to(IDA)), frozenset()),
    "specialist_bounced": Scenario(one_question, lambda world: world.bounce(world.last_to(ANNA)), frozenset()),
    "stranger": Scenario(nothing_done, stranger, frozenset()),
    "plain_question": Scenario(nothing_done, plain_question, frozenset()),
    "same_mail_twice": Scenario(one_question, same_mail_twice, frozenset()),
    "freed_slot": Scenario(all_busy, reply("Yes.\n"), frozenset()),
    "reminded": Scenario(one_question, lambda world: world.advance(130 * MINUTE), frozenset()),
    "handed_over": Scenario(one_question, lambda world: world.advance(250 * MINUTE), frozenset()),
    "swept": Scenario(lost_wake_ups, lambda world: world.sweep(), frozenset()),
}


def once(world: World, expected: Any) -> str:
    all_hold(world)
    found = summary(world)
    for name, value in expected.items():
        assert found[name] == value, f"{name} differ:\n{found[name]}\n{value}"
    assert not twice(world), f"sent twice: {twice(world)}"
    return "as if nothing had happened"


def swept(name: str, troubles: Troubles, check: Callable[[World, Any], str] = once) -> Sweep:
    one = SCENARIOS[name]
    found = sweep(one.prepare, one.act, check, summary, troubles)
    print(f"{name}: {found.report()}")
    assert not found.failures, f"{len(found.failures)} of {found.outcomes}\n\n" + "\n".join(found.failures[:4])
    return found


@pytest.mark.parametrize("name", SCENARIOS)
def test_killed_anywhere_it_is_as_if_nothing_had_happened(name: str) -> None:
    found = swept(name, crashes)
    assert sum(found.outcomes.values()) == 2 * len(found.calls)
    assert len(found.calls) > 4


@pytest.mark.parametrize("name", ["question", "answer", "follow_up", "passed", "stranger", "swept"])
def test_lost_answers_throttling_and_conflicts_change_nothing(name: str) -> None:
    swept(name, refusals)
