"""A specialist's commands, from a mail or from the page behind a signed link: read, turned into orders, obeyed."""

from __future__ import annotations

from collections.abc import Sequence

from undivided.attention.duty import Given
from undivided.mail.commands import Command, Parsed, parse
from undivided.obey import Order, understands
from undivided.promise.dates import understand
from undivided.runtime import Runtime
from undivided.state import Conversation
from undivided.steps.given import given_for
from undivided.texts import say, spoken
from undivided.values import SpecialistId

_ABOUT_COLLEAGUES = frozenset({"pass", "ask"})
_HANDS_ON = frozenset({"pass", "not_mine", "release", "away"})


def grammar(text: str, who: SpecialistId, rt: Runtime) -> Parsed:
    """Parse words of `who`, in the languages and by the clock that are theirs."""
    person = rt.shop.specialists.get(who)
    if person is None:
        return parse(text)
    languages = (*person.languages, *rt.shop.languages, "en")
    return parse(
        text,
        languages=tuple(dict.fromkeys(languages)),
        currency=rt.shop.currency,
        when=lambda said: understand(said, rt.now(), person.hours.zone, languages),
    )


def orders_of(commands: Sequence[Command], who: SpecialistId, rt: Runtime) -> tuple[tuple[Order, ...], tuple[str, ...]]:
    """Turn commands into orders; what cannot be carried out is an error in their language, and refuses all of it."""
    orders, errors, language = [], [], spoken_by(who, rt)
    for one in commands:
        named, _, rest = one.argument.partition(" ")
        to = _colleague(named if one.name == "ask" else one.argument, rt) if one.name in _ABOUT_COLLEAGUES else None
        if one.name in _ABOUT_COLLEAGUES and one.argument and to is None:
            errors.append(say(language, "command.no_colleague", line=one.line[:60]))
        elif to == who:
            errors.append(say(language, "command.yourself", line=one.line[:60]))
        elif understands(one.name):
            reason = {"won": one.remark, "ask": rest, "pass": ""}.get(one.name, one.argument)
            orders.append(Order(one.name, reason, one.money, to, one.until))
    return tuple(orders), tuple(errors)


def given_to_obey(conversation: Conversation, who: SpecialistId, orders: Sequence[Order], rt: Runtime) -> Given:
    """Read what obeying needs: the desks of whoever is named, and of all it may go to where it is handed on."""
    named = tuple(one.to for one in orders if one.to)
    return given_for(conversation, rt, also=(who, *named), ring=any(one.word in _HANDS_ON for one in orders))


def spoken_by(who: SpecialistId, rt: Runtime) -> str:
    """Return the language that we write to a specialist in."""
    person = rt.shop.specialists.get(who)
    return spoken(*(person.languages if person else ()), *rt.shop.languages)


def _colleague(name: str, rt: Runtime) -> SpecialistId | None:
    wanted = name.strip().casefold()
    people = rt.shop.specialists.values()
    named = [one.id for one in people if wanted in (one.id, one.name.casefold(), one.first_name.casefold(), one.email)]
    return named[0] if len(named) == 1 else None
