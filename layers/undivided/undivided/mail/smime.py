"""The mail inside an opaque S/MIME signature (RFC 8551 3.5.2): read, not verified. Only as much BER as that needs."""

from __future__ import annotations

from typing import NamedTuple

KINDS = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_MAX_DEPTH = 12
_OCTETS, _OCTETS_IN_PIECES, _SEQUENCE = 0x04, 0x24, 0x30
_SIGNED = bytes.fromhex("2a864886f70d010702")
_LONG, _INDEFINITE = 0x80, 0x80


class _Element(NamedTuple):
    tag: int
    start: int
    end: int
    after: int


class _Unreadable(Exception):
    """This is no BER."""


def signed_content(data: bytes) -> bytes:
    """Return the signed bytes of a PKCS #7 message; b"" if it is encrypted, detached or broken."""
    try:
        kind, wrapped = _children(data, _element(data, 0, 0))[:2]
        if data[kind.start : kind.end] != _SIGNED:
            return b""
        signed = _children(data, _children(data, wrapped)[0])
        content = next(one for one in signed if one.tag == _SEQUENCE)
        return _octets(data, _children(data, _children(data, content)[1])[0])
    except (_Unreadable, IndexError, ValueError, StopIteration):
        return b""


def _element(data: bytes, at: int, depth: int) -> _Element:
    """Read one tag and length; the end of an indefinite length is found by walking over its children."""
    if at + 2 > len(data) or depth > _MAX_DEPTH:
        raise _Unreadable
    tag, length, start = data[at], data[at + 1], at + 2
    if length == _INDEFINITE:
        return _indefinite(data, tag, start, depth)
    if length > _LONG:
        size = length - _LONG
        length, start = int.from_bytes(data[start : start + size], "big"), start + size
    return _Element(tag, start, min(start + length, len(data)), min(start + length, len(data)))


def _indefinite(data: bytes, tag: int, start: int, depth: int) -> _Element:
    at = start
    while data[at : at + 2] != b"\0\0":
        at = _element(data, at, depth + 1).after
    return _Element(tag, start, at, at + 2)


def _children(data: bytes, parent: _Element) -> list[_Element]:
    found, at = list[_Element](), parent.start
    while at < parent.end:
        child = _element(data, at, 1)
        found.append(child)
        at = child.after
    return found


def _octets(data: bytes, element: _Element) -> bytes:
    if element.tag == _OCTETS:
        return data[element.start : element.end]
    if element.tag == _OCTETS_IN_PIECES:
        return b"".join(data[one.start : one.end] for one in _children(data, element) if one.tag == _OCTETS)
    return b""
