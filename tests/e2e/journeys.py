"""Journeys that run side by side: each has its own shopper and team, and most of its time is waiting.

JOURNEYS = (a_sale, a_loss)

@pytest.fixture(scope="module")
def under_way(world):
    yield from side_by_side(JOURNEYS, world)

@pytest.mark.parametrize("journey", JOURNEYS, ids=named)
def test_journeys(journey, under_way):
    under_way[journey].result()
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from e2e.world import World

Journey = Callable[[World], Any]
MOST_AT_ONCE = 6
"""More would only wait for each other: two processors run all functions and the emulator."""


def side_by_side(journeys: Sequence[Journey], world: World) -> Iterator[Mapping[Journey, Future[Any]]]:
    """Start them in this order and yield what will come of each."""
    with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
        yield {one: pool.submit(one, world) for one in journeys}
        pool.shutdown(cancel_futures=True)


def named(journey: Journey) -> str:
    """Return a journey's name, for pytest."""
    return journey.__name__
