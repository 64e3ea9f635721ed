"""The clock of a simulation: what happens next, in order, each thing once."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

Act = Callable[[], None]


class Engine:
    """Runs what was put in by time; things of the same time in the order in which they were put in."""

    def __init__(self, start: datetime) -> None:
        self.now = start
        self._coming: list[tuple[datetime, int, Act]] = []
        self._order = count()

    def at(self, when: datetime, act: Act) -> None:
        """Have `act` done at `when`, or now if that is past."""
        heapq.heappush(self._coming, (max(when, self.now), next(self._order), act))

    def run(self, until: datetime) -> None:
        while self._coming and self._coming[0][0] <= until:
            self.now, _, act = heapq.heappop(self._coming)
            act()
