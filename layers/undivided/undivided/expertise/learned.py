"""Everything that a shop has learned, in one object: who answers what well, and how long promises really take.

One writer (`functions/learn`) reads, adds and writes it; everybody else reads it, at most a minute old.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from undivided.expertise.asked import Asked
from undivided.expertise.model import Model
from undivided.promise.calibration import Calibration
from undivided.promise.scoring import Score
from undivided.promise.scoring import learn as learn_promises
from undivided.state import Conversation, Mark, Outcome, State
from undivided.values import SpecialistId, moment, stamp

_LENGTH = struct.Struct("<I")
MOST_REMEMBERED = 5000
"""So many lessons are remembered by name, so that one that comes twice, or changes, counts once."""
ANSWERED, WELL, WON = 0.3, 1.0, 2.0
PRAISED = 0.5
"""What the shopper's own "yes, it helped" adds; their "no" leaves of any outcome no more than `ANSWERED`."""


@dataclass(frozen=True, slots=True)
class Taught:
    """What one conversation taught; taken back when it turns out otherwise."""

    specialist: SpecialistId
    weight: float
    when: datetime


@dataclass(slots=True)
class Learned:
    """The whole of it; only its one writer changes it."""

    model: Model = field(default_factory=Model.new)
    calibration: Calibration = field(default_factory=Calibration)
    taught: dict[str, Taught] = field(default_factory=dict)
    scored: dict[str, None] = field(default_factory=dict)
    """Names of the scores that were taken in, oldest first."""

    def outcome(self, conversation: Conversation, asked: Asked) -> bool:
        """Learn from how a conversation stands now; False if it has taught just that already."""
        lesson, before = taught_by(conversation), self.taught.get(conversation.id)
        if lesson == before:
            return False
        if before:
            self.model.learn(asked, before.specialist, -before.weight, before.when)
            del self.taught[conversation.id]
        if lesson:
            self.model.learn(asked, lesson.specialist, lesson.weight, lesson.when, fit=conversation.fit)
            self.taught[conversation.id] = lesson
        _forget(self.taught)
        return True

    def score(self, name: str, score: Score) -> bool:
        """Learn from how a promise ended; `name` makes one that is told twice count once."""
        if name in self.scored:
            return False
        self.calibration = learn_promises(self.calibration, [score])
        self.scored[name] = None
        _forget(self.scored)
        return True

    def dump(self) -> bytes:
        taught = [[key, one.specialist, one.weight, stamp(one.when)] for key, one in self.taught.items()]
        head = {"calibration": self.calibration.to_dict(), "taught": taught, "scored": list(self.scored)}
        written = json.dumps(head, separators=(",", ":")).encode()
        return _LENGTH.pack(len(written)) + written + self.model.dump()

    @classmethod
    def load(cls, data: bytes) -> Learned:
        """Read what `dump` wrote; raise `ValueError` for anything else."""
        if len(data) < _LENGTH.size:
            raise ValueError("this is no learned state; remove the object, and it is learned anew")
        (length,) = _LENGTH.unpack_from(data)
        head: dict[str, Any] = json.loads(data[_LENGTH.size : _LENGTH.size + length])
        return cls(
            model=Model.load(data[_LENGTH.size + length :]),
            calibration=Calibration.from_dict(head["calibration"]),
            taught={key: Taught(SpecialistId(who), weight, moment(when)) for key, who, weight, when in head["taught"]},
            scored=dict.fromkeys(head["scored"]),
        )


def taught_by(conversation: Conversation) -> Taught | None:
    """Say what an ended conversation teaches, and of whom: a hand-over teaches the receiver, silence teaches nothing."""
    who = conversation.answered_by
    if conversation.state is not State.ENDED or who is None:
        return None
    weight = {Outcome.WON: WON, Outcome.ANSWERED: WELL, Outcome.LAPSED: WELL, Outcome.LOST: ANSWERED}.get(
        conversation.outcome or Outcome.SPAM, 0.0
    )
    if conversation.former and weight == WELL:
        weight = ANSWERED
    if weight and conversation.rated == Mark.YES:
        weight += PRAISED
    if conversation.rated == Mark.NO:
        weight = min(weight, ANSWERED)
    return Taught(who, weight, conversation.changed_at) if weight else None


def _forget(remembered: dict[str, Any]) -> None:
    for name in _oldest(remembered, len(remembered) - MOST_REMEMBERED):
        del remembered[name]


def _oldest(remembered: Iterable[str], count: int) -> list[str]:
    return [name for name, _ in zip(remembered, range(max(count, 0)), strict=False)]
