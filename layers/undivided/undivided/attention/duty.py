"""Who could take a question now."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from undivided.changes import Changes
from undivided.config import Hours, Shop, Specialist
from undivided.desk import Desk
from undivided.promise.estimate import Promise
from undivided.promise.hours import next_on_duty, on_duty
from undivided.state import Stood
from undivided.values import ConversationId, SpecialistId


@dataclass(frozen=True, slots=True)
class Given:
    """What a decision may look at besides its conversation, read by the step that asks for it."""

    shop: Shop
    now: datetime
    desks: Mapping[SpecialistId, Desk] = field(default_factory=dict)
    promise: Promise | None = None
    """What would be promised now, should this decision leave the shopper waiting."""
    ahead: Collection[SpecialistId] = frozenset()
    """Specialists in whose lines somebody eligible stands already: nobody is taken past them."""

    def after(self, changes: Changes) -> Given:
        """Return what is given once `changes` are made, for a decision to be joined to them."""
        return replace(self, desks={**self.desks, **{desk.specialist: desk for desk in changes.desks}})

    @property
    def hours(self) -> Mapping[SpecialistId, Hours]:
        return {who: person.hours for who, person in self.shop.specialists.items()}

    def specialist(self, who: SpecialistId | None) -> Specialist | None:
        return self.shop.specialists.get(who) if who else None

    def desk(self, who: SpecialistId) -> Desk:
        """Return the desk that was read; a desk that was not read counts as never used, and a commit on it conflicts."""
        return self.desks.get(who) or Desk(who)

    def present(self, who: SpecialistId) -> bool:
        """Say whether they are on duty, not away and not silent: they would see a mail now."""
        person, desk = self.specialist(who), self.desks.get(who)
        if person is None or desk is None or desk.silent or self.shop.paused:
            return False
        return not is_away(desk, self.now) and on_duty(person.hours, self.now)

    def gone(self, who: SpecialistId) -> bool:
        """Say whether they are away or silent: nothing new reaches them, however long it waits in their line."""
        desk = self.desks.get(who)
        return desk is not None and (desk.silent or is_away(desk, self.now))

    def ready(self, who: SpecialistId, conversation: ConversationId | None = None) -> bool:
        """Say whether they may be given a conversation now: present, and a focus slot is free, or kept for just this one."""
        person, desk = self.specialist(who), self.desk(who)
        kept = [one for one, until in desk.lingering.items() if until > self.now and one != conversation]
        return person is not None and self.present(who) and len(desk.focus) + len(kept) < person.capacity

    def stood(self, who: SpecialistId) -> Stood:
        """Say how they stand, as it is kept to explain a choice later."""
        if not self.present(who):
            return Stood.OFF
        if not self.ready(who):
            return Stood.BUSY
        return Stood.LINE if who in self.ahead else Stood.FREE

    def keeps(self, who: SpecialistId, conversation: ConversationId) -> bool:
        """Say whether a slot is kept for this conversation: nobody stands before it there."""
        until = self.desk(who).lingering.get(conversation)
        return until is not None and until > self.now

    def quiet_until(self, who: SpecialistId) -> datetime | None:
        """Return the start of their next working hours, or None when a mail may reach them now."""
        person = self.specialist(who)
        if person is None or self.on_duty(who):
            return None
        return next_on_duty(person.hours, self.now)

    def on_duty(self, who: SpecialistId) -> bool:
        person = self.specialist(who)
        return person is not None and on_duty(person.hours, self.now)


def is_away(desk: Desk, now: datetime) -> bool:
    return desk.away_until is not None and now < desk.away_until


def next_present(person: Specialist, desk: Desk | None, start: datetime) -> datetime | None:
    """Return the first moment from `start` on at which they work and are back; None: not within 14 days."""
    back = desk.away_until if desk and desk.away_until and desk.away_until > start else start
    return next_on_duty(person.hours, back)
