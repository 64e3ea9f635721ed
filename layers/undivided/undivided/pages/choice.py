"""The owner's page about one choice: who got a question, why, how the others stood, and what would have changed it.

It shows what was recorded when the question was accepted. No word, name or address of the shopper's stands on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from undivided import why
from undivided.attention.ring import head_start
from undivided.config import Shop
from undivided.mail.masking import plainly
from undivided.outbox import Kind
from undivided.pages.page import Page
from undivided.pages.view import page
from undivided.promise.dates import echo
from undivided.record import Record
from undivided.state import Conversation, HandOver, Ranked, State, Stood
from undivided.texts import say, texts
from undivided.values import SHOPPER, SpecialistId

_PART = 0.005
"""A part that would print as 0.00 is left out."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a choice."""

    shop: Shop
    record: Record
    language: str

    @property
    def conversation(self) -> Conversation:
        return self.record.conversation

    def say(self, key: str, **values: object) -> str:
        return say(self.language, f"choice.{key}", **values)

    def name(self, who: SpecialistId) -> str:
        person = self.shop.specialists.get(who)
        return person.name if person else who


def choice_page(look: Look) -> Page:
    """Show a choice; who has left the roster is shown by their id."""
    one = look.conversation
    values = {
        "about": plainly(one.about.title or one.about.sku),
        "asked": look.say("asked", when=echo(one.asked_at, look.shop.zone, look.language)),
        "now": _now(look),
        "unfit": "" if one.fits else look.say("unfit", name=look.name(look.shop.fallback)),
        "got": [_got(who, when, look) for who, when in _deliveries(look.record)],
        "people": [_person(rank, look) for rank in _shown(one)],
        "changes": list(_changes(look)) or [look.say("nothing")],
    }
    return page("choice", look.shop, look.language, values)


def _now(look: Look) -> str:
    one = look.conversation
    if one.outcome:
        return look.say("ended", outcome=say(look.language, f"act.outcome.{one.outcome}"))
    if one.state is State.WAITING or one.specialist is None:
        return look.say("waits")
    return look.say("has", name=look.name(one.specialist))


def _deliveries(record: Record) -> Iterator[tuple[SpecialistId, datetime]]:
    """Yield who was brought the question and when, in order, as their mails say."""
    for entry in record.entries:
        if entry.mail.kind is Kind.QUESTION and entry.mail.to != SHOPPER:
            yield SpecialistId(entry.mail.to), entry.created_at


def _got(who: SpecialistId, when: datetime, look: Look) -> str:
    said = look.say("got", name=look.name(who), when=echo(when, look.shop.zone, look.language))
    left: HandOver | None = look.conversation.former.get(who)
    return f"{said} {look.say(f'left.{left}')}" if left else said


def _shown(one: Conversation) -> list[Ranked]:
    """Return those whose numbers were kept, and whoever else was brought the question; of all, where nothing was kept."""
    return [rank for rank in one.ranking if rank.stood or rank.specialist in one.parties]


def _person(rank: Ranked, look: Look) -> dict[str, object]:
    best = max(one.estimate for one in look.conversation.ranking)
    reasons = (why.said(one, look.language) for one in rank.reasons)
    return {
        "name": look.name(rank.specialist),
        "match": look.say("match", share=round(100 * rank.estimate / best)),
        "stood": look.say(f"stood.{rank.stood}") if rank.stood else "",
        "turn": _turn(rank, look),
        "reasons": [one for one in reasons if one],
        "parts": [(_part(name, look), f"{value:+.2f}") for name, value in _sorted(rank) if abs(value) >= _PART],
    }


def _sorted(rank: Ranked) -> list[tuple[str, float]]:
    return sorted(rank.parts.items(), key=lambda one: -abs(one[1]))


def _part(name: str, look: Look) -> str:
    """Name a part; one that a newer release has stored, and this one cannot say, by its code."""
    known = f"choice.part.{name}" in texts(look.language)
    return look.say(f"part.{name}") if known else name


def _turn(rank: Ranked, look: Look) -> str:
    """Say when the ring let them have it: after the head start of better matches who were there."""
    if rank.stood is None or not look.conversation.fits:
        return ""
    there = [one for one in look.conversation.ranking if one.stood and one.stood is not Stood.OFF]
    best = max((one.estimate for one in there), default=rank.estimate)
    wait = head_start(rank.estimate, best, look.shop.pace.half_life)
    minutes = round(wait / timedelta(minutes=1))
    return look.say("after", minutes=minutes) if minutes else look.say("at_once")


def _changes(look: Look) -> Iterator[str]:
    """Yield what would have led to another choice."""
    one = look.conversation
    if not one.fits:
        yield look.say("if_fits")
        return
    for rank in one.ranking:
        if rank.decisive and rank.otherwise:
            decided = why.said(rank.decisive, look.language)
            yield say(look.language, "card.without", reason=decided, name=look.name(rank.otherwise))
    first = one.ranking[0] if one.ranking else None
    got = next((who for who, _ in _deliveries(look.record)), None)
    if first and first.stood in (Stood.LINE, Stood.BUSY, Stood.OFF) and got not in (None, first.specialist):
        yield look.say("if_free", name=look.name(first.specialist))
