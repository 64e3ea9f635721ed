"""The shopper's address bounced, and they corrected it on the status page: what they never got goes to the new one."""

from __future__ import annotations

from dataclasses import replace

from undivided.attention.duty import Given
from undivided.changes import Changes
from undivided.outbox import Kind, Mail
from undivided.parts import promise_told
from undivided.record import Record
from undivided.state import FINAL
from undivided.values import SHOPPER, Address


def corrected(record: Record, address: Address, given: Given) -> Changes | None:
    """Send the answers again that the shopper has not had by mail, or else the acknowledgement.

    None while nothing has bounced: the page's link alone must not turn a conversation to another address.
    """
    conversation = record.conversation
    if not conversation.unreachable or conversation.outcome in FINAL:
        return None
    shopper = replace(conversation.shopper, email=address)
    after = replace(conversation, shopper=shopper, unreachable="", changed_at=given.now)
    mails = tuple(Mail(SHOPPER, Kind.ANSWER, message=number) for number in _unread(record))
    if not mails and conversation.promise:
        mails = (Mail(SHOPPER, Kind.ACK, data=promise_told(conversation.promise)),)
    return Changes(conversation, after, mails=mails)


def _unread(record: Record) -> list[int]:
    """Return the answers after the last mail from the shopper: a mail from them shows that the earlier ones arrived."""
    heard = max((one.number for one in record.messages if one.author == SHOPPER and one.via == "mail"), default=0)
    sent = {entry.mail.message for entry in record.entries_to(SHOPPER) if entry.mail.kind is Kind.ANSWER}
    return sorted(number for number in sent if number > heard)
