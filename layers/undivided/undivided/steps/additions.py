"""What a specialist's commands add to their words before these are relayed: offers, templates, a call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from undivided.config import Shop
from undivided.mail.arrival import ADDING
from undivided.mail.commands import Command
from undivided.message import Message, Offer
from undivided.sale import inserts
from undivided.sale.offers import NoSuchArticle, read_offer
from undivided.state import Conversation
from undivided.texts import listed, say, spoken
from undivided.values import SpecialistId, Unusable


@dataclass(frozen=True, slots=True)
class Additions:
    """What is added; with errors nothing is, and the mail goes back to its writer."""

    texts: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    errors: tuple[str, ...] = ()

    def to(self, said: Message) -> Message:
        """Return the message with everything added behind its words."""
        text = "\n\n".join(part for part in (said.text.strip("\n"), *self.texts) if part)
        return replace(said, text=text, offers=self.offers)


def additions(commands: tuple[Command, ...], conversation: Conversation, who: SpecialistId, shop: Shop) -> Additions:
    """Read the commands that add something. They are for the shopper: a mail to a colleague cannot carry them."""
    adding = [one for one in commands if one.name in ADDING]
    person = shop.specialists.get(who)
    language = spoken(*(person.languages if person else ()), *shop.languages)
    colleague = conversation.consulted == who or any(one.name in ("ask", "note") for one in commands)
    if adding and colleague:
        return Additions(errors=(say(language, "command.for_shopper", line=adding[0].line[:60]),))
    found = Additions()
    for one in adding:
        found = _READERS[one.name](found, one, _About(conversation, who, shop, language))
    return found


@dataclass(frozen=True, slots=True)
class _About:
    conversation: Conversation
    who: SpecialistId
    shop: Shop
    language: str


def _offer(found: Additions, one: Command, about: _About) -> Additions:
    try:
        return replace(found, offers=(*found.offers, read_offer(one.argument, about.shop)))
    except NoSuchArticle as why:
        near = listed(about.language, why.near) or "–"
        return _wrong(found, say(about.language, "command.no_article", article=why.sku[:40], near=near))
    except Unusable:
        example = f"{one.line.split()[0]} {one.argument.split()[0]} 49.90 {about.shop.currency}"
        return _wrong(found, say(about.language, "command.amount", line=one.line[:60], example=example))


def _template(found: Additions, one: Command, about: _About) -> Additions:
    text = inserts.template(one.argument, about.conversation, about.who, about.shop)
    if text is None:
        known = listed(about.language, sorted(about.shop.templates)) or "–"
        return _wrong(found, say(about.language, "command.no_template", name=one.argument[:40], known=known))
    return replace(found, texts=(*found.texts, text))


def _call(found: Additions, one: Command, about: _About) -> Additions:
    if one.argument and not inserts.is_number(one.argument):
        return _wrong(found, say(about.language, "command.no_number", line=one.line[:60]))
    return replace(found, texts=(*found.texts, inserts.call(one.argument, about.conversation)))


def _wrong(found: Additions, words: str) -> Additions:
    return replace(found, errors=(*found.errors, words))


_READERS: dict[str, Callable[[Additions, Command, _About], Additions]] = {
    "offer": _offer,
    "template": _template,
    "call": _call,
}
