"""The specialists of a simulated shop that works with the product: they read, answer, overlook, fall ill and come back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from undivided.answering import specialist_writes
from undivided.handing_over import hand_over
from undivided.message import Message
from undivided.outbox import Kind, Mail
from undivided.promise.hours import add_working, next_on_duty, on_duty
from undivided.state import Conversation, HandOver, State
from undivided.steps.given import given_for
from undivided.steps.look import pull_all
from undivided.values import OWNER, ConversationId, SpecialistId
from undivided.wanted import wanted

from console.simulation.machinery import Machinery, Shadow, conversation_of
from console.simulation.measure import Log
from console.simulation.setting import START, Asking, World

ASHAMED = timedelta(hours=2)
"""Working time from the mail that says "handed over" until they write, which lifts their silence."""
PRODS = frozenset({"fallback_silent", "promise_missed"})
"""Notices on which the owner does something at once."""
ABOUT_A_SHOPPER = frozenset({Kind.QUESTION, Kind.FOLLOW_UP, Kind.REMINDER, Kind.LATE, Kind.WITHDRAWN})


@dataclass(slots=True)
class Mailbox:
    """What one simulated specialist has before them."""

    who: SpecialistId
    open: dict[ConversationId, int] = field(default_factory=dict)
    """Unanswered conversations, oldest first -> up to which of the shopper's words they have been read."""
    overlooked: set[ConversationId] = field(default_factory=set)
    working_on: ConversationId | None = None
    begun: datetime = START
    until: datetime | None = None
    """When the answer in hand will be written."""


