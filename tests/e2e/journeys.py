"""Journeys that run side by side: each has its own shopper and team, and most of its time is waiting.

JOURNEYS = (a_sale, a_loss)

@pytest.mark.parametrize("journey", JOURNEYS, ids=named)
def test_journeys(journey, under_way):
    under_way[journey].result()

All journeys of all modules start as soon as the stack stands, the longest first; the tests in the browser run beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from e2e.world import World

Journey = Callable[[World], Any]
MOST_AT_ONCE = 8
"""More would only wait for each other: two processors run all functions and the emulator."""


@contextmanager
def side_by_side(journeys: Iterable[Journey], world: World) -> Iterator[Mapping[Journey, Future[Any]]]:
    """Start them in this order and give what will come of each; at the end, those that nobody waited for are not begun."""
    with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
        try:
            yield {one: pool.submit(one, world) for one in journeys}
        finally:
            pool.shutdown(cancel_futures=True)


def takes_long(journey: Journey) -> Journey:
    """Mark a journey that waits for a clock, so that it begins before the others."""
    journey.takes_long = True  # type: ignore[attr-defined]
    return journey


def longest_first(journeys: Iterable[Journey]) -> list[Journey]:
    return sorted(journeys, key=lambda one: not hasattr(one, "takes_long"))


def named(journey: Journey) -> str:
    """Return a journey's name, for pytest."""
    return journey.__name__
