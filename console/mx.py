"""Asks the machine's own resolver for the mail exchangers of a domain (RFC 1035 over UDP; nothing else is needed here)."""

from __future__ import annotations

import secrets
import socket
import struct
from dataclasses import dataclass
from pathlib import Path

RESOLV_CONF = Path("/etc/resolv.conf")
TIMEOUT = 3.0
"""Seconds for each name server."""

_MX, _IN = 15, 1
_HEADER = struct.Struct("!6H")
_LARGEST = 4096
_NO_SUCH_NAME = 3
_TRUNCATED = 0x0200
_POINTER = 0xC0
_LONGEST_CHAIN = 64
"""Labels and pointers of one name; a name in a loop has more."""


class CannotAsk(Exception):
    """No name server answered, or none with sense; the message says why."""


@dataclass(frozen=True, slots=True, order=True)
class Exchanger:
    """One MX record; the lowest preference is tried first."""

    preference: int
    host: str
    """In lower case, without the dot at the end."""


def exchangers(domain: str, servers: tuple[tuple[str, int], ...] | None = None) -> tuple[Exchanger, ...]:
    """Return the MX records of `domain`, best first; none if the name has none or does not exist."""
    servers = name_servers() if servers is None else servers
    reasons = []
    for server in servers:
        try:
            return _ask(domain, server)
        except (OSError, CannotAsk, struct.error, IndexError, UnicodeError) as error:
            reasons.append(f"{server[0]}: {error or type(error).__name__}")
    raise CannotAsk("; ".join(reasons) or f"{RESOLV_CONF} names no name server")


def name_servers(path: Path = RESOLV_CONF) -> tuple[tuple[str, int], ...]:
    """Return (address, port) of the resolvers that this machine uses; none where it keeps them elsewhere."""
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return ()
    words = [line.split() for line in lines]
    return tuple((line[1], 53) for line in words if len(line) > 1 and line[0] == "nameserver")


def _ask(domain: str, server: tuple[str, int]) -> tuple[Exchanger, ...]:
    number = secrets.randbelow(0x10000)
    family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as asked:
        asked.settimeout(TIMEOUT)
        asked.connect(server)  # so that only this server's answers arrive
        asked.send(question(number, domain))
        return read(number, asked.recv(_LARGEST))


def question(number: int, domain: str) -> bytes:
    """Write the query for MX records of `domain`, with recursion wanted."""
    labels = domain.encode("idna").rstrip(b".").split(b".")
    name = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    return _HEADER.pack(number, 0x0100, 1, 0, 0, 0) + name + struct.pack("!2H", _MX, _IN)


def read(number: int, answer: bytes) -> tuple[Exchanger, ...]:
    """Read the answer to query `number`; raise `CannotAsk` if it is none, or says that the server failed."""
    echoed, flags, asked, answered, _, _ = _HEADER.unpack_from(answer)
    code = flags & 0x0F
    if echoed != number or flags & _TRUNCATED or code not in (0, _NO_SUCH_NAME):
        raise CannotAsk(f"no usable answer (code {code})")
    at = _HEADER.size
    for _ in range(asked):
        at = _name(answer, at)[1] + 4
    found = []
    for _ in range(answered):
        at = _name(answer, at)[1]
        kind, _, _, length = struct.unpack_from("!2HIH", answer, at)
        at += 10
        if kind == _MX:
            found.append(Exchanger(struct.unpack_from("!H", answer, at)[0], _name(answer, at + 2)[0]))
        at += length
    return tuple(sorted(found))


def _name(packet: bytes, at: int) -> tuple[str, int]:
    """Return the name that starts at `at`, and where what follows it starts; pointers are followed."""
    labels, end = [], 0
    for _ in range(_LONGEST_CHAIN):
        size = packet[at]
        if size >= _POINTER:
            end = end or at + 2
            at = struct.unpack_from("!H", packet, at)[0] & 0x3FFF
        elif size:
            labels.append(packet[at + 1 : at + 1 + size].decode("ascii").lower())
            at += 1 + size
        else:
            return ".".join(labels), end or at + 1
    raise CannotAsk("a name in the answer has no end")
