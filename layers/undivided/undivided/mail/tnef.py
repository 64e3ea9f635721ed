"""Outlook's `winmail.dat` (MS-OXTNEF): the attachments and the words that it hides. Never raises; what is cut short ends there."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

SIGNATURE = b"\x78\x9f\x3e\x22"
_RENDER = 0x00069002
_TITLE = 0x00018010
_DATA = 0x0006800F
_ATTACHMENT_PROPS = 0x00069005
_MESSAGE_PROPS = 0x00069003
_BODY = 0x0002800C
_HTML, _TEXT, _LONG_NAME, _SHORT_NAME, _MIME, _CONTENT_ID = 0x1013, 0x1000, 0x3707, 0x3704, 0x370E, 0x3712
_FIXED = {
    0x0002: 4,
    0x0003: 4,
    0x0004: 4,
    0x000A: 4,
    0x000B: 4,
    0x0005: 8,
    0x0006: 8,
    0x0007: 8,
    0x0014: 8,
    0x0040: 8,
    0x0048: 16,
}
"""MAPI property types of fixed size, padded to four bytes."""
_STRING8, _UNICODE, _BINARY, _OBJECT = 0x001E, 0x001F, 0x0102, 0x000D
_MULTIPLE, _NAMED = 0x1000, 0x8000
_MAX_ATTACHMENTS = 500


@dataclass(slots=True)
class Packed:
    """One attachment inside a `winmail.dat`."""

    name: str = ""
    content_type: str = ""
    content_id: str = ""
    data: bytes = b""


@dataclass(slots=True)
class Unpacked:
    """All that a `winmail.dat` holds for people."""

    text: str = ""
    html: str = ""
    attachments: list[Packed] = field(default_factory=list)


def unpack(data: bytes) -> Unpacked:
    """Read a `winmail.dat`; an empty result for anything else."""
    found = Unpacked()
    if not data.startswith(SIGNATURE):
        return found
    for name, value in _attributes(data):
        _take(found, name, value)
        if len(found.attachments) >= _MAX_ATTACHMENTS:
            break
    return found


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6
    while at + 9 <= len(data):
        _, name, length = struct.unpack_from("<BII", data, at)
        yield name, data[at + 9 : at + 9 + length]
        at += 9 + length + 2


def _take(found: Unpacked, name: int, value: bytes) -> None:
    if name == _RENDER:
        found.attachments.append(Packed())
    elif name == _BODY:
        found.text = _string(value)
    elif name == _MESSAGE_PROPS:
        _message_properties(found, value)
    elif found.attachments:
        _attachment_attribute(found.attachments[-1], name, value)


def _attachment_attribute(packed: Packed, name: int, value: bytes) -> None:
    if name == _TITLE:
        packed.name = packed.name or _string(value)
    elif name == _DATA:
        packed.data = value
    elif name == _ATTACHMENT_PROPS:
        for tag, raw in _properties(value):
            _attachment_property(packed, tag, raw)


def _attachment_property(packed: Packed, tag: tuple[int, int], raw: bytes) -> None:
    if tag[0] == _LONG_NAME:
        packed.name = _mapi_text(tag[1], raw) or packed.name
    elif tag[0] == _SHORT_NAME:
        packed.name = packed.name or _mapi_text(tag[1], raw)
    elif tag[0] == _MIME:
        packed.content_type = _mapi_text(tag[1], raw)
    elif tag[0] == _CONTENT_ID:
        packed.content_id = _mapi_text(tag[1], raw).strip("<>")


def _message_properties(found: Unpacked, value: bytes) -> None:
    for (name, kind), raw in _properties(value):
        if name == _HTML:
            found.html = raw.decode("utf-8", "replace") if kind == _BINARY else _mapi_text(kind, raw)
        elif name == _TEXT:
            found.text = _mapi_text(kind, raw) or found.text


def _mapi_text(kind: int, raw: bytes) -> str:
    return raw.decode("utf-16-le", "replace").rstrip("\x00") if kind == _UNICODE else _string(raw)


def _string(raw: bytes) -> str:
    raw = raw.rstrip(b"\x00")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _properties(data: bytes) -> Iterator[tuple[tuple[int, int], bytes]]:
    """Yield (name, type) and value of each MAPI property; several values of one property are joined."""
    if len(data) < 4:  # noqa: PLR2004 - the count
        return
    at = 4
    for _ in range(min(struct.unpack_from("<I", data)[0], 5000)):
        if at + 4 > len(data):
            return
        kind, name = struct.unpack_from("<HH", data, at)
        at = _after_name(data, at + 4) if name >= _NAMED else at + 4
        raw, at = _value(data, at, kind)
        if at < 0:
            return
        yield (name, kind & ~_MULTIPLE), raw


def _after_name(data: bytes, at: int) -> int:
    """Skip a named property's GUID and its number or name."""
    if at + 24 > len(data):
        return len(data)
    kind, length = struct.unpack_from("<II", data, at + 16)
    return at + 24 + (length + 3 & ~3 if kind else 0)


def _value(data: bytes, at: int, kind: int) -> tuple[bytes, int]:
    """Return a property's bytes and where the next one begins, or -1 if this is no known type."""
    base = kind & ~_MULTIPLE
    count = 1
    if kind & _MULTIPLE or base in (_STRING8, _UNICODE, _BINARY, _OBJECT):
        if at + 4 > len(data):
            return b"", -1
        count, at = struct.unpack_from("<I", data, at)[0], at + 4
    if base in _FIXED:
        size = _FIXED[base] * min(count, len(data))
        return data[at : at + size], at + size
    return _variable(data, at, count) if base in (_STRING8, _UNICODE, _BINARY, _OBJECT) else (b"", -1)


def _variable(data: bytes, at: int, count: int) -> tuple[bytes, int]:
    raw = b""
    for _ in range(min(count, 100)):
        if at + 4 > len(data):
            return raw, -1
        length = struct.unpack_from("<I", data, at)[0]
        raw += data[at + 4 : at + 4 + length]
        at += 4 + (length + 3 & ~3)
    return raw, at
