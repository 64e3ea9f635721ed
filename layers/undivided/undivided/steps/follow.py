"""Follow the table's stream: set the next look of a conversation, take second looks at lines, tell the bus.

Every record may come twice, late or out of order; each of these acts reads the present state or names a time, so that
doing it again changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from undivided.changes import Fact
from undivided.knowledge.publishing import Decided
from undivided.plain import to_text
from undivided.runtime import Runtime
from undivided.steps.learn import TEACHES, Lesson
from undivided.steps.look import pull
from undivided.values import ConversationId, SpecialistId


@dataclass(frozen=True, slots=True)
class Moved:
    """A conversation has a new version."""

    conversation: ConversationId
    version: int
    due_at: datetime | None
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """Somebody's line or desk changed so that a place may now be taken."""

    specialist: SpecialistId
    left: bool = False
    """They have gone away or silent: whoever waits for them alone must not."""


MOST_LEFT_BEHIND = 50
"""So much of the line of somebody who is gone is looked at; the rest at its hourly look."""


def follow(happened: Moved | Opened | Decided, rt: Runtime) -> str:
    """Do what follows from one stream record; return what was done, for the log."""
    if isinstance(happened, Opened) and happened.left:
        return f"looks at {_look_behind(happened.specialist, rt)}"
    if isinstance(happened, Opened):
        return f"pulled {pull(happened.specialist, rt)}"
    if isinstance(happened, Decided):
        return _told(happened, rt)
    if happened.due_at:
        rt.schedules.remind_at(happened.conversation, happened.due_at, rt.now())
    for index, fact in enumerate(happened.facts):
        rt.bus.tell(fact, happened.conversation, happened.version, index)
        if fact.name in TEACHES:
            lesson = Lesson(fact, happened.conversation, happened.version, index)
            rt.lessons.send(to_text(lesson), lesson.name)
    return f"version {happened.version}"


def _look_behind(who: SpecialistId, rt: Runtime) -> int:
    """Have everything looked at that stands in the line of somebody who is gone; return how much it is."""
    places = rt.lines.first(who, MOST_LEFT_BEHIND)
    for _, conversation in places:
        rt.schedules.remind_at(conversation, rt.now(), rt.now())
    return len(places)


def _told(decided: Decided, rt: Runtime) -> str:
    """Tell the bus of what the owner decided about an answer."""
    if decided.told is None:
        return "nothing to tell"
    fact, index = decided.told
    rt.bus.tell(fact, decided.conversation, decided.number, index)
    return fact.name
