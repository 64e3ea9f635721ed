"""Desks and lines, and who was on the roster."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from undivided.desk import Desk
from undivided.record import Roster
from undivided.state import Place
from undivided.values import ConversationId, SpecialistId


class Desks(Protocol):
    """Load desks; save one that changes without a conversation."""

    def desk(self, specialist: SpecialistId) -> Desk:
        """Return the desk; a new one with version 0 for a specialist who has none yet."""

    def desks(self, specialists: Iterable[SpecialistId]) -> Mapping[SpecialistId, Desk]:
        """Return the desk of each of them, new ones included."""

    def save(self, desk: Desk, now: datetime) -> Desk:
        """Save and return the desk; raise `Conflict` when its version had moved on."""


class Lines(Protocol):
    """Read one specialist's line, in order. Places are put and deleted by `Conversations.commit`."""

    def first(self, specialist: SpecialistId, limit: int) -> tuple[tuple[Place, ConversationId], ...]: ...

    def ahead(self, specialist: SpecialistId, when: datetime, most: int = 50) -> int:
        """Count the places, up to `most`, before one that would be new in the line and eligible at `when`."""

    def remove(self, place: Place, conversation: ConversationId) -> None:
        """Remove a place that its conversation does not know of; nothing happens if there is none."""


class Rosters(Protocol):
    """Remember who was on the roster."""

    def known(self) -> Roster: ...

    def save(self, roster: Roster) -> None:
        """Raise `Conflict` when its version had moved on."""
