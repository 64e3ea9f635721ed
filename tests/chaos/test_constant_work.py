"""The work of one event does not grow with the shop: what the real handlers ask of the real adapters, on moto.

At 20 specialists in whose lines 1,200 questions wait, and at 10,000 with 1,000,000 (`many.py`), the same requests are made
and the same items read and written, for everything that follows from an event until the shop is quiet again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cache

import pytest
from chaos.harness import World, world
from chaos.many import FIRST, LOST, Many, Work, large, people
from chaos.test_roster_changes import load
from undivided.aws.items import read_desk
from undivided.aws.queues import look

SIZES = ((20, 60), (10_000, 100))
"""Specialists, and how many wait for each; of fewer than 13, or of a line under 50, less is read."""
MOST_ITEMS = 50


def form(made: World, _many: Many) -> None:
    made.ask(name="tom")


def question(made: World, _many: Many) -> None:
    made.settle()


def answer(made: World, _many: Many) -> None:
    """Answer what is in focus: relayed, and the first in line is brought."""
    made.reply(made.last_to(f"{FIRST}@people.example"), "The blade of 20 mm fits.\n")
    made.settle()


def follow_up(made: World, _many: Many) -> None:
    made.reply(made.last_to("ida@mail.example"), "And is it loud?\n")
    made.settle()


def idle_look(made: World, many: Many) -> None:
    made.queues["timers"].put(look(many.key("p0007", 3)), made.now)
    made.settle()


def silence(made: World, _many: Many) -> None:
    """Her time is over: handed over; whoever waits for her alone is looked at, page by page, and comes to others."""
    (key,) = (
        one for desk in map(read_desk, made.items(f"SPEC#{FIRST}")) if desk.specialist == FIRST for one in desk.focus
    )
    made.now += timedelta(hours=4, minutes=1)
    made.schedules.clear()
    made.queues["timers"].put(look(key), made.now)
    made.settle()


def sweep(made: World, _many: Many) -> None:
    made.sweep()
    made.settle()


EVENTS: dict[str, Callable[[World, Many], None]] = {
    "the form is sent (intake)": form,
    "a question joins the lines (router)": question,
    "an answer, the freed slot, the next in line delivered": answer,
    "a follow-up": follow_up,
    "a look at a conversation that waits (timer)": idle_look,
    "the sweep, three looks lost": sweep,
    "a silent specialist (timer), and who waited for her": silence,
}


@cache
def measured(size: tuple[int, int]) -> dict[str, Work]:
    """Do all events, one after the other, in a shop of that size, in which the first specialist has one in focus."""
    found = {}
    with world() as made:
        load(made, {"specialists": people(size[0]), "fallback": "p0001"})
        with large(made, *size) as many:
            made.ask()
            made.settle()
            many.free = False
            many.forget(f"LINE#{FIRST}")
            for name, event in EVENTS.items():
                found[name] = Work()
                made.wire.listeners.append(found[name].listen)
                event(made, many)
                made.wire.listeners.remove(found[name].listen)
            assert not any(queue.dead for queue in made.queues.values())
    return found


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("event", EVENTS)
def test_an_event_costs_as_much_in_a_large_shop_as_in_a_small_one(event: str) -> None:
    small, large_ = (measured(size)[event] for size in SIZES)
    for one in (small, large_):
        print(f"| {event} | {one.row()} |")
    assert small.requests == large_.requests
    assert (small.read, small.most) == (large_.read, large_.most)
    assert small.write_units == large_.write_units
    assert small.read_units == large_.read_units or "sweep" in event, (
        "the sweep reads the roster, which is as large as it is"
    )
    assert "sweep" not in event or small.requests["sqs.SendMessage"] >= LOST, "it found what was lost"
    assert small.most <= MOST_ITEMS
    assert small.requests.total() > 0
