"""Learn from what happened: one writer, which takes lessons in order from a queue that lets one reader at a time.

A lesson names a conversation; what it teaches is read from the conversation as it stands now. So a lesson that comes
twice or late teaches the same, and an outcome that changes is taken back. Two lessons are of another kind: that a
conversation was erased (it brings what has to be subtracted), and that somebody has built the whole state anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from undivided.changes import Fact
from undivided.plain import from_text, to_text
from undivided.promise.scoring import ENDED, LATE, Late, Score, told
from undivided.runtime import Runtime
from undivided.steps.given import asked_as
from undivided.values import SHOPPER, ConversationId

if TYPE_CHECKING:
    from undivided.expertise.asked import Asked
    from undivided.expertise.learned import Learned
    from undivided.record import Record

TEACHES = frozenset({"ended", "rated", "came_back", LATE}) | ENDED
"""Facts that somebody can learn from."""
FORGOTTEN, REBUILT = "forgotten", "rebuilt"
"""What the names of lessons begin with that are about no fact."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """Fact `index` of one version of a conversation; or that it was forgotten, or that all was rebuilt."""

    fact: Fact | None
    conversation: ConversationId
    version: int
    index: int
    forgotten: str = ""
    """A `Trace` as text: what to subtract."""
    rebuilt: datetime | None = None
    """When the reading began of which a state was built anew."""

    @property
    def name(self) -> str:
        return f"{self.conversation}.{self.version}.{self.index}"


def learn(lessons: Sequence[Lesson], rt: Runtime) -> int:
    """Take in lessons and publish what is learned now; return how many said something new."""
    learned = _known(lessons, rt)
    new = []
    for lesson in lessons:
        if lesson.rebuilt:
            learned = _rebuilt(learned, lesson.rebuilt, rt)
            new.append(lesson)
        elif _taken(lesson, learned, rt):
            new.append(lesson)
    if new:
        rt.learned.publish(learned)
    # Only what was new, and only once it is known to be kept: what comes again is not counted again.
    if ended := [score for one in new if isinstance(score := _promise(one), Score)]:
        rt.figures.promises(ended)
    return len(new) + _answers(lessons, learned, rt)


def _answers(lessons: Sequence[Lesson], learned: Learned, rt: Runtime) -> int:
    """Keep the answers of conversations that ended well, and none of those that have been erased."""
    from undivided.steps.knowledge import take_in  # noqa: PLC0415 - as in `forget`

    promises = [one for one in lessons if _promise(one)]
    about = [one.conversation for one in lessons if one.conversation and one not in promises]
    return take_in(about, learned.forgotten, rt) if about else 0


def forget(record: Record, rt: Runtime) -> None:
    """Have what a conversation taught subtracted, and the owner told what of it stays published.

    To be called before its words are erased; again does no harm.
    """
    from undivided.expertise.taught import trace  # noqa: PLC0415 - whoever only passes lessons on needs no words counted
    from undivided.steps.proposing import tell_what_stays  # noqa: PLC0415 - as above

    tell_what_stays(record, rt)
    if asked := asked_in(record):
        left = to_text(trace(record.conversation, asked))
        key = record.conversation.id
        lesson = Lesson(None, key, record.conversation.version, 0, forgotten=left)
        rt.lessons.send(to_text(lesson), f"{FORGOTTEN}.{key}")


def rebuilt_lesson(since: datetime) -> tuple[str, str]:
    """Return body and name of the lesson that a state was built anew from all conversations, read from `since` on."""
    lesson = Lesson(None, ConversationId(""), 0, 0, rebuilt=since)
    return to_text(lesson), f"{REBUILT}.{since.timestamp():.0f}"


def asked_in(record: Record) -> Asked | None:
    """Return a conversation's question as routing saw it; None if its words are gone."""
    first = next((one for one in record.messages if one.author == SHOPPER), None)
    return asked_as(record.conversation.shopper, record.conversation.about, first.text) if first else None


def _known(lessons: Sequence[Lesson], rt: Runtime) -> Learned:
    """Read what is known; what cannot be read is no reason to refuse a state that replaces it."""
    try:
        return rt.learned.latest()
    except ValueError:
        if not lessons[0].rebuilt:
            raise
        from undivided.expertise.learned import Learned as Nothing  # noqa: PLC0415 - as in `forget`

        return Nothing()


def _taken(lesson: Lesson, learned: Learned, rt: Runtime) -> bool:
    if promise := _promise(lesson):
        return learned.score(lesson.name, promise)
    if lesson.forgotten:
        from undivided.expertise.taught import Trace  # noqa: PLC0415 - as in `forget`

        return learned.forget(lesson.conversation, from_text(Trace, lesson.forgotten))
    return _outcome(lesson.conversation, learned, rt)


def _promise(lesson: Lesson) -> Score | Late | None:
    return told(lesson.fact.name, lesson.fact.data) if lesson.fact else None


def _outcome(key: ConversationId, learned: Learned, rt: Runtime) -> bool:
    record = rt.conversations.record(key)
    asked = asked_in(record) if record else None
    return bool(record and asked and learned.outcome(record.conversation, asked))


def _rebuilt(before: Learned, since: datetime, rt: Runtime) -> Learned:
    """Return the state that was built anew, with what was taught while it was built.

    What was erased meanwhile may still be counted in it: then the old state stays, and says so to whoever had it built.
    """
    from undivided.expertise.learned import Rebuild  # noqa: PLC0415 - as in `forget`

    learned = rt.learned.rebuilt()
    if learned.taught.keys() & before.forgotten.keys():
        before.rebuild = Rebuild(since, taken=False)
        return before
    learned.take_over(before)
    learned.rebuild = Rebuild(since, taken=True)
    for key, taught in before.taught.items():
        if taught.when >= since:
            _outcome(ConversationId(key), learned, rt)
    return learned
