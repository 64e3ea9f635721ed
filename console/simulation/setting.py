"""What happens to the simulated shop: who works when, who asks what when, how long each answer takes.

All of it is drawn before the run, from one seed, so that every way of working meets the same shoppers, the same
questions, the same sick days and the same luck.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from undivided.config import Hours, Pace, Shop, Specialist, Window
from undivided.promise.hours import Duty, open_times, working_between
from undivided.values import Address, SpecialistId

START = datetime(2026, 3, 9, tzinfo=UTC)
"""A Monday; Europe's clocks change at the end of the third week, New York's the day before it starts."""
_WORKDAY = range(5)
_SHAPE = (1, 1, 1, 1, 1, 1, 2, 4, 7, 10, 11, 11, 9, 9, 10, 10, 10, 9, 9, 10, 11, 10, 6, 3)
"""Questions by hour of the day: shops are busy in the evening too, when nobody is on duty."""
_WEEKEND = 0.6
MOST_TURNS = 4
_SOON = 0.7
_HEEDED = 0.5


@dataclass(frozen=True, slots=True)
class Setting:
    """One run. Times in minutes of working time where nothing else is said."""

    seed: int = 1
    weeks: int = 8
    people: int = 6
    load: float = 0.7
    """Share of all working time that answering takes."""
    mean: float = 15.0
    cv: float = 1.0
    again: float = 0.4
    """Chance that a shopper writes again after an answer, up to three times."""
    silent: float = 0.005
    """Chance that a delivered conversation is overlooked until a reminder, and half of the time for good."""
    sick: float = 0.02
    """Chance of a sick day; half of them send an out-of-office."""
    drift: float = 1.0
    """Handling times are multiplied by this from the middle of the run on."""
    capacity: int = 1
    patience: float = 240.0
    """Working time until a silent specialist loses a conversation; the reminder comes at half of it, or earlier."""
    head_start: float | None = None
    """Minutes for which an estimate of half the best waits (`pace.head_start_half_life`); None: as the product has it."""
    returning: float | None = None
    """Minutes by which a shopper who writes again stands before new ones; None: wholly (`pace.returning_ahead`)."""

    @property
    def end(self) -> datetime:
        return START + timedelta(weeks=self.weeks)

    @property
    def middle(self) -> datetime:
        return START + timedelta(weeks=self.weeks) / 2


@dataclass(frozen=True, slots=True)
class Asking:
    """One shopper's question, with all that chance will decide about it."""

    number: int
    at: datetime
    estimates: Mapping[SpecialistId, float]
    """How well each specialist matches, 0.1 to 1."""
    luck: tuple[float, ...]
    """One standard normal number for each answer: its length."""
    replies: tuple[timedelta, ...]
    """The shopper's time to write again after each answer but the last."""
    overlooked: tuple[bool, ...]
    heeds: bool = True
    """Whoever overlooks it finds it at the reminder."""

    @property
    def best(self) -> SpecialistId:
        return max(self.estimates, key=lambda who: self.estimates[who])


_REALLY: dict[int, tuple[Mapping[date, bool], Hours]] = {}
"""Hours with sick days, by the identity of these days: the calendars of hours are known by identity, too."""


@dataclass(frozen=True, slots=True)
class World:
    """The shop and everything that will happen to it."""

    setting: Setting
    shop: Shop
    askings: tuple[Asking, ...]
    pace: Mapping[SpecialistId, float]
    """Mean seconds of an answer, by specialist."""
    sick: Mapping[SpecialistId, Mapping[date, bool]] = field(default_factory=dict)
    """Sick days; True: an out-of-office is sent in the morning."""
    topics: tuple[Mapping[SpecialistId, float], ...] = ()
    """What questions are about: how much each specialist knows of it."""

    def answer_takes(self, who: SpecialistId, asking: Asking, turn: int, now: datetime) -> timedelta:
        """Return the working time of one answer: lognormal around the specialist's own pace."""
        sigma = math.sqrt(math.log1p(self.setting.cv**2))
        drift = self.setting.drift if now >= self.setting.middle else 1.0
        luck = asking.luck[min(turn, len(asking.luck) - 1)]
        return timedelta(seconds=drift * self.pace[who] * math.exp(sigma * luck - sigma * sigma / 2))

    def really(self, who: SpecialistId) -> Hours:
        """Return the hours in which they are really there: sick days, which nobody announced, left out."""
        hours, days = self.shop.specialists[who].hours, self.sick[who]
        if not days:
            return hours
        known = _REALLY.get(id(days))
        if known is None or known[0] is not days:
            absent = Hours(hours.zone, hours.windows, hours.holidays | frozenset(days), hours.vacations)
            known = _REALLY[id(days)] = (days, absent)
        return known[1]


