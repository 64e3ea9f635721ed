"""Quiet on the real table and the real outbox: news about another shopper waits for the change of conversations."""

from __future__ import annotations

from chaos.harness import MINUTE, World, world
from chaos.invariants import all_hold
from undivided.outbox import Kind

ANNA = "anna@people.example"


def kinds(made: World) -> list[str]:
    """Name what has reached anna, in order."""
    entries = {entry.key: entry for entry in made.entries()}
    return [str(entries[one.entry].mail.kind) for one in made.to(ANNA)]


def answered(made: World) -> None:
    made.reply(made.last_to(ANNA), "The blade of 20 mm fits.\n")
    made.settle()


def test_a_bounce_is_told_when_she_turns_to_the_next_shopper() -> None:
    with world() as made:
        made.ask(name="ida")
        made.settle()
        for name in ("tom", "una"):
            made.ask(name=name)
            made.settle()
        answered(made)
        made.bounce(made.last_to("ida@mail.example"))
        made.advance(6 * MINUTE)
        made.sweep()
        made.settle()
        assert kinds(made) == ["question", "question"], "the bounce waits while she has tom's question"
        answered(made)
        assert kinds(made) == ["question", "question", "unreachable", "question"]
        all_hold(made)


def test_a_free_slot_is_told_by_the_sweep() -> None:
    """She has no other question in the end: the sweep finds what waits."""
    with world() as made:
        for name in ("ida", "tom"):
            made.ask(name=name)
            made.settle()
        answered(made)
        made.bounce(made.last_to("ida@mail.example"))
        made.settle()
        answered(made)
        assert kinds(made) == ["question", "question"]
        made.advance(6 * MINUTE)
        made.sweep()
        made.settle()
        assert kinds(made) == ["question", "question", str(Kind.UNREACHABLE)]
        all_hold(made)
