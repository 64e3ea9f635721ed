"""Bring a party's words to the other side, and do what a specialist's commands say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from undivided.attention.duty import Given
from undivided.changes import Changes
from undivided.conversation import returns_to, shopper_writes
from undivided.mail.commands import Parsed
from undivided.mail.fates import Fate
from undivided.mail.ours import blank, leaks
from undivided.message import File, Message
from undivided.obey import obey
from undivided.outbox import Kind, Mail, Status
from undivided.promise.estimate import Promise
from undivided.record import Record
from undivided.runtime import Runtime
from undivided.state import Conversation, State
from undivided.steps.act import Act, only_record
from undivided.steps.additions import additions
from undivided.steps.command import given_to_obey, orders_of, spoken_by
from undivided.steps.given import given_for, promise_back, promise_now
from undivided.steps.hear import hear
from undivided.steps.leaving import leave_others
from undivided.steps.proposing import proposal, with_proposal
from undivided.texts import say
from undivided.values import SHOPPER, SpecialistId, Unusable


def send_back(act: Act) -> Fate:
    """A command was not understood: nothing reaches the shopper, the mail comes back with its text intact."""
    conversation, parsed, who = act.arrival.conversation, act.arrival.parsed, act.arrival.party
    if conversation is None or parsed is None or who is None:
        raise AssertionError("only a specialist's mail in a conversation is refused")
    return _refuse(act, conversation, who, parsed.errors)


def relay(act: Act) -> Fate | None:
    """Record the words with the conversation and in the outbox, in one transaction; return a fate that only this could see."""
    conversation, party = act.arrival.conversation, act.arrival.party
    if conversation is None or party is None:
        raise AssertionError("only a party's mail in a conversation is relayed")
    record = act.arrival.record
    if record and party != SHOPPER:
        return _from_specialist(act, record, SpecialistId(party))
    if record:
        _from_shopper(act, record)
    else:
        only_record(act)
    return None


def _from_shopper(act: Act, record: Record) -> None:
    said = _message(act, SHOPPER, blank(act.arrival.words, act.rt.ring))
    if act.arrival.sender_party != SHOPPER:
        said = replace(said, remark="other_address")
    elif not act.arrival.trusted:
        said = replace(said, remark="unproven")
    changes = hear_shopper(record.conversation, said, act.rt)
    return act.settle(changes)


def damaged(act: Act, notice: Mail) -> None:
    """Bring on what could be decoded of a shopper's mail, with a remark, and `notice` to the owner."""
    arrival = hear(act.arrival, act.rt)
    if arrival.record is None:
        return only_record(act)
    said = replace(_message(act, SHOPPER, blank(arrival.words, act.rt.ring)), remark="damaged", html="")
    changes = hear_shopper(arrival.record.conversation, said, act.rt)
    return act.settle(changes and replace(changes, mails=(*changes.mails, notice)))


def hear_shopper(conversation: Conversation, said: Message, rt: Runtime) -> Changes | None:
    """Decide on the shopper's words, by mail or from the status page; a new wait gets a promise of its own."""
    idle = conversation.state in (State.WITH_SHOPPER, State.SNOOZED, State.ENDED)
    given = given_for(conversation, rt, ring=idle)
    if idle:
        given = replace(given, promise=_promise_again(conversation, given, rt))
    return shopper_writes(conversation, said, given)


def _promise_again(conversation: Conversation, given: Given, rt: Runtime) -> Promise | None:
    """Promise a time with who had it last; where they are not there, with everybody in whose line it will stand."""
    own = returns_to(conversation, rt.shop)
    if own and not given.gone(own):
        return promise_back(own, rt, given.now, given.desks)
    near = [(one.specialist, one.estimate) for one in conversation.ranking]
    return promise_now(near, rt, given.now, given.desks)


def _from_specialist(act: Act, record: Record, who: SpecialistId) -> Fate | None:
    parsed, rt, conversation = act.arrival.parsed, act.rt, record.conversation
    if parsed is None:
        raise AssertionError("a specialist's mail is parsed on arrival")
    language = spoken_by(who, rt)
    orders, errors = orders_of(parsed.commands, who, rt)
    added = additions(parsed.commands, conversation, who, rt.shop)
    errors += added.errors
    if not errors and not parsed.note and leaks(act.arrival.words, rt.ring):
        errors = (say(language, "command.leak"),)
    if errors:
        return _refuse(act, conversation, who, errors)
    said = added.to(replace(_message(act, who, act.arrival.words), note=parsed.note, html=""))
    try:
        proposing = proposal(parsed, record, said, who, rt)
    except Unusable as why:
        return _refuse(act, conversation, who, (str(why),))
    leave_others(orders, who, conversation.id, rt)
    given = given_to_obey(conversation, who, orders, rt)
    changes = obey(conversation, who, said, orders, _settles(act, record, who), given)
    if changes is None and orders:
        idle = "too_late" if parsed.named("undo") else "idle"
        return _refuse(act, conversation, who, (say(language, f"command.{idle}", lines=_lines(parsed)),))
    if changes and parsed.note:
        changes = _told(changes, who, "note")
    if proposing:
        changes = with_proposal(changes, proposing, record, who, rt)
    if parsed.named("help"):
        changes = _told(changes or Changes(conversation, replace(conversation, changed_at=given.now)), who, "help")
    act.settle(changes)
    return None


def _lines(parsed: Parsed) -> str:
    return ", ".join(one.line[:60] for one in parsed.commands)


def _told(changes: Changes, who: SpecialistId, word: str) -> Changes:
    """Confirm one more command, where others are confirmed or by itself; `help` brings the list of commands."""
    asked = next((one for one in changes.mails if (one.to, one.kind) == (who, Kind.UNDERSTOOD)), None)
    rest = tuple(one for one in changes.mails if one is not asked)
    data = dict(asked.data) if asked else {}
    data["what"] = "\n".join(filter(None, (word, data.get("what", ""))))
    return replace(changes, mails=(*rest, Mail(who, Kind.UNDERSTOOD, data=data)))


def _refuse(act: Act, conversation: Conversation, who: str, errors: Iterable[str]) -> Fate:
    data = {"errors": "\n".join(errors), "text": act.arrival.mail.reply_text}
    refused = Mail(who, Kind.REFUSED, data=data)
    act = replace(act, receipt=replace(act.receipt, fate=str(Fate.REFUSED), rule="refused"))
    act.commit(Changes(conversation, replace(conversation, changed_at=act.rt.now()), mails=(refused,)))
    return Fate.REFUSED


def _settles(act: Act, record: Record, who: str) -> int:
    """Return up to which of the shopper's words this answer goes: those in the mail it replies to, else all relayed."""
    relayed = [entry for entry in record.entries_to(who) if entry.status in (Status.SENT, Status.SENDING)]
    mail = act.arrival.mail
    for message_id in (*mail.in_reply_to, *reversed(mail.references)):
        for entry in relayed:
            if entry.ses_id and entry.ses_id.partition("@")[0] in message_id and entry.mail.upto:
                return entry.mail.upto
    return max((entry.mail.upto for entry in relayed), default=0)


def _message(act: Act, author: str, text: str) -> Message:
    mail = act.arrival.mail
    files = tuple(File(one.name, one.content_type, one.size, one.part, one.content_id) for one in mail.attachments)
    return Message(
        number=0,
        author=author,
        at=act.rt.now(),
        text=text,
        html=mail.reply_html,
        message_id=mail.message_id,
        references=mail.references,
        raw=act.arrival.notice.raw,
        files=files,
    )