def world(setting: Setting) -> World:
    """Draw one world."""
    chance = Random(setting.seed)  # noqa: S311 - a simulation must be repeatable
    people = {one.id: one for one in _people(setting)}
    ids = tuple(people)
    pace = {who: 60 * setting.mean * math.exp(chance.gauss(0, 0.25)) for who in ids}
    shop = Shop(
        name="Simulated shop",
        url="https://shop.example",
        owner=Address("owner@shop.example"),
        mail_domain="ask.shop.example",
        zone="Europe/Berlin",
        languages=("en",),
        currency="EUR",
        specialists=people,
        fallback=ids[-1],
        pace=Pace(
            remind_after=timedelta(minutes=setting.patience / 2),
            hand_over_after=timedelta(minutes=setting.patience),
            head_start_half_life=_span(setting.head_start),
            returning_ahead=_span(setting.returning),
        ),
    )
    topics = tuple({who: chance.random() ** 2 for who in ids} for _ in range(4 * setting.people))
    drawn = World(setting, shop, (), pace, {who: dict(sick_days(setting, chance)) for who in ids}, topics)
    return replace(drawn, askings=tuple(fresh_askings(drawn, START, chance)))


def _span(minutes: float | None) -> timedelta | None:
    return None if minutes is None else timedelta(minutes=minutes)


def fresh_askings(
    drawn: World, start: datetime, chance: Random, first: int = 1, end: datetime | None = None
) -> Iterator[Asking]:
    """Draw, one by one, all questions from `start` to `end` (of the run), numbered from `first`."""
    for number, at in enumerate(_arrivals(drawn, start, end or drawn.setting.end, chance), first):
        yield _asking(number, at, chance.choice(drawn.topics), drawn.setting, chance)


_PATTERNS = (
    ("Europe/Berlin", _WORKDAY, ((540, 720), (780, 1020))),
    ("Europe/Berlin", _WORKDAY, ((480, 720), (750, 960))),
    ("Europe/Berlin", _WORKDAY, ((600, 1080),)),
    ("Europe/Berlin", range(1, 6), ((540, 780),)),
    ("America/New_York", _WORKDAY, ((540, 1020),)),
    ("Europe/Berlin", _WORKDAY, ((540, 780), (840, 1020))),
)


def _people(setting: Setting) -> Iterator[Specialist]:
    for number in range(setting.people):
        zone, days, parts = _PATTERNS[number % len(_PATTERNS)]
        name = f"s{number + 1}"
        windows = tuple(Window(day, start, end) for day in days for start, end in parts)
        yield Specialist(
            id=SpecialistId(name),
            name=name.upper(),
            email=Address(f"{name}@people.example"),
            hours=Hours(zone, windows),
            languages=("en",),
            capacity=setting.capacity,
        )


def _arrivals(drawn: World, start: datetime, end: datetime, chance: Random) -> Iterator[datetime]:
    """Yield a Poisson stream with the shape of a day, by thinning."""
    setting, week = drawn.setting, timedelta(weeks=1)
    people = drawn.shop.specialists.values()
    working = sum(working_between(one.hours, START, START + week).total_seconds() for one in people)
    answers = sum(setting.again**turn for turn in range(MOST_TURNS))
    weekly = setting.load * working / (sum(drawn.pace.values()) / len(drawn.pace)) / answers
    peak = weekly * max(_SHAPE) / (sum(_SHAPE) * (5 + 2 * _WEEKEND)) / 3600
    at = start
    while (at := at + timedelta(seconds=chance.expovariate(peak))) < end:
        weight = _SHAPE[(at.hour + 1) % 24] * (_WEEKEND if at.weekday() not in _WORKDAY else 1.0)
        if chance.random() * max(_SHAPE) < weight:
            yield at


def _asking(number: int, at: datetime, skill: Mapping[SpecialistId, float], setting: Setting, chance: Random) -> Asking:
    estimates = {who: min(1.0, 0.1 + 0.9 * level * chance.uniform(0.8, 1.1)) for who, level in skill.items()}
    return redrawn(Asking(number, at, estimates, (), (), ()), setting, chance)


def redrawn(asking: Asking, setting: Setting, chance: Random) -> Asking:
    """Return the same question with all that has not happened yet drawn anew."""
    turns = 1
    while turns < MOST_TURNS and chance.random() < setting.again:
        turns += 1
    return replace(
        asking,
        luck=tuple(chance.gauss(0, 1) for _ in range(MOST_TURNS)),
        replies=tuple(reply(chance) for _ in range(turns - 1)),
        overlooked=tuple(chance.random() < setting.silent for _ in range(MOST_TURNS)),
        heeds=chance.random() < _HEEDED,
    )


def reply(chance: Random) -> timedelta:
    """Seven in ten shoppers write back within the hour, the others within days."""
    if chance.random() < _SOON:
        return timedelta(minutes=20 * math.exp(chance.gauss(0, 0.8)))
    return timedelta(days=math.exp(chance.gauss(0, 0.6)))


def sick_days(setting: Setting, chance: Random) -> Iterator[tuple[date, bool]]:
    for number in range(setting.weeks * 7):
        if chance.random() < setting.sick:
            yield (START + timedelta(days=number)).date(), chance.choice((True, False))


def duty_hours(world_: World) -> float:
    """Return all hours of duty in the run, sick days left out."""
    spans = (working_between(world_.really(who), START, world_.setting.end) for who in world_.shop.specialists)
    return sum(span.total_seconds() for span in spans) / 3600


def shifts(world_: World, who: SpecialistId) -> Iterator[tuple[datetime, datetime]]:
    """Yield the times in which they are really there."""
    yield from open_times([Duty(world_.really(who))], START, world_.setting.end - START + timedelta(days=30))
