"""When a mail may reach a specialist: what they asked for at once, work in their hours, news where it interrupts nothing.

| mail | reaches them |
|---|---|
| answers to their own mail, and reminders that they set themselves | at once |
| about a conversation that is in focus with them, a mail in their name that did nothing among it | in their hours |
| anything else | in their hours, with a slot free, or just before a conversation is opened in front of them |
"""

from __future__ import annotations

from collections.abc import Iterable

from undivided.outbox import Kind, Mail
from undivided.values import OWNER, SHOPPER

ANSWERS = frozenset({Kind.UNDERSTOOD, Kind.REFUSED})
"""Answers to a specialist's own mail."""
WORK = frozenset({Kind.QUESTION, Kind.FOLLOW_UP, Kind.REMINDER, Kind.CONSULT})
"""About what is in focus with them by nature: once it is no more, it is not wanted either (`wanted`)."""


def to_specialist(mail: Mail) -> bool:
    """Say whether it goes to somebody by their id on the roster."""
    return mail.to not in (SHOPPER, OWNER) and "@" not in mail.to


def asked_for(mail: Mail) -> bool:
    """Say whether the specialist has asked for it: it answers what they wrote, or reminds them when they wished."""
    return mail.kind in ANSWERS or "asked" in mail.data or "proven" in mail.data


def about_focus(mail: Mail) -> bool:
    """Say whether a mail of no conversation is about one that was in focus with its reader: until they know, it stays."""
    return "focus" in mail.data


def told(mails: Iterable[Mail]) -> tuple[str, ...]:
    """Return each specialist who is told news by these mails: what neither was asked for nor is work."""
    news = (mail for mail in mails if to_specialist(mail) and mail.kind not in WORK and not asked_for(mail))
    return tuple(dict.fromkeys(mail.to for mail in news))


def may_reach(mail: Mail, *, on_duty: bool, in_focus: bool, slot_free: bool) -> bool:
    """Say whether a mail may reach a specialist now; `in_focus`: the conversation that it is about is, with them."""
    return asked_for(mail) or (on_duty and (in_focus or slot_free))
