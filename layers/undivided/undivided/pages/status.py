"""The status page: how a question stands, what was said, and what its shopper may do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from undivided.config import Shop
from undivided.pages.addresses import meant
from undivided.pages.page import Page
from undivided.pages.view import page
from undivided.promise.quote import name as name_moment
from undivided.promise.quote import say as say_when
from undivided.promise.quote import span
from undivided.promise.zones import local
from undivided.state import Conversation, Outcome, State
from undivided.texts import say
from undivided.values import SHOPPER, SpecialistId

if TYPE_CHECKING:
    from undivided.message import Message
    from undivided.record import Record

MOST_SHOWN = 20
CONFIRMED = ("bought", "withdraw")
"""What asks once before it is done."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at a status page."""

    shop: Shop
    record: Record
    action: str
    """Where the page's forms go: its own address."""
    now: datetime
    token: str
    place: int | None = None
    """Place in the shortest of its lines; more than `MOST_SHOWN` means "more than 20"."""
    wrong: str = ""
    wrong_email: str = ""
    email: str = ""
    """What they have just typed as their address."""


def status_page(visit: Visit, status: int = 200) -> Page:
    """Show a conversation to its shopper. Notes, and answers that were taken back, are not theirs to see."""
    shop, one = visit.shop, visit.record.conversation
    language = one.shopper.language
    first_name = _first_name(shop, one.specialist)
    return page(
        "status",
        shop,
        language,
        {
            "headline": say(language, f"status.{_stage(one)}", name=first_name),
            "explained": say(language, f"status.{_stage(one)}.more", name=first_name),
            "about": one.about.title or one.about.sku,
            "promise": _promise(visit),
            "call": _call(visit),
            "waiting": one.said > one.settled and one.state is not State.ENDED,
            "paused": shop.paused and one.state is State.WAITING,
            "place": _place(visit.place, language),
            "unreachable": bool(one.unreachable),
            "email": visit.email or meant(one.shopper.email),
            "wrong_email": visit.wrong_email,
            "said": [_said(message, visit) for message in visit.record.messages if _shown(message, one)],
            "can_write": one.outcome not in (Outcome.SPAM, Outcome.ERASED),
            "can_end": one.state is not State.ENDED,
            "action": visit.action,
            "token": visit.token,
            "wrong": visit.wrong,
        },
        status,
    )


def received_page(shop: Shop, language: str) -> Page:
    """Show that a question has arrived of which nothing else is known yet: the router has not run."""
    values = {
        "headline": say(language, "status.received"),
        "explained": say(language, "status.received.more"),
        "link": "",
    }
    return page("message", shop, language, values)


def confirm_page(visit: Visit, do: str, email: str = "") -> Page:
    """Ask once before doing what cannot be undone."""
    language = visit.record.conversation.shopper.language
    return page(
        "confirm",
        visit.shop,
        language,
        {
            "asked": say(language, f"status.{do}.ask", **({"email": email} if email else {})),
            "email": email,
            "explained": say(language, f"status.{do}.more"),
            "yes": say(language, f"status.{do}.yes"),
            "do": do,
            "action": visit.action,
            "back": visit.action,
        },
    )


def sorry_page(shop: Shop, language: str, why: str, status: int) -> Page:
    """Say what went wrong: `missing` (no such page), `again` (try again, nothing is lost), `unreadable`."""
    values = {"headline": say(language, f"page.{why}"), "explained": say(language, f"page.{why}.more"), "link": ""}
    return page("message", shop, language, values, status)


def _stage(one: Conversation) -> str:
    if one.state is State.ENDED:
        return f"ended.{one.outcome}"
    if one.state is State.CONSULTING:
        return str(State.FOCUS)
    return str(one.state)


def _promise(visit: Visit) -> str:
    one = visit.record.conversation
    if one.promise is None or one.said <= one.settled or one.state is State.ENDED:
        return ""
    zone = one.shopper.zone or visit.shop.zone
    return say_when(one.promise.due, visit.now, zone, one.shopper.language, with_zone=not one.shopper.zone)


def _call(visit: Visit) -> str:
    """Say when they are going to be called, while that is still to come."""
    one, wanted = visit.record.conversation, visit.record.conversation.call_back
    if wanted is None or wanted.end <= visit.now or one.state is State.ENDED:
        return ""
    zone, language = one.shopper.zone or visit.shop.zone, one.shopper.language
    return say(
        language, "ack.call", call=span(wanted.start, wanted.end, zone, language, with_zone=not one.shopper.zone)
    )


def _place(place: int | None, language: str) -> str:
    if place is None:
        return ""
    if place > MOST_SHOWN:
        return say(language, "status.place.many", most=MOST_SHOWN)
    return say(language, "status.place.next") if place == 1 else say(language, "status.place", before=place - 1)


def _shown(message: Message, one: Conversation) -> bool:
    return not message.note and message.number != one.held and message.number not in one.taken_back


def _said(message: Message, visit: Visit) -> dict[str, object]:
    one = visit.record.conversation
    language, zone = one.shopper.language, one.shopper.zone or visit.shop.zone
    them = message.author != SHOPPER
    who = _first_name(visit.shop, SpecialistId(message.author)) if them else say(language, "status.you")
    at = name_moment(message.at, zone, language)
    iso = local(message.at, zone).isoformat()
    return {"who": who, "them": them, "text": message.text.strip(), "iso": iso, "at": at}


def _first_name(shop: Shop, who: SpecialistId | None) -> str:
    person = shop.specialists.get(who) if who else None
    return person.first_name if person else shop.name
