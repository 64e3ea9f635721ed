"""A specialist's desk: their focus slots, whether they are away, and how they have worked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from undivided.promise.estimate import Handling
from undivided.promise.handling import Work
from undivided.values import ConversationId, SpecialistId


@dataclass(frozen=True, slots=True)
class Desk:
    """A specialist's focus slots, away state and handling statistics."""

    specialist: SpecialistId
    version: int = 0
    focus: Mapping[ConversationId, datetime] = field(default_factory=dict)
    """Conversation -> since when."""
    away_until: datetime | None = None
    silent: bool = False
    """After a silent hand-over nothing new goes here until they write."""
    handling: Handling = field(default_factory=Handling)
    work: Work = field(default_factory=Work)
    proven_at: datetime | None = None
    """When an answer to the welcome mail last proved that their mail reaches us and is believed."""
    lingering: Mapping[ConversationId, datetime] = field(default_factory=dict)
    """Answered conversation -> until when a slot is kept for its shopper, who may write back at once."""

    def weekly(self, now: datetime) -> float:
        """Return how many answers they give in a week, by what they have done lately."""
        return self.work.weekly(now) / self.handling.mean

    def with_focus(self, conversation: ConversationId, since: datetime) -> Desk:
        return replace(self, focus={**self.focus, conversation: since}).without_linger(conversation)

    def with_linger(self, conversation: ConversationId, now: datetime, until: datetime) -> Desk:
        live = {one: at for one, at in self.lingering.items() if at > now}
        return replace(self, lingering={**live, conversation: until})

    def without_linger(self, conversation: ConversationId) -> Desk:
        return replace(self, lingering={one: at for one, at in self.lingering.items() if one != conversation})

    def without_focus(self, conversation: ConversationId) -> Desk:
        return replace(self, focus={one: since for one, since in self.focus.items() if one != conversation})
