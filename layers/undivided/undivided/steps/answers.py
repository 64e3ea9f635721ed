"""What each fate of a received mail does: one short function a fate, one transaction each with the fate's record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from undivided.attention.duty import Given
from undivided.config import Specialist
from undivided.handing_over import undelivered
from undivided.mail.arrival import Arrival
from undivided.mail.identify import party_of
from undivided.mail.keys import address_hash, conversation_id
from undivided.mail.ours import blank
from undivided.outbox import Kind, Mail, Post
from undivided.plain import to_plain
from undivided.promise.zones import instant
from undivided.question import About, Question, Shopper
from undivided.runtime import Runtime
from undivided.steps import relay
from undivided.steps.act import Act, only_record
from undivided.steps.given import given_for
from undivided.steps.leaving import leave
from undivided.steps.welcome import tell_owner_unproven
from undivided.values import OWNER, SHOPPER, Address, SpecialistId, Unusable, address

MOST_SHOWN = 2000
"""Characters of a forwarded mail that stand in a notice; the whole is kept."""


def quarantine(act: Act) -> None:
    """Keep it and tell the owner, at most once a day; `undivided mail reprocess` takes it through again."""
    _tell_owner(act, "quarantine", act.receipt.ses_id)


def how_to(act: Act) -> None:
    """Explain how to ask, at most once a day, and only to an address that is proven and is no machine's."""
    if not act.arrival.trusted or not act.arrival.mail.sender:
        return only_record(act)
    data = {"language": act.rt.shop.languages[0]}
    return _post(act, act.arrival.mail.sender, Mail(act.arrival.mail.sender, Kind.HOW_TO, data=data), "how_to")


def warn_specialist(act: Act) -> None:
    """Somebody used a specialist's address: tell the specialist at the address on the roster, not the sender."""
    party = act.arrival.party or act.arrival.sender_specialist
    person = act.rt.shop.specialists.get(SpecialistId(party or ""))
    if person is None:
        return only_record(act)
    if act.arrival.conversation is None:
        tell_owner_unproven(act, person.id)
    data = {"sender": act.arrival.mail.sender}
    if act.arrival.conversation and act.arrival.conversation.with_whom == person.id:
        data["focus"] = act.arrival.conversation.id
    return _unasked(act, person, Kind.HOW_TO, data, "how_to")


def question(act: Act) -> None:
    """A mail to the ask address goes into the same queue as the form; its id makes a second delivery harmless."""
    from undivided.steps.ask import first_promise  # noqa: PLC0415 - routing is loaded by whoever asks by mail

    mail, rt = act.arrival.mail, act.rt
    try:
        sender = address(mail.sender)
    except Unusable:
        return only_record(act)
    shopper = Shopper(mail.sender_name or sender.partition("@")[0], sender, rt.shop.languages[0])
    text = "\n\n".join(part for part in (mail.subject, mail.reply_text or mail.text) if part.strip())
    key = conversation_id(rt.ring, mail.message_id or act.arrival.notice.ses_id, sender, text)
    asked = Question(key, shopper, About(), text, rt.now(), first_promise(shopper, About(), text, rt), source="mail")
    rt.questions.send(json.dumps(to_plain(asked)))
    return only_record(act)


def bounced(act: Act) -> None:
    """A delivery report that came by mail to the signed address of whoever did not get ours.

    SES hears of most bounces itself. A report that only names a conversation proves nothing: anybody can write one.
    """
    conversation, bounce, party = act.arrival.conversation, act.arrival.mail.bounce, act.arrival.key_party
    if conversation is None or bounce is None or party is None:
        return only_record(act)
    failed = [one for one in bounce.recipients if one.permanent]
    theirs = [one for one in failed if party_of(one.address, conversation, act.rt.shop) == party]
    # Theirs may forward to another address, which is then the only one named.
    found = next(iter(theirs or (failed if len(failed) == 1 else ())), None)
    given = given_for(conversation, act.rt, ring=True)
    changes = undelivered(conversation, party, found.diagnostic, given) if found else None
    return act.settle(changes)


def complained(act: Act) -> None:
    """A complaint that came by mail to the complainer's own signed address: no more automatic mail goes to them."""
    conversation, party = act.arrival.conversation, act.arrival.key_party
    address_ = _address_of(party, act.arrival) if conversation and party else None
    if address_ is not None:
        act.rt.quiet.hush(address_hash(act.rt.ring, address_), act.rt.now())
    return only_record(act)


