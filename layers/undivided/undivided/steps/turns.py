"""Whether it is the turn of a mail to a specialist (attention/quiet.py), as far as the table has to be asked for it."""

from __future__ import annotations

from enum import StrEnum

from undivided.attention.quiet import about_focus, may_reach
from undivided.outbox import Entry
from undivided.promise.hours import on_duty
from undivided.record import Record
from undivided.runtime import Runtime
from undivided.values import SpecialistId

MOST_TURNS = 10
"""So many outboxes are looked at before a conversation is opened; the others follow with the next."""


class Moment(StrEnum):
    """In which moment of a specialist's work a mail would reach them."""

    ANY = "any"
    TURNING = "turning"
    """Another conversation is about to be opened in front of them."""
    THERE = "there"
    """They have just written, and this goes before the answer to it."""


def interrupts(entry: Entry, record: Record | None, rt: Runtime, moment: Moment = Moment.ANY) -> bool:
    """Say whether a mail has to wait for a quieter moment. The desk is read only for news: work is about what is in focus."""
    person = rt.shop.specialists.get(SpecialistId(entry.mail.to))
    if person is None or moment is Moment.THERE:
        return False
    if entry.mail.not_before is not None and rt.now() < entry.mail.not_before:
        return True
    mail, duty = entry.mail, on_duty(person.hours, rt.now())
    focus = record.conversation.with_whom == person.id if record else about_focus(mail)
    if not may_reach(mail, on_duty=duty, in_focus=focus, slot_free=True):
        return True
    if may_reach(mail, on_duty=duty, in_focus=focus, slot_free=moment is Moment.TURNING):
        return False
    return len(rt.desks.desk(person.id).focus) >= person.capacity
