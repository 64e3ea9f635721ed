"""A raw mail to a tree of parts, by offsets: no part is copied until somebody asks for its bytes. Never raises.

Why not the standard library's parser: it recurses (a thousand nested parts end it), keeps every line as a string (six
times the mail's size in memory) and raises on some headers. Bounds: `MAX_PARTS` parts, `MAX_DEPTH` levels; beyond
them a part stays one undivided piece and the mail says so in its faults.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from undivided.mail import smime, transfer
from undivided.mail.headers import Fields, end_of_fields, parameters, read_fields, words

MAX_PARTS = 2_000
MAX_DEPTH = 40
_BOUNDARY_LINE = re.compile(rb"^--([^\r\n]{1,200}?)[ \t]*\r?\n(?:content-|mime-)[\w-]+:", re.IGNORECASE | re.MULTILINE)


@dataclass(slots=True)
class Part:
    """One node of the tree; `start` and `end` bound its body in `buffer`."""

    buffer: bytes
    fields: Fields
    start: int
    end: int
    type: str
    params: dict[str, str]
    disposition: str
    name: str
    """As the mail says, not yet safe."""
    index: int = 0
    parts: list[Part] = field(default_factory=list)

    def body(self) -> bytes:
        """Return the decoded bytes."""
        return transfer.decode(self.buffer[self.start : self.end], self.fields.first("content-transfer-encoding"))

    def walk(self) -> Iterator[Part]:
        """Yield this part and all below it, in the mail's order."""
        waiting = [self]
        while waiting:
            part = waiting.pop()
            yield part
            waiting.extend(reversed(part.parts))


@dataclass(slots=True)
class Tree:
    """The whole mail: its root part, and what was wrong with its structure."""

    root: Part
    faults: list[str]
    count: int = 0


def read_tree(raw: bytes) -> Tree:
    """Take a raw mail apart; `index` numbers the parts in walk order."""
    data = _lines_of(raw)
    faults = list[str]()
    tree = Tree(_part(data, 0, len(data), "text/plain"), faults)
    waiting = [(tree.root, 0)]
    while waiting:
        part, depth = waiting.pop()
        part.parts = _divide(part, depth, tree)
        waiting.extend((child, depth + 1) for child in part.parts)
    for index, part in enumerate(tree.root.walk()):
        part.index = index
    return tree


def _lines_of(raw: bytes) -> bytes:
    """Undo what some transports do to a whole mail: a byte order mark, UTF-16, Macintosh line ends, leading blank lines."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raw = raw.decode("utf-16", "replace").encode()
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    if b"\r" in raw[:65_536] and b"\n" not in raw[:65_536]:
        raw = raw.replace(b"\r", b"\n")
    blank = re.match(rb"(?:[ \t]{0,1000}\r?\n|\r)+", raw)
    return raw[blank.end() :] if blank else raw


def _part(buffer: bytes, start: int, end: int, default: str) -> Part:
    stop, body = end_of_fields(buffer, start, end)
    fields = read_fields(buffer[start:stop])
    kind, params = parameters(fields.first("content-type"))
    disposition, more = parameters(fields.first("content-disposition"))
    if "/" not in kind:
        kind = {"text": "text/plain", "html": "text/html", "multipart": "multipart/mixed"}.get(kind, default)
    name = (
        more.get("filename")
        or params.get("name")
        or words(fields.first("content-description")) * disposition.startswith("attachment")
    )
    return Part(buffer, fields, body, end, kind, params, disposition, name)


def _divide(part: Part, depth: int, tree: Tree) -> list[Part]:
    """Return the parts of a multipart, none for anything else or beyond the bounds."""
    if part.type in smime.KINDS:
        return _opened(part, tree)
    if not part.type.startswith("multipart/"):
        return []
    if depth >= MAX_DEPTH:
        tree.faults.append(f"parts nested deeper than {MAX_DEPTH}; the innermost are kept whole")
        part.type = "application/octet-stream"
        return []
    boundary = _boundary(part, tree)
    if not boundary:
        part.type = "text/plain"
        return []
    return _pieces(part, boundary, tree)


def _opened(part: Part, tree: Tree) -> list[Part]:
    """Return what an opaque signature wraps; an encrypted part stays closed."""
    content = smime.signed_content(part.body()) if tree.count < MAX_PARTS else b""
    if not content:
        tree.faults += ["encrypted: nobody but its addressee can read it"] * (
            part.params.get("smime-type") != "signed-data"
        )
        return []
    tree.count += 1
    return [_part(content, 0, len(content), "text/plain")]


def _boundary(part: Part, tree: Tree) -> bytes:
    """Return the boundary that really divides the part: the declared one, or the one that its lines show."""
    declared = part.params.get("boundary", "").rstrip().encode("utf-8", "surrogateescape")
    if declared and part.buffer.find(b"--" + declared, part.start, part.end) >= 0:
        return declared
    if transfer_encoded(part):
        decoded = part.body()
        part.buffer, part.start, part.end = decoded, 0, len(decoded)
        part.fields.pop("content-transfer-encoding", None)
        return _boundary(part, tree)
    shown = _BOUNDARY_LINE.search(part.buffer[part.start : min(part.end, part.start + 200_000)])
    tree.faults.append("multipart without its boundary" + (", another one was found" if shown else ", read as text"))
    return shown[1] if shown else b""


def transfer_encoded(part: Part) -> bool:
    """Say whether the part has an encoding that a multipart must not have, but some programs write."""
    return part.fields.first("content-transfer-encoding").strip().lower() in ("base64", "quoted-printable")


def _pieces(part: Part, boundary: bytes, tree: Tree) -> list[Part]:
    default = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
    found = list[Part]()
    for start, end in _ranges(part, b"--" + boundary):
        if tree.count >= MAX_PARTS:
            tree.faults.append(f"more than {MAX_PARTS} parts; the rest is kept in the raw mail only")
            break
        tree.count += 1
        found.append(_part(part.buffer, start, end, default))
    return found


def _ranges(part: Part, line: bytes) -> Iterator[tuple[int, int]]:
    """Yield where each piece between boundary lines begins and ends; a missing last boundary ends with the part."""
    buffer, at, begin = part.buffer, part.start, -1
    while (at := buffer.find(line, at, part.end)) >= 0:
        after = at + len(line)
        closing = buffer[after : after + 2] == b"--"
        stop = buffer.find(b"\n", after, part.end)
        stop = part.end if stop < 0 else stop + 1
        if (at == part.start or buffer[at - 1 : at] == b"\n") and not buffer[
            after + 2 * closing : min(stop, after + 200)
        ].strip():
            if begin >= 0:
                yield begin, _before_line_end(buffer, begin, at)
            begin = -1 if closing else stop
            if closing:
                break
        at = after
    if begin >= 0:
        yield begin, part.end
    else:
        yield from _after_closing(part, at)


def _after_closing(part: Part, at: int) -> Iterator[tuple[int, int]]:
    """Yield a text that some list programs append behind the closing boundary, with its own header; else nothing."""
    stop = part.buffer.find(b"\n", at, part.end) if at >= 0 else -1
    if stop >= 0 and re.match(rb"\s*content-type:", part.buffer[stop : stop + 200], re.IGNORECASE):
        yield stop + 1, part.end


def _before_line_end(buffer: bytes, begin: int, at: int) -> int:
    """Return the end of a piece: the line end before a boundary belongs to the boundary (RFC 2046 5.1.1)."""
    at -= at > begin
    return at - (at > begin and buffer[at - 1 : at] == b"\r")
