"""Header fields as mail really has them: folded, 8-bit, half encoded, twice, or not at all. Nothing here raises.

Sources: RFC 5322 (fields, addresses), RFC 2047 (encoded words), RFC 2231 (parameters), and their common violations.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from undivided.mail.charsets import decode

MAX_BLOCK = 1_000_000
"""Bytes of one header block that are looked at; a mail program's own limit is a tenth of it."""
MAX_VALUE = 100_000
_MAX_PARAMETERS = 8_000
_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]{0,8}:(.*)", re.DOTALL)
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]{0,8000})\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]+")
_PARAMETER = re.compile(r";\s*([^\s=;\"]{1,60})\s*=\s*(\"(?:[^\"\\]|\\.)*\"|[^;]*)", re.DOTALL)
_ID = re.compile(r"<\s*([^<>\s]{1,900})\s*>")
_BARE_ID = re.compile(r"[^<>\s,;\"()]{1,450}@[^<>\s,;\"()]{1,450}")
_ADDRESS = re.compile(
    r"[^\s<>()\[\],;:\\\"@]{1,64}@[^\s<>()\[\],;:\\\"@]{1,253}|\"[^\"\s]{1,62}\"@[^\s<>()\[\],;:\\\"@]{1,253}"
)


class Fields(dict[str, list[str]]):
    """Lower-case names to raw values (unfolded, in their order)."""

    last_hop: int = -1
    """How many fields stand above the lowest `Received`, with which the first server began the mail's way."""

    def __init__(self) -> None:
        super().__init__()
        self.places = dict[str, int]()

    def added_on_the_way(self, name: str) -> bool:
        """Say whether a server wrote the field: it stands above a `Received`, the sender's own stand below all of them."""
        return self.places.get(name, self.last_hop) < self.last_hop

    def first(self, name: str) -> str:
        """Return the first value, "" if there is none: a second `From` or `Message-ID` is somebody's trick."""
        values = self.get(name)
        return values[0] if values else ""


def read_fields(block: bytes) -> Fields:
    """Read a header block that ends where `end_of_fields` said."""
    fields = Fields()
    for place, (raw_name, value) in enumerate(_unfolded(block[:MAX_BLOCK])):
        name = raw_name.decode("ascii").lower()
        fields.setdefault(name, []).append(" ".join(decode(value[:MAX_VALUE]).split("\n")).strip())
        fields.places.setdefault(name, place)
        fields.last_hop = place if name == "received" else fields.last_hop
    return fields


