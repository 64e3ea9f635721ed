"""`/p/{key}`: the owner decides on a proposed answer, and takes a published one back. Asks first, works once, ends."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote

from undivided.errors import Retryable
from undivided.knowledge.publishing import Decided, Proposal, Standing
from undivided.links import PUBLISH_PATH, opened
from undivided.mail.keys import PUBLISH, read_link_key
from undivided.outbox import Kind
from undivided.pages.bodies import Refused, read_body
from undivided.pages.languages import negotiated
from undivided.pages.page import Page, Request
from undivided.pages.status import sorry_page
from undivided.pages.view import page
from undivided.runtime import Runtime
from undivided.state import FINAL
from undivided.texts import say
from undivided.values import ConversationId

DOES = {"publish": Standing.PUBLISHED, "decline": Standing.DECLINED, "take_back": Standing.TAKEN_BACK}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at one proposal."""

    proposal: Proposal
    conversation: ConversationId
    number: int
    until: datetime
    standing: Standing | None
    action: str
    language: str

    def open_to(self, do: Standing, now: datetime) -> bool:
        if do is Standing.TAKEN_BACK:
            return self.standing is Standing.PUBLISHED
        return self.standing is None and now < self.until


def publishing(request: Request, rt: Runtime) -> Page:
    """Answer one request for the page of the owner's link, or from it."""
    language = negotiated(rt.shop, "", request.headers.get("accept-language", ""))
    try:
        visit = _visit(request, language, rt)
        if visit is None:
            return sorry_page(rt.shop, language, "missing", 404)
        if request.method == "GET":
            return _show(visit, request.query.get("do", ""), rt)
        return _decide(visit, read_body(request.body, request.headers.get("content-type", "")), rt)
    except Refused as refused:
        return sorry_page(rt.shop, language, "unreadable", refused.status)
    except Retryable:
        _log.exception("the owner's decision could not be taken")
        return sorry_page(rt.shop, language, "again", 503)


def _visit(request: Request, language: str, rt: Runtime) -> Visit | None:
    key, sku, seal = request.parts.get("key", ""), request.query.get("sku", ""), request.query.get("s", "")
    found = read_link_key(rt.ring, key, PUBLISH)
    named = opened(rt.ring, key.strip().lower(), seal) if found else None
    if found is None or named is None or not sku:
        return None
    conversation, number = found[0], int(named[0])
    known = rt.publications.find(sku, conversation, number)
    proposal = known.proposal if known else _proposal(conversation, number, rt)
    if proposal is None or proposal.sku != sku:
        return None
    standing = known.standing if known else None
    return Visit(proposal, conversation, number, named[1], standing, _address(request, rt), language)


def _address(request: Request, rt: Runtime) -> str:
    """Return the page's own address, with what makes it open."""
    base = f"{rt.settings.public_url.rstrip('/')}{PUBLISH_PATH}/{request.parts['key']}"
    return f"{base}?sku={quote(request.query['sku'], safe='')}&s={request.query['s']}"


def _proposal(key: ConversationId, number: int, rt: Runtime) -> Proposal | None:
    """Read what the owner's mail showed; None once it was erased, taken back by its writer, or has expired."""
    record = rt.conversations.record(key)
    if record is None or record.conversation.outcome in FINAL or number in record.conversation.taken_back:
        return None
    sent = (one.mail for one in record.entries if one.mail.kind is Kind.PROPOSAL and one.mail.message == number)
    return next((Proposal.from_data(one.data) for one in sent), None)


def _show(visit: Visit, do: str, rt: Runtime) -> Page:
    """Ask for what can be done: `do` of the link, or to take back what is published; else say how it stands."""
    if visit.standing is Standing.PUBLISHED:
        return _page(visit, f"publish.is.{visit.standing}", rt, do="take_back")
    if visit.standing:
        return _page(visit, f"publish.is.{visit.standing}", rt)
    if rt.now() >= visit.until:
        return _page(visit, "publish.is.expired", rt)
    do = "decline" if do == "decline" else "publish"
    return _page(visit, f"publish.ask.{do}", rt, do=do)


def _decide(visit: Visit, fields: dict[str, str], rt: Runtime) -> Page:
    do = DOES[_known(fields.get("do", ""))]
    if not fields.get("confirm"):
        raise Refused(400, "nothing was confirmed")
    if visit.open_to(do, rt.now()):
        decided = Decided(visit.proposal, visit.conversation, visit.number, do, rt.now())
        rt.publications.decide(decided, visit.standing)
        known = rt.publications.find(visit.proposal.sku, visit.conversation, visit.number)
        visit = replace(visit, standing=known.standing if known else None)
    return _show(visit, "", rt)


def _known(do: str) -> str:
    if do not in DOES:
        raise Refused(400, f"{do[:20]!r} is no decision; it is one of {', '.join(DOES)}")
    return do


def _page(visit: Visit, key: str, rt: Runtime, do: str = "") -> Page:
    values = {
        "headline": say(visit.language, key),
        "explained": say(visit.language, f"publish.more.{do}") if do else "",
        "proposal": visit.proposal,
        "do": do,
        "yes": say(visit.language, f"publish.yes.{do}") if do else "",
        "action": visit.action,
    }
    return page("publish", rt.shop, visit.language, values)
