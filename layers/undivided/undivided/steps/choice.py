"""`/w/{key}`: the owner sees who got a question, and why. It ends after four weeks, and there is nothing to do on it."""

from __future__ import annotations

import logging

from undivided.errors import Retryable
from undivided.links import opened
from undivided.mail.keys import CHOICE, read_link_key
from undivided.pages.choice import Look, choice_page
from undivided.pages.languages import negotiated
from undivided.pages.page import Page, Request
from undivided.pages.status import sorry_page
from undivided.runtime import Runtime
from undivided.state import Outcome

_log = logging.getLogger(__name__)


def choice(request: Request, rt: Runtime) -> Page:
    """Answer one request for the page of the owner's link."""
    language = negotiated(rt.shop, "", request.headers.get("accept-language", ""))
    try:
        return _shown(request, language, rt)
    except Retryable:
        _log.exception("a choice could not be read")
        return sorry_page(rt.shop, language, "again", 503)


def _shown(request: Request, language: str, rt: Runtime) -> Page:
    key = request.parts.get("key", "").strip().lower()
    found = read_link_key(rt.ring, key, CHOICE)
    link = opened(rt.ring, key, request.query.get("s", "")) if found else None
    if found is None or link is None:
        return sorry_page(rt.shop, language, "missing", 404)
    if link[1] < rt.now():
        return sorry_page(rt.shop, language, "expired", 410)
    record = rt.conversations.record(found[0])
    if record is None or record.conversation.outcome is Outcome.ERASED:
        return sorry_page(rt.shop, language, "missing", 404)
    return choice_page(Look(rt.shop, record, language))
