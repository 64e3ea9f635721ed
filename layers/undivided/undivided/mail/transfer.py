"""Content-Transfer-Encoding: bytes on the wire to bytes of the part, forgiving and in linear time."""

from __future__ import annotations

import binascii
import re

_FOREIGN = re.compile(rb"[^A-Za-z0-9+/=]+")
_AFTER_PADDING = re.compile(rb"=[=\s]*\n?(?=[^=\s])")
_PROSE = re.compile(rb"[A-Za-z0-9,.;:]+ [A-Za-z0-9]+ [A-Za-z0-9]")


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
    """Decode base64; a list's plain footer behind the padding, or text that never was base64, is kept as it is."""
    if _PROSE.search(data[:2000]):
        return data
    padding = _AFTER_PADDING.search(data)
    if padding is None:
        return _base64_run(data)
    rest = data[padding.end() :]
    if re.search(rb"[^A-Za-z0-9+/=\s]", rest[:4000]) or _PROSE.search(rest[:4000]):
        return _base64_run(data[: padding.end()]) + b"\n" + rest
    return b"".join(_base64_run(run) for run in re.split(rb"=+", data))


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
