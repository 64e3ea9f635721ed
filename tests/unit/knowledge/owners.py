"""An owner with a proposal in the mailbox, and what they click."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from undivided.knowledge.publishing import Proposal
from undivided.links import publish_url
from undivided.message import Message
from undivided.outbox import Entry, Kind, Mail, Status
from undivided.pages.page import Page, Request
from undivided.steps.publishing import publishing
from undivided.values import OWNER
from unit.sale.calls import ID, KEVIN, NOW, RING, FakeRuntime, conversation, shop

PROPOSAL = Proposal(
    question="Do they run small?", answer="Half a size; take 42.5 </script>.", who="Kevin", asked=NOW - timedelta(hours=3),
    answered=NOW - timedelta(hours=1), language="en", sku="TR-300",
)  # fmt: skip
UNTIL = NOW + timedelta(days=30)
LINK = publish_url("https://desk.shop.example", RING, ID, 4, "TR-300", UNTIL)


def proposed(proposal: Proposal = PROPOSAL) -> FakeRuntime:
    """Return a runtime in which Kevin's answer 4 was proposed."""
    rt = shop(conversation())
    mail = Mail(OWNER, Kind.PROPOSAL, message=4, data=proposal.to_data())
    rt.memory.messages[ID] = {4: Message(4, KEVIN, NOW, proposal.answer)}
    rt.memory.keep(Entry(ID, 4, 1, mail, Status.SENT, NOW))
    return rt


def look(rt: FakeRuntime, link: str = LINK, do: str = "", language: str = "en") -> Page:
    parts = urlsplit(link)
    query = dict(parse_qsl(parts.query)) | ({"do": do} if do else {})
    named, headers = {"key": parts.path.rpartition("/")[2]}, {"accept-language": language}
    return publishing(Request("GET", parts.path, named, query, headers), rt)


def press(rt: FakeRuntime, do: str, link: str = LINK, **more: str) -> Page:
    """Press the button of a page that asks."""
    parts = urlsplit(link)
    body = urlencode({"do": do, "confirm": "yes", **more}).encode()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    key, query = parts.path.rpartition("/")[2], dict(parse_qsl(parts.query))
    return publishing(Request("POST", parts.path, {"key": key}, query, headers, body), rt)


def button(shown: Page) -> str:
    found = re.search(r'name="do" value="(\w+)"', shown.body)
    return found[1] if found else ""


def later(rt: FakeRuntime, days: int) -> FakeRuntime:
    return replace(rt, time=rt.time + timedelta(days=days))
