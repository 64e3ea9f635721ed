"""Invariants 1, 2 and 5 of the heart under any interleaving: no table, the pure decisions alone.

A machine plays shop: questions come, specialists answer, pass and fall silent, shoppers write and withdraw, time
passes, and every event may come twice. The world commits changes as the table does: conversation and desks together.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from undivided.answering import specialist_writes
from undivided.attention.duty import Given
from undivided.attention.quiet import may_reach
from undivided.attention.ring import BACKSTOP
from undivided.changes import Changes
from undivided.closing import end
from undivided.config import Hours, Shop, Specialist, Window
from undivided.conversation import accept, shopper_writes, take
from undivided.desk import Desk
from undivided.expertise.asked import Ranking, Score
from undivided.expertise.learned import Learned
from undivided.handing_over import hand_over, undelivered
from undivided.message import Message
from undivided.obey import Order, obey
from undivided.outbox import Kind, Mail
from undivided.promise.calibration import Calibration
from undivided.promise.estimate import Promise
from undivided.promise.hours import on_duty
from undivided.promise.scoring import Late, told
from undivided.promise.scoring import Score as PromiseScore
from undivided.question import About, CallBack, Question, Shopper
from undivided.sale.credits import sale_of
from undivided.sale.orders import Order as ShopOrder
from undivided.selling import credit, refund
from undivided.state import Conversation, HandOver, Outcome, State, Timer
from undivided.timers import tick, with_nobody
from undivided.values import OWNER, SHOPPER, Address, ConversationId, Money, SpecialistId
from undivided.wanted import wanted

MONDAY = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
ALWAYS = Hours("UTC", tuple(Window(day, 0, 1440) for day in range(7)))
DAYTIME = Hours("UTC", tuple(Window(day, 9 * 60, 17 * 60) for day in range(5)))
NAMES = ("anna", "kevin", "lena", "omar")
PEOPLE = {
    SpecialistId(name): Specialist(
        SpecialistId(name), name.title(), Address(f"{name}@people.example"), hours, ("en",), capacity=capacity
    )
    for name, hours, capacity in zip(NAMES, (ALWAYS, DAYTIME, DAYTIME, ALWAYS), (1, 1, 2, 1), strict=True)
}
SHOP = Shop(
    "Shop", "https://shop.example", Address("owner@people.example"), "ask.shop.example", "UTC", ("en",), "EUR",
    PEOPLE, SpecialistId("omar"),
)  # fmt: skip
people = st.sampled_from(tuple(PEOPLE))


@dataclass(frozen=True, eq=False)
class Waiting:
    """A mail to a specialist that has not left yet."""

    conversation: ConversationId
    mail: Mail


class ShopDay(RuleBasedStateMachine):
    """A shop with four specialists, one of them the fallback person, over some days."""

    def __init__(self) -> None:
        super().__init__()
        self.now = MONDAY
        self.desks = {who: Desk(who) for who in PEOPLE}
        self.conversations: dict[ConversationId, Conversation] = {}
        self.said: dict[ConversationId, list[Message]] = {}
        self.mails: list[tuple[ConversationId, int, int, str, Kind]] = []
        self.delivered: Counter[tuple[ConversationId, int]] = Counter()
        self.relayed: Counter[tuple[ConversationId, int]] = Counter()
        self.shop = SHOP
        self.outbox: list[Waiting] = []
        self.timed: dict[ConversationId, bool] = {}
        """Whether what each shopper was told last about their answer names a time."""
        self.open: dict[str, set[ConversationId]] = {who: set() for who in PEOPLE}
        """Which conversations each specialist has open in their mailbox, as they see it."""
        self.late: set[ConversationId] = set()
        """Those whose promise is known to be missed, and runs on."""
        self.lessons: dict[str, PromiseScore | Late] = {}

    # --- the world -------------------------------------------------------------------------------------------

    def given(self, promise: bool = True) -> Given:
        made = self.promise(40) if promise else None
        ahead = {who for who in PEOPLE if any(at <= self.now for _, at, _ in self.line(who))}
        return Given(self.shop, self.now, dict(self.desks), made, ahead)

    def promise(self, minutes: int) -> Promise:
        asked = (SpecialistId("anna"),)
        due = self.now + timedelta(minutes=minutes)
        return Promise(due, self.now, predicted_seconds=900, asked=asked, since=(self.now,))

    def line(self, who: SpecialistId) -> list[tuple[str, datetime, ConversationId]]:
        return sorted(
            (place.lane, place.eligible_at, one.id)
            for one in self.conversations.values()
            for place in one.places
            if place.specialist == who
        )

    def commit(self, changes: Changes | None) -> None:
        if changes is None:
            return
        before = self.conversations.get(changes.after.id)
        assert changes.before == before, "a decision is about the conversation as it stood"
        number = changes.after.number
        assert len(changes.messages) <= 1
        for message in changes.messages:
            assert message.number == number, "messages are numbered by the version that records them"
            self.said.setdefault(changes.after.id, []).append(message)
        owner = {mail.data["what"] for mail in changes.mails if mail.to == OWNER}
        for index, mail in enumerate(changes.mails):
            self.mails.append((changes.after.id, number, index, mail.to, mail.kind))
            if mail.kind in (Kind.QUESTION, Kind.FOLLOW_UP):
                assert wanted(mail, changes.after), "a delivery is wanted at the moment it is decided"
                call = changes.after.call_back if changes.before is None or changes.before.places else None
                assert call is None or call.start <= self.now < call.end, "a call is delivered in its time alone"
            if mail.kind in (Kind.ACK, Kind.QUEUED, Kind.REVISED, Kind.NO_TIME_YET):
                self.timed[changes.after.id] = "promise_due" in mail.data
                assert "promise_due" in mail.data or "no_time_yet" in owner, "the owner is told, too"
            self.quiet(mail, changes.after)
            if mail.to in PEOPLE:
                self.outbox.append(Waiting(changes.after.id, mail))
            if mail.kind is Kind.ANSWER:
                self.relayed[changes.after.id, mail.message] += 1
        assert len(changes.desks) <= 2, "a transaction touches at most two desks"
        gone = set(before.places if before else ()) ^ set(changes.after.places)
        items = 2 + len(changes.desks) + len(changes.messages) + len(changes.mails) + len(gone) + 2
        assert items <= 25, f"{items} items in one transaction"
        for desk in changes.desks:
            self.desks[desk.specialist] = replace(desk, version=self.desks[desk.specialist].version + 1)
            self.open[desk.specialist] &= {*desk.focus}  # what comes back later is opened anew
        self.conversations[changes.after.id] = replace(changes.after, version=number)
        self.teaches(changes)

    def teaches(self, changes: Changes) -> None:
        """A promise that falls due is told of once, and its end says that it was."""
        key = changes.after.id
        for index, fact in enumerate(changes.facts):
            lesson = told(fact.name, fact.data)
            if isinstance(lesson, Late):
                assert key not in self.late, "a miss is told once"
                self.late.add(key)
            elif lesson:
                assert lesson.late == (key in self.late), "the end of a promise says whether its miss was told"
                self.late.discard(key)
            if lesson:
                self.lessons[f"{key}.{changes.after.number}.{index}"] = lesson
        if not changes.after.missed:
            self.late.discard(key)

    def quiet(self, mail: Mail, after: Conversation) -> None:
        """Invariant 7: in their hours alone, and a question or a reminder only of what is in their focus."""
        person = self.shop.specialists.get(SpecialistId(mail.to))
        if person is None or mail.kind in (Kind.UNDERSTOOD, Kind.REFUSED):
            return
        hours_begin = mail.not_before or self.now
        assert on_duty(person.hours, hours_begin), f"{mail.kind} reaches {mail.to} outside of their hours"
        if mail.kind in (Kind.QUESTION, Kind.FOLLOW_UP, Kind.REMINDER, Kind.CONSULT) and "asked" not in mail.data:
            assert after.with_whom == mail.to, f"{mail.kind} is about what {mail.to} has not in focus"

    def send(self, one: Waiting, *, turning: bool = False) -> None:
        """Hand a mail to its specialist, as `steps/send.py` does, if it may reach them; check it against their mailbox."""
        who, after = SpecialistId(one.mail.to), self.conversations[one.conversation]
        person, desk = PEOPLE[who], self.desks[who]
        if not wanted(one.mail, after) or who not in self.shop.specialists:
            self.outbox.remove(one)
            return
        duty, focus = on_duty(person.hours, self.now), after.with_whom == who
        free = turning or len(desk.focus) < person.capacity
        if not may_reach(one.mail, on_duty=duty, in_focus=focus, slot_free=free):
            return
        if one.mail.opens:
            for other in [other for other in self.outbox if other.mail.to == who and other.conversation != after.id]:
                if not any(held.mail.opens and held.conversation == other.conversation for held in self.outbox):
                    self.send(other, turning=True)
            self.open[who].add(one.conversation)
        self.outbox.remove(one)
        self.undisturbed(one, duty=duty)

    def undisturbed(self, one: Waiting, *, duty: bool) -> None:
        """Invariant 7, as the specialist sees it: what they see open, and still have, fills their slots or not."""
        who, asked = (
            SpecialistId(one.mail.to),
            one.mail.kind in (Kind.UNDERSTOOD, Kind.REFUSED) or one.mail.data.get("asked"),
        )
        seen = self.open[who] & {*self.desks[who].focus}
        full = len(seen) >= PEOPLE[who].capacity
        assert asked or duty, f"{one.mail.kind} reaches {who} off hours"
        assert asked or not full or one.conversation in seen, f"{one.mail.kind} interrupts {who}"

    def pull(self) -> None:
        """Take from every line as `look.pull` does."""
        for who in PEOPLE:
            for _, _, key in self.line(who):
                self.commit(take(self.conversations[key], who, self.given()))

    def some(self, seed: int) -> Conversation:
        keys = sorted(self.conversations)
        return self.conversations[keys[seed % len(keys)]]

    # --- what may happen -------------------------------------------------------------------------------------

    @initialize(hold=st.booleans(), linger=st.booleans())
    def opens(self, hold: bool, linger: bool) -> None:
        hold_for, linger_for = timedelta(minutes=2 if hold else 0), timedelta(minutes=10 if linger else 0)
        self.shop = replace(SHOP, pace=replace(SHOP.pace, hold=hold_for, linger=linger_for))
        self.asks(order=list(NAMES), fits=True, promised=True)

    @rule(
        order=st.permutations(NAMES),
        fits=st.booleans(),
        promised=st.booleans(),
        call=st.booleans(),
        explored=st.booleans(),
    )
    def asks(self, order: list[str], fits: bool, promised: bool, call: bool = False, explored: bool = False) -> None:
        key = ConversationId(f"q{len(self.conversations):011d}")
        step = 0.05 if explored else 1.0  # near ties are eligible at once
        scores = tuple(Score(SpecialistId(who), 1.0 / (1 + step * rank), ()) for rank, who in enumerate(order))
        promise = self.promise(30) if promised else None
        shopper = Shopper("Sam", Address("sam@example.com"), "en")
        wanted = CallBack(self.now + timedelta(hours=1), self.now + timedelta(hours=3)) if call else None
        question = Question(key, shopper, About(), "Which one?", self.now, promise, call_back=wanted)
        drawn = tuple(one.specialist for one in reversed(scores)) if explored and fits else ()
        self.commit(accept(question, Ranking(scores if fits else (), fits=fits, drawn=drawn), self.given()))

    @rule(seed=st.integers(0, 50), promise=st.booleans())
    def shopper_says(self, seed: int, promise: bool) -> None:
        one = self.some(seed)
        self.commit(shopper_writes(one, Message(0, SHOPPER, self.now, "And this?"), self.given(promise)))

    @rule(seed=st.integers(0, 50), who=people, back=st.integers(0, 2), note=st.booleans(), again=st.booleans())
    def specialist_says(self, seed: int, who: SpecialistId, back: int, note: bool, again: bool) -> None:
        for _ in range(2 if again else 1):
            one = self.some(seed)
            if who not in one.parties or who not in self.shop.specialists:
                return
            message = Message(0, who, self.now, "Take the second.", note=note)
            settles = max(one.said - back, 0)
            self.commit(specialist_writes(one, who, message, settles, self.given()))

    @rule(
        seed=st.integers(0, 50), who=people, word=st.sampled_from(("won", "lost", "close", "pass")), text=st.booleans()
    )
    def specialist_orders(self, seed: int, who: SpecialistId, word: str, text: bool) -> None:
        one = self.some(seed)
        if who in one.parties and who in self.shop.specialists:
            message = Message(0, who, self.now, "Here." if text else "")
            self.commit(obey(one, who, message, (Order(word),), one.said, self.given()))

    @rule(
        seed=st.integers(0, 50),
        who=people,
        to=people,
        word=st.sampled_from(("ask", "pass", "snooze", "undo", "away", "back")),
        text=st.booleans(),
        hours=st.integers(1, 80),
    )
    def specialist_sets_aside(
        self, seed: int, who: SpecialistId, to: SpecialistId, word: str, text: bool, hours: int
    ) -> None:
        one = self.some(seed)
        if {who, to} <= {*one.parties, to} & {*self.shop.specialists}:
            message = Message(0, who, self.now, "Look at this." if text else "")
            order = Order(word, to=to, until=self.now + timedelta(hours=hours))
            self.commit(obey(one, who, message, (order,), one.said, self.given()))

    @rule(seed=st.integers(0, 50), outcome=st.sampled_from((Outcome.WON, Outcome.WITHDRAWN)))
    def shopper_ends(self, seed: int, outcome: Outcome) -> None:
        self.commit(end(self.some(seed), outcome, self.given(), by=SHOPPER))

    @rule(seed=st.integers(0, 50), number=st.integers(0, 3), euros=st.integers(1, 9), again=st.booleans())
    def order_is_paid(self, seed: int, number: int, euros: int, again: bool) -> None:
        order = ShopOrder("generic", str(number), Money(Decimal(euros), "EUR"), self.now)
        for _ in range(2 if again else 1):
            self.commit(credit(self.some(seed), order, "link", self.given()))

    @rule(seed=st.integers(0, 50), number=st.integers(0, 3), euros=st.sampled_from((None, 1, 5)), again=st.booleans())
    def order_is_refunded(self, seed: int, number: int, euros: int | None, again: bool) -> None:
        amount = Money(Decimal(euros), "EUR") if euros else None
        back = ShopOrder("generic", f"r{euros}", amount, self.now, refund_of=str(number))
        for _ in range(2 if again else 1):
            self.commit(refund(self.some(seed), back, self.given()))

    @rule(seed=st.integers(0, 50), party=st.sampled_from((SHOPPER, *PEOPLE)))
    def bounces(self, seed: int, party: str) -> None:
        self.commit(undelivered(self.some(seed), party, "550", self.given()))

    @rule(seed=st.integers(0, 50), who=people, why=st.sampled_from((HandOver.AWAY, HandOver.REMOVED)))
    def goes_away(self, seed: int, who: SpecialistId, why: HandOver) -> None:
        if why is HandOver.AWAY:
            self.desks[who] = replace(self.desks[who], away_until=self.now + timedelta(hours=5))
        self.commit(hand_over(self.some(seed), who, why, self.given()))

    @rule(who=st.sampled_from(("anna", "kevin", "lena")), on=st.booleans())
    def roster_changes(self, who: str, on: bool) -> None:
        """The owner takes somebody off the roster, or puts them back; nothing else happens at that moment."""
        rest = {one: person for one, person in PEOPLE.items() if one in self.shop.specialists or one == who}
        if not on:
            rest.pop(SpecialistId(who), None)
        self.shop = replace(self.shop, specialists=rest)

    @rule(who=people)
    def comes_back(self, who: SpecialistId) -> None:
        self.desks[who] = replace(self.desks[who], away_until=None, silent=False)

    @rule(minutes=st.sampled_from((1, 8, 30, 120, 600, 3000, 10000)), promise=st.booleans())
    def time_passes(self, minutes: int, promise: bool) -> None:
        self.now += timedelta(minutes=minutes)
        for key in list(self.conversations):
            for _ in range(20):
                changes = tick(self.conversations[key], self.given(promise))
                if changes is None:
                    break
                assert changes.after != self.conversations[key], "a timer that fired must change something"
                self.commit(changes)
            else:
                raise AssertionError("the timers of one conversation never come to rest")
        for one in self.conversations.values():
            first = one.told_first or one.promise
            if one.promise and first and first.due + timedelta(minutes=1) < self.now and one.places:
                assert one.missed, "a promise that is overdue has not been told of"
            assert with_nobody(one, self.shop) is None, "it is with somebody who is on the roster no more"
            if one.state is State.WAITING and minutes > BACKSTOP / timedelta(minutes=1):
                assert any(place.specialist in self.shop.specialists for place in one.places), "nobody could take it"

    @rule(seed=st.integers(0, 50))
    def mail_leaves(self, seed: int) -> None:
        """The outboxes are drained, in order within each conversation; which of them comes first is chance."""
        for key in sorted(
            {one.conversation for one in self.outbox}, key=lambda key: sha256(f"{key}{seed}".encode()).digest()
        ):
            for one in [one for one in self.outbox if one.conversation == key]:
                if one in self.outbox:
                    self.send(one)

    @precondition(lambda self: self.conversations)
    @rule(seed=st.integers(0, 50))
    def lines_are_looked_at(self, seed: int) -> None:
        self.pull()
        self.mail_leaves(seed)

    @rule(seed=st.integers(0, 50), then=st.sampled_from(("bounces", "withdraws", "overtaken", "nothing")))
    def somebody_answers_and_turns_to_the_next(self, seed: int, then: str) -> None:
        """The way of every day; and then something happens to the conversation that they have left."""
        mine = [one for one in self.conversations.values() if one.state is State.FOCUS]
        if not mine:
            return
        one = mine[seed % len(mine)]
        assert one.specialist
        message = Message(0, one.specialist, self.now, "Take the second.")
        self.commit(specialist_writes(one, one.specialist, message, one.said, self.given()))
        self.lines_are_looked_at(seed)
        if then == "bounces":
            self.commit(undelivered(self.conversations[one.id], SHOPPER, "550", self.given()))
        if then in ("withdraws", "overtaken"):
            self.commit(shopper_writes(self.conversations[one.id], Message(0, SHOPPER, self.now, "No."), self.given()))
        if then == "withdraws":
            self.commit(end(self.conversations[one.id], Outcome.WITHDRAWN, self.given(), by=SHOPPER))
        self.lines_are_looked_at(seed)

    # --- what always holds -----------------------------------------------------------------------------------

    @invariant()
    def undivided(self) -> None:
        for who, desk in self.desks.items():
            assert len(desk.focus) <= PEOPLE[who].capacity

    @invariant()
    def a_kept_slot_is_not_given_away(self) -> None:
        for who, desk in self.desks.items():
            kept = [one for one, until in desk.lingering.items() if until > self.now]
            assert len(desk.focus) + len(kept) <= PEOPLE[who].capacity
            assert not {*kept} & {*desk.focus}

    @invariant()
    def focus_and_state_agree(self) -> None:
        held = {(who, key) for who, desk in self.desks.items() for key in desk.focus}
        stated = {(one.with_whom, one.id) for one in self.conversations.values() if one.with_whom}
        assert held == stated

    @invariant()
    def nobody_is_lost(self) -> None:
        for one in self.conversations.values():
            consulting = one.state is State.CONSULTING
            assert bool(one.places) == (one.state is State.WAITING or (consulting and not one.consult_delivered))
            assert consulting == (one.consulted is not None)
            assert (one.outcome is not None) == (one.state is State.ENDED)
            owed = one.said > one.settled
            if one.state is State.WITH_SHOPPER:
                assert not owed, "words of the shopper are nobody's"
            if one.state is not State.ENDED:
                assert one.due_at is not None, "nothing would ever look at it again"
            assert not one.held or Timer.HOLD in one.timers, "a held answer would never leave"
            if one.state is State.FOCUS:
                assert owed
                assert one.specialist in one.parties

    @invariant()
    def who_waits_has_a_time(self) -> None:
        """Invariant 6: every shopper who is owed words, or was told that there is no time yet."""
        for one in self.conversations.values():
            if one.said > one.settled and one.state is not State.ENDED:
                assert one.promise or not self.timed[one.id], f"{one.state} without a time"

    @invariant()
    def what_was_paid_for_is_won(self) -> None:
        for one in self.conversations.values():
            left = sale_of(one.credits, "EUR")
            assert left is None or one.sale == left
            assert left is None or one.outcome in (None, Outcome.WON)

    @invariant()
    def every_answer_is_relayed_once(self) -> None:
        for key, messages in self.said.items():
            for message in messages:
                one = self.conversations[key]
                if message.author != SHOPPER and message.number != one.held:
                    kept = message.note or message.number in one.taken_back
                    assert self.relayed[key, message.number] == (0 if kept else 1)

    def teardown(self) -> None:
        """Whatever happened: once everybody is back and answers, every waiting question is delivered (no lost wake-up)."""
        weeks = (self.now - MONDAY) // timedelta(days=7) + 1
        self.now = MONDAY + timedelta(days=7 * weeks, hours=3)
        self.shop = replace(self.shop, specialists=PEOPLE)
        for who in PEOPLE:
            self.comes_back(who)
        for _ in range(3 * len(self.conversations) + 3):
            self.pull()
            for one in [one for one in self.conversations.values() if one.consult_delivered]:
                assert one.consulted is not None
                opinion = Message(0, one.consulted, self.now, "I would take the red one.")
                self.commit(specialist_writes(one, one.consulted, opinion, one.said, self.given()))
            for one in [one for one in self.conversations.values() if one.state is State.FOCUS and not one.held]:
                assert one.specialist is not None
                answer = Message(0, one.specialist, self.now, "Yes.")
                self.commit(specialist_writes(one, one.specialist, answer, one.said, self.given()))
            self.now += timedelta(minutes=11)
            for key in list(self.conversations):
                while changes := tick(self.conversations[key], self.given()):
                    self.commit(changes)
        unanswered = (State.WAITING, State.FOCUS, State.CONSULTING)
        waiting = [one.id for one in self.conversations.values() if one.state in unanswered]
        assert not waiting, "a question waits although everybody is free"
        self.taught_once()

    def taught_once(self) -> None:
        """In any order and however often they come, lessons move the quantile once for each promise that ended or fell due."""
        told_twice = [*self.lessons, *self.lessons]
        Random(len(told_twice)).shuffle(told_twice)
        learned = Learned()
        for name in told_twice:
            learned.score(name, self.lessons[name])
        measured = [one for one in self.lessons.values() if one.ratio >= 0]
        late = sum(isinstance(one, Late) for one in measured)
        ends = [one for one in measured if isinstance(one, PromiseScore) and not one.late]
        kept = sum(one.kept for one in ends)
        moved = sum((Calibration().missed("idle").first,) * (late + len(ends) - kept))
        moved += kept * Calibration().add("idle", 1.0, kept=True).first
        assert learned.calibration.first == pytest.approx(min(moved, 0.1))
        ratios = sum(isinstance(one, PromiseScore) for one in measured)
        weight = sum(0.995**one for one in range(ratios))
        assert sum(learned.calibration.counts.get("idle", {}).values()) == pytest.approx(weight)


TestShopDay = ShopDay.TestCase
TestShopDay.settings = settings(max_examples=150, stateful_step_count=40)