def _unfolded(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    name, pieces = b"", list[bytes]()
    for line in block.splitlines():
        if line[:1] in (b" ", b"\t"):
            pieces.append(line.strip() if not pieces else b" " + line.strip())
            continue
        if name:
            yield name, b"".join(pieces)
        found = _FIELD.match(line)
        name, pieces = (found[1], [found[2].strip()]) if found else (b"", [])
    if name:
        yield name, b"".join(pieces)


def end_of_fields(data: bytes, start: int, end: int) -> tuple[int, int]:
    """Return where the header block ends and where the body begins; both are `start` if there is no header at all."""
    at = start
    while at < end:
        stop = data.find(b"\n", at, end)
        stop = end if stop < 0 else stop
        line = data[at : min(stop, at + 1000)].rstrip(b"\r")
        if not line.strip():
            return at, min(stop + 1, end)
        if not (line[:1] in (b" ", b"\t") or _FIELD.match(line)) and not _envelope_or_slip(data, at, stop, end, start):
            return at, at
        at = stop + 1
    return end, end


def _envelope_or_slip(data: bytes, at: int, stop: int, end: int, start: int) -> bool:
    """Say whether a line without a colon is an mbox envelope or one slip among fields, rather than the body's first line."""
    if at == start and data[at : at + 6].lstrip(b">").startswith(b"From "):
        return True
    following = data[stop + 1 : min(stop + 200, end)]
    return (
        at > start
        and re.match(rb"(?:content-|mime-version|from|to|subject|date|message-id|x-)[\w-]*:", following, re.IGNORECASE)
        is not None
    )


def words(value: str) -> str:
    """Decode RFC 2047 words in a header value, and take out line breaks and control characters."""
    if "=?" in value:
        value = _encoded(value)
    return " ".join(_CONTROL.sub(" ", value).split())


def _encoded(value: str) -> str:
    joined = _BETWEEN_WORDS.sub(r"\1", value)
    out, at, held, charset = list[str](), 0, b"", ""
    for word in _WORD.finditer(joined):
        if word.start() != at or word[1].lower() != charset:
            out.append(decode(held, charset))
            held = b""
        out.append(joined[at : word.start()])
        held, charset, at = held + _word_bytes(word[2], word[3]), word[1].lower(), word.end()
    return "".join([*out, decode(held, charset), joined[at:]])


def _word_bytes(how: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if how in "qQ":
        return binascii.a2b_qp(data.replace(b"_", b" ").replace(b"=\n", b""), header=False)
    clean = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    clean = clean[:-1] if len(clean) % 4 == 1 else clean
    return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """Split `text/plain; charset=x` into its lower-case main value and its decoded parameters."""
    value = value[:_MAX_PARAMETERS]
    main = re.sub(r"\s+", "", value.partition(";")[0]).lower()
    plain, pieces = dict[str, str](), dict[str, dict[int, tuple[bool, str]]]()
    for found in _PARAMETER.finditer(value if ";" in value else ""):
        name, star, rest = found[1].lower().partition("*")
        text = _unquoted(found[2].strip())
        if star:
            number = int(rest.rstrip("*")) if rest.rstrip("*").isascii() and rest.rstrip("*").isdigit() else 0
            pieces.setdefault(name, {})[number] = (rest.endswith("*") or not rest, text)
        else:
            plain.setdefault(name, words(text))
    return main, plain | {name: _joined(found) for name, found in pieces.items()}


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if len(text) > 1 and text[0] == text[-1] == '"' else text.strip('"')


def _joined(pieces: dict[int, tuple[bool, str]]) -> str:
    charset, data = "", b""
    for number in sorted(pieces):
        percent, text = pieces[number]
        if percent and number == min(pieces) and text.count("'") > 1:
            charset, _, text = text.split("'", 2)
        data += unquote_to_bytes(text) if percent else text.encode()
    return words(decode(data, charset))


def ids(value: str) -> tuple[str, ...]:
    """Return the message ids in a `Message-ID`, `In-Reply-To` or `References` value, each with its angle brackets."""
    found = _ID.findall(value[:MAX_VALUE]) or _BARE_ID.findall(value[:MAX_VALUE])
    return tuple(dict.fromkeys(f"<{one}>" for one in found))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in an address header: a bare address and the name before it."""

    address: str
    name: str = ""


def people(value: str) -> tuple[Person, ...]:
    """Return everybody in an address header who has a usable address; structure is read before words are decoded."""
    found = [one for piece in _pieces(value[:MAX_VALUE]) if (one := _person(piece))]
    if not found and "=?" in value:
        found = [one for piece in _pieces(words(value)[:MAX_VALUE]) if (one := _person(piece))]
    return tuple(found)


def _pieces(value: str) -> list[str]:
    """Split at commas, semicolons and group names that stand outside quotes, comments and angle brackets."""
    out, held, quoted, depth = list[str](), list[str](), False, 0
    for piece in re.findall(r"\\.|[\"()<>,;]|[^\\\"()<>,;]+|\\", value, re.DOTALL):
        if piece == '"':
            quoted = not quoted
        elif not quoted and piece in "(<":
            depth += 1
        elif not quoted and piece in ")>":
            depth = max(0, depth - 1)
        if piece in ",;" and not quoted and not depth:
            out.append("".join(held))
            held = []
        else:
            held.append(piece)
    return [*out, "".join(held)]


def _person(piece: str) -> Person | None:
    before, angle, rest = piece.rpartition("<")
    where = _ADDRESS.search(rest.partition(">")[0][:400]) if angle else None
    if where:
        return Person(where[0].strip(".'"), _name(before))
    bare = re.sub(r"\([^()]*\)", " ", piece)
    where = _ADDRESS.search(bare)
    if not where:
        return None
    comment = re.search(r"\(([^()]*)\)", piece)
    return Person(where[0].strip(".'"), _name(comment[1] if comment else bare[: where.start()].removesuffix(":")))


def _name(text: str) -> str:
    text = words(text.strip()).strip()
    return _unquoted(text).strip().strip("'").strip() if text.startswith(('"', "'")) else text
