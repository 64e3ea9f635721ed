"""Queues, and everybody outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from undivided.changes import Fact
from undivided.values import ConversationId

if TYPE_CHECKING:
    from undivided.promise.scoring import Score


class Queue(Protocol):
    """Put messages into one queue."""

    def send(self, body: str, delay_seconds: int = 0) -> None:
        """Send one message; `delay_seconds` at most 900."""

    def send_all(self, bodies: Iterable[str]) -> None:
        """Send many, ten to a request; raise `Unavailable` if any was not taken."""


class Later(Protocol):
    """Put off a queue's message that failed."""

    def put_off(self, receipt: str, attempt: int) -> None:
        """Have it come again after a pause that grows with `attempt`, the number of the attempt that failed, from 1."""


class Bus(Protocol):
    """Tell the outside what happened."""

    def tell(self, fact: Fact, conversation: ConversationId, version: int, index: int) -> None:
        """Publish fact `index` of a conversation's version; the three numbers make it known again when it comes twice."""


class Web(Protocol):
    """Call somebody's server."""

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """POST and return the status, within 20 seconds; no redirect is followed. Raises `Unavailable` without an answer."""


class Alarms(Protocol):
    """Have somebody look."""

    def raise_for(self, what: str) -> None:
        """Count one `what`, a metric that an alarm of template.yaml stands on."""


class Figures(Protocol):
    """Publish how well the shop does."""

    def promises(self, ended: Sequence[Score]) -> None:
        """Count promises that have ended; each is to be told once, because nothing can be taken back."""


class Secrets(Protocol):
    """Read what `setup` created and nobody else may see."""

    def secret(self) -> str:
        """Return the secret's text, at most five minutes old."""
