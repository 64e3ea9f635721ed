"""How much automatic mail may go to one address, whoever decided it: a loop ends here at the latest."""

from __future__ import annotations

from datetime import timedelta

from undivided.config import Cap
from undivided.mail.keys import address_hash, address_hashes
from undivided.mail.letter import HUMAN
from undivided.outbox import HOURLY, Entry, Kind, Mail, Post
from undivided.record import Record
from undivided.runtime import Runtime
from undivided.values import OWNER, SHOPPER, Address, SpecialistId

CAPPED = "capped"
LATER = "later"
"""It goes when the hour is over."""
BUNDLED = "bundled"
"""Another notice of the same hour says it too."""
HOUR = timedelta(hours=1)


def allowed(entry: Entry, record: Record | None, rt: Runtime) -> str:
    """Return "" if a mail may go, else why not. A person's words always go; whoever complained gets nothing else."""
    what = entry.mail.data.get("what", "") if entry.mail.kind is Kind.OWNER_NOTICE else ""
    if entry.mail.kind in HUMAN or what == CAPPED:
        return ""
    if what in HOURLY and (why := _hourly(what, entry, rt)):
        return why
    to = _address(entry, record, rt)
    if to is None:
        return ""
    return rt.quiet.allow(address_hashes(rt.ring, to), rt.shop.caps.automatic_mails, entry.id, rt.now())


def _hourly(what: str, entry: Entry, rt: Runtime) -> str:
    """Let one notice of a kind go, one more when the hour is over, with the count of that moment, and no other.

    The counts are written twice an hour; whatever else comes only reads them.
    """
    for turn, why in (("now", ""), (LATER, LATER)):
        count = address_hash(rt.ring, Address(f"{what}.{turn}@{rt.shop.mail_domain}"))
        if not rt.quiet.allow((count,), (Cap(1, HOUR),), entry.id, rt.now()):
            return why
    return BUNDLED


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
