"""The work of one event does not grow with the shop: the same requests at 10 specialists with 100 waiting questions as
at 10,000 with 1,000,000.

The steps are the real ones; the table answers from synthetic lines (a million places are not held, but each read of a
line returns what it would hold, up to its limit), and every request is counted as the adapters make it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fakes import memory as fake
from fakes.runtime import FakeRuntime
from undivided.answering import specialist_writes
from undivided.closing import end
from undivided.config import Hours, Shop, Specialist, Window
from undivided.conversation import accept, shopper_writes
from undivided.desk import Desk
from undivided.expertise.asked import Ranking, Score
from undivided.expertise.model import Model
from undivided.mail.keys import KeyRing
from undivided.message import Message
from undivided.promise.calibration import Calibration
from undivided.question import About, Question, Shopper
from undivided.state import NEW_LANE, Outcome, Place, Ranked
from undivided.steps.clock import look
from undivided.steps.given import given_for, promise_now, ring_given
from undivided.steps.look import pull, pull_all
from undivided.values import SHOPPER, Address, ConversationId, SpecialistId

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
ALWAYS = Hours("UTC", tuple(Window(day, 0, 1440) for day in range(7)))
SIZES = ((10, 100), (10_000, 1_000_000))
PAGE = 100
"""Keys of one BatchGetItem."""


@dataclass
class Counted:
    """Counts requests as the adapters make them."""

    requests: Counter[str] = field(default_factory=Counter)
    items: Counter[str] = field(default_factory=Counter)
    """The most that one request of a kind touched."""

    def note(self, request: str, items: int = 1) -> None:
        self.requests[request] += 1
        self.items[request] = max(self.items[request], items)


class Desks(fake.Desks):
    counted: Counted

    def desk(self, specialist: SpecialistId) -> Desk:
        self.counted.note("GetItem desk")
        return super().desk(specialist)

    def desks(self, specialists: Iterable[SpecialistId]) -> dict[SpecialistId, Desk]:
        wanted = tuple(dict.fromkeys(specialists))
        for start in range(0, len(wanted), PAGE):
            self.counted.note("BatchGetItem desks", len(wanted[start : start + PAGE]))
        return {one: fake.Desks.desk(self, one) for one in wanted}


class Lines(fake.Lines):
    """Each specialist's line holds `each` synthetic places besides those that are really in memory."""

    counted: Counted
    each: int

    def first(self, specialist: SpecialistId, limit: int) -> tuple[tuple[Place, ConversationId], ...]:
        real = super().first(specialist, limit)
        synthetic = [
            (Place(specialist, NEW_LANE, NOW + timedelta(days=1, seconds=number)), ConversationId(f"s{number:011d}"))
            for number in range(min(limit - len(real), self.each))
        ]
        self.counted.note("Query line", len(real) + len(synthetic))
        return (*real, *synthetic)

    def ahead(self, specialist: SpecialistId, when: datetime, most: int = 50) -> int:
        self.counted.note("Query count of line", most)
        return super().ahead(specialist, when, most)


class Conversations(fake.Conversations):
    counted: Counted

    def conversation(self, key: ConversationId) -> Any:
        self.counted.note("GetItem conversation")
        return super().conversation(key)

    def commit(self, changes: Any, now: datetime, **more: Any) -> Any:
        before = changes.before.places if changes.before else ()
        moved = len(set(before) ^ set(changes.after.places))
        self.counted.note(
            "TransactWriteItems", 1 + len(changes.desks) + len(changes.messages) + len(changes.mails) + moved
        )
        return super().commit(changes, now, **more)


