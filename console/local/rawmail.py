"""Raw mail as bytes: adding and taking out whole header fields, everything else stays as it came."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(rb"(?:[^\r\n]+(?:\r?\n|\Z))(?:[ \t][^\r\n]*(?:\r?\n|\Z))*")
_FOLD = re.compile(r"\r?\n(?=[ \t])")

Field = tuple[str, str]
"""Name and value, unfolded."""


def fields_of(raw: bytes) -> list[Field]:
    """Return the header's fields in order."""
    return [_field(match.group()) for match in _FIELD.finditer(_header(raw))]


def take_out(raw: bytes, names: Collection[str]) -> tuple[dict[str, str], bytes]:
    """Return the fields called `names` (lower-case name -> value of the last one), and the mail without them."""
    wanted = {name.lower() for name in names}
    header = _header(raw)
    found: dict[str, str] = {}
    kept = []
    for match in _FIELD.finditer(header):
        name, value = _field(match.group())
        if name.lower() in wanted:
            found[name.lower()] = value
        else:
            kept.append(match.group())
    return found, b"".join(kept) + raw[len(header) :]


def put_before(raw: bytes, fields: Collection[Field]) -> bytes:
    """Return the mail with `fields` before its own ones, as each mail server on the way does."""
    return "".join(f"{name}: {value}\r\n" for name, value in fields).encode("utf-8", "surrogateescape") + raw


def _header(raw: bytes) -> bytes:
    """Return the header with its last line break; a mail without a body is all header."""
    if raw[:1] in {b"\r", b"\n"}:
        return b""
    end = _END_OF_HEADER.search(raw)
    return raw[: end.start() + (2 if raw[end.start() : end.start() + 1] == b"\r" else 1)] if end else raw


def _field(raw: bytes) -> Field:
    name, _, value = raw.decode("utf-8", "surrogateescape").partition(":")
    return name.strip(), _FOLD.sub("", value).strip()
