"""An oracle to be measured against: it knows every true parameter, sees no future, and plays the moment out many times.

At a question the whole process is forked; each child draws anew what nobody can know (`futures.py`), plays on until this
question is answered, and reports the open time it took. The quantile of these times is the best promise there is, but
for the chance in its few replicas. Every estimator is scored in all of these futures, and not only in the one that came.
"""

from __future__ import annotations

import gc
import os
import struct
from datetime import datetime, timedelta
from random import Random

from undivided.promise.hours import open_between

from console.simulation.estimators import Seen, look_at, pinball
from console.simulation.futures import another_future
from console.simulation.machinery import conversation_of
from console.simulation.measure import Story, quantile
from console.simulation.setting import Asking, redrawn
from console.simulation.undivided import Undivided

REPLICAS = 40


class Oracle:
    """Called at each question; asks the future at every `every`th one."""

    def __init__(self, every: int) -> None:
        self._every = every
        self.waits: dict[int, list[float]] = {}
        """Question -> the open seconds that it took in each future, sorted."""

    def ask(self, run: Undivided, asking: Asking, now: datetime) -> None:
        if asking.number % self._every:
            return
        seen = look_at(run, asking, now)
        if seen.desks:
            played = (replica(run, asking, seen, number) for number in range(REPLICAS))
            waits = sorted(wait for wait in played if wait is not None)
            if len(waits) > 1:
                self.waits[asking.number] = waits


def own_losses(waits: list[float], aim: float) -> list[float]:
    """Return the loss of the oracle's own quantile in each future, found without that future."""
    others = (waits[:place] + waits[place + 1 :] for place in range(len(waits)))
    return [pinball(quantile(rest, aim), one, aim) for rest, one in zip(others, waits, strict=True)]


def replica(run: Undivided, asking: Asking, seen: Seen, number: int) -> float | None:
    """Play one future in a child process; None if the question is not answered before the run ends."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            _live_on(run, asking, seen, Random(1_000_003 * seen.number + number), writing)  # noqa: S311 - repeatable
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    return float(struct.unpack("d", told)[0]) if told else None


def _live_on(run: Undivided, asking: Asking, seen: Seen, chance: Random, writing: int) -> None:
    """Go on with another future in this child, which ends with the answer, long before it could need a collection."""
    gc.disable()

    def answered(story: Story) -> None:
        if story.asking.number == seen.number and story.first_answer:
            open_time = open_between(seen.duties, seen.now, story.first_answer).total_seconds()
            os.write(writing, struct.pack("d", open_time))
            os._exit(0)

    run.heard = [answered]
    run.forget_shadow()
    another_future(run, chance)
    run.askings[conversation_of(asking)] = fresh = redrawn(asking, run.world.setting, chance)
    run.ask(fresh)
    run.careless = True
    run.engine.run(seen.now + timedelta(days=21))
