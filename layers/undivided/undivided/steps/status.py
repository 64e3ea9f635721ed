"""The status page: who holds its link is the shopper. GET shows and never changes anything; POST acts."""

from __future__ import annotations

import logging
import secrets
from dataclasses import replace

from undivided.errors import Retryable
from undivided.links import STATUS_PATH
from undivided.mail.keys import STATUS, read_link_key
from undivided.pages.addresses import usable
from undivided.pages.bodies import Refused, read_body
from undivided.pages.forms import LONGEST_QUESTION
from undivided.pages.languages import negotiated
from undivided.pages.page import Page, Request
from undivided.pages.status import CONFIRMED, Visit, confirm_page, received_page, sorry_page, status_page
from undivided.runtime import Runtime
from undivided.steps.visit import bought, correct, see, withdraw, write
from undivided.texts import say
from undivided.values import ConversationId, Unusable

_log = logging.getLogger(__name__)


def status(request: Request, rt: Runtime) -> Page:
    """Answer one request for a status page, or from it."""
    language = negotiated(rt.shop, "", request.headers.get("accept-language", ""))
    found = read_link_key(rt.ring, request.parts.get("key", ""), STATUS)
    if found is None:
        return sorry_page(rt.shop, language, "missing", 404)
    try:
        return _act(request, found[0], rt) if request.method == "POST" else _show(request, found[0], language, rt)
    except Refused as refused:
        return sorry_page(rt.shop, language, "unreadable", refused.status)
    except Retryable:
        _log.exception("a visit could not be served")
        return sorry_page(rt.shop, language, "again", 503)


def _show(request: Request, key: ConversationId, language: str, rt: Runtime) -> Page:
    visit = _visit(request, key, rt)
    if visit is None:
        return received_page(rt.shop, language)
    do = request.query.get("do", "")
    return confirm_page(visit, do) if do in CONFIRMED else status_page(visit)


def _act(request: Request, key: ConversationId, rt: Runtime) -> Page:
    fields = read_body(request.body, request.headers.get("content-type", ""))
    do, visit = fields.get("do", ""), _visit(request, key, rt)
    if visit is None:
        raise Retryable(f"question {key} has not been routed yet")
    if do == "add":
        return _add(fields, key, visit, rt)
    if do == "address":
        return _correct(fields, key, visit, rt)
    if do not in CONFIRMED:
        raise Refused(400, f"there is no {do[:20]!r}")
    if not fields.get("confirm"):
        return confirm_page(visit, do)
    (bought if do == "bought" else withdraw)(key, rt)
    return _back(visit)


def _add(fields: dict[str, str], key: ConversationId, visit: Visit, rt: Runtime) -> Page:
    text, language = fields.get("text", "").strip(), visit.record.conversation.shopper.language
    if not text:
        return status_page(replace(visit, wrong=say(language, "status.add.empty")), 400)
    if len(text) > LONGEST_QUESTION:
        return status_page(replace(visit, wrong=say(language, "status.add.long", most=LONGEST_QUESTION)), 400)
    write(key, text, fields.get("token", "") or secrets.token_hex(16), rt)
    return _back(visit)


def _correct(fields: dict[str, str], key: ConversationId, visit: Visit, rt: Runtime) -> Page:
    """Take a corrected address after asking once; what could not be one is said at once."""
    email = fields.get("email", "").strip()
    try:
        found = usable(email)
    except Unusable:
        wrong = say(visit.record.conversation.shopper.language, "form.error.email")
        return status_page(replace(visit, wrong_email=wrong, email=email[:254]), 400)
    if not fields.get("confirm"):
        return confirm_page(visit, "address", email=found)
    correct(key, found, rt)
    return _back(visit)


def _visit(request: Request, key: ConversationId, rt: Runtime) -> Visit | None:
    seen = see(key, rt)
    if seen.record is None:
        return None
    action = f"{rt.settings.public_url.rstrip('/')}{STATUS_PATH}/{request.parts['key']}"
    return Visit(rt.shop, seen.record, action, rt.now(), secrets.token_hex(8), seen.place)


def _back(visit: Visit) -> Page:
    """See other: loading the page again does nothing twice."""
    return Page(303, "", {"Location": visit.action, "Cache-Control": "no-store"})
