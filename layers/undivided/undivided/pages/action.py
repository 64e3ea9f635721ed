"""The page behind an action link: it asks a specialist before anything is done, and says what was done."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from undivided.config import Shop
from undivided.desk import Desk
from undivided.mail.masking import plainly
from undivided.pages.page import Page
from undivided.pages.view import page
from undivided.promise.dates import echo
from undivided.standing import Standing
from undivided.state import FINAL, Conversation, HandOver, State
from undivided.texts import say

DONE_BY_LINK = ("won", "lost", "pass", "not_mine", "release", "away")
"""Commands that have a link; `mail.shown.ACTIONS` has the note besides."""
FIELDS = ("amount", "currency", "reason", "words", "colleague", "until")
LONGEST = 200
"""Characters of what is typed into one field."""
_BARE_NUMBER = re.compile(r"[\d\s.,'’–—-]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """One visit by a link, and what it finds."""

    shop: Shop
    conversation: Conversation
    desk: Desk
    """That of whoever holds the link."""
    do: str
    url: str
    """Query of the link: the page's own address."""
    name: str
    """Names the link, so that it works once."""
    language: str
    now: datetime
    wrong: tuple[str, ...] = ()
    filled: Mapping[str, str] = field(default_factory=dict)
    """What they have just typed."""


def command_line(do: str, fields: Mapping[str, str]) -> str:
    """Return what they would write by mail; whatever was typed stays on this one line."""
    typed = {name: " ".join(value.split())[:LONGEST] for name, value in fields.items()}
    amount = typed.get("amount", "")
    if amount and _BARE_NUMBER.fullmatch(amount):
        amount += typed.get("currency", "").upper()
    said = {
        "won": amount,
        "lost": "; ".join(filter(None, (typed.get("reason", ""), typed.get("words", "")))),
        "pass": typed.get("colleague", ""),
        "away": typed.get("until", ""),
    }
    return f"/{do.replace('_', '')} {said.get(do, '')}".strip()


def ask_page(asked: Asked, status: int = 200) -> Page:
    """Ask once, with the fields of this command; what was wrong comes back filled in."""
    one, shop = asked.conversation, asked.shop
    others = [(person.id, person.name) for person in shop.specialists.values() if person.id != asked.desk.specialist]
    values = {
        "asked": _say(asked, "ask", who=_shopper(asked)),
        "explained": _say(asked, "more"),
        "yes": _say(asked, "yes"),
        "about": plainly(one.about.title or one.about.sku),
        "ended": say(asked.language, "act.ended", outcome=_outcome(asked)) if one.outcome else "",
        "do": asked.do,
        "action": asked.url,
        "wrong": asked.wrong,
        "filled": {name: asked.filled.get(name, "")[:LONGEST] for name in FIELDS},
        "currency": shop.currency,
        "reasons": shop.reasons,
        "others": others,
    }
    return page("action", shop, asked.language, values, status)


def told_page(asked: Asked, stands: Standing | None) -> Page:
    """Say what was done already, or why nothing is; None: this very link was used before."""
    if stands is Standing.DONE:
        headline, explained = say(asked.language, f"act.{_way(asked)}.done"), _done(asked)
    else:
        what = stands or "used"
        headline, explained = say(asked.language, f"act.{what}"), _why_not(asked, what)
    values = {"headline": headline, "explained": explained, "link": ""}
    return page("message", asked.shop, asked.language, values)


def _why_not(asked: Asked, what: str) -> str:
    """A command by mail is offered only where it would do something: to correct whether it was sold."""
    one, ended = asked.conversation, say(asked.language, "act.ended", outcome=_outcome(asked))
    if what == Standing.OVER and (one.outcome in FINAL or asked.do in _WAYS.values()):
        return say(asked.language, "act.moved.more", who=ended)
    return say(asked.language, f"act.{what}.more", who=_holder(asked), outcome=_outcome(asked))


_WAYS = {HandOver.PASSED: "pass", HandOver.NOT_MINE: "not_mine", HandOver.RELEASED: "release"}


def _way(asked: Asked) -> str:
    """Return by which command it was done: one passed on by mail was not given back, whatever this link would do."""
    former = asked.conversation.former.get(asked.desk.specialist)
    return _WAYS[former] if former in _WAYS and asked.do in _WAYS.values() else asked.do


def _done(asked: Asked) -> str:
    language = asked.language
    if asked.do in ("won", "lost"):
        return say(language, "act.ended", outcome=_outcome(asked))
    if asked.do != "away":
        return _holder(asked)
    until, person = asked.desk.away_until, asked.shop.specialists[asked.desk.specialist]
    if until and until > asked.now:
        return say(language, "act.away.until", until=echo(until, person.hours.zone, language))
    return say(language, "act.away.open")


def _holder(asked: Asked) -> str:
    """Say who has the conversation now; one that is answered and was handed on waits for nobody but the shopper."""
    who = asked.conversation.specialist
    person = asked.shop.specialists.get(who) if who else None
    if person:
        return say(asked.language, "act.with", who=person.name)
    answered = asked.conversation.state is State.WITH_SHOPPER
    return say(asked.language, "act.answered" if answered else "act.waits", who=_shopper(asked))


def _outcome(asked: Asked) -> str:
    one = asked.conversation
    said = say(asked.language, f"act.outcome.{one.outcome}") if one.outcome else ""
    return ", ".join(filter(None, (said, str(one.sale or ""), one.reason)))


def _shopper(asked: Asked) -> str:
    return next(iter(plainly(asked.conversation.shopper.name).split()), "…")[:40]


def _say(asked: Asked, what: str, **values: str) -> str:
    return say(asked.language, f"act.{asked.do}.{what}", **values)
