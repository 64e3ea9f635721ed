"""Reading back a mail that `wire` wrote: all texts in it that a reply may quote."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from html import unescape

_TAG = re.compile(r"<[^>]*>")
_HREF = re.compile(r"href=\"([^\"]*)\"")
_LINK = re.compile(r"<a [^>]*?href=\"([^\"]*)\"[^>]*>(.*?)</a>", re.DOTALL)
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


def _decoded(part: Message) -> str:
    content = part.get_payload(decode=True)
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