class Undivided(Machinery):
    """One run of the product."""

    def __init__(self, world: World, *, shadow: Shadow | None = None) -> None:
        super().__init__(world, shadow=shadow)
        self.mailboxes = {who: Mailbox(who) for who in world.shop.specialists}
        self.overlooked_once: set[tuple[ConversationId, int]] = set()
        """Conversation and turn: whoever gets it next does see it."""
        self.wrote_at: dict[SpecialistId, datetime] = {}
        self.answered_at: dict[ConversationId, datetime] = {}
        self.coming: dict[ConversationId, datetime] = {}
        """When a shopper will write again."""

    def run(self) -> Log:
        for asking in self.world.askings:
            self.engine.at(asking.at, partial(self._ask_as_planned, asking))
        for who, days in self.world.sick.items():
            for day, says_so in days.items():
                self.falls_ill(who, datetime(day.year, day.month, day.day, 4, tzinfo=START.tzinfo), says_so=says_so)
        self.engine.run(self.world.setting.end)
        self.log.commits = self.table.commits
        return self.log

    # --- another future, for the oracle ---

    def forget_shadow(self) -> None:
        self._shadow = None

    def replace_askings(self, askings: Iterator[Asking]) -> None:
        """Nobody who was to ask does; these do, and each is drawn when the one before has asked: most never will."""
        self._cancelled = True
        if (asking := next(askings, None)) is not None:
            self.engine.at(asking.at, partial(self._ask_and_draw, asking, askings))

    def _ask_and_draw(self, asking: Asking, others: Iterator[Asking]) -> None:
        self.askings[conversation_of(asking)] = asking
        self.replace_askings(others)
        self.ask(asking)

    # --- the specialist ---

    def delivered(self, key: ConversationId, mail: Mail) -> None:
        conversation, box = self.table.all[key], self.mailboxes.get(SpecialistId(mail.to))
        if mail.to == OWNER and mail.data.get("what") in PRODS:
            self._prodded(conversation)
            return
        if box is None or not wanted(mail, conversation):
            return
        if mail.kind in ABOUT_A_SHOPPER and set(box.open) - {key}:
            self.log.interrupt(box.who)
        if mail.kind in (Kind.QUESTION, Kind.FOLLOW_UP):
            self._opened(box, conversation, mail)
        elif mail.kind is Kind.REMINDER:
            self._reminded(box, key)
        elif mail.kind in (Kind.LATE, Kind.WITHDRAWN):
            self._drops(box, key)
        elif mail.kind is Kind.HANDED_OVER:
            self._handed_over(box, key)
        self._work(box)

    def _reminded(self, box: Mailbox, key: ConversationId) -> None:
        self.log.reminders += 1
        self.log.needless += box.working_on == key and on_duty(self.world.really(box.who), self.engine.now)
        if self.asking(key).heeds:
            box.overlooked.discard(key)

    def _handed_over(self, box: Mailbox, key: ConversationId) -> None:
        """Whoever is silent finishes what they write, or writes ashamed; anybody else gets the next question, and stops."""
        if not self.table.desk(box.who).silent:
            self._drops(box, key)
        elif box.working_on != key:
            back = add_working(self.world.really(box.who), self.engine.now, ASHAMED)
            self.engine.at(back or self.world.setting.end, lambda: self._returns(box.who))

    def _drops(self, box: Mailbox, key: ConversationId) -> None:
        """A colleague has answered, or the shopper needs nothing any more: they stop."""
        box.open.pop(key, None)
        box.overlooked.discard(key)
        if box.working_on == key:
            box.working_on = None

    def _prodded(self, conversation: Conversation) -> None:
        """The owner has a word with whoever keeps a shopper waiting."""
        if conversation.state is State.FOCUS and conversation.specialist:
            box = self.mailboxes[conversation.specialist]
            box.overlooked.discard(conversation.id)
            self._work(box)

    def _opened(self, box: Mailbox, conversation: Conversation, mail: Mail) -> None:
        key, turn = conversation.id, self.turns.get(conversation.id, 0)
        if self.asking(key).overlooked[min(turn, 3)] and (key, turn) not in self.overlooked_once:
            self.overlooked_once.add((key, turn))
            box.overlooked.add(key)
        box.open[key] = mail.upto

    def _work(self, box: Mailbox) -> None:
        """Take the oldest open conversation in hand, if idle; it takes its time within the hours really worked."""
        if box.working_on:
            return
        key = next((one for one in box.open if one not in box.overlooked), None)
        if key is None:
            return
        box.working_on, box.begun = key, self.engine.now
        takes = self.world.answer_takes(box.who, self.asking(key), self.turns.get(key, 0), self.engine.now)
        self.finishes(box, key, takes)

    def finishes(self, box: Mailbox, key: ConversationId, takes: timedelta) -> None:
        box.until = add_working(self.world.really(box.who), box.begun, takes)
        if box.until:
            self.engine.at(box.until, partial(self._answers, box, key, box.until))

    def _answers(self, box: Mailbox, key: ConversationId, until: datetime) -> None:
        if (box.working_on, box.until) != (key, until):
            return
        box.working_on = None
        settles = box.open.pop(key, 0)
        conversation, who, now = self.table.all[key], box.who, self.engine.now
        self.wrote_at[who] = now
        given = given_for(conversation, self.rt, also=(who,))
        changes = specialist_writes(conversation, who, Message(0, who, now, "answer"), settles, given)
        if changes:
            after = self.table.commit(changes, now)
            if after.state is State.WITH_SHOPPER:
                self._goes_on(key, who)
        self._tidy(box)
        self._work(box)

    def _goes_on(self, key: ConversationId, who: SpecialistId) -> None:
        """The shopper reads the answer, and writes again if chance has it."""
        turn = self.turns.get(key, 0)
        self.turns[key] = turn + 1
        self.answered_at[key] = self.engine.now
        wrote = self._wrote.pop(key, self.asking(key).at)
        self.log.answer(self.asking(key).number, who, wrote, self.engine.now, again=turn > 0)
        replies = self.asking(key).replies
        if turn < len(replies):
            self.writes_again(key, self.engine.now + replies[turn])

    def writes_again(self, key: ConversationId, when: datetime) -> None:
        """Have the shopper write again at `when`, and not at any other time that was meant before."""
        self.coming[key] = when
        self.engine.at(when, partial(self._as_meant, key, when))

    def _as_meant(self, key: ConversationId, when: datetime) -> None:
        if self.coming.get(key) == when:
            self._ask_again(key)

    def _tidy(self, box: Mailbox) -> None:
        """Forget what was taken away meanwhile: a conversation that was handed over needs no answer of theirs."""
        for key in set(box.open) - {box.working_on}:
            conversation = self.table.all[key]
            if conversation.state is not State.FOCUS or conversation.specialist != box.who:
                del box.open[key]
                box.overlooked.discard(key)

    # --- absence ---

    def falls_ill(self, who: SpecialistId, morning: datetime, *, says_so: bool) -> None:
        if says_so:
            self.engine.at(morning, partial(self._away, who, morning))
        back = next_on_duty(self.world.really(who), morning, timedelta(days=10))
        if back:
            self.engine.at(back + timedelta(minutes=1), lambda: self._returns(who))

    def _away(self, who: SpecialistId, morning: datetime) -> None:
        """What the step does with an out-of-office: mark the desk, hand over what is in focus."""
        if not self.world.sick[who].get(morning.date()):
            return  # in this future they are well
        until = morning + timedelta(hours=20)
        desk = self.table.save(replace(self.table.desk(who), away_until=until), self.engine.now)
        for key in desk.focus:
            conversation = self.table.all[key]
            given = given_for(conversation, self.rt, also=(who,), ring=True)
            changes = hand_over(conversation, who, HandOver.AWAY, given) if conversation.state is State.FOCUS else None
            if changes:
                self.table.commit(changes, self.engine.now)
                self._drops(self.mailboxes[who], key)

    def _returns(self, who: SpecialistId) -> None:
        """Back at work they read their mail: any word of theirs lifts their silence."""
        box = self.mailboxes[who]
        if box.working_on:
            return  # their answer, even a late one, lifts it
        self._tidy(box)
        desk = self.table.desk(who)
        if desk.silent:
            self.table.save(replace(desk, silent=False), self.engine.now)
            pull_all([who], self.rt)
        self._work(box)
