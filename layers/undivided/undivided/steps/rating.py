"""`/s/{key}`: the shopper says whether it helped. The link shows a page that asks; only its button records anything."""

from __future__ import annotations

import logging

from undivided.errors import Retryable
from undivided.links import SATISFACTION_PATH, status_url
from undivided.mail.keys import SATISFACTION, read_link_key
from undivided.pages.bodies import Refused, read_body
from undivided.pages.languages import negotiated
from undivided.pages.page import Page, Request
from undivided.pages.status import sorry_page
from undivided.pages.view import page
from undivided.runtime import Runtime
from undivided.state import Conversation, Mark
from undivided.steps.visit import rated
from undivided.texts import say

_log = logging.getLogger(__name__)


def rating(request: Request, rt: Runtime) -> Page:
    """Answer one request for the page of a shopper's link, or from it."""
    language = negotiated(rt.shop, "", request.headers.get("accept-language", ""))
    found = read_link_key(rt.ring, request.parts.get("key", ""), SATISFACTION)
    try:
        conversation = rt.conversations.conversation(found[0]) if found else None
        if conversation is None:
            return sorry_page(rt.shop, language, "missing", 404)
        return _record(request, conversation, rt) if request.method == "POST" else _ask(request, conversation, rt)
    except Refused as refused:
        return sorry_page(rt.shop, language, "unreadable", refused.status)
    except Retryable:
        _log.exception("a mark could not be taken")
        return sorry_page(rt.shop, language, "again", 503)


def _ask(request: Request, conversation: Conversation, rt: Runtime) -> Page:
    mark, language = _mark(request.query.get("mark", "")), conversation.shopper.language
    if conversation.rated:
        return _thanks(conversation, rt)
    base = rt.settings.public_url.rstrip("/")
    values = {
        "asked": say(language, "rate.ask", mark=say(language, f"survey.{mark}")),
        "explained": say(language, "rate.ask.more"),
        "yes": say(language, "rate.send"),
        "do": str(mark),
        "email": "",
        "action": f"{base}{SATISFACTION_PATH}/{request.parts['key']}",
        "back": status_url(base, rt.ring, conversation.id),
    }
    return page("confirm", rt.shop, language, values)


def _record(request: Request, conversation: Conversation, rt: Runtime) -> Page:
    fields = read_body(request.body, request.headers.get("content-type", ""))
    if not fields.get("confirm"):
        raise Refused(400, "nothing was confirmed")
    rated(conversation.id, _mark(fields.get("do", "")), rt)
    return _thanks(conversation, rt)


def _mark(text: str) -> Mark:
    if text not in set(Mark):
        raise Refused(400, f"{text[:20]!r} is no answer; it is one of {', '.join(Mark)}")
    return Mark(text)


def _thanks(conversation: Conversation, rt: Runtime) -> Page:
    language = conversation.shopper.language
    link = status_url(rt.settings.public_url, rt.ring, conversation.id)
    values = {"headline": say(language, "rate.thanks"), "explained": say(language, "rate.thanks.more"), "link": link}
    return page("message", rt.shop, language, values)
