"""A new specialist: the welcome mail, and the answer to it that proves the way back."""

from __future__ import annotations

from dataclasses import replace

from undivided.attention.duty import Given
from undivided.mail.keys import address_hash
from undivided.outbox import Kind, Mail, Post
from undivided.runtime import Runtime
from undivided.steps.act import Act, only_record
from undivided.steps.look import pull
from undivided.values import OWNER, SpecialistId


def welcome(who: SpecialistId, rt: Runtime) -> str:
    """Welcome a specialist in their hours, at most once a day; return what was done, for the log."""
    person = rt.shop.specialists.get(who)
    if person is None:
        return "not on the roster"
    mail = Mail(who, Kind.WELCOME, not_before=Given(rt.shop, rt.now()).quiet_until(who))
    fresh = rt.entries.post(Post(address_hash(rt.ring, person.email), mail, "welcome"), rt.now())
    return "welcomed" if fresh else "welcomed before"


def proven(act: Act) -> None:
    """Note that their answers arrive, and say so; whoever was silent has written now."""
    who, rt = act.arrival.sender_specialist, act.rt
    if who is None:
        raise AssertionError("only a specialist proves the way back")
    rt.desks.save(replace(rt.desks.desk(who), silent=False, proven_at=rt.now()), rt.now())
    said = Mail(who, Kind.WELCOME, data={"proven": "yes"})
    address = rt.shop.specialists[who].email
    if not rt.entries.post(Post(address_hash(rt.ring, address), said, "proven"), rt.now(), act.receipt):
        only_record(act)
    pull(who, rt)


def tell_owner_unproven(act: Act, who: SpecialistId) -> None:
    """Tell the owner, at most once a day, that this specialist's mail would not be believed."""
    rt = act.rt
    notice = Mail(OWNER, Kind.OWNER_NOTICE, data={"what": "unproven", "specialist": who})
    rt.entries.post(Post(address_hash(rt.ring, rt.shop.owner), notice, "unproven"), rt.now())
