"""Learn from what happened: one writer, which takes lessons in order from a queue that lets one reader at a time.

A lesson names a conversation; what it teaches is read from the conversation as it stands now. So a lesson that comes
twice or late teaches the same, and an outcome that changes is taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from undivided.promise.scoring import Score
from undivided.runtime import Runtime
from undivided.state import SHOPPER, Fact
from undivided.steps.given import asked_of
from undivided.values import ConversationId

TEACHES = frozenset({"ended", "rated", "came_back", "promise_kept", "promise_missed"})
"""Facts that somebody can learn from."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """Fact `index` of one version of a conversation."""

    fact: Fact
    conversation: ConversationId
    version: int
    index: int

    @property
    def name(self) -> str:
        return f"{self.conversation}.{self.version}.{self.index}"


def learn(lessons: Sequence[Lesson], rt: Runtime) -> int:
    """Take in lessons and publish what is learned now; return how many said something new."""
    learned = rt.learned.latest()
    new = 0
    for lesson in lessons:
        if lesson.fact.name.startswith("promise_"):
            new += learned.score(lesson.name, Score.from_data(lesson.fact.data))
            continue
        record = rt.conversations.record(lesson.conversation)
        asked = next((one for one in record.messages if one.author == SHOPPER), None) if record else None
        if record and asked:
            shopper, about = record.conversation.shopper, record.conversation.about
            new += learned.outcome(record.conversation, asked_of(shopper, about, asked.text, rt.shop))
    if new:
        rt.learned.publish(learned)
    return new
