"""How much automatic mail may go to one address, whoever decided it: a loop ends here at the latest."""

from __future__ import annotations

from undivided.mail.keys import address_hash, address_hashes
from undivided.mail.letter import HUMAN
from undivided.outbox import Entry, Kind, Mail, Post
from undivided.record import Record
from undivided.runtime import Runtime
from undivided.values import OWNER, SHOPPER, Address, SpecialistId

CAPPED = "capped"


def allowed(entry: Entry, record: Record | None, rt: Runtime) -> str:
    """Return "" if a mail may go, else why not. A person's words always go; whoever complained gets nothing else."""
    if entry.mail.kind in HUMAN or (entry.mail.kind is Kind.OWNER_NOTICE and entry.mail.data.get("what") == CAPPED):
        return ""
    to = _address(entry, record, rt)
    if to is None:
        return ""
    return rt.quiet.allow(address_hashes(rt.ring, to), rt.shop.caps.automatic_mails, entry.id, rt.now())


def tell_owner(rt: Runtime, what: str, cap: str, **data: str) -> None:
    """Tell the owner, at most once a day for each `cap`."""
    notice = Mail(OWNER, Kind.OWNER_NOTICE, data={"what": what, **data})
    rt.entries.post(Post(address_hash(rt.ring, rt.shop.owner), notice, cap), rt.now())


def _address(entry: Entry, record: Record | None, rt: Runtime) -> Address | None:
    to = entry.mail.to
    if to == SHOPPER:
        return record.conversation.shopper.email if record else None
    if to == OWNER:
        return rt.shop.owner
    person = rt.shop.specialists.get(SpecialistId(to))
    return person.email if person else Address(to)
