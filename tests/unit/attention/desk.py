"""A small shop for tests of decisions: three specialists and a fallback person, and a world that commits purely."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from undivided.attention.duty import Given
from undivided.changes import Changes
from undivided.config import Hours, Shop, Specialist, Window
from undivided.conversation import accept, take
from undivided.desk import Desk
from undivided.expertise.asked import Ranking, Score
from undivided.message import Message
from undivided.outbox import Kind
from undivided.promise.estimate import Promise
from undivided.promise.hours import add_working
from undivided.question import About, Question, Shopper
from undivided.state import Conversation, State
from undivided.timers import tick
from undivided.values import SHOPPER, Address, ConversationId, SpecialistId

MONDAY = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
DAYTIME = Hours("UTC", tuple(Window(day, 9 * 60, 17 * 60) for day in range(5)))
ANNA, KEVIN, LENA, OMAR = (SpecialistId(one) for one in ("anna", "kevin", "lena", "omar"))


def person(who: SpecialistId, capacity: int = 1, hours: Hours = DAYTIME) -> Specialist:
    return Specialist(who, who.title(), Address(f"{who}@people.example"), hours, ("en",), capacity=capacity)


def shop(**changed: Specialist) -> Shop:
    people = {who: changed.get(who, person(who)) for who in (ANNA, KEVIN, LENA, OMAR)}
    return Shop(
        "Shop", "https://shop.example", Address("o@x.example"), "ask.shop.example", "UTC", ("en",), "EUR", people, OMAR
    )


@dataclass
class World:
    """Commits as the table does, and remembers what was decided."""

    shop: Shop = field(default_factory=shop)
    now: datetime = MONDAY
    desks: dict[SpecialistId, Desk] = field(default_factory=dict)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    mails: list[tuple[str, str, Kind]] = field(default_factory=list)

    def given(self) -> Given:
        desks = {who: self.desks.get(who, Desk(who)) for who in self.shop.specialists}
        ahead = {who for who in desks if any(at <= self.now for _, at, _ in self.line(who))}
        return Given(self.shop, self.now, desks, self.promise(), ahead)

    def promise(self) -> Promise | None:
        """Promise 40 minutes of open time: a promise never falls in closed time."""
        due = add_working(DAYTIME, self.now, timedelta(minutes=40))
        assert due is not None
        return Promise(due, self.now)

    def line(self, who: SpecialistId) -> list[tuple[str, datetime, str]]:
        places = ((one, place) for one in self.conversations.values() for place in one.places)
        return sorted((place.lane, place.eligible_at, one.id) for one, place in places if place.specialist == who)

    def commit(self, changes: Changes | None) -> Conversation:
        assert changes is not None, "the decision had nothing to say"
        after = replace(changes.after, version=changes.after.number)
        self.conversations[after.id] = after
        self.desks |= {desk.specialist: desk for desk in changes.desks}
        self.mails += [(after.id, mail.to, mail.kind) for mail in changes.mails]
        return after

    def ask(
        self,
        name: str,
        order: Iterable[tuple[SpecialistId, float]] = ((ANNA, 1.0), (KEVIN, 0.5), (LENA, 0.2)),
        drawn: tuple[SpecialistId, ...] = (),
    ) -> Conversation:
        shopper = Shopper(name, Address(f"{name}@example.com"), "en")
        promise = self.promise()
        key = ConversationId(name.ljust(12, "2"))
        ranking = Ranking(tuple(Score(who, estimate, ()) for who, estimate in order), fits=True, drawn=drawn)
        return self.commit(
            accept(Question(key, shopper, About(), "Which one?", self.now, promise), ranking, self.given())
        )

    def pull(self, who: SpecialistId) -> Conversation | None:
        for _, _, key in self.line(who):
            if changes := take(self.conversations[key], who, self.given()):
                return self.commit(changes)
        return None

    def wait(self, **duration: float) -> None:
        """Let time pass, minute by minute where something is due, as the clock does."""
        until = self.now + timedelta(**duration)
        while due := min(
            (one.due_at for one in self.conversations.values() if one.due_at and one.due_at <= until), default=None
        ):
            self.now = max(self.now, due)
            self.tick_all()
            for who in self.shop.specialists:
                while self.pull(who):
                    pass
        self.now = until

    def tick_all(self) -> None:
        for key in list(self.conversations):
            while changes := tick(self.conversations[key], self.given()):
                self.commit(changes)

    def kinds(self, to: str) -> list[Kind]:
        return [kind for _, one, kind in self.mails if one == to]


def words(author: str = SHOPPER, text: str = "And this?", **more: object) -> Message:
    return Message(0, author, MONDAY, text, **more)  # type: ignore[arg-type]


FOCUS, WAITING, WITH_SHOPPER = State.FOCUS, State.WAITING, State.WITH_SHOPPER
