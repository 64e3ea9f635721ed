"""Writes one outgoing mail, from the state of the moment in which it is sent.

What each kind needs in `entry.mail` beyond the record (moments as `values.stamp` writes them):

| kind | to | message, upto | data |
|---|---|---|---|
| ack | shopper | | `promise_due`; the specialist's first name if it is in focus by now |
| queued | shopper | | `promise_due` or nothing: their further words wait their turn |
| revised | shopper | | `promise_due` |
| no_time_yet | shopper | | |
| answer | shopper | `message` | |
| nudge | shopper | | |
| closed | shopper | | asks whether it helped; an answer asks the same with `survey` |
| question, follow_up | specialist | `upto`, or else `message` | `since`: the shopper's words after this number; `understood` |
| reminder | specialist | `upto` | |
| consult | specialist | | the asker's last note and the talk so far |
| handed_over | specialist | | `why`: a `HandOver`: silent, overdue, away, bounced, removed, passed, not_mine, released; or `advice`: their opinion is not needed any more |
| withdrawn | specialist | | `outcome`: withdrawn, or won when the shopper says they bought it |
| unreachable | specialist | | `diagnostic` |
| refused | specialist | | `errors`: one a line; `text`: their own words, to be sent again |
| understood | specialist | | `what`: commands with their arguments, one a line; a word `help` in it brings the list of commands; `until`; `idle`: those that changed nothing |
| late | specialist | | `specialist`: who has answered after all |
| owner_notice | owner; the fallback person | | `what`: a key `owner.<what>` of the locales, else shown as it is; `specialist`, `mail`, `detail` |
| how_to | a bare address; a specialist | | `language`; `sender` when it was used in a specialist's name; `what`: encrypted, too_large, unparsable |
| proposal | owner | `message` | what would be published, as `knowledge.publishing.Proposal.to_data` writes it |
| welcome | specialist | | `proven`: their answer has arrived; else it asks for one |

Automatic mail says so (`Auto-Submitted`), a person's relayed words do not. The acknowledgement, like every automatic mail to
a shopper, repeats nothing that the form was filled in with: else the form would send anything to anybody.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from undivided.links import FILE_FOR, file_key, file_url
from undivided.mail import shown
from undivided.mail.contents import values_of
from undivided.mail.enclosures import Enclosures, enclosed
from undivided.mail.invitation import invitation
from undivided.mail.letter import HUMAN, Letter, letter_of
from undivided.mail.reader import Context
from undivided.mail.threading import answered, stable_id
from undivided.mail.wire import (
    Header,
    Part,
    clean,
    date,
    mailbox,
    message_ids,
    multipart,
    text_part,
    unstructured,
    whole,
)
from undivided.message import File, Message
from undivided.outbox import Entry, Kind
from undivided.promise.dates import echo
from undivided.record import Record
from undivided.rendering import html, text
from undivided.values import SHOPPER, Address

__all__ = ["Composed", "Context", "compose"]

_ENTRY_TAG = "undivided-entry"


@dataclass(frozen=True, slots=True)
class Composed:
    """A mail, ready to be sent."""

    raw: bytes
    envelope_from: Address
    to: Address
    message_id: str
    """Ours; SES puts its own in its place."""
    subject: str


def compose(entry: Entry, record: Record | None, context: Context) -> Composed:
    """Write the mail of one outbox entry; `record` is None for one that belongs to no conversation.

    Raises `errors.Refused` if it can never be written (nobody of that name is on the roster), and whatever
    `context.attachment` raises.
    """
    letter = letter_of(entry, record, context)
    values = values_of(letter)
    page = html(f"mail/{letter.kind}.html.j2", values)
    files = _enclosed(letter, page)
    if files.held_back or files.linked:
        values = {**values, "files": files}
        page = html(f"mail/{letter.kind}.html.j2", values)
    if record and letter.kind in (Kind.QUESTION, Kind.FOLLOW_UP):
        entry_ = invitation(record, letter.reader, context, letter.subject)
        files = replace(files, attached=(*files.attached, *entry_))
    body = _body(text(f"mail/{letter.kind}.txt.j2", values), page, files)
    message_id = f"<{entry.key.tag}@{context.shop.mail_domain}>"
    raw = whole(_headers(letter, message_id), body)
    return Composed(raw, letter.reader.reply, letter.reader.address, message_id, letter.subject)


def _enclosed(letter: Letter, page: str) -> Enclosures:
    """Take the files of what the mail brings; one without room is kept by itself, and its reader gets a link to it."""
    reader, context, record = letter.reader, letter.context, letter.record
    until = context.now + min(FILE_FOR, context.shop.pace.retention)

    def link(message: Message, file: File) -> str:
        if record is None or reader.party is None:
            raise AssertionError("only a party of a conversation is brought files")
        name, key = f"{message.number}-{file.part}", record.conversation.id
        context.keep(file_key(key, name), context.attachment(message.raw, file.part), file.content_type)
        return file_url(context.public_url, context.ring, key, reader.party, name, until)

    files = enclosed(letter.brought, page, context.attachment, reader.mask, link)
    return replace(files, until=echo(until, reader.zone, reader.language))


def _headers(letter: Letter, message_id: str) -> list[Header]:
    reader, context, entry = letter.reader, letter.context, letter.entry
    sender = mailbox(_sender(letter), reader.reply)
    headers = [
        ("From", sender),
        ("Reply-To", sender),
        ("To", mailbox(_addressee(letter), reader.address)),
        ("Subject", unstructured(letter.subject)),
        ("Date", date(context.now)),
        ("Message-ID", message_id),
        *_thread_headers(letter),
        ("Content-Language", reader.language),
        ("X-Undivided-Loop", context.shop.mail_domain),
        ("X-SES-MESSAGE-TAGS", f"{_ENTRY_TAG}={entry.tag}"),
    ]
    if context.configuration_set:
        headers.append(("X-SES-CONFIGURATION-SET", clean(context.configuration_set)))
    if letter.kind not in HUMAN:
        headers += [("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All")]
    return headers


def _addressee(letter: Letter) -> str:
    """Return the reader's name; in automatic mail a shopper has none, because the name came from the form."""
    return "" if letter.reader.to == SHOPPER and letter.kind not in HUMAN else letter.reader.name


