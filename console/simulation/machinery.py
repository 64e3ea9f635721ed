"""The product at work: the heart's decisions, the real lines and timers, on a table in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

from undivided.attention.duty import next_present
from undivided.attention.fairness import handicapped
from undivided.attention.ring import BACKSTOP
from undivided.changes import Changes
from undivided.conversation import accept
from undivided.desk import Desk
from undivided.expertise.asked import Ranking
from undivided.expertise.asked import Score as Match
from undivided.expertise.explore import curious
from undivided.expertise.model import Model
from undivided.message import Message
from undivided.outbox import Mail
from undivided.promise.calibration import Calibration
from undivided.promise.estimate import Handling, Promise
from undivided.promise.scoring import learn, told
from undivided.question import About, Question, Shopper
from undivided.state import Conversation, Ranked, Timer
from undivided.steps.clock import look
from undivided.steps.given import promise_now, ring_given
from undivided.steps.look import pull_all
from undivided.steps.relay import hear_shopper
from undivided.values import SHOPPER, Address, ConversationId, SpecialistId

from console.simulation.engine import Engine
from console.simulation.measure import Log, Story
from console.simulation.setting import START, Asking, World
from console.simulation.table import Table

MAIL = timedelta(seconds=20)
"""A mail's way from the outbox to the mailbox."""
Shadow = Callable[[Any, Asking, datetime], None]
"""Gets the run, which may be any kind of it."""


class Machinery:
    """What intake, router, stream, schedules and outbox do, on the real decisions; people are the subclass's business.

    `shadow` is called for each question before it is accepted, to try other estimators on the same state.
    """

    def __init__(self, world: World, *, shadow: Shadow | None = None) -> None:
        self.world = world
        self.engine = Engine(START)
        self.log = Log("undivided")
        self.prior = Handling(world.shop.pace.handling_prior.total_seconds())
        self.table = Table(self._committed, Desk(SpecialistId("")))
        self.calibration = Calibration()
        self.rt: Any = _Runtime(self)
        self.askings = {conversation_of(one): one for one in world.askings}
        self.turns: dict[ConversationId, int] = {}
        self.heard: list[Callable[[Story], None]] = []
        """Called at each first answer."""
        self._wrote: dict[ConversationId, datetime] = {}
        self._cancelled = False
        self.careless = False
        """Promise anything: saves half of the time where only one question's answer is waited for."""
        self._shadow = shadow

    # --- the shopper ---

    def _ask_as_planned(self, asking: Asking) -> None:
        if not self._cancelled:
            self.ask(asking)

    def ask(self, asking: Asking) -> None:
        """A shopper sends the form."""
        now, key = self.engine.now, conversation_of(asking)
        ranked = sorted(asking.estimates.items(), key=lambda one: -one[1])
        desks = self.table.desks([who for who, _ in ranked])
        if self._shadow:
            self._shadow(self, asking, now)
        promised = self._promised(ranked, now, desks)
        self.log.stories[asking.number] = Story(asking, promised, last_due=promised.due if promised else None)
        question = Question(key, _shopper(asking), About(), "?", now, promised)
        ranking = Ranking(tuple(Match(who, estimate, ()) for who, estimate in ranked), fits=True)
        given = ring_given([Ranked(who, estimate) for who, estimate in ranked], self.rt, now)
        self.table.commit(accept(question, curious(handicapped(ranking, given), self.rt.model, key), given), now)

    def _promised(
        self, ranked: Sequence[tuple[SpecialistId, float]], now: datetime, desks: Mapping[SpecialistId, Desk]
    ) -> Promise | None:
        if self.careless:
            return Promise(now + timedelta(days=14), now)
        return promise_now(ranked, self.rt, now, desks)

    def _ask_again(self, key: ConversationId) -> None:
        self._wrote[key] = self.engine.now
        conversation = self.table.all[key]
        changes = hear_shopper(conversation, Message(0, SHOPPER, self.engine.now, "again"), self.rt)
        if changes:
            self.table.commit(changes, self.engine.now)

    # --- the machinery: what stream, schedules and outbox do ---

    def _committed(self, changes: Changes) -> None:
        after, now = changes.after, self.engine.now
        if due := self._next_look(after):
            self.engine.at(due, lambda: self._look(after.id, after.version))
        near = {place.specialist for place in after.places} | {desk.specialist for desk in changes.desks}
        self.engine.at(now, partial(self._pull, sorted(near)))
        for mail in changes.mails:
            when = max(now + MAIL, mail.not_before or now)
            self.engine.at(when, partial(self.delivered, after.id, mail))
        self._note(changes)
        ended = [promise for one in changes.facts if (promise := told(one.name, one.data))]
        self.calibration = learn(self.calibration, ended)

    def _next_look(self, after: Conversation) -> datetime | None:
        """Return when something is due; the hourly look for what got lost is left out, because here nothing gets lost."""
        now, times = self.engine.now, dict(after.timers)
        if times.get(Timer.WAKE) == now + BACKSTOP:
            del times[Timer.WAKE]
            people, desk = self.world.shop.specialists, self.table.desk
            starts = ((one.specialist, max(one.eligible_at, now)) for one in after.places)
            openings = (next_present(people[who], desk(who), start) for who, start in starts)
            times[Timer.WAKE] = min((one for one in openings if one and one > now), default=self.world.setting.end)
        return min(times.values(), default=None)

    def _pull(self, near: list[SpecialistId]) -> None:
        pull_all(near, self.rt)

    def _look(self, key: ConversationId, version: int) -> None:
        """A schedule of a version that has passed is stale: the newer commit has set its own."""
        if self.table.all[key].version == version:
            look(key, self.rt)

    def _note(self, changes: Changes) -> None:
        after, story = changes.after, self.log.stories[self.askings[changes.after.id].number]
        self.log.most_open = max(self.log.most_open, *(len(desk.focus) for desk in changes.desks), 0)
        if after.first_answer_at and not story.first_answer:
            story.first_answer, story.answered_by = after.first_answer_at, after.answered_by
            for hear in self.heard:
                hear(story)
        elif not after.first_answer_at and after.promise and story.last_due != after.promise.due:
            story.revisions += 1
            story.told_in_time &= story.last_due is None or self.engine.now <= story.last_due
            story.last_due = after.promise.due

    def delivered(self, key: ConversationId, mail: Mail) -> None:
        """A mail has reached its mailbox."""
        raise NotImplementedError

    def asking(self, key: ConversationId) -> Asking:
        return self.askings[key]


class _Runtime(SimpleNamespace):
    """What the steps ask of a runtime, as far as a simulation goes."""

    def __init__(self, run: Machinery) -> None:
        super().__init__(
            shop=run.world.shop,
            model=Model(),
            now=lambda: run.engine.now,
            conversations=run.table,
            desks=run.table,
            lines=run.table,
        )
        self._run = run

    @property
    def calibration(self) -> Calibration:
        return self._run.calibration


def conversation_of(asking: Asking) -> ConversationId:
    return ConversationId(f"q{asking.number:011d}")


def _shopper(asking: Asking) -> Shopper:
    return Shopper("Shopper", Address(f"shopper{asking.number}@example.net"), "en")
