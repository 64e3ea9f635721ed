"""Everything that a shop has learned, in one object: who answers what well, and how long promises really take.

One writer (`functions/learn`) reads, adds and writes it; everybody else reads it, at most a minute old.
"""

from __future__ import annotations

import gzip
import json
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

from undivided.expertise.asked import Asked
from undivided.expertise.features import asked_features
from undivided.expertise.model import Model
from undivided.expertise.taught import Taught, Trace, taught_by
from undivided.promise.calibration import Calibration
from undivided.promise.scoring import Late, Score
from undivided.promise.scoring import learn as learn_promises
from undivided.state import Conversation
from undivided.values import ConversationId, SpecialistId, moment, stamp

_WRONG = "this is no learned state of this release; build one with `undivided expertise rebuild`"
_LENGTH = struct.Struct("<I")
MOST_REMEMBERED = 5000
"""So many lessons are remembered by name, so that one that comes twice, or changes, counts once."""


@dataclass(frozen=True, slots=True)
class Rebuild:
    """What became of the last state that was built anew."""

    since: datetime
    """When the reading began from which it was built."""
    taken: bool
    """False: somebody was erased meanwhile who might still be counted in it, so that it has to be built once more."""


@dataclass(slots=True)
class Learned:
    """The whole of it; only its one writer changes it."""

    model: Model = field(default_factory=Model.new)
    calibration: Calibration = field(default_factory=Calibration)
    taught: dict[str, Taught] = field(default_factory=dict)
    scored: dict[str, None] = field(default_factory=dict)
    """Names of the scores that were taken in, oldest first."""
    forgotten: dict[str, None] = field(default_factory=dict)
    """Conversations that were erased: they teach nothing any more, whatever lesson comes late."""
    rebuild: Rebuild | None = None

    def outcome(self, conversation: Conversation, asked: Asked) -> bool:
        """Learn from how a conversation stands now; False if it has taught just that already."""
        lesson, before = taught_by(conversation), self.taught.get(conversation.id)
        if lesson == before or conversation.id in self.forgotten:
            return False
        if before:
            self._take_back(before, asked_features(asked), conversation.fit)
            del self.taught[conversation.id]
        if lesson:
            self.model.learn(asked, lesson.specialist, lesson.weight, lesson.when, fit=conversation.fit)
            self.taught[conversation.id] = lesson
        _forget(self.taught)
        return True

    def forget(self, name: ConversationId, left: Trace) -> bool:
        """Take back what an erased conversation taught; False if it was done before."""
        if name in self.forgotten:
            return False
        known = self.taught.pop(name, None) or (left.taught if self._before_memory(left.taught) else None)
        if known:
            self._take_back(known, left.features, left.fit)
        self.forgotten[name] = None
        _forget(self.forgotten)
        return True

    def take_over(self, before: Learned) -> None:
        """Keep of what was known before a rebuild what no conversation tells: promises, and who was erased."""
        self.calibration, self.scored, self.forgotten = before.calibration, before.scored, before.forgotten

    def _take_back(self, known: Taught, features: Sequence[int], fit: float) -> None:
        self.model.forget(features, known.specialist, known.weight, known.when, fit=fit)

    def _before_memory(self, taught: Taught | None) -> bool:
        """Say whether something was taught so long ago that it is not remembered by name any more."""
        oldest = next(iter(self.taught.values()), None)
        return bool(taught and oldest and len(self.taught) >= MOST_REMEMBERED and taught.when < oldest.when)

    def score(self, name: str, score: Score | Late) -> bool:
        """Learn from a promise that ended or fell due; `name` makes what is told twice count once."""
        if name in self.scored:
            return False
        self.calibration = learn_promises(self.calibration, [score])
        self.scored[name] = None
        _forget(self.scored)
        return True

    def dump(self) -> bytes:
        taught = [[key, one.specialist, one.weight, stamp(one.when)] for key, one in self.taught.items()]
        names = {"scored": list(self.scored), "forgotten": list(self.forgotten)}
        rebuild = [stamp(self.rebuild.since), self.rebuild.taken] if self.rebuild else None
        head = {"calibration": self.calibration.to_dict(), "taught": taught, **names, "rebuild": rebuild}
        written = gzip.compress(json.dumps(head, separators=(",", ":")).encode(), mtime=0)
        return _LENGTH.pack(len(written)) + written + self.model.dump()

    @classmethod
    def load(cls, data: bytes) -> Learned:
        """Read what `dump` wrote; raise `ValueError` for anything else."""
        source = BytesIO(data)
        head = _head(source)
        try:
            return cls._of(head, Model.read(source))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{_WRONG} ({error!r})") from error

    @classmethod
    def _of(cls, head: dict[str, Any], model: Model) -> Learned:
        rebuild = head.get("rebuild")
        return cls(
            model=model,
            calibration=Calibration.from_dict(head["calibration"]),
            taught={key: Taught(SpecialistId(who), weight, moment(when)) for key, who, weight, when in head["taught"]},
            scored=dict.fromkeys(head["scored"]),
            forgotten=dict.fromkeys(head["forgotten"]),
            rebuild=Rebuild(moment(rebuild[0]), rebuild[1]) if rebuild else None,
        )


def _head(source: BytesIO) -> dict[str, Any]:
    try:
        (length,) = _LENGTH.unpack(source.read(_LENGTH.size))
        head: dict[str, Any] = json.loads(gzip.decompress(source.read(length)))
    except (OSError, EOFError, ValueError, struct.error) as error:
        raise ValueError(_WRONG) from error
    return head


def _forget(remembered: dict[str, Any]) -> None:
    for name in _oldest(remembered, len(remembered) - MOST_REMEMBERED):
        del remembered[name]


def _oldest(remembered: Iterable[str], count: int) -> list[str]:
    return [name for name, _ in zip(remembered, range(max(count, 0)), strict=False)]
