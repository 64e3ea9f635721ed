"""AWS requests and capacity units of each function on one question's way: counted in moto, where both are exact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from chaos.harness import World, world
from undivided.aws.meter import Meter

Counted = dict[str, tuple[Counter[str], Counter[str]]]
SHOPPER, SPECIALIST = "ida@mail.example", "anna@people.example"


def way_through() -> Counted:
    """Return requests and capacity units of each step: a question, an answer, a follow-up, the sale, a sweep."""
    with world() as here:
        meter = Meter()
        for client in here.stack.clients():
            meter.watch(client)
        key = here.ask()
        counted = {"a question is routed and two mails leave": _counted(meter, here.settle)}
        steps: list[tuple[str, Callable[[], object]]] = [
            ("the specialist answers", lambda: here.reply(here.last_to(SPECIALIST), "The fine one.")),
            ("the shopper asks further", lambda: here.reply(here.last_to(SHOPPER), "And for oak?")),
            ("the sale", lambda: here.reply(here.last_to(SPECIALIST), "/won 49.90 EUR\n\nThe same.")),
            ("a sweep that finds nothing", here.sweep),
        ]
        for name, act in steps:
            counted[name] = _counted(meter, lambda act=act: _acted(here, act))  # type: ignore[misc]
        assert here.conversation(key).outcome == "won"
    return counted


def _acted(here: World, act: Callable[[], object]) -> None:
    act()
    here.settle()
    here.advance(timedelta(seconds=1))


def _counted(meter: Meter, act: Callable[[], object]) -> tuple[Counter[str], Counter[str]]:
    requests, units = meter.requests.copy(), meter.units.copy()
    act()
    return meter.requests - requests, meter.units - units
