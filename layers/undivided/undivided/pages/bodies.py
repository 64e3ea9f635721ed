"""The body of a POST as one flat dict of texts, whichever way it was encoded: urlencoded, multipart or JSON.

Standard library only and little of it: the shopper waits for the function that imports this.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

MOST_BYTES = 128 * 1024
"""5,000 characters are 60 kB at most when each is percent-encoded in four bytes; the rest is for the other fields."""
MOST_FIELDS = 60
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
JSON = "application/json"
_BOUNDARY = re.compile(r'boundary=(?:"([^"]{1,70})"|([^;\s"]{1,70}))', re.IGNORECASE)
_NAME = re.compile(r';\s*name=(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))', re.IGNORECASE)
_FILE = re.compile(r";\s*filename\*?=", re.IGNORECASE)
_PRODUCT = "product"


class Refused(ValueError):
    """A body that cannot be read at all; `status` is the HTTP status, the text says what to send instead."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def read_body(body: bytes, content_type: str) -> dict[str, str]:
    """Return the fields of a body; the first of several of one name counts. Raise `Refused` for what cannot be read.

    In JSON an object `product` is read as if its members stood beside it. Files of multipart bodies are left out.
    """
    if len(body) > MOST_BYTES:
        raise Refused(413, f"the body has {len(body)} bytes; send at most {MOST_BYTES}")
    kind = content_type.partition(";")[0].strip().lower() or URLENCODED
    if kind == URLENCODED:
        return _first(_pairs(body))
    if kind == MULTIPART:
        return _first(_parts(body, content_type))
    if kind == JSON or (kind.startswith("application/") and kind.endswith("+json")):
        return _first(_members(body))
    raise Refused(415, f"{kind[:60]!r} is not understood; send {URLENCODED}, {MULTIPART} or {JSON}")


def _first(pairs: Iterator[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in pairs:
        found.setdefault(name[:60], value)
        if len(found) > MOST_FIELDS:
            raise Refused(400, f"there are too many fields; send at most {MOST_FIELDS}")
    return found


def _pairs(body: bytes) -> Iterator[tuple[str, str]]:
    try:
        yield from parse_qsl(
            body.decode("ascii", "replace"), keep_blank_values=True, errors="replace", max_num_fields=10 * MOST_FIELDS
        )
    except ValueError:
        raise Refused(400, f"the form cannot be read; send at most {MOST_FIELDS} fields as {URLENCODED}") from None


def _members(body: bytes) -> Iterator[tuple[str, str]]:
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, 'the body is not JSON; send one object like {"name": "Anna", ...} in UTF-8') from None
    if not isinstance(read, dict):
        raise Refused(400, 'the body is not a JSON object; send one like {"name": "Anna", ...}')
    product = read.pop(_PRODUCT, None)
    for name, value in (*read.items(), *(product.items() if isinstance(product, dict) else ())):
        if isinstance(value, dict | list):
            raise Refused(400, f"{name[:60]!r} is not a plain value; send a text, a number, true or false")
        yield name, _text(value)


def _text(value: object) -> str:
    """Write a JSON value as a form would; lone surrogates, which no text may hold, become question marks."""
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None else str(value).encode("utf-8", "replace").decode()


def _parts(body: bytes, content_type: str) -> Iterator[tuple[str, str]]:
    match = _BOUNDARY.search(content_type)
    if match is None:
        raise Refused(400, f"{MULTIPART} names no boundary; let the browser or client set the Content-Type")
    mark = b"--" + (match[1] or match[2]).encode("latin-1", "replace")
    _, *parts = (b"\r\n" + body).split(b"\r\n" + mark)
    if not parts or not parts[-1].startswith(b"--"):
        raise Refused(400, f"the {MULTIPART} body is cut off; send it again")
    for part in parts[:-1]:
        head, found, value = part.partition(b"\r\n\r\n")
        disposition = head.decode("utf-8", "replace")
        name = _NAME.search(disposition)
        if found and name and not _FILE.search(disposition):
            yield (name[1] or name[2] or "").replace('\\"', '"').replace("%22", '"'), value.decode("utf-8", "replace")
