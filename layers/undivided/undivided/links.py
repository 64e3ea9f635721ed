"""Where our signed links lead. GET shows, and never changes anything; POST asks first, and acts once `confirm` is sent."""

from __future__ import annotations

from urllib.parse import quote

from undivided.mail.keys import ACT, SATISFACTION, STATUS, KeyRing, link_key
from undivided.values import ConversationId

ASK_PATH = "/ask"
QUESTIONS_PATH = "/questions"
STATUS_PATH = "/q"
"""`GET /q/<key>` is the status page, `POST /q/<key>` with `do` and `confirm` changes something."""
ACT_PATH = "/act"
"""`GET /act/<key>?do=won` asks a specialist, `POST /act/<key>` does it."""
OFFER_PATH = "/o"
"""`GET /o/<key>?sku=…` leads to an article's page in the shop."""

SATISFACTION_PATH = "/s"
"""`GET /s/<key>?mark=yes` asks the shopper, `POST /s/<key>` records it."""


def status_url(public_url: str, ring: KeyRing, conversation: ConversationId) -> str:
    """Return the shopper's link to the status page."""
    return f"{public_url.rstrip('/')}{STATUS_PATH}/{link_key(ring, conversation, 0, STATUS)}"


def act_url(public_url: str, ring: KeyRing, conversation: ConversationId, party: int, do: str) -> str:
    """Return a specialist's link to the page that asks before it does `do`."""
    return f"{public_url.rstrip('/')}{ACT_PATH}/{link_key(ring, conversation, party, ACT)}?do={do}"


def satisfaction_url(public_url: str, ring: KeyRing, conversation: ConversationId, mark: str) -> str:
    """Return the shopper's link to the page that asks before it records `mark`."""
    return f"{public_url.rstrip('/')}{SATISFACTION_PATH}/{link_key(ring, conversation, 0, SATISFACTION)}?mark={mark}"


def offer_url(public_url: str, key: str, sku: str) -> str:
    """Return a tracked link: `key` says whose it is, the article stands beside it and may be any of the catalogue."""
    return f"{public_url.rstrip('/')}{OFFER_PATH}/{key}?sku={quote(sku, safe='')}"
