"""`GET /f/{key}/{name}`: a file that was too large for a mail. The link is its reader's alone, and leads on for minutes."""

from __future__ import annotations

import logging

from undivided.errors import NotThereYet, Retryable
from undivided.links import file_key, opened
from undivided.mail.enclosures import dangerous
from undivided.mail.keys import FILE, read_link_key
from undivided.mail.masking import plainly
from undivided.mail.wire import clean
from undivided.message import File
from undivided.pages.languages import negotiated
from undivided.pages.page import Page, Request
from undivided.pages.status import sorry_page
from undivided.record import Record
from undivided.runtime import Runtime
from undivided.state import FINAL
from undivided.values import ConversationId

SHOWN = frozenset(
    {"image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "application/pdf", "application/zip"}
)
"""Types that are told as they are; none of them can hold a page that runs. Sound and film are besides."""
_log = logging.getLogger(__name__)


def download(request: Request, rt: Runtime) -> Page:
    """Lead on to the file, for whom the link was made and until it ends; nothing is changed."""
    language = negotiated(rt.shop, "", request.headers.get("accept-language", ""))
    key, name = request.parts.get("key", "").strip().lower(), request.parts.get("name", "")
    found = read_link_key(rt.ring, key, FILE)
    link = opened(rt.ring, key, request.query.get("s", "")) if found else None
    if found is None or link is None or link[0] != name:
        return sorry_page(rt.shop, language, "missing", 404)
    if link[1] < rt.now():
        return sorry_page(rt.shop, language, "file_gone", 410)
    try:
        return _lead(found, name, rt) or sorry_page(rt.shop, language, "file_gone", 410)
    except NotThereYet:
        return sorry_page(rt.shop, language, "file_gone", 410)
    except Retryable:
        _log.exception("a file could not be given")
        return sorry_page(rt.shop, language, "again", 503)


def _lead(found: tuple[ConversationId, int], name: str, rt: Runtime) -> Page | None:
    record = rt.conversations.record(found[0])
    file = _file(record, found[1], name) if record else None
    if file is None:
        return None
    shown = plainly(clean(file.name)) or f"file-{name}"
    url = rt.files.address(file_key(found[0], name), shown, served_as(file.content_type))
    headers = {
        "Location": url,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }
    return Page(302, "", headers)


def _file(record: Record, party: int, name: str) -> File | None:
    """Return the file if its message may be seen by this party: no note by the shopper, nothing that was taken back."""
    one = record.conversation
    number, _, part = name.partition("-")
    message = record.message(int(number)) if number.isdecimal() else None
    if message is None or one.outcome in FINAL or message.number in one.taken_back or (message.note and party == 0):
        return None
    return next((file for file in message.files if str(file.part) == part and not dangerous(file)), None)


def served_as(content_type: str) -> str:
    """Return a type that no browser runs anything of: a page, a drawing with scripts and the unknown are bare bytes."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind if kind in SHOWN or kind.startswith(("audio/", "video/")) else "application/octet-stream"
