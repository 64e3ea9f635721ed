"""Earlier answers in the bucket: two parts of an index, and each answer's text in an object of its own.

    knowledge/recent           the answers of lately, and the number of the large part that belongs to them
    knowledge/base/000007      all others; never changed, replaced by the next number
    knowledge/answers/<id>     one answer

Mails are written by readers, who would rather have no earlier answers than wait: they ask once, briefly, and after a
failure not again for a minute.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from undivided.errors import Fault, NotThereYet
from undivided.knowledge.answers import Answer
from undivided.knowledge.index import Index
from undivided.knowledge.segment import EMPTY, Segment, as_number
from undivided.knowledge.shelf import Shelf, read
from undivided.plain import from_text, to_text
from undivided.values import ConversationId

if TYPE_CHECKING:
    from undivided.ports.objects import Texts

RECENT = "knowledge/recent"
FRESH_FOR = timedelta(seconds=60)
_BYTES = "application/octet-stream"
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class KnowledgeStore:
    """The adapter behind the port of the same name. `brief` is the same bucket for readers, who do not wait."""

    bucket: Texts
    brief: Texts
    clock: Callable[[], datetime]
    _index: Index = field(default_factory=Index)
    _base: tuple[int, Segment] = (0, EMPTY)
    _raw: bytes = b""
    _asked_at: datetime | None = None

    def current(self) -> Index:
        now = self.clock()
        if self._asked_at is None or now - self._asked_at >= FRESH_FOR:
            self._asked_at = now
            try:
                self._take(self.brief.get(RECENT))
            except NotThereYet:
                pass
            except (Fault, ValueError):
                _log.warning("earlier answers could not be read; the last known ones stay", exc_info=True)
        return self._index

    def answer(self, key: ConversationId) -> Answer | None:
        try:
            return from_text(Answer, self.brief.get(answer_key(key)))
        except NotThereYet:
            return None

    def latest(self) -> Shelf:
        try:
            return Shelf.load(self.bucket.get(RECENT))
        except NotThereYet:
            return Shelf()

    def has(self, key: ConversationId) -> bool:
        try:
            return bool(self.bucket.get(answer_key(key)))
        except NotThereYet:
            return False

    def keep(self, answer: Answer) -> None:
        self.bucket.put(answer_key(answer.id), to_text(answer).encode(), "application/json")

    def drop(self, key: ConversationId) -> None:
        self.bucket.delete(answer_key(key))

    def publish(self, shelf: Shelf) -> None:
        self.bucket.put(RECENT, shelf.dump(), _BYTES)

    def merge(self, shelf: Shelf, oldest: datetime) -> Shelf:
        """Write the next large part, then switch to it: killed between the two, it is written again."""
        base = Segment.load(self.bucket.get(base_key(shelf.base))) if shelf.base else EMPTY
        first = int(oldest.timestamp())
        expired = {id_ for id_, when in zip(base.ids, base.when, strict=True) if when < first}
        merged = base.merged(Segment.build(shelf.recent.values()), shelf.replaced() | expired)
        self.bucket.put(base_key(shelf.base + 1), merged.data, _BYTES)
        emptied = Shelf(shelf.base + 1)
        self.publish(emptied)
        return emptied

    def tidy(self, shelf: Shelf) -> None:
        """Remove the last two: one may have been left over when a process died before it came to this."""
        for number in range(max(1, shelf.base - 2), shelf.base):
            self.bucket.delete(base_key(number))

    def holds(self, shelf: Shelf, key: ConversationId) -> bool:
        return bool(shelf.base) and as_number(key) in Segment.load(self.bucket.get(base_key(shelf.base))).ids

    def _take(self, raw: bytes) -> None:
        if raw == self._raw:
            return
        number, gone, recent = read(raw)
        if number != self._base[0]:
            self._base = number, Segment.load(self.brief.get(base_key(number))) if number else EMPTY
        self._index, self._raw = Index.of(self._base[1], recent, gone), raw


def base_key(number: int) -> str:
    return f"knowledge/base/{number:06d}"


def answer_key(key: ConversationId) -> str:
    return f"knowledge/answers/{key}"
