"""Take in one received mail: read it, find whose it is, let the rules decide, act, and record exactly one fate."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import fields, replace

from undivided.errors import Conflict, Duplicate
from undivided.mail.arrival import Arrival, Notice
from undivided.mail.fates import Fate
from undivided.mail.identify import Found, Traces, identify, keys
from undivided.mail.keys import address_hashes
from undivided.mail.parse import Mail, read
from undivided.mail.rules import decide
from undivided.mail.trust import authentic, signers
from undivided.record import Received
from undivided.runtime import Runtime
from undivided.steps import answers, relay, welcome
from undivided.steps.act import Act, only_record
from undivided.steps.hear import hear
from undivided.values import ConversationId, Unusable, address

TRIES = 5


def receive(notice: Notice, rt: Runtime) -> str:
    """Bring one received mail to its fate and return it; a second notice of the same mail returns the first one's.

    Raises `NotThereYet` when the notice was faster than the mail; the queue brings it again.
    """
    if known := rt.received.fate(notice.ses_id):
        return known.fate
    raw = rt.mails.raw(notice.raw)
    mail, signed_by = read(raw), signers(raw)
    for other in list(keys(notice.recipients, rt.ring))[1:]:
        _bring(notice, mail, signed_by, rt, other)
    return _bring(notice, mail, signed_by, rt)


def _bring(notice: Notice, mail: Mail, signed_by: tuple[str, ...], rt: Runtime, other: Found | None = None) -> str:
    """Decide and act until no conflict is left.

    `other` is a second conversation that the mail is signed for: it hears the words too, but the mail's one fate is
    that of its first address.
    """
    for _ in range(TRIES):
        arrival = arrive(notice, mail, signed_by, rt, other)
        arrival, fate, rule = decide(arrival, lambda one: hear(one, rt))
        if other and fate not in SPOKEN:
            return str(fate)
        if fate in SPOKEN | {Fate.QUESTION}:
            _wants_mail_again(arrival, rt)
        receipt = _receipt(arrival, fate, rule, rt)
        act = Act(arrival, receipt, _content_key(arrival, other), rt, beside=other is not None)
        try:
            fate = _ACTS[fate](act) or fate
        except Conflict:
            continue
        except Duplicate:
            return str(fate) if other else _second(act)
        return str(fate)
    raise Conflict(f"mail {notice.ses_id} met a moving conversation {TRIES} times; it stays in the queue")


def arrive(notice: Notice, mail: Mail, signed_by: tuple[str, ...], rt: Runtime, found: Found | None = None) -> Arrival:
    """Put together all that the rules at the door may look at."""
    found = found or identify(_traces(notice, mail), rt.ring, rt.shop.mail_domain, _lookup(rt))
    conversation = rt.conversations.conversation(found.conversation) if found else None
    trusted = authentic(notice.verdicts, mail.sender, notice.source, signed_by)
    return Arrival(notice, mail, rt.shop, trusted, rt.now(), found, conversation)


def _wants_mail_again(arrival: Arrival, rt: Runtime) -> None:
    """Lift the complaint of whoever provenly writes to us by mail. A form proves nothing: anybody fills in any address."""
    if not arrival.trusted:
        return
    try:
        sender = address(arrival.mail.sender)
    except Unusable:
        return
    rt.quiet.lift(address_hashes(rt.ring, sender), rt.now())


def _traces(notice: Notice, mail: Mail) -> Traces:
    return Traces(
        recipients=(*notice.recipients, *mail.recipients),
        message_ids=(*mail.in_reply_to, *reversed(mail.references)),
        subject=mail.subject,
        body=mail.quoted or mail.text,
    )


def _lookup(rt: Runtime) -> Callable[[str], ConversationId | None]:
    def lookup(message_id: str) -> ConversationId | None:
        ref = rt.index.find(message_id)
        return ref.conversation if ref else None

    return lookup


def _receipt(arrival: Arrival, fate: Fate, rule: str, rt: Runtime) -> Received:
    conversation = arrival.conversation.id if arrival.conversation else None
    notice = "" if fate in SPOKEN else json.dumps(_kept(arrival.notice))
    return Received(arrival.notice.ses_id, str(fate), rt.now(), rule, conversation, arrival.notice.raw, notice)


def _kept(notice: Notice) -> dict[str, object]:
    """Return what SES said, so that the owner can take the mail through again."""
    verdicts = {one.name: str(getattr(notice.verdicts, one.name)) for one in fields(notice.verdicts)}
    return {"recipients": notice.recipients, "source": notice.source, "verdicts": verdicts}


def _content_key(arrival: Arrival, other: Found | None) -> str | None:
    """Name the mail by what it is: sent twice by its own server, it has one name; same id with other words is new."""
    mail = arrival.mail
    if not mail.message_id and other is None:
        return None
    name = mail.message_id or arrival.notice.ses_id
    beside = (other.conversation,) if other else ()
    said = "\x00".join((name, mail.sender, mail.subject, mail.text, *sorted(arrival.notice.recipients), *beside))
    return "mail:" + hashlib.sha256(said.encode()).hexdigest()[:40]


def _second(act: Act) -> str:
    """This notice, or another copy of this mail, has been dealt with."""
    if known := act.rt.received.fate(act.receipt.ses_id):
        return known.fate
    act.rt.received.record(replace(act.receipt, fate=str(Fate.DUPLICATE), rule="duplicate"))
    return str(Fate.DUPLICATE)


SPOKEN = frozenset({Fate.NOTED, Fate.LATE_NOTE, Fate.HELD, Fate.COMMAND, Fate.REOPENED, Fate.RELAYED, Fate.REFUSED})
"""Fates of a party's words in a conversation."""

_ACTS: dict[Fate, Callable[[Act], Fate | None]] = {
    Fate.VIRUS: answers.quarantine,
    Fate.SPAM: answers.quarantine,
    Fate.LOOP: answers.looping,
    Fate.COMPLAINT: answers.complained,
    Fate.BOUNCE: answers.bounced,
    Fate.DELAYED: only_record,
    Fate.AWAY: answers.away,
    Fate.RULE_FORWARD: answers.to_fallback,
    Fate.BULK: only_record,
    Fate.AUTOMATIC: only_record,
    Fate.TOO_LARGE: answers.ask_again,
    Fate.UNPARSABLE: answers.unparsable,
    Fate.QUESTION: answers.question,
    Fate.PROVEN: welcome.proven,
    Fate.EXPIRED_KEY: answers.how_to,
    Fate.STRANGER: answers.how_to,
    Fate.ENDED: answers.how_to,
    Fate.NOT_A_PARTY: answers.how_to,
    Fate.FORGED: answers.warn_specialist,
    Fate.ENCRYPTED: answers.ask_again,
    Fate.REFUSED: relay.send_back,
    Fate.EMPTY: only_record,
    **dict.fromkeys(SPOKEN - {Fate.REFUSED}, relay.relay),
}
