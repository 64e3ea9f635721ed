"""What the one writer of the index holds in its hands: the answers of lately, and what of the large part is no more."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field

from undivided.knowledge.segment import Indexed, Segment, as_id, as_number
from undivided.values import ConversationId

MOST_RECENT = 2000
"""Answers, and removals, from which on the small part is merged into the large one."""
_LENGTH = struct.Struct("<I")


@dataclass(slots=True)
class Shelf:
    """One object in the bucket; it says which large part belongs to it, so that both change in one step."""

    base: int = 0
    """Number of the large part; 0 for none."""
    recent: dict[ConversationId, Indexed] = field(default_factory=dict)
    gone: set[ConversationId] = field(default_factory=set)
    """Answers that are no more, of which the large part may still have something."""

    @property
    def full(self) -> bool:
        return len(self.recent) + len(self.gone) > MOST_RECENT

    def add(self, answer: Indexed) -> bool:
        """Put an answer on it, in place of an earlier one of its conversation; False if just that stands here already."""
        if _same(self.recent.get(answer.id), answer):
            return False
        self.recent.pop(answer.id, None)
        self.recent[answer.id] = answer
        return True

    def remove(self, key: ConversationId) -> bool:
        """Take an answer off; False if nothing of it can be left."""
        had = self.recent.pop(key, None) is not None
        hid = self.base > 0 and key not in self.gone
        if hid:
            self.gone.add(key)
        return had or hid

    def replaced(self) -> frozenset[int]:
        """Return the ids, as numbers, that count no more in the large part."""
        return frozenset(as_number(key) for key in (*self.gone, *self.recent))

    def dump(self) -> bytes:
        head = json.dumps({"base": self.base, "gone": sorted(self.gone)}, separators=(",", ":")).encode()
        return _LENGTH.pack(len(head)) + head + Segment.build(self.recent.values()).data

    @classmethod
    def load(cls, data: bytes) -> Shelf:
        """Read what `dump` wrote; raise `ValueError` for anything else."""
        base, gone, recent = read(data)
        return cls(base, {one.id: one for one in recent.answers()}, {as_id(one) for one in gone})


def read(data: bytes) -> tuple[int, frozenset[int], Segment]:
    """Return the large part's number, the ids that are gone from it, and the small part, as a reader wants them."""
    try:
        (length,) = _LENGTH.unpack_from(data)
        head = json.loads(data[_LENGTH.size : _LENGTH.size + length])
        gone: Iterable[ConversationId] = head["gone"]
        return int(head["base"]), frozenset(map(as_number, gone)), Segment.load(data[_LENGTH.size + length :])
    except (struct.error, KeyError, TypeError) as why:
        raise ValueError(f"this is no shelf of answers: {why}") from None


def _same(one: Indexed | None, other: Indexed) -> bool:
    """Compare without the order of the terms, which is not kept."""
    return one is not None and (one.when, set(one.terms)) == (other.when, set(other.terms))
