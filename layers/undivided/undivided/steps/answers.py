"""What each fate of a received mail does: one short function a fate, one transaction each with the fate's record."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from undivided.conversation import hand_over, undelivered
from undivided.mail.arrival import Arrival
from undivided.mail.keys import address_hash, conversation_id
from undivided.plain import to_plain
from undivided.promise.zones import instant
from undivided.record import Post
from undivided.runtime import Runtime
from undivided.state import OWNER, SHOPPER, About, Changes, Conversation, HandOver, Kind, Mail, Question, Shopper, State
from undivided.steps.act import Act, only_record
from undivided.steps.ask import first_promise
from undivided.steps.given import given_for
from undivided.steps.look import pull_all
from undivided.steps.welcome import tell_owner_unproven
from undivided.values import SpecialistId, Unusable, address


def quarantine(act: Act) -> None:
    """Keep it and tell the owner, at most once a day; `undivided mail reprocess` takes it through again."""
    owner = act.rt.shop.owner
    notice = Mail(OWNER, Kind.OWNER_NOTICE, data={"what": "quarantine", "mail": act.receipt.ses_id})
    _post(act, owner, notice, "quarantine")


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
    data = {"sender": act.arrival.mail.sender, "language": person.languages[0]}
    return _post(act, person.email, Mail(person.email, Kind.HOW_TO, data=data), "how_to")


def question(act: Act) -> None:
    """A mail to the ask address goes into the same queue as the form; its id makes a second delivery harmless."""
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
    """A delivery report that came by mail: act on its permanent failures as on SES's own events."""
    conversation, bounce = act.arrival.conversation, act.arrival.mail.bounce
    if conversation is None or bounce is None:
        return only_record(act)
    for failure in bounce.recipients:
        party = party_of(failure.address, conversation, act.rt)
        given = given_for(conversation, act.rt, ring=True)
        changes = undelivered(conversation, party, failure.diagnostic, given) if failure.permanent and party else None
        if changes:
            act.commit(changes)
            return None
    return only_record(act)


def away(act: Act) -> None:
    """Mark the specialist away and hand over what they have in focus; the fate is recorded last, when all is done."""
    who = act.arrival.sender_specialist
    if who is None:
        return only_record(act)
    until = _until(act.arrival, who, act.rt)
    desk = act.rt.desks.desk(who)
    absent = replace(desk, away_until=until or desk.away_until, silent=desk.silent or until is None)
    if absent != desk:
        desk = act.rt.desks.save(absent, act.rt.now())
    for conversation_id_ in desk.focus:
        conversation = act.rt.conversations.conversation(conversation_id_)
        changes = _handed_over(conversation, who, act.rt) if conversation else None
        if changes:
            after = act.rt.conversations.commit(changes, act.rt.now())
            pull_all((place.specialist for place in after.places), act.rt)
    return only_record(act)


def party_of(recipient: str, conversation: Conversation, rt: Runtime) -> str | None:
    """Return whose address this is in a conversation; None for somebody else's."""
    if recipient.casefold() == conversation.shopper.email.casefold():
        return SHOPPER
    for who in conversation.parties:
        person = rt.shop.specialists.get(who)
        if person and recipient.casefold() in {one.casefold() for one in person.addresses}:
            return who
    return None


def _handed_over(conversation: Conversation, who: SpecialistId, rt: Runtime) -> Changes | None:
    if conversation.state is not State.FOCUS:
        return None
    return hand_over(conversation, who, HandOver.AWAY, given_for(conversation, rt, also=(who,), ring=True))


def _until(arrival: Arrival, who: SpecialistId, rt: Runtime) -> datetime | None:
    person, day = rt.shop.specialists[who], arrival.mail.away_until
    return instant(person.hours.zone, day, 0) if day else None


def _post(act: Act, to: str, mail: Mail, cap: str) -> None:
    if not act.rt.entries.post(Post(address_hash(act.rt.ring, to), mail, cap), act.rt.now(), act.receipt):
        only_record(act)
