"""Reading a mail for showing it, and writing mail and replies as an ordinary mail program does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage, MIMEPart
from email.utils import format_datetime, formataddr, make_msgid, parseaddr, parsedate_to_datetime

from console.local.parsed import parse
from console.local.parsed import text as text_of

_REPLY = re.compile(r"^\s*(re|aw|sv|antw|odp)\s*:", re.IGNORECASE)
_CUT = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows of one mail."""

    sender: str
    to: str
    subject: str
    date: str
    text: str
    html: str
    """Empty: the mail has no HTML part."""
    attachments: tuple[Attachment, ...]
    automatic: bool
    """True: the mail says that a machine wrote it."""

    @property
    def preview(self) -> str:
        return _CUT.sub(" ", self.text).strip()[:140]


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail before it is sent; `sender` is a bare address, `name` its owner's."""

    sender: str
    name: str
    to: str
    subject: str
    text: str
    attachments: tuple[Attachment, ...] = ()
    in_reply_to: str = ""
    references: tuple[str, ...] = ()


def show(raw: bytes) -> Shown:
    """Read one mail; a part that cannot be decoded is shown as far as it goes."""
    mail = parse(raw)
    return Shown(
        sender=text_of(mail, "From"),
        to=text_of(mail, "To"),
        subject=text_of(mail, "Subject") or "(no subject)",
        date=text_of(mail, "Date"),
        text=_body(mail, "plain"),
        html=_body(mail, "html"),
        attachments=tuple(_attachments(mail)),
        automatic=text_of(mail, "Auto-Submitted").lower() not in {"", "no"},
    )


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return _text(part) if part is not None else ""


def _text(part: MIMEPart) -> str:
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError, KeyError):
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _attachments(mail: EmailMessage) -> Iterator[Attachment]:
    shown = {id(part) for part in (mail.get_body(("plain",)), mail.get_body(("html",))) if part is not None}
    for number, part in enumerate(mail.walk()):
        if part.is_multipart() or id(part) in shown:
            continue
        content = part.get_payload(decode=True)
        name = part.get_filename() or f"part-{number}"
        yield Attachment(name, part.get_content_type(), content if isinstance(content, bytes) else b"")


def reply_to(raw: bytes, sender: str, name: str) -> Draft:
    """Return the draft that a mail program opens when `sender` presses Reply: addressed, threaded and quoted."""
    mail = parse(raw)
    subject = text_of(mail, "Subject")
    message_id = text_of(mail, "Message-ID").strip()
    earlier = text_of(mail, "References").split() or text_of(mail, "In-Reply-To").split()
    return Draft(
        sender=sender,
        name=name,
        to=text_of(mail, "Reply-To") or text_of(mail, "From"),
        subject=subject if _REPLY.match(subject) else f"Re: {subject}",
        text=f"\n\n{attribution(mail)}\n{quote(_body(mail, 'plain'))}",
        in_reply_to=message_id,
        references=tuple(dict.fromkeys([*earlier, message_id])) if message_id else tuple(earlier),
    )


def attribution(mail: EmailMessage) -> str:
    """Return the line over a quote, as Thunderbird and Gmail write it."""
    name, address = parseaddr(text_of(mail, "From"))
    when = _when(text_of(mail, "Date"))
    return f"On {when}, {name or address} wrote:" if when else f"{name or address} wrote:"


def _when(date: str) -> str:
    try:
        return parsedate_to_datetime(date).strftime("%a, %d %b %Y at %H:%M")
    except (ValueError, TypeError):
        return ""


def quote(text: str) -> str:
    """Quote text; lines that are quotes already get a second mark without a space between, as RFC 3676 wants."""
    return "\n".join(
        f">{line}" if line.startswith(">") or not line else f"> {line}" for line in text.rstrip().splitlines()
    )


def write(draft: Draft, now: datetime) -> EmailMessage:
    """Return the finished mail; its lines are 7 bit, so that every server takes them."""
    mail = EmailMessage(policy=policy.SMTP.clone(cte_type="7bit"))
    mail["From"] = formataddr((draft.name, draft.sender))
    mail["To"] = draft.to
    mail["Subject"] = " ".join(draft.subject.split())
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = make_msgid(domain=draft.sender.rpartition("@")[2])
    if draft.in_reply_to:
        mail["In-Reply-To"] = draft.in_reply_to
    if draft.references:
        mail["References"] = _folded(draft.references)
    mail["User-Agent"] = "Undivided local mailbox"
    mail.set_content(draft.text.replace("\r\n", "\n"))
    for one in draft.attachments:
        main, _, sub = one.type.partition("/")
        mail.add_attachment(
            one.content, maintype=main or "application", subtype=sub or "octet-stream", filename=one.name
        )
    return mail


def _folded(references: Sequence[str]) -> str:
    """Keep the first and the last ten, as RFC 5322 lets mail programs do, so that the line stays sendable."""
    most = 11
    kept = [*references[:1], *references[-(most - 1) :]] if len(references) > most else list(references)
    return " ".join(kept)
