"""What a decision returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from undivided.desk import Desk
from undivided.message import Message
from undivided.outbox import Mail
from undivided.state import Conversation


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened, for metrics, learning and the event bus; `name` is in docs/events.md."""

    name: str
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Changes:
    """What one decision wants: committed wholly, in one transaction with version checks, or not at all.

    `before` is None for a new conversation. Places and timers are not listed: they are the difference between
    `before` and `after`. Each desk stands with the version it was read at.
    """

    before: Conversation | None
    after: Conversation
    messages: tuple[Message, ...] = ()
    mails: tuple[Mail, ...] = ()
    desks: tuple[Desk, ...] = ()
    facts: tuple[Fact, ...] = ()

    def then(self, second: Changes | None) -> Changes:
        """Join a decision made on `self.after` to this one, so that both become one transaction."""
        if second is None:
            return self
        desks = {desk.specialist: desk for desk in (*self.desks, *second.desks)}
        return Changes(
            before=self.before,
            after=second.after,
            messages=self.messages + second.messages,
            mails=self.mails + second.mails,
            desks=tuple(desks.values()),
            facts=self.facts + second.facts,
        )