def _thread_headers(letter: Letter) -> list[Header]:
    if letter.record is None:
        return []
    to, party = letter.entry.mail.to, letter.reader.party
    own = stable_id(letter.record.conversation.id, to if party is None else party, letter.context.shop.mail_domain)
    found = [("References", message_ids((own, *letter.thread)))]
    parent = answered(letter.record, to, letter.entry.mail.message) if letter.kind is Kind.ANSWER else ""
    parent = parent or (letter.thread[-1] if letter.thread else "")
    return [("In-Reply-To", parent), *found] if parent else found


def _sender(letter: Letter) -> str:
    """Return whom the mail seems to come from: the person on the other side, or the shop."""
    record, shop, reader = letter.record, letter.context.shop, letter.reader
    if record and letter.kind in (Kind.ANSWER, Kind.NUDGE):
        who = letter.brought[0].author if letter.brought else record.conversation.specialist or ""
        name = shown.author(who, record, letter.context)
        return reader.say("from.shopper", name=name, shop=shop.name) if name != shop.name else name
    if record and letter.kind is Kind.CONSULT and record.conversation.specialist:
        return shown.author(record.conversation.specialist, record, letter.context)
    if record and letter.kind in (Kind.QUESTION, Kind.FOLLOW_UP):
        return reader.say("from.specialist", name=shown.first_name(record.conversation.shopper.name), shop=shop.name)
    return shop.name


def _body(plain: str, page: str, files: Enclosures) -> Part:
    shown_part = text_part("html", page)
    if files.inline:
        shown_part = multipart("related", (shown_part, *files.inline), ' type="text/html";')
    both = multipart("alternative", (text_part("plain", plain), shown_part))
    return multipart("mixed", (both, *files.attached)) if files.attached else both
