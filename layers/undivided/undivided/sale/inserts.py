"""Texts that a command puts into an answer: the owner's templates, and how to speak by telephone."""

from __future__ import annotations

import re
from collections.abc import Mapping

from undivided.config import Shop
from undivided.state import Conversation
from undivided.texts import say
from undivided.values import SpecialistId

PLACES = ("shopper", "specialist", "product", "shop", "code")
"""What may stand in braces in a template."""
_PLACE = re.compile(r"\{([^{}\s]*)\}")
_NUMBER = re.compile(r"\+?[\d\s()/.-]{5,30}")


def unknown_places(text: str) -> tuple[str, ...]:
    """Return what stands in braces and cannot be filled in."""
    return tuple(dict.fromkeys(one[1] for one in _PLACE.finditer(text) if one[1] not in PLACES))


def template(name: str, conversation: Conversation, who: SpecialistId, shop: Shop) -> str | None:
    """Return a template in the shopper's language with their data; None if the shop has none of that name."""
    found = next((text for key, text in shop.templates.items() if key.casefold() == name.strip().casefold()), None)
    if found is None:
        return None
    values = _values(conversation, who, shop)
    return _PLACE.sub(lambda one: values.get(one[1], one[0]), shop.said(found, conversation.shopper.language))


def call(argument: str, conversation: Conversation) -> str:
    """Return the sentence for `/call`: a number to be called at, the shopper's own number, or the question for one."""
    language, number = conversation.shopper.language, " ".join(argument.split())
    if number:
        return say(language, "call.me", number=number)
    if conversation.shopper.phone:
        return say(language, "call.you", number=conversation.shopper.phone)
    return say(language, "call.ask")


def is_number(argument: str) -> bool:
    return bool(_NUMBER.fullmatch(argument.strip()))


def _values(conversation: Conversation, who: SpecialistId, shop: Shop) -> Mapping[str, str]:
    person, product = shop.specialists.get(who), shop.products.get(conversation.about.sku)
    names = conversation.shopper.name.split()
    return {
        "shopper": names[0] if names else "",
        "specialist": person.first_name if person else shop.name,
        "product": product.title if product else conversation.about.title,
        "shop": shop.name,
        "code": conversation.id,
    }
