"""A raw mail to plain data: `read()`. Never raises, on any bytes.

Bounds for one mail: 40 MB (`MAX_RAW`), 2,000 parts, 40 levels, 5 MB a text part, 2 MB of HTML read by structure. Peak
memory is about five times the largest part; every step takes time that grows with the length of the mail only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from undivided.mail import absence, automatic, bodies, bounces, files, new_words
from undivided.mail.bounces import Bounce
from undivided.mail.files import Attachment
from undivided.mail.headers import Fields, ids, people, words
from undivided.mail.mime import Tree, read_tree
from undivided.mail.sanitise import sanitise

__all__ = ["MAX_RAW", "Attachment", "Bounce", "Mail", "attachment", "read", "sanitise"]

MAX_RAW = 40_000_000
"""SES receives up to 40 MB; of anything longer only this much is read."""
_MANY_HOPS = 25
_EXPOSED = (
    "auto-submitted", "precedence", "x-auto-response-suppress", "list-id", "list-unsubscribe", "return-path", "reply-to", "sender", "date",
    "content-type", "x-mailer", "user-agent", "x-undivided-loop", "x-failed-recipients", "delivered-to", "x-forwarded-to", "x-forwarded-for",
    "content-language", "resent-from",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mail:
    """One received mail, read. Texts end lines with a bare newline; addresses are bare; missing things are empty."""

    raw_size: int
    message_id: str
    """With its angle brackets."""
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    subject: str
    sender: str
    """Bare address of `From`; "" if there is no usable one. Nothing may be done on its strength alone."""
    sender_name: str
    recipients: tuple[str, ...]
    """`To` and `Cc`."""
    text: str
    """The whole body as text, converted from HTML if there is nothing else."""
    html: str
    """The whole HTML body as it came, not sanitised."""
    reply_text: str
    """The new words only; everything if it is doubtful what is new."""
    reply_html: str
    """The new words as sanitised HTML, "" if the mail has none."""
    quoted: str
    """What was cut as history."""
    attachments: tuple[Attachment, ...]
    is_forward: bool
    automatic: str
    """Why this is no person's mail, "" if it is one."""
    out_of_office: bool
    away_until: date | None
    bounce: Bounce | None
    loop_marks: tuple[str, ...]
    faults: tuple[str, ...]
    """What was wrong with the mail, in words."""
    headers: Mapping[str, str]
    """The few others that somebody needs, by lower-case name."""
    rule: str = ""
    """Which rule decided what is new."""
    complaint: str = ""
    """The address whose owner complained about us (RFC 5965), "" if this is no complaint."""


def read(raw: bytes) -> Mail:
    """Read a raw mail."""
    faults = [f"{len(raw)} bytes; only the first {MAX_RAW} are read"] if len(raw) > MAX_RAW else []
    tree = read_tree(raw[:MAX_RAW] if len(raw) > MAX_RAW else raw)
    content = bodies.read_content(tree.root)
    attached = files.of(tree, content)
    fields = tree.root.fields
    subject = words(fields.first("subject"))
    said = new_words.of(content, subject)
    bounce = bounces.of(tree, content, said.text)
    machine = automatic.reason(tree, fields, subject, said)
    away = absence.of(fields, subject, said.reply_text, machine) if bounce is None else absence.PRESENT
    sender = next(iter(people(fields.first("from"))), None)
    return Mail(
        raw_size=len(raw),
        message_id=next(iter(ids(fields.first("message-id"))), ""),
        in_reply_to=ids(" ".join(fields.get("in-reply-to", []))),
        references=ids(" ".join(fields.get("references", []))),
        subject=subject,
        sender=sender.address if sender else "",
        sender_name=sender.name if sender else "",
        recipients=_recipients(fields),
        text=said.text,
        html=content.html(),
        reply_text=said.reply_text,
        reply_html=said.reply_html,
        quoted=said.quoted,
        attachments=attached,
        is_forward=said.is_forward or files.forwards(tree, subject),
        automatic=machine or ("bounce" if bounce else ""),
        out_of_office=away.away,
        away_until=away.until,
        bounce=bounce,
        loop_marks=_loop_marks(fields),
        faults=tuple(dict.fromkeys([*faults, *tree.faults, *content.faults, *_faults(tree, said.text)])),
        headers=MappingProxyType({name: words(fields.first(name))[:2000] for name in _EXPOSED if name in fields}),
        rule=said.rule,
        complaint=bounces.complaint(tree, content),
    )


def attachment(raw: bytes, part: int) -> bytes:
    """Return the decoded bytes of `Attachment.part`; b"" if the mail has no such part."""
    return files.data(read_tree(raw[:MAX_RAW] if len(raw) > MAX_RAW else raw), part)


def _recipients(fields: Fields) -> tuple[str, ...]:
    everyone = (person.address for name in ("to", "cc") for value in fields.get(name, []) for person in people(value))
    return tuple(dict.fromkeys(everyone))


def _loop_marks(fields: Fields) -> tuple[str, ...]:
    hops = len(fields.get("received", []))
    return (
        *(words(value) for value in fields.get("x-undivided-loop", [])),
        *([f"received: {hops}"] if hops > _MANY_HOPS else []),
    )


def _faults(tree: Tree, text: str) -> list[str]:
    fields = tree.root.fields
    checks = {
        "no header at all": not fields,
        "no From": bool(fields) and "from" not in fields,
        "no Message-ID": bool(fields) and "message-id" not in fields,
        "no words": not text.strip(),
        "encrypted: nobody but its addressee can read it": any(
            re.search("encrypted", part.type) for part in tree.root.walk()
        ),
    }
    twice = [name for name in ("from", "subject", "message-id", "date") if len(fields.get(name, [])) > 1]
    return [fault for fault, found in checks.items() if found] + [f"{name} twice; the first counts" for name in twice]
