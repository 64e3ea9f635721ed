"""One mail while it is written: the entry, its reader, and what follows from the two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from undivided.mail import shown
from undivided.mail.masking import plainly
from undivided.mail.reader import Context, Reader, reader_of
from undivided.mail.threading import references, subject
from undivided.mail.wire import clean
from undivided.message import Message
from undivided.outbox import Entry, Kind
from undivided.record import Record
from undivided.values import OWNER, SHOPPER

HUMAN = frozenset({Kind.ANSWER, Kind.QUESTION, Kind.FOLLOW_UP, Kind.CONSULT})
"""Kinds that carry a person's words: only these want an out-of-office to come back."""
_LONGEST_PRODUCT = 60


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that is known when a mail is written."""

    entry: Entry
    record: Record | None
    reader: Reader
    context: Context
    subject: str
    thread: tuple[str, ...]
    """Message-IDs of the thread so far, oldest first."""
    brought: tuple[Message, ...]
    """The messages that it carries."""

    @property
    def kind(self) -> Kind:
        return self.entry.mail.kind

    @property
    def data(self) -> Mapping[str, str]:
        return self.entry.mail.data


def letter_of(entry: Entry, record: Record | None, context: Context) -> Letter:
    """Find out who reads the mail, in which thread, and which messages it carries."""
    reader = reader_of(entry, record, context)
    thread = references(record, entry.mail.to, (entry.number, entry.index), context.region) if record else ()
    carries = entry.mail.kind in HUMAN or entry.mail.kind is Kind.REMINDER
    brought = shown.carried(entry, record) if record and carries else ()
    title = subject(_title(entry, record, reader, context), record.conversation if record else None, thread)
    return Letter(entry, record, reader, context, title, thread, brought)


def _title(entry: Entry, record: Record | None, reader: Reader, context: Context) -> str:
    """Return the subject's words. In one conversation they depend on the reader alone, so that threads hold."""
    if record is None or entry.mail.to == OWNER or "@" in entry.mail.to:
        return reader.say(f"subject.{entry.mail.kind}", shop=context.shop.name)
    about = record.conversation.about
    if entry.mail.to == SHOPPER:
        product = shown.known_title(about, context)
        return reader.say(
            "subject.shopper.product" if product else "subject.shopper", product=product, shop=context.shop.name
        )
    product = plainly(clean(about.title or about.sku))[:_LONGEST_PRODUCT]
    who = shown.first_name(record.conversation.shopper.name)
    return reader.say("subject.specialist.product" if product else "subject.specialist", who=who, product=product)
