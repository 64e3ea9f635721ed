"""What was learned, as one object in S3: read by its ETag at most once a minute, written by one writer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from undivided.aws.bucket import Bucket
from undivided.errors import Fault, NotThereYet
from undivided.expertise.learned import Learned

if TYPE_CHECKING:
    from undivided.ports.objects import Texts

KEY = "model/learned"
REBUILT = "model/rebuilt"
FRESH_FOR = timedelta(seconds=60)
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class LearnedStore:
    """The adapter behind the port of the same name."""

    bucket: Bucket | Texts
    clock: Callable[[], datetime]
    _known: Learned = field(default_factory=Learned)
    _raw: bytes = b""
    _asked_at: datetime | None = None

    def current(self) -> Learned:
        now = self.clock()
        if self._asked_at is None or now - self._asked_at >= FRESH_FOR:
            self._asked_at = now
            try:
                self._take(self.bucket.get(KEY))
            except NotThereYet:
                pass
            except (Fault, ValueError):
                _log.warning("what was learned could not be read; the last known state stays", exc_info=True)
        return self._known

    def latest(self) -> Learned:
        try:
            return Learned.load(self.bucket.get(KEY))
        except NotThereYet:
            return Learned()

    def rebuilt(self) -> Learned:
        return Learned.load(self.bucket.get(REBUILT))

    def publish(self, learned: Learned) -> None:
        self.bucket.put(KEY, learned.dump(), "application/octet-stream")

    def _take(self, raw: bytes) -> None:
        """Let go of the former state before the newer one is read: a large desk's are 40 MB each. If it cannot be read, go back."""
        if raw == self._raw:
            return
        self._known = Learned()
        try:
            self._known, self._raw = Learned.load(raw), raw
        except ValueError:
            if self._raw:
                self._known = Learned.load(self._raw)
            raise
