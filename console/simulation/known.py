"""What a shop knows besides words: who answered a shopper before, and whose answers sell.

The product's own factors (`expertise.reasons.facts`) on what the run itself has learned: outcomes are drawn from rates that
differ between people, and some questions come from shoppers who have asked before. What is measured is what is true.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from statistics import fmean

from undivided.expertise.asked import Asked
from undivided.expertise.model import Model
from undivided.expertise.reasons import facts
from undivided.expertise.taught import WELL, WON
from undivided.steps.route import KNOWN_FOR
from undivided.values import SpecialistId

from console.simulation.measure import WARM_UP, Figures, Story, figures, worth
from console.simulation.setting import START, Asking, Setting, World, world
from console.simulation.undivided import Undivided

WAYS = {
    "match alone": (),
    "returning shoppers": ("returning",),
    "sales": ("sales",),
    "both, as it is": ("returning", "sales"),
}
_RETURN = 0.3
"""Share of questions from shoppers who have asked within 30 days."""
_SPREAD = 0.4
"""Deviation of the logarithm of the specialists' sales rates."""
_SOLD = 0.25
"""Chance of a sale after a perfect answer by an average seller."""


@dataclass(frozen=True, slots=True)
class Custom:
    """Which questions come from whom, and how well each specialist sells."""

    before: dict[int, int]
    """Question -> an earlier one of the same shopper."""
    rates: dict[SpecialistId, float]
    """1 is average."""
    luck: dict[int, float]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one way of ranking came to."""

    name: str
    figures: Figures
    sold: float
    """Mean worth of an answer times how well its writer sells."""
    same: float
    """Share of returning shoppers' questions that their former specialist answered first."""


class Knowing(Undivided):
    """A run in which the estimates carry some of the product's factors; the true match stays what is measured."""

    def __init__(self, drawn: World, custom: Custom, used: Sequence[str]) -> None:
        super().__init__(drawn)
        self._custom, self._used = custom, used
        self.former: dict[int, SpecialistId] = {}
        """Question -> who had answered its shopper when it came."""
        self._panel = self.model.directory(drawn.shop).panel(tuple(drawn.shop.specialists))
        self.heard.append(self._learn)

    @property
    def model(self) -> Model:
        learned: Model = self.rt.model
        return learned

    def ask(self, asking: Asking) -> None:
        super().ask(replace(asking, estimates=self._seen(asking)))
        self.log.stories[asking.number].asking = asking

    def _returning_to(self, asking: Asking) -> SpecialistId | None:
        earlier = self.log.stories.get(self._custom.before.get(asking.number, 0))
        if earlier and earlier.answered_by:
            self.former[asking.number] = earlier.answered_by
        return self.former.get(asking.number)

    def _seen(self, asking: Asking) -> dict[SpecialistId, float]:
        """Return the estimates that the router would reckon with."""
        asked = Asked("", "en", returning_to=self._returning_to(asking))
        found = facts(asked, self._panel, self.world.shop, self.model)
        parts = {self._panel.ids[place]: several for place, several in found.items()}
        return {
            who: estimate * math.exp(sum(part.value for part in parts.get(who, ()) if part.name in self._used))
            for who, estimate in asking.estimates.items()
        }

    def _learn(self, story: Story) -> None:
        """The conversation ends: sold, by how well the answer matched and by who wrote it."""
        who, drawn = story.answered_by, self._custom
        if who is None:
            return
        chance = min(1.0, _SOLD * drawn.rates[who] * story.asking.estimates[who])
        sold = drawn.luck[story.asking.number] < chance
        self.model.learn(Asked("", "en"), who, WON if sold else WELL, self.engine.now)


def known(several: Sequence[Setting]) -> dict[str, list[Outcome]]:
    """Run each one's world with neither factor, with each, and with both."""
    found: dict[str, list[Outcome]] = {}
    for drawn in map(world, several):
        who = custom(drawn)
        for name, used in WAYS.items():
            found.setdefault(name, []).append(_played(name, drawn, who, used))
    return found


def _played(name: str, drawn: World, who: Custom, used: Sequence[str]) -> Outcome:
    run = Knowing(drawn, who, used)
    log = run.run()
    log.name = name
    stories = [one for one in log.stories.values() if one.answered_by and one.asking.at >= START + WARM_UP]
    sold = fmean(worth(one, drawn) * who.rates[one.answered_by] for one in stories if one.answered_by)
    back = [one for one in stories if one.asking.number in run.former]
    same = fmean(one.answered_by == run.former[one.asking.number] for one in back) if back else 0.0
    return Outcome(name, figures(log, drawn), sold, same)


def custom(drawn: World) -> Custom:
    """Draw who returns and who sells, from the world's seed and apart from its other chance."""
    chance = Random(1_000 + drawn.setting.seed)  # noqa: S311 - a simulation must be repeatable
    rates = {who: math.exp(chance.gauss(0, _SPREAD)) for who in drawn.shop.specialists}
    mean, before, recent = fmean(rates.values()), {}, list[Asking]()
    for asking in drawn.askings:
        recent = [one for one in recent if asking.at - one.at <= KNOWN_FOR]
        if recent and chance.random() < _RETURN:
            before[asking.number] = chance.choice(recent).number
        recent.append(asking)
    luck = {one.number: chance.random() for one in drawn.askings}
    return Custom(before, {who: rate / mean for who, rate in rates.items()}, luck)
