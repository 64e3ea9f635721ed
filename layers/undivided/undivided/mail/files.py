"""The attachments of a mail: names that are safe, sizes, and their bytes again when somebody needs them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from undivided.mail import tnef
from undivided.mail.bodies import Body, Content
from undivided.mail.headers import ids, words
from undivided.mail.history import is_forward_subject
from undivided.mail.mime import Part, Tree

_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_EXTENSIONS = {
    "message/rfc822": ".eml", "text/calendar": ".ics", "text/vcard": ".vcf", "text/x-vcard": ".vcf", "image/jpeg": ".jpg", "image/jpg": ".jpg",
    "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "image/heic": ".heic", "application/pdf": ".pdf", "text/plain": ".txt",
    "text/html": ".html", "text/csv": ".csv", "application/zip": ".zip", "application/pgp-signature": ".asc", "application/pkcs7-signature": ".p7s",
    "application/x-pkcs7-signature": ".p7s", "application/pkcs7-mime": ".p7m", "application/x-pkcs7-mime": ".p7m", "application/pgp-encrypted": ".asc",
    "video/mp4": ".mp4", "video/quicktime": ".mov", "audio/mpeg": ".mp3",
}  # fmt: skip
_LONGEST_NAME = 150
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069]')


@dataclass(frozen=True, slots=True)
class Attachment:
    """One part that is no words; `attachment(raw, part)` gives its bytes."""

    name: str
    """A safe file name, never a path."""
    content_type: str
    size: int
    """Decoded bytes."""
    part: int
    """Its number in walk order; what `winmail.dat` holds is numbered behind the last part."""
    content_id: str = ""
    """Without angle brackets; set for parts that the HTML shows."""
    inline: bool = False


def of(tree: Tree, content: Content) -> tuple[Attachment, ...]:
    """List the attachments; a `winmail.dat` is replaced by what it holds, and its words count if there are no others."""
    found, packed = list[Attachment](), list[tnef.Packed]()
    for part in content.attached:
        inside = _unpacked(part)
        if inside is None:
            found.append(_attachment(part))
        else:
            packed += inside.attachments
            _lend_words(content, inside)
    first = 1 + max(part.index for part in tree.root.walk())
    return (*found, *(_packed(one, first + number) for number, one in enumerate(packed)))


def data(tree: Tree, wanted: int) -> bytes:
    """Return the bytes of the part numbered `wanted`, or b""."""
    parts = list(tree.root.walk())
    if 0 <= wanted < len(parts):
        return parts[wanted].body() if not parts[wanted].parts else b""
    packed = [one for part in parts if (inside := _unpacked(part)) for one in inside.attachments]
    behind = wanted - len(parts)
    return packed[behind].data if 0 <= behind < len(packed) else b""


def forwards(tree: Tree, subject: str) -> bool:
    """Say whether a whole mail is attached under a forwarding subject."""
    attached = any(part.type == "message/rfc822" for part in tree.root.parts)
    return attached and not tree.root.type.startswith("multipart/report") and is_forward_subject(subject)


def _unpacked(part: Part) -> tnef.Unpacked | None:
    if part.parts or not (part.type in _TNEF or part.name.lower() == "winmail.dat"):
        return None
    inside = tnef.unpack(part.body())
    return inside if inside.attachments or inside.text or inside.html else None


def _lend_words(content: Content, inside: tnef.Unpacked) -> None:
    if not any(body.plain.strip() or body.html.strip() for body in content.bodies):
        content.bodies.append(Body(plain=inside.text.replace("\r\n", "\n"), html=inside.html))


def _attachment(part: Part) -> Attachment:
    ident = next(iter(ids(part.fields.first("content-id"))), "").strip("<>") or part.fields.first("content-id").strip()
    inline = part.disposition == "inline" or (bool(ident) and part.disposition != "attachment")
    return Attachment(
        safe_name(_named(part), part.type, part.index), part.type, len(part.body()), part.index, ident, inline=inline
    )


def _named(part: Part) -> str:
    if part.name or part.type != "message/rfc822":
        return part.name
    subject = re.search(
        rb"(?im)^subject:[ \t]*([^\r\n]*)", part.buffer[part.start : min(part.end, part.start + 20_000)]
    )
    return words(subject[1].decode("utf-8", "replace")).replace("/", "-") + ".eml" if subject else ""


def _packed(one: tnef.Packed, number: int) -> Attachment:
    kind = one.content_type if "/" in one.content_type else "application/octet-stream"
    return Attachment(
        safe_name(one.name, kind, number), kind, len(one.data), number, one.content_id, inline=bool(one.content_id)
    )


def safe_name(name: str, kind: str, number: int) -> str:
    """Return the last component of `name` without anything that a file system or a reader could be fooled by."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rstrip("/ ").rpartition("/")[2]
    name = _UNSAFE.sub("", name).strip(" .")
    stem, dot, extension = name.rpartition(".")
    if len(name) > _LONGEST_NAME and dot:
        name = stem[: _LONGEST_NAME - len(extension[:20]) - 1] + "." + extension[:20]
    return name[:_LONGEST_NAME] or f"part-{number}{_EXTENSIONS.get(kind, '')}"