def built(specialists: int, waiting: int) -> tuple[FakeRuntime, Counted]:
    people = {
        SpecialistId(f"p{number}"): Specialist(
            SpecialistId(f"p{number}"), f"P{number}", Address(f"p{number}@people.example"), ALWAYS, ("en",)
        )
        for number in range(specialists)
    }
    shop = Shop(
        "Shop", "https://shop.example", Address("o@x.example"), "ask.shop.example", "UTC", ("en",), "EUR",
        people, SpecialistId("p9"),
    )  # fmt: skip
    counted = Counted()

    class Runtime(FakeRuntime):
        model, calibration = Model.new(), Calibration()

        def __getattr__(self, name: str) -> Any:
            kinds: dict[str, Any] = {"desks": Desks, "lines": Lines, "conversations": Conversations}
            if name not in kinds:
                return super().__getattr__(name)
            made = type(name, (kinds[name],), {"counted": counted, "each": waiting // specialists})
            return made(self.memory)

    return Runtime(shop, KeyRing({1: b"k" * 32}), NOW), counted


def ask(rt: Any, number: int) -> ConversationId:
    """Accept a question as the router does, with a ranking of everybody (ranking itself asks nothing of AWS)."""
    scores = tuple(Score(who, 1 / (1 + place), ()) for place, who in enumerate(rt.shop.specialists))
    ranking = Ranking(scores, fits=True)
    key = ConversationId(f"q{number:011d}")
    promise = promise_now([(one.specialist, one.estimate) for one in scores[:3]], rt, rt.time, {})
    question = Question(key, Shopper("Sam", Address("sam@x.example"), "en"), About(), "Which?", rt.time, promise)
    given = ring_given([Ranked(one.specialist, one.estimate) for one in scores[:12]], rt, rt.time)
    after = rt.conversations.commit(accept(question, ranking, given), rt.time)
    pull_all((place.specialist for place in after.places), rt)
    return key


def answer(rt: Any, key: ConversationId) -> None:
    one = rt.conversations.conversation(key)
    who = one.specialist
    said = Message(0, who, rt.time, "Red.")
    changes = specialist_writes(one, who, said, one.said, given_for(one, rt, also=(who,)))
    rt.conversations.commit(changes, rt.time)
    pull_all((desk.specialist for desk in changes.desks), rt)


def follow_up(rt: Any, key: ConversationId) -> None:
    one = rt.conversations.conversation(key)
    rt.conversations.commit(shopper_writes(one, Message(0, SHOPPER, rt.time, "And?"), given_for(one, rt)), rt.time)


def silence(rt: Any, key: ConversationId) -> None:
    rt.time += timedelta(hours=4, minutes=1)
    look(key, rt)


def withdraw(rt: Any, key: ConversationId) -> None:
    one = rt.conversations.conversation(key)
    changes = end(one, Outcome.WITHDRAWN, given_for(one, rt), by=SHOPPER)
    rt.conversations.commit(changes, rt.time)
    pull_all((desk.specialist for desk in changes.desks), rt)


EVENTS: dict[str, Callable[[Any, ConversationId], object]] = {
    "a question that is taken at once": lambda rt, _key: ask(rt, 7),
    "an answer": answer,
    "a follow-up": follow_up,
    "a silent specialist": silence,
    "a withdrawal": withdraw,
    "a look at a line": lambda rt, _key: pull(SpecialistId("p0"), rt),
    "a timer with nothing due": lambda rt, key: look(key, rt),
}


def measured(event: str, size: tuple[int, int]) -> tuple[Counter[str], Counter[str]]:
    rt, counted = built(*size)
    key = ask(rt, 1)
    rt.memory.desks = {who: replace(desk) for who, desk in rt.memory.desks.items()}
    counted.requests.clear()
    counted.items.clear()
    EVENTS[event](rt, key)
    return counted.requests, counted.items


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_makes_as_many_requests_in_a_large_shop_as_in_a_small_one(event: str) -> None:
    (small, few), (large, many) = (measured(event, size) for size in SIZES)
    print(f"| {event} | {small.total()} | {large.total()} | {max(many.values())} |")
    assert small == large, "as many requests"
    assert max(many.values()) <= 50, f"no request touches more than a bounded number of items: {many}"
    assert many["TransactWriteItems"] <= 25, "the limit of one transaction that the design sets"
    assert small.total() > 0
    assert few.keys() == many.keys()
