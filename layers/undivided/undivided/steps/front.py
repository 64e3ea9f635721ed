"""The form: show it, and take what somebody sends with it. What is wrong comes back filled in; nothing is lost."""

from __future__ import annotations

import json
import logging
import secrets

from undivided.errors import Retryable
from undivided.links import QUESTIONS_PATH, status_url
from undivided.mail.keys import conversation_id
from undivided.pages.bodies import Refused, read_body
from undivided.pages.form import PRODUCT, SHOWN, form_again, form_page
from undivided.pages.forms import Errors, Valid, read_question
from undivided.pages.languages import negotiated
from undivided.pages.page import Page, Request
from undivided.pages.status import sorry_page
from undivided.promise.quote import say
from undivided.question import Question
from undivided.runtime import Runtime
from undivided.values import stamp

JSON = {"Content-Type": "application/json", "Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"}
FILLED = (*SHOWN[:3], *PRODUCT)
"""What the address of the form may fill in."""
_log = logging.getLogger(__name__)


def front(request: Request, rt: Runtime) -> Page:
    """Answer one request for the form, or with it."""
    if request.method == "GET":
        return _show(request, rt)
    try:
        fields = read_body(request.body, request.headers.get("content-type", ""))
    except Refused as refused:
        return _refused(request, refused, rt)
    read = read_question(fields, rt.shop, accept_language=request.headers.get("accept-language", ""), now=rt.now())
    if isinstance(read, Errors):
        return _wrong(request, read, rt)
    try:
        return _taken(request, _question(read, rt), rt)
    except Retryable:
        _log.exception("a question could not be taken")
        return _later(request, read, rt)


def _show(request: Request, rt: Runtime) -> Page:
    language = negotiated(rt.shop, request.query.get("lang", ""), request.headers.get("accept-language", ""))
    values = {name: request.query[name] for name in FILLED if name in request.query}
    return form_page(rt.shop, language, {**values, "token": secrets.token_hex(16)}, _action(rt))


def _question(read: Valid, rt: Runtime) -> Question:
    """Make one question of a form, however often it is sent: its id is that of its token, address and words."""
    from undivided.steps.ask import ask  # noqa: PLC0415 - routing and promises; who only looks at the form needs neither

    now = rt.now()
    token = read.token or f"{now:%Y-%m-%d}"
    key = conversation_id(rt.ring, token, read.shopper.email, read.text)
    return ask(read.question(key, now, None), rt)


def _taken(request: Request, question: Question, rt: Runtime) -> Page:
    url = status_url(rt.settings.public_url, rt.ring, question.id)
    if not request.wants_json:
        return Page(303, "", {"Location": url, "Cache-Control": "no-store"})
    return Page(202, json.dumps({"id": question.id, "status_url": url, "promise": _promise(question, rt)}), JSON)


def _promise(question: Question, rt: Runtime) -> dict[str, str] | None:
    """Say the promise as a moment and in words; None is "no time yet"."""
    if question.promise is None:
        return None
    zone = question.shopper.zone or rt.shop.zone
    due, language = question.promise.due, question.shopper.language
    words = say(due, question.asked_at, zone, language, with_zone=not question.shopper.zone)
    return {"due": stamp(due), "text": words}


def _wrong(request: Request, errors: Errors, rt: Runtime) -> Page:
    if request.wants_json:
        told = {"errors": dict(errors.messages), **({"suggestion": errors.suggestion} if errors.suggestion else {})}
        return Page(400, json.dumps(told, ensure_ascii=False), JSON)
    return form_again(rt.shop, errors, _action(rt))


def _refused(request: Request, refused: Refused, rt: Runtime) -> Page:
    if request.wants_json:
        return Page(refused.status, json.dumps({"errors": {"body": str(refused)}}), JSON)
    language = negotiated(rt.shop, "", request.headers.get("accept-language", ""))
    return sorry_page(rt.shop, language, "unreadable", refused.status)


def _later(request: Request, read: Valid, rt: Runtime) -> Page:
    if request.wants_json:
        return Page(503, json.dumps({"errors": {"": "try again in a moment"}}), {**JSON, "Retry-After": "5"})
    return sorry_page(rt.shop, read.shopper.language, "again", 503)


def _action(rt: Runtime) -> str:
    return rt.settings.public_url.rstrip("/") + QUESTIONS_PATH