def looping(act: Act) -> None:
    """Stop it, and tell the owner once a day."""
    _tell_owner(act, "loop", act.receipt.ses_id, act.arrival.mail.sender)


def to_fallback(act: Act) -> None:
    """Somebody's words came by a rule of a mail program: the fallback person sees them, without any key of ours."""
    shop, conversation = act.arrival.shop, act.arrival.conversation
    person = shop.specialists[shop.fallback]
    words = blank(act.arrival.mail.reply_text, act.rt.ring)[:MOST_SHOWN]
    data = {"what": "rule_forward", "mail": act.receipt.ses_id, "detail": words}
    cap = f"rule_forward {conversation.id if conversation else ''} {act.receipt.ses_id}"
    _unasked(act, person, Kind.OWNER_NOTICE, data, cap)


def ask_again(act: Act) -> None:
    """Tell a party at their own address, or a proven sender, what to change about a mail that nobody can read."""
    _ask_again(act, act.receipt.fate)


def unparsable(act: Act) -> None:
    """Kept whole, and the owner hears of it. A shopper's goes on as what could be decoded, a specialist's goes back."""
    arrival = act.arrival
    if arrival.key_party is None or (arrival.key_party == SHOPPER and not arrival.mail.text.strip()):
        return _tell_owner(act, "unparsable", act.receipt.ses_id)
    tell = Mail(OWNER, Kind.OWNER_NOTICE, data={"what": "unparsable", "mail": act.receipt.ses_id})
    if arrival.key_party == SHOPPER:
        return relay.damaged(act, tell)
    owner = address_hash(act.rt.ring, arrival.shop.owner)
    act.rt.entries.post(Post(owner, tell, f"unparsable {act.receipt.ses_id}"), act.rt.now())
    return _ask_again(act, act.receipt.fate)


def away(act: Act) -> None:
    """Mark the specialist away and hand over what they have in focus; the fate is recorded last, when all is done."""
    who = act.arrival.sender_specialist
    if who is None:
        return only_record(act)
    leave(who, _until(act.arrival, who, act.rt), act.rt)
    return only_record(act)


def _until(arrival: Arrival, who: SpecialistId, rt: Runtime) -> datetime | None:
    person, day = rt.shop.specialists[who], arrival.mail.away_until
    return instant(person.hours.zone, day, 0) if day else None


def _ask_again(act: Act, what: str) -> None:
    arrival = act.arrival
    to = _address_of(arrival.key_party, arrival) if arrival.key_party else None
    if to is None and (not arrival.trusted or not arrival.mail.sender):
        return only_record(act)
    to = to or Address(arrival.mail.sender)
    data = {"what": what, "language": _language(arrival)}
    return _post(act, to, Mail(to, Kind.HOW_TO, data=data), what)


def _address_of(party: str | None, arrival: Arrival) -> Address | None:
    """Return where a party is reached: never the address that a mail claims to come from."""
    if party == SHOPPER and arrival.conversation:
        return arrival.conversation.shopper.email
    person = arrival.shop.specialists.get(SpecialistId(party or ""))
    return person.email if person else None


def _language(arrival: Arrival) -> str:
    if arrival.key_party == SHOPPER and arrival.conversation:
        return arrival.conversation.shopper.language
    person = arrival.shop.specialists.get(SpecialistId(arrival.key_party or arrival.sender_specialist or ""))
    return person.languages[0] if person else arrival.shop.languages[0]


def _tell_owner(act: Act, what: str, mail: str, detail: str = "") -> None:
    data = {"what": what, "mail": mail, **({"detail": detail} if detail else {})}
    _post(act, act.rt.shop.owner, Mail(OWNER, Kind.OWNER_NOTICE, data=data), what)


def _unasked(act: Act, person: Specialist, kind: Kind, data: Mapping[str, str], cap: str) -> None:
    """Tell a specialist what they have not asked for: it goes by their id, so that it finds them in a quiet moment."""
    quiet = Given(act.rt.shop, act.rt.now()).quiet_until(person.id)
    _post(act, person.email, Mail(person.id, kind, data=data, not_before=quiet), cap)


def _post(act: Act, to: str, mail: Mail, cap: str) -> None:
    if not act.rt.entries.post(Post(address_hash(act.rt.ring, to), mail, cap), act.rt.now(), act.receipt):
        only_record(act)
