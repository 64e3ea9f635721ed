"""Other ways of working, for comparison: questions are pushed to people, or everybody is told of everything."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from undivided.promise.hours import add_working, next_on_duty, on_duty
from undivided.values import SpecialistId

from console.simulation.engine import Engine
from console.simulation.measure import Log, Story
from console.simulation.setting import START, Asking, World

CAP = 5
"""Least-loaded push gives nobody more open questions than this."""


@dataclass(slots=True)
class Turn:
    """One answer that is owed."""

    asking: Asking
    number: int = 0
    owner: SpecialistId | None = None
    seen_again: bool = False
    written: datetime = START


@dataclass(slots=True)
class Person:
    who: SpecialistId
    inbox: deque[Turn] = field(default_factory=deque)
    busy: bool = False

    @property
    def open(self) -> int:
        return len(self.inbox) + self.busy


class Push:
    """A shop where somebody is chosen when a question comes; they answer their inbox in order, one after the other.

    What is overlooked is found the next working day: nobody reminds and nobody takes over. Follow-ups go to the same person.
    """

    def __init__(self, name: str, world: World, choose: Callable[[Push, Turn], Person | None]) -> None:
        self.world, self.engine, self.log = world, Engine(START), Log(name)
        self.people = {who: Person(who) for who in world.shop.specialists}
        self.waiting: deque[Turn] = deque()
        self.next = 0
        self._choose = choose

    def run(self) -> Log:
        for asking in self.world.askings:
            self.engine.at(asking.at, partial(self._ask, asking))
        self.engine.run(self.world.setting.end)
        return self.log

    def on_duty(self) -> list[Person]:
        hours = {who: one.hours for who, one in self.world.shop.specialists.items()}
        return [person for who, person in self.people.items() if on_duty(hours[who], self.engine.now)]

    def interrupt(self, person: Person) -> None:
        if person.open:
            self.log.interrupt(person.who)

    def _ask(self, asking: Asking) -> None:
        self.log.stories[asking.number] = Story(asking)
        self.place(Turn(asking, written=asking.at))

    def place(self, turn: Turn) -> None:
        person = self.people[turn.owner] if turn.owner else self._choose(self, turn)
        if person is None:
            self.waiting.append(turn)
            self._wake_up()
            return
        self.interrupt(person)
        person.inbox.append(turn)
        self.log.most_open = max(self.log.most_open, person.open)
        self.work(person)

    def _wake_up(self) -> None:
        """Nobody can take it now: look again when the next shift starts."""
        hours = (one.hours for one in self.world.shop.specialists.values())
        soon = self.engine.now + timedelta(minutes=1)
        starts = [start for one in hours if (start := next_on_duty(one, soon)) and start > soon]
        if starts:
            self.engine.at(min(starts), self.drain)

    def drain(self) -> None:
        while self.waiting:
            person = self._choose(self, self.waiting[0])
            if person is None:
                return
            turn = self.waiting.popleft()
            self.interrupt(person)
            person.inbox.append(turn)
            self.work(person)

    def work(self, person: Person) -> None:
        if person.busy or not person.inbox:
            return
        turn = person.inbox.popleft()
        if turn.asking.overlooked[min(turn.number, 3)] and not turn.seen_again:
            turn.seen_again = True
            tomorrow = next_on_duty(
                self.world.really(person.who), self.engine.now + timedelta(hours=14), timedelta(days=30)
            )
            self.engine.at(tomorrow or self.world.setting.end, lambda: self._found(person, turn))
            self.work(person)
            return
        person.busy = True
        takes = self.world.answer_takes(person.who, turn.asking, turn.number, self.engine.now)
        done = add_working(self.world.really(person.who), self.engine.now, takes)
        self.engine.at(done or self.world.setting.end, lambda: self._answered(person, turn))

    def _found(self, person: Person, turn: Turn) -> None:
        person.inbox.appendleft(turn)
        self.work(person)

    def _answered(self, person: Person, turn: Turn) -> None:
        person.busy = False
        self.log.answer(turn.asking.number, person.who, turn.written, self.engine.now, again=turn.number > 0)
        story = self.log.stories[turn.asking.number]
        if story.first_answer is None:
            story.first_answer, story.answered_by = self.engine.now, person.who
        if turn.number < len(turn.asking.replies):
            again = self.engine.now + turn.asking.replies[turn.number]
            follow = Turn(turn.asking, turn.number + 1, self.owner_of_follow_up(person), written=again)
            self.engine.at(again, lambda: self.place(follow))
        self.drain()
        self.work(person)

    def owner_of_follow_up(self, person: Person) -> SpecialistId | None:
        return person.who


class SharedInbox(Push):
    """Everybody on duty gets every mail; whoever is free first answers the oldest."""

    def __init__(self, world: World) -> None:
        super().__init__("shared inbox", world, lambda _, __: None)

    def place(self, turn: Turn) -> None:
        for person in self.on_duty():
            self.interrupt(person)
        self.waiting.append(turn)
        self.drain()
        self._wake_up()

    def drain(self) -> None:
        for person in self.on_duty():
            if not person.busy and not person.inbox and self.waiting:
                person.inbox.append(self.waiting.popleft())
                self.work(person)

    def owner_of_follow_up(self, person: Person) -> SpecialistId | None:
        del person
        return None


def round_robin(push: Push, turn: Turn) -> Person:
    """Return the next in turn of those on duty, or of all when nobody is."""
    del turn
    able = push.on_duty() or list(push.people.values())
    push.next += 1
    return able[push.next % len(able)]


def least_loaded(push: Push, turn: Turn) -> Person | None:
    """Return whoever on duty has the fewest open questions, the better match among equals; None when all are full."""
    able = [person for person in push.on_duty() if person.open < CAP]
    return min(able, key=lambda one: (one.open, -turn.asking.estimates[one.who]), default=None)


def best_idle(push: Push, turn: Turn) -> Person | None:
    """Return the best match among those who have nothing to do; None when everybody has."""
    idle = [person for person in push.on_duty() if not person.open]
    return max(idle, key=lambda one: turn.asking.estimates[one.who], default=None)


def always_the_best(push: Push, turn: Turn) -> Person:
    """Return the best match, however long their inbox."""
    return push.people[turn.asking.best]


def rules(world: World) -> tuple[Push, ...]:
    """Return other rules of who gets a question."""
    return (
        Push("round robin", world, round_robin),
        Push("least loaded, cap 5", world, least_loaded),
        Push("best idle", world, best_idle),
        Push("always the best", world, always_the_best),
    )


def others(world: World) -> tuple[Push, ...]:
    return Push("round robin", world, round_robin), Push("least loaded, cap 5", world, least_loaded), SharedInbox(world)
