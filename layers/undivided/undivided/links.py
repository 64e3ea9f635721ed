"""Where our signed links lead. GET shows, and never changes anything; POST asks first, and acts once `confirm` is sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from undivided.mail.keys import ACT, CHOICE, FILE, PUBLISH, SATISFACTION, STATUS, KeyRing, link_key, seal, unsealed
from undivided.values import ConversationId

ASK_PATH = "/ask"
QUESTIONS_PATH = "/questions"
STATUS_PATH = "/q"
"""`GET /q/<key>` is the status page, `POST /q/<key>` with `do` and `confirm` changes something."""
ACT_PATH = "/act"
"""`GET /act/<key>?do=won&s=…` asks a specialist, `POST` to the same address does it."""
ACT_FOR = timedelta(days=28)
"""An action link lives so long: less than its first use is remembered (`aws.table.SEEN_FOR`)."""
FILE_PATH = "/f"
"""`GET /f/<key>/<name>?s=…` leads to a file that was too large for a mail."""
FILE_FOR = timedelta(days=90)
"""Such a link lives so long, and never longer than the conversation is kept."""
OFFER_PATH = "/o"
"""`GET /o/<key>?sku=…` leads to an article's page in the shop."""

PUBLISH_PATH = "/p"
"""`GET /p/<key>?sku=…&s=…` asks the owner, `POST` to the same address publishes, declines or takes back."""
ANSWERS_PATH = "/answers"
SATISFACTION_PATH = "/s"
"""`GET /s/<key>?mark=yes` asks the shopper, `POST /s/<key>` records it."""
CHOICE_PATH = "/w"
"""`GET /w/<key>?s=…` shows the owner who got a question and why; there is nothing to do there."""
CHOICE_FOR = timedelta(days=28)


def status_url(public_url: str, ring: KeyRing, conversation: ConversationId) -> str:
    """Return the shopper's link to the status page."""
    return f"{public_url.rstrip('/')}{STATUS_PATH}/{link_key(ring, conversation, 0, STATUS)}"


def act_url(
    public_url: str, ring: KeyRing, conversation: ConversationId, party: int, do: str, mail: str, until: datetime
) -> str:
    """Return a specialist's link, in the mail of that name (`3.0`), to the page that asks before it does `do`."""
    key = link_key(ring, conversation, party, ACT)
    return f"{public_url.rstrip('/')}{ACT_PATH}/{key}?do={do}&s={sealed(ring, key, mail, until)}"


def file_url(
    public_url: str, ring: KeyRing, conversation: ConversationId, party: int, name: str, until: datetime
) -> str:
    """Return a party's link to one file; its name is the number of the message and of the part: `3-2`."""
    key = link_key(ring, conversation, party, FILE)
    return f"{public_url.rstrip('/')}{FILE_PATH}/{key}/{name}?s={sealed(ring, key, name, until)}"


def file_key(conversation: ConversationId, name: str) -> str:
    """Return where that file is kept in the mail bucket."""
    return f"files/{conversation}/{name}"


def sealed(ring: KeyRing, key: str, name: str, until: datetime) -> str:
    """Return what stands behind a key in a link that ends: a name and the end, both bound to the key."""
    return seal(ring, key, f"{name}.{int(until.timestamp())}")


def opened(ring: KeyRing, key: str, text: str) -> tuple[str, datetime] | None:
    """Return the name and the end that `sealed` wrote; None for anything else."""
    name, _, end = (unsealed(ring, key, text) or "").rpartition(".")
    return (name, datetime.fromtimestamp(int(end), UTC)) if end else None


def satisfaction_url(public_url: str, ring: KeyRing, conversation: ConversationId, mark: str) -> str:
    """Return the shopper's link to the page that asks before it records `mark`."""
    return f"{public_url.rstrip('/')}{SATISFACTION_PATH}/{link_key(ring, conversation, 0, SATISFACTION)}?mark={mark}"


def publish_url(
    public_url: str, ring: KeyRing, conversation: ConversationId, number: int, sku: str, until: datetime
) -> str:
    """Return the owner's link about answer `number` of a conversation; a `do` may be added."""
    key = link_key(ring, conversation, 0, PUBLISH)
    sealed_ = sealed(ring, key, str(number), until)
    return f"{public_url.rstrip('/')}{PUBLISH_PATH}/{key}?sku={quote(sku, safe='')}&s={sealed_}"


def choice_url(public_url: str, ring: KeyRing, conversation: ConversationId, until: datetime) -> str:
    """Return the owner's link to who got a question, and why."""
    key = link_key(ring, conversation, 0, CHOICE)
    return f"{public_url.rstrip('/')}{CHOICE_PATH}/{key}?s={sealed(ring, key, 'why', until)}"


def offer_url(public_url: str, key: str, sku: str) -> str:
    """Return a tracked link: `key` says whose it is, the article stands beside it and may be any of the catalogue."""
    return f"{public_url.rstrip('/')}{OFFER_PATH}/{key}?sku={quote(sku, safe='')}"
