"""Reading back a mail that `wire` wrote: all texts in it that a reply may quote."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from functools import lru_cache
from html import unescape

_TAG = re.compile(r"<[^>]*>")
_HREF = re.compile(r"href=\"([^\"]*)\"")
_LINK = re.compile(r"<a [^>]*?href=\"([^\"]*)\"[^>]*>(.*?)</a>", re.DOTALL)
_OFFERED = re.compile(r"<div class=\"u-earlier\">(.*?)</div>", re.DOTALL)
"""As `_parts.html.j2` writes an earlier answer: paragraphs, and no `div` within."""
_HEAD = re.compile(r"<head.*?</head>", re.DOTALL)


def read_written(raw: bytes) -> tuple[str, ...]:
    """Return the decoded names, addresses and subject, the text, and the HTML: its words, with its links too, and each link."""
    mail = message_from_bytes(raw)
    found = [str(make_header(decode_header(mail.get(name, "")))) for name in ("From", "To", "Subject")]
    for part in mail.walk():
        if part.get_content_type() == "text/plain" and not part.get_filename():
            found.append(_decoded(part))
        elif part.get_content_type() == "text/html" and not part.get_filename():
            html = _HEAD.sub("", _decoded(part))
            shapes = (_TAG.sub("", html), _TAG.sub(" ", html), _TAG.sub(" ", _LINK.sub(r"\2 \1", html)))
            found += map(unescape, (*shapes, *_HREF.findall(html)))
    return tuple(found)


@lru_cache(maxsize=32)
def offered_in(raw: bytes) -> tuple[str, ...]:
    """Return the earlier answers that a mail of ours brought: texts that its reader may use as their own."""
    parts = [part for part in message_from_bytes(raw).walk() if part.get_content_type() == "text/html"]
    found = (one for part in parts if not part.get_filename() for one in _OFFERED.findall(_decoded(part)))
    return tuple(unescape(_TAG.sub("", one)) for one in found)


def _decoded(part: Message) -> str:
    content = part.get_payload(decode=True)
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
