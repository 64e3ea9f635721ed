"""Content-Transfer-Encoding: bytes on the wire to bytes of the part, forgiving and in linear time."""

from __future__ import annotations

import binascii
import re

_FOREIGN = re.compile(rb"[^A-Za-z0-9+/=]+")
_AFTER_PADDING = re.compile(rb"=[=\s]*\n?(?=[^=\s])")
_PROSE = re.compile(rb"^(?:--|__|[^\s]{1,60} [^\s]{1,60} [^\s])", re.MULTILINE)
"""A line of words, or the rule above a footer: no line of base64 looks like it."""


def decode(data: bytes, encoding: str) -> bytes:
    """Undo `encoding` (the header's words); what does not follow it comes back as it is. Never raises."""
    match encoding.strip().strip("\"'").lower():
        case "base64" | "b64" | "base-64":
            return _base64(data)
        case "quoted-printable" | "quotedprintable" | "quoted_printable" | "qp":
            return binascii.a2b_qp(data)
        case "x-uuencode" | "uuencode" | "x-uue" | "uue":
            return unuu(data)
        case _:
            return data


def _base64(data: bytes) -> bytes:
    """Decode base64; a list's plain footer below it, or text that never was base64, is kept as it is."""
    prose = _PROSE.search(data)
    if prose is None:
        return (
            b"".join(_base64_run(run) for run in re.split(rb"=+", data))
            if _AFTER_PADDING.search(data)
            else _base64_run(data)
        )
    head = data[: prose.start()]
    return _base64_run(head) + b"\n" * bool(head.strip()) + data[prose.start() :]


def _base64_run(data: bytes) -> bytes:
    clean = _FOREIGN.sub(b"", data).rstrip(b"=")
    if len(clean) % 4 == 1:
        clean = clean[:-1]
    try:
        return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))
    except binascii.Error:
        return b""


def unuu(data: bytes) -> bytes:
    """Decode uuencoded lines, with or without their `begin` and `end`; lines that are not uuencoded are left out."""
    return b"".join(_uu_line(line) for line in data.splitlines() if line and not line.startswith((b"begin ", b"end")))


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        wanted = (
            ((line[0] - 32) & 63) * 4 + 5
        ) // 3  # some programs write trailing garbage: cut to the length that the line names
    try:
        return binascii.a2b_uu(line[:wanted])
    except binascii.Error:
        return b""
