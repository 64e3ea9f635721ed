"""The table in memory: the ports that the real steps and decisions need, with the real version checks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from undivided.changes import Changes
from undivided.desk import Desk
from undivided.errors import Conflict
from undivided.record import MailRef, Record
from undivided.record import Received as ReceivedMail
from undivided.state import NEW_LANE, Conversation, Place
from undivided.values import ConversationId, SpecialistId

Key = tuple[str, datetime, ConversationId]
_LAST = ConversationId("~")


class Table:
    """Conversations, desks and lines; `committed` hears of every commit, as the table's stream does."""

    def __init__(self, committed: Callable[[Changes], None], prior: Desk) -> None:
        self._committed = committed
        self._prior = prior
        self.all: dict[ConversationId, Conversation] = {}
        self._desks: dict[SpecialistId, Desk] = {}
        self._lines: dict[SpecialistId, list[Key]] = defaultdict(list)
        self.commits = 0

    def conversation(self, key: ConversationId) -> Conversation | None:
        return self.all.get(key)

    def record(self, key: ConversationId) -> Record | None:
        """Nothing in a simulation reads what was said."""
        raise NotImplementedError(f"the simulated table keeps no messages of {key}")

    def commit(
        self,
        changes: Changes,
        now: datetime,
        *,
        seen: str | None = None,
        received: ReceivedMail | None = None,
        references: tuple[MailRef, ...] = (),
    ) -> Conversation:
        """Commit wholly, or raise `Conflict` when the conversation or a desk had moved on; events come once here."""
        del now, seen, received, references
        before, after = changes.before, changes.after
        stands = self.all.get(after.id)
        if (stands.version if stands else None) != (before.version if before else None):
            raise Conflict(f"conversation {after.id} had moved on")
        for desk in changes.desks:
            if self.desk(desk.specialist).version != desk.version:
                raise Conflict(f"desk {desk.specialist} had moved on")
        for desk in changes.desks:
            self._desks[desk.specialist] = replace(desk, version=desk.version + 1)
        stored = replace(after, version=after.number)
        self._move(before.places if before else (), after.places, after.id)
        self.all[after.id] = stored
        self.commits += 1
        self._committed(replace(changes, after=stored))
        return stored

    def desk(self, specialist: SpecialistId) -> Desk:
        return self._desks.get(specialist) or replace(self._prior, specialist=specialist)

    def desks(self, specialists: Iterable[SpecialistId]) -> Mapping[SpecialistId, Desk]:
        return {who: self.desk(who) for who in specialists}

    def save(self, desk: Desk, now: datetime) -> Desk:
        del now
        if self.desk(desk.specialist).version != desk.version:
            raise Conflict(f"desk {desk.specialist} had moved on")
        self._desks[desk.specialist] = replace(desk, version=desk.version + 1)
        return self._desks[desk.specialist]

    def first(self, specialist: SpecialistId, limit: int) -> tuple[tuple[Place, ConversationId], ...]:
        return tuple((Place(specialist, lane, at), key) for lane, at, key in self._lines[specialist][:limit])

    def ahead(self, specialist: SpecialistId, when: datetime, most: int = 50) -> int:
        return min(bisect_right(self._lines[specialist], (NEW_LANE, when, _LAST)), most)

    def remove(self, place: Place, conversation: ConversationId) -> None:
        self._take(place, conversation)

    def _move(self, before: Iterable[Place], after: Iterable[Place], key: ConversationId) -> None:
        gone, come = set(before) - set(after), set(after) - set(before)
        for place in gone:
            self._take(place, key)
        for place in come:
            insort(self._lines[place.specialist], (place.lane, place.eligible_at, key))

    def _take(self, place: Place, key: ConversationId) -> None:
        line = self._lines[place.specialist]
        index = bisect_left(line, (place.lane, place.eligible_at, key))
        if index < len(line) and line[index][2] == key:
            del line[index]
