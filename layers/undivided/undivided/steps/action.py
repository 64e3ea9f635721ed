"""`/act/{key}`: what a specialist can do by a link in their mail. GET and HEAD show a page that asks; only POST acts.

What the page collects becomes the command that they would write by mail, and goes the same way: the grammar, `obey`,
one commit. Who holds the link may use it; it ends after four weeks, and works once.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from undivided.changes import Changes
from undivided.errors import Retryable
from undivided.links import opened
from undivided.mail.keys import ACT, read_link_key
from undivided.message import Message
from undivided.obey import Order, obey
from undivided.pages.action import DONE_BY_LINK, Asked, ask_page, command_line, told_page
from undivided.pages.bodies import Refused, read_body
from undivided.pages.languages import negotiated
from undivided.pages.page import Page, Request
from undivided.pages.status import sorry_page
from undivided.runtime import Runtime
from undivided.standing import Standing, standing
from undivided.state import Conversation
from undivided.steps.command import given_to_obey, grammar, orders_of, spoken_by
from undivided.steps.leaving import leave_others
from undivided.steps.visit import change

_log = logging.getLogger(__name__)


def action(request: Request, rt: Runtime) -> Page:
    """Answer one request for the page of a specialist's link, or from it."""
    language = negotiated(rt.shop, "", request.headers.get("accept-language", ""))
    try:
        asked = _asked(request, rt)
        if isinstance(asked, str):
            return sorry_page(rt.shop, language, asked, 410 if asked == "expired" else 404)
        return _act(asked, request, rt) if request.method == "POST" else _show(asked)
    except Refused as refused:
        return sorry_page(rt.shop, language, "unreadable", refused.status)
    except Retryable:
        _log.exception("an action could not be done")
        return sorry_page(rt.shop, language, "again", 503)


def _asked(request: Request, rt: Runtime) -> Asked | str:
    """Read the link and what it finds; a word of `sorry_page` for one that opens nothing."""
    key, do = request.parts.get("key", "").strip().lower(), request.query.get("do", "")
    found, link = read_link_key(rt.ring, key, ACT), None
    if found and do in DONE_BY_LINK:
        link = opened(rt.ring, key, request.query.get("s", ""))
    if found is None or link is None:
        return "missing"
    if link[1] < rt.now():
        return "expired"
    conversation = rt.conversations.conversation(found[0])
    parties = conversation.parties if conversation else ()
    if conversation is None or not 0 < found[1] <= len(parties) or parties[found[1] - 1] not in rt.shop.specialists:
        return "missing"
    who = parties[found[1] - 1]
    url = f"?do={do}&s={request.query['s']}"
    name = f"act:{conversation.id}:{found[1]}:{link[0]}:{do}"
    return Asked(rt.shop, conversation, rt.desks.desk(who), do, url, name, spoken_by(who, rt), rt.now())


def _show(asked: Asked) -> Page:
    stands = standing(asked.conversation, asked.do, asked.desk, asked.now)
    return ask_page(asked) if stands is Standing.OPEN else told_page(asked, stands)


def _act(asked: Asked, request: Request, rt: Runtime) -> Page:
    fields = read_body(request.body, request.headers.get("content-type", ""))
    if not fields.get("confirm") or standing(asked.conversation, asked.do, asked.desk, asked.now) is not Standing.OPEN:
        return _show(asked)
    who = asked.desk.specialist
    parsed = grammar(command_line(asked.do, fields), who, rt)
    orders, errors = orders_of(parsed.commands, who, rt)
    if parsed.errors or errors:
        return ask_page(replace(asked, wrong=(*parsed.errors, *errors), filled=fields), 400)
    leave_others(orders, who, asked.conversation.id, rt)
    change(asked.conversation.id, lambda one: _obeyed(asked, one, orders, rt), rt, asked.name)
    return _after(asked, rt)


def _obeyed(asked: Asked, conversation: Conversation, orders: tuple[Order, ...], rt: Runtime) -> Changes | None:
    """Decide anew on the conversation as it stands at each try."""
    who = asked.desk.specialist
    given = given_to_obey(conversation, who, orders, rt)
    if standing(conversation, asked.do, given.desk(who), given.now) is not Standing.OPEN:
        return None
    return obey(conversation, who, Message(0, who, given.now, "", via="link"), orders, 0, given)


def _after(asked: Asked, rt: Runtime) -> Page:
    """See other, so that loading the page again does nothing twice; a link that was used before says so."""
    conversation = rt.conversations.conversation(asked.conversation.id)
    desk = rt.desks.desk(asked.desk.specialist)
    if conversation and standing(conversation, asked.do, desk, rt.now()) is Standing.OPEN:
        return told_page(replace(asked, conversation=conversation, desk=desk), None)
    return Page(303, "", {"Location": asked.url, "Cache-Control": "no-store"})
