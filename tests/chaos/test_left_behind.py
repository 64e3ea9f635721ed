"""Whoever waits in the line of somebody who falls silent or goes away does not wait with them, through the real handlers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from chaos.harness import MINUTE, World, world
from chaos.invariants import all_hold
from chaos.test_roster_changes import load
from undivided.outbox import Kind
from undivided.state import HandOver, State
from undivided.values import ConversationId

ANNA, KEVIN, OMAR, OWNER = (f"{who}@people.example" for who in ("anna", "kevin", "omar", "owner"))


def anna_is_away(made: World) -> None:
    """The shop has one person fewer who fits drills."""
    made.ask(name="ida")
    made.settle()
    made.reply(made.last_to(ANNA), "The blade of 20 mm fits.\n")
    made.settle()
    made.reply(made.last_to(ANNA), "/away until friday\n")
    made.settle()


def two_for_kevin(made: World) -> list[ConversationId]:
    keys = [made.ask("Which drill bit for tiles?", "D-1", name) for name in ("tom", "zoe")]
    made.settle()
    assert [made.conversation(key).state for key in keys] == [State.FOCUS, State.WAITING]
    assert {place.specialist for place in made.conversation(keys[1]).places} <= {"kevin", "anna"}
    return keys


def goes_away(made: World) -> None:
    made.reply(made.last_to(KEVIN), "/away until friday\n")
    made.settle()


def falls_silent(made: World) -> None:
    for _ in range(60):
        if made.desks()["kevin"].silent:
            return
        made.advance(10 * MINUTE)
    raise AssertionError("he was never taken for silent")


LEAVING = pytest.mark.parametrize(
    ("leaves", "why"), [(goes_away, HandOver.AWAY), (falls_silent, HandOver.SILENT)], ids=["away", "silent"]
)


@LEAVING
def test_who_waits_for_nobody_else_comes_to_the_fallback_person_at_once(
    leaves: Callable[[World], None], why: HandOver
) -> None:
    with world() as made:
        load(made, {"pace": {"hand_over_after": 600}})
        anna_is_away(made)
        first, second = two_for_kevin(made)
        leaves(made)
        assert made.conversation(first).former == {"kevin": why}
        assert {made.conversation(key).with_whom for key in (first, second)} == {"omar", None}
        for key in (first, second):
            made.reply(made.last_to(OMAR), f"The one of 8 mm fits {key}.\n")
            made.settle()
        assert {made.conversation(key).state for key in (first, second)} == {State.WITH_SHOPPER}
        told = [entry.mail for entry in made.entries() if entry.mail.kind is Kind.OWNER_NOTICE]
        assert "nobody_there" in [mail.data["what"] for mail in told]
        all_hold(made)


@LEAVING
def test_what_is_asked_while_everybody_who_fits_is_gone_comes_to_the_fallback_person(
    leaves: Callable[[World], None], why: HandOver
) -> None:
    with world() as made:
        anna_is_away(made)
        keys = two_for_kevin(made)
        leaves(made)
        for _ in keys:
            made.reply(made.last_to(OMAR), "The one of 8 mm fits.\n")
            made.settle()
        late = made.ask("And which one for steel?", "D-1", "max")
        made.settle()
        assert made.conversation(late).with_whom == "omar", why
        all_hold(made)


def test_who_writes_back_while_their_specialist_is_away_is_heard_by_somebody_else() -> None:
    with world() as made:
        anna_is_away(made)
        made.reply(made.last_to("ida@mail.example"), "And how thick is it?\n")
        made.settle()
        (talk,) = made.conversations().values()
        assert talk.with_whom in ("kevin", "omar")
        assert {place.specialist for place in talk.places} == set()
        all_hold(made)


def test_whoever_comes_back_finds_who_still_waits() -> None:
    """The places stay; with the fallback person busy, the first one back takes the next."""
    with world() as made:
        anna_is_away(made)
        keys = two_for_kevin(made)
        goes_away(made)
        waiting = next(key for key in keys if made.conversation(key).state is State.WAITING)
        assert {place.specialist for place in made.conversation(waiting).places} >= {"anna", "omar"}
        made.reply(made.last_to(ANNA), "/back\n")
        made.settle()
        made.advance(61 * MINUTE)  # her head start is over after fourteen; the hourly look finds it
        assert made.conversation(waiting).with_whom == "anna"
        all_hold(made)
