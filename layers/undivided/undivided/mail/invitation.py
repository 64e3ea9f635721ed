"""The calendar entry that goes with a question whose shopper wants to be called (RFC 5545).

METHOD is PUBLISH, not REQUEST: programs answer a REQUEST with a mail of their own to its organizer, and that would be our
reply address, where every mail is taken for words to the shopper. A PUBLISH is never answered (RFC 5546, 3.2.1).
"""

from __future__ import annotations

from datetime import UTC, datetime

from undivided.mail.masking import plainly
from undivided.mail.reader import Context, Reader
from undivided.mail.wire import Part, clean, file_part
from undivided.question import CallBack
from undivided.record import Record

NAME = "call.ics"
_LINE = 75
"""Octets of a line before it is folded (RFC 5545, 3.1)."""


def invitation(record: Record, reader: Reader, context: Context, title: str) -> tuple[Part, ...]:
    """Return the entry as an attached file; none where no call is wanted."""
    wanted, shopper = record.conversation.call_back, record.conversation.shopper
    if wanted is None or not shopper.phone:
        return ()
    number = clean(shopper.phone)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Undivided//Call//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{record.conversation.id}.{reader.to}@{context.shop.mail_domain}",
        f"DTSTAMP:{_utc(context.now)}",
        *_times(wanted, context.now),
        f"SUMMARY:{_escaped(plainly(clean(title)))}",
        f"DESCRIPTION:{_escaped(f'{number} {tel(number)}')}",
        f"LOCATION:{_escaped(number)}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    content = "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))
    return (file_part(NAME, "text/calendar", content.encode()),)


def tel(number: str) -> str:
    """Return the link that a telephone opens (RFC 3966)."""
    return "tel:" + "".join(one for one in number if one.isdigit() or one == "+")


def _times(wanted: CallBack, now: datetime) -> tuple[str, str]:
    return f"DTSTART:{_utc(max(wanted.start, now))}", f"DTEND:{_utc(max(wanted.end, now))}"


def _utc(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    for mark in "\\;,":
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> list[str]:
    """Break a line where it has more than 75 octets, never inside of a letter."""
    pieces, current = [], ""
    for letter in line:
        if len((current + letter).encode()) > _LINE:
            pieces.append(current)
            current = " "
        current += letter
    return [*pieces, current]
