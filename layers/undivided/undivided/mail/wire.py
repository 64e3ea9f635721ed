"""A mail as bytes: only ASCII, only CRLF, lines under 78 characters where they can be; nothing in a value can end a line.

Written by hand rather than with the standard library's generator, which folds long References into encoded words and
needs three policies to keep to seven bits. What is written here is read back by it in the tests.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")
"""What ends lines, is not seen, or turns the direction of what follows."""
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_Q_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_TOKEN = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,64}/[A-Za-z0-9!#$&^_.+-]{1,64}")
_ENCODED_WORD = 75
_LINE = 76
_HARD_LINE = 990
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Header = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """One node of the tree: its own headers, and its body as lines that end in CRLF."""

    headers: tuple[Header, ...]
    body: bytes

    def written(self) -> bytes:
        return "".join(f"{name}: {value}\r\n" for name, value in self.headers).encode("ascii") + b"\r\n" + self.body


def clean(text: str) -> str:
    """Return `text` as one line in which nothing is hidden."""
    return " ".join(_UNSAFE.sub(" ", text).split())


def unstructured(text: str) -> str:
    """Return a header value like a subject: as it is, or in encoded words (RFC 2047), folded."""
    bare = clean(text)
    if bare.isascii() and "=?" not in bare:
        return _folded(bare.split(" "))
    return "\r\n ".join(_encoded_words(bare))


def mailbox(name: str, address: str) -> str:
    """Return `name <address>` for From, To and Reply-To; the name is quoted or encoded as it needs."""
    bare = clean(name)[:120].rstrip()
    if not bare:
        return address
    if not bare.isascii() or "=?" in bare:
        return "\r\n ".join((*_encoded_words(bare), f"<{address}>"))
    if _ATOM.fullmatch(bare):
        return f"{bare} <{address}>"
    quoted = bare.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{address}>'


def message_ids(ids: Iterable[str]) -> str:
    """Return a list of Message-IDs, one on each line."""
    return "\r\n ".join(ids)


def date(when: datetime) -> str:
    """Return the form of RFC 5322, whatever the locale."""
    utc = when.astimezone(UTC)
    return f"{_DAYS[utc.weekday()]}, {utc.day:02d} {_MONTHS[utc.month - 1]} {utc:%Y %H:%M:%S} +0000"


def text_part(subtype: str, text: str) -> Part:
    """Return text as quoted-printable UTF-8."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")
    body = binascii.b2a_qp(lines, quotetabs=False, istext=True).replace(b"\n", b"\r\n")
    headers = (("Content-Type", f"text/{subtype}; charset=utf-8"), ("Content-Transfer-Encoding", "quoted-printable"))
    return Part(headers, body if body.endswith(b"\r\n") else body + b"\r\n")


def file_part(name: str, content_type: str, content: bytes, content_id: str = "") -> Part:
    """Return an attachment, or with `content_id` a picture that the HTML shows."""
    kind = content_type.lower() if _TOKEN.fullmatch(content_type) else "application/octet-stream"
    if kind.startswith(("multipart/", "message/")):
        kind = "application/octet-stream"
    headers = [
        ("Content-Type", f"{kind};\r\n name={_legacy_name(name)}"),
        ("Content-Transfer-Encoding", "base64"),
        ("Content-Disposition", f"{'inline' if content_id else 'attachment'};\r\n {_file_name(name)}"),
    ]
    if content_id:
        headers.append(("Content-ID", f"<{re.sub(r'[^A-Za-z0-9.@_+-]', '', content_id)}>"))
    return Part(tuple(headers), _base64_lines(content))


def multipart(subtype: str, parts: Sequence[Part], more: str = "") -> Part:
    """Return a container; its boundary follows from what is in it, so that the same mail is written twice the same."""
    written = [part.written() for part in parts]
    boundary = "=_" + sha256(b"".join(written)).hexdigest()[:32]
    body = b"".join(f"--{boundary}\r\n".encode() + part for part in written) + f"--{boundary}--\r\n".encode()
    return Part((("Content-Type", f'multipart/{subtype};{more}\r\n boundary="{boundary}"'),), body)


def whole(headers: Sequence[Header], body: Part) -> bytes:
    """Return the mail; raise `ValueError` for a header that could be taken for two, which would be our own mistake."""
    for name, value in headers:
        if not value.isascii() or re.search(r"\r(?!\n)|(?<!\r)\n|\r\n(?![ \t])", value):
            raise ValueError(f"header {name} is not one folded line of ASCII")
    return Part((*headers, ("MIME-Version", "1.0"), *body.headers), body.body).written()


def _folded(words: Sequence[str]) -> str:
    """Break before words where the line would be too long, and inside of one that no line could hold."""
    lines, room = [""], 60
    for word in (piece for one in words for piece in _pieces(one)):
        if lines[-1] and len(lines[-1]) + len(word) >= room:
            lines.append(word)
            room = _LINE
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\r\n ".join(lines)


def _pieces(word: str) -> Iterable[str]:
    return (word[start : start + _HARD_LINE] for start in range(0, len(word), _HARD_LINE)) if word else ("",)


def _encoded_words(text: str) -> list[str]:
    """Return encoded words in Q, each of whole characters and at most 75 long; space between two of them is not shown."""
    words, current = [], ""
    for letter in text:
        piece = _q(letter)
        if len(current) + len(piece) > _ENCODED_WORD - len("=?utf-8?q??="):
            words.append(current)
            current = ""
        current += piece
    return [f"=?utf-8?q?{word}?=" for word in (*words, current) if word]


def _q(letter: str) -> str:
    if letter == " ":
        return "_"
    return "".join(chr(byte) if byte in _Q_SAFE else f"={byte:02X}" for byte in letter.encode("utf-8"))


def _file_name(name: str) -> str:
    """Return a file name for Content-Disposition: quoted, or as RFC 2231 writes other letters."""
    bare = _bare_name(name)
    if bare.isascii():
        return f'filename="{bare}"'
    encoded = "".join(
        chr(byte) if byte in _Q_SAFE - frozenset(b"*/") or byte == ord(".") else f"%{byte:02X}"
        for byte in bare.encode()
    )
    return f"filename*=utf-8''{encoded}"


def _legacy_name(name: str) -> str:
    """Return the name for Content-Type, where programs without RFC 2231 look for it."""
    bare = _bare_name(name)
    return f'"{bare}"' if bare.isascii() else f'"{"".join(_encoded_words(bare)[:1])}"'


def _bare_name(name: str) -> str:
    """Return a file name without what quoting or a path would need."""
    return re.sub(r'["\\/]', "_", clean(name)[:120]) or "file"


def _base64_lines(content: bytes) -> bytes:
    encoded = b64encode(content)
    return b"".join(encoded[start : start + _LINE] + b"\r\n" for start in range(0, len(encoded), _LINE)) or b"\r\n"
