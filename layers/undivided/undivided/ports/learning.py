"""What was learned from conversations, and what of it the shop shows."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from undivided.values import ConversationId

if TYPE_CHECKING:
    from undivided.expertise.learned import Learned
    from undivided.knowledge.answers import Answer
    from undivided.knowledge.index import Index
    from undivided.knowledge.publishing import Decided, Standing
    from undivided.knowledge.shelf import Shelf


class Lessons(Protocol):
    """Pass on what somebody can learn from, in order, to the one who does."""

    def send(self, body: str, name: str) -> None:
        """Send one lesson; the same `name` within five minutes is one lesson."""


class LearnedStore(Protocol):
    """Keep what was learned. Only its one writer publishes."""

    def current(self) -> Learned:
        """Return what is known, at most a minute old; nothing at all, rather than an error, when it cannot be read."""

    def latest(self) -> Learned:
        """Return a copy to add to, as last published; raise `Retryable` when it cannot be read."""

    def publish(self, learned: Learned) -> None: ...

    def rebuilt(self) -> Learned:
        """Return the state that was built anew from all conversations; raise `NotThereYet` if none was."""


class KnowledgeStore(Protocol):
    """Keep earlier answers and their index. Only its one writer does more than `current` and `answer`."""

    def current(self) -> Index:
        """Return what can be searched, at most a minute old; what is known, rather than an error or a long wait."""

    def answer(self, key: ConversationId) -> Answer | None: ...

    def latest(self) -> Shelf:
        """Return a copy to add to, as last published; raise `Retryable` when it cannot be read."""

    def has(self, key: ConversationId) -> bool:
        """Say whether there is an answer of this conversation."""

    def keep(self, answer: Answer) -> None: ...

    def drop(self, key: ConversationId) -> None: ...

    def publish(self, shelf: Shelf) -> None: ...

    def merge(self, shelf: Shelf, oldest: datetime) -> Shelf:
        """Publish the shelf with all of it in the large part, without what is gone or was answered before `oldest`."""

    def tidy(self, shelf: Shelf) -> None:
        """Remove large parts that `merge` has replaced."""

    def holds(self, shelf: Shelf, key: ConversationId) -> bool:
        """Say whether the large part has something of a conversation."""


class Publications(Protocol):
    """Keep what the owner decided about proposed answers."""

    def of_product(self, sku: str, limit: int) -> tuple[Decided, ...]:
        """Return the published answers about a product, the newest first."""

    def find(self, sku: str, conversation: ConversationId, number: int) -> Decided | None: ...

    def decide(self, decided: Decided, was: Standing | None) -> bool:
        """Write a decision in place of the one that stands (None: of none); False if another stands there by now."""
