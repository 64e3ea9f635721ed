"""Desks and lines in the table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from undivided.aws import items
from undivided.aws.dynamo import Store
from undivided.aws.table import desk_part
from undivided.aws.wire import NEW, Item, put
from undivided.desk import Desk
from undivided.errors import Conflict
from undivided.plain import from_text, to_text
from undivided.record import Roster
from undivided.state import NEW_LANE, Place
from undivided.values import ConversationId, SpecialistId, stamp

_ROSTER = "ROSTER", items.ONLY


@dataclass(frozen=True, slots=True)
class Desks:
    """The adapter behind the port of the same name."""

    store: Store

    def desk(self, specialist: SpecialistId) -> Desk:
        item = self.store.get(items.desk_key(specialist))
        return items.read_desk(item) if item else Desk(specialist)

    def desks(self, specialists: Iterable[SpecialistId]) -> Mapping[SpecialistId, Desk]:
        wanted = tuple(dict.fromkeys(specialists))
        found = self.store.batch([items.desk_key(one) for one in wanted])
        known = {desk.specialist: desk for desk in (items.read_desk(item) for item in found)}
        return {one: known.get(one, Desk(one)) for one in wanted}

    def save(self, desk: Desk, now: datetime) -> Desk:
        del now  # a desk keeps no time of its own
        if not self.store.attempt(desk_part(desk)):
            raise Conflict(f"the desk of {desk.specialist} had moved on from version {desk.version}")
        return replace(desk, version=desk.version + 1)


@dataclass(frozen=True, slots=True)
class Lines:
    """The adapter behind the port of the same name."""

    store: Store

    def first(self, specialist: SpecialistId, limit: int) -> tuple[tuple[Place, ConversationId], ...]:
        found = self.store.query("pk = :pk", {":pk": items.line(specialist)}, limit=limit)
        return tuple(items.read_place(item) for item in islice(found, limit))

    def ahead(self, specialist: SpecialistId, when: datetime, most: int = 50) -> int:
        before = {":pk": items.line(specialist), ":new": f"{NEW_LANE}#{stamp(when)}"}
        return self.store.count("pk = :pk AND sk < :new", {**before}, most)

    def remove(self, place: Place, conversation: ConversationId) -> None:
        self.store.delete(items.place_key(place, conversation))


@dataclass(frozen=True, slots=True)
class Rosters:
    """The adapter behind the port of the same name."""

    store: Store

    def known(self) -> Roster:
        item = self.store.get(_ROSTER)
        return from_text(Roster, str(item["body"])) if item else Roster()

    def save(self, roster: Roster) -> None:
        pk, sk = _ROSTER
        saved = replace(roster, version=roster.version + 1)
        item: Item = {"pk": pk, "sk": sk, "version": saved.version, "body": to_text(saved)}
        fresh = put(item, "version = :read", read=roster.version) if roster.version else put(item, NEW)
        if not self.store.attempt(fresh):
            raise Conflict("somebody else has noted the roster")
