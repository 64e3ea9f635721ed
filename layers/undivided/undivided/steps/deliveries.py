"""What SES says became of a mail that it took: sent, bounced, complained about."""

from __future__ import annotations

from dataclasses import dataclass, field

from undivided.errors import Conflict
from undivided.handing_over import undelivered
from undivided.mail.identify import party_of
from undivided.mail.keys import address_hash, address_hashes
from undivided.outbox import EntryId
from undivided.runtime import Runtime
from undivided.steps.given import given_for
from undivided.steps.look import pull_all
from undivided.values import Unusable

TRIES = 5


NOT_SPAM = "not-spam"
"""A feedback report that takes an earlier complaint for a mistake."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event of SES about one mail of ours; `entry` is the message tag that it was sent with."""

    kind: str
    """`Send`, `Delivery`, `Bounce`, `Complaint`, `Reject`, …"""
    ses_id: str
    entry: str
    permanent: bool = False
    recipients: tuple[tuple[str, str], ...] = field(default=())
    """Address and diagnostic of each recipient that the event is about."""


def note_delivery(delivery: Delivery, rt: Runtime) -> str:
    """Act on one delivery event and return what was done; twice is once."""
    try:
        key = EntryId.read(delivery.entry)
    except Unusable:
        return "not ours"
    if delivery.kind == "Send":
        return _sent(key, delivery, rt)
    if delivery.kind in ("Bounce", "Reject") and (delivery.permanent or delivery.kind == "Reject"):
        return _bounced(key, delivery, rt)
    if delivery.kind == "Complaint":
        return _complained(delivery, rt)
    if delivery.kind == NOT_SPAM:
        return _taken_back(delivery, rt)
    return "noted"


def _sent(key: EntryId, delivery: Delivery, rt: Runtime) -> str:
    """Settle an entry whose answer from SES was lost; most often it had been recorded long before."""
    entry = rt.entries.entry(key)
    if entry is None:
        return "no such entry"
    if entry.ended and entry.ses_id.partition("@")[0] == delivery.ses_id.partition("@")[0]:
        return "known"
    rt.outbox.sent(entry, delivery.ses_id, rt.now(), by="event")
    return "reconciled"


def _bounced(key: EntryId, delivery: Delivery, rt: Runtime) -> str:
    for recipient, diagnostic in delivery.recipients:
        if _undelivered(key, recipient, diagnostic, rt):
            return "undelivered"
    return "noted"


def _complained(delivery: Delivery, rt: Runtime) -> str:
    """Whoever complains gets no automatic mail any more, in any conversation; a person's answer still goes to them.

    They asked, and a "spam" click on the acknowledgement must not cost them the answer; SES keeps a list of its own.
    """
    for recipient, _ in delivery.recipients:
        rt.quiet.hush(address_hash(rt.ring, recipient), rt.now())
    return "quiet"


def _taken_back(delivery: Delivery, rt: Runtime) -> str:
    for recipient, _ in delivery.recipients:
        rt.quiet.lift(address_hashes(rt.ring, recipient), rt.now())
    return "lifted"


def _undelivered(key: EntryId, recipient: str, diagnostic: str, rt: Runtime) -> bool:
    for _ in range(TRIES):
        conversation = rt.conversations.conversation(key.conversation)
        party = party_of(recipient, conversation, rt.shop) if conversation else None
        if conversation is None or party is None:
            return False
        changes = undelivered(conversation, party, diagnostic, given_for(conversation, rt, ring=True))
        if changes is None:
            return False
        try:
            after = rt.conversations.commit(changes, rt.now())
        except Conflict:
            continue
        pull_all((place.specialist for place in after.places), rt)
        return True
    raise Conflict(f"conversation {key.conversation} met a moving desk {TRIES} times; the event stays in the queue")
