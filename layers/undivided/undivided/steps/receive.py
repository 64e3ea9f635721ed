"""Take in one received mail: read it, find whose it is, let the rules decide, act, and record exactly one fate."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

from undivided.errors import Conflict, Duplicate
from undivided.mail.arrival import Arrival, Notice
from undivided.mail.commands import Parsed, parse
from undivided.mail.fates import Fate
from undivided.mail.identify import Traces, identify
from undivided.mail.parse import Mail, read
from undivided.mail.rules import decide
from undivided.mail.trust import authentic, signers
from undivided.promise.dates import understand
from undivided.record import Received
from undivided.runtime import Runtime
from undivided.state import SHOPPER
from undivided.steps import answers, relay, welcome
from undivided.steps.act import Act, only_record
from undivided.values import ConversationId, SpecialistId

TRIES = 5


def receive(notice: Notice, rt: Runtime) -> str:
    """Bring one received mail to its fate and return it; a second notice of the same mail returns the first one's.

    Raises `NotThereYet` when the notice was faster than the mail; the queue brings it again.
    """
    if known := rt.received.fate(notice.ses_id):
        return known.fate
    raw = rt.mails.raw(notice.raw)
    mail, signed_by = read(raw), signers(raw)
    for _ in range(TRIES):
        arrival = arrive(notice, mail, signed_by, rt)
        fate, rule = decide(arrival)
        act = Act(arrival, _receipt(arrival, fate, rule, rt), _content_key(arrival), rt)
        try:
            _ACTS[fate](act)
        except Conflict:
            continue
        except Duplicate:
            return _second(act)
        return str(fate)
    raise Conflict(f"mail {notice.ses_id} met a moving conversation {TRIES} times; it stays in the queue")


def arrive(notice: Notice, mail: Mail, signed_by: tuple[str, ...], rt: Runtime) -> Arrival:
    """Put together all that the rules may look at."""
    shop = rt.shop
    traces = Traces(
        recipients=(*notice.recipients, *mail.recipients),
        message_ids=(*mail.in_reply_to, *reversed(mail.references)),
        subject=mail.subject,
        body=mail.quoted or mail.text,
    )
    found = identify(traces, rt.ring, shop.mail_domain, _lookup(rt))
    conversation = rt.conversations.conversation(found.conversation) if found else None
    trusted = authentic(notice.verdicts, mail.sender, notice.source, signed_by)
    arrival = Arrival(notice, mail, shop, trusted, found, conversation)
    who = arrival.party
    return arrival if who in (None, SHOPPER) else replace(arrival, parsed=_parsed(mail, SpecialistId(str(who)), rt))


def _parsed(mail: Mail, who: SpecialistId, rt: Runtime) -> Parsed:
    person = rt.shop.specialists.get(who)
    if person is None:
        return parse(mail.reply_text)
    languages = (*person.languages, *rt.shop.languages, "en")
    return parse(
        mail.reply_text,
        languages=tuple(dict.fromkeys(languages)),
        currency=rt.shop.currency,
        when=lambda text: understand(text, rt.now(), person.hours.zone, languages),
    )


def _lookup(rt: Runtime) -> Callable[[str], ConversationId | None]:
    def lookup(message_id: str) -> ConversationId | None:
        ref = rt.index.find(message_id)
        return ref.conversation if ref else None

    return lookup


def _receipt(arrival: Arrival, fate: Fate, rule: str, rt: Runtime) -> Received:
    conversation = arrival.conversation.id if arrival.conversation else None
    return Received(arrival.notice.ses_id, str(fate), rt.now(), rule, conversation, arrival.notice.raw)


def _content_key(arrival: Arrival) -> str | None:
    """Name the mail by what it is: sent twice by its own server, it has one name; same id with other words is new."""
    mail = arrival.mail
    if not mail.message_id:
        return None
    said = "\x00".join((mail.message_id, mail.sender, mail.subject, mail.text, *sorted(arrival.notice.recipients)))
    return "mail:" + hashlib.sha256(said.encode()).hexdigest()[:40]


def _second(act: Act) -> str:
    """This notice, or another copy of this mail, has been dealt with."""
    if known := act.rt.received.fate(act.receipt.ses_id):
        return known.fate
    act.rt.received.record(replace(act.receipt, fate=str(Fate.DUPLICATE), rule="duplicate"))
    return str(Fate.DUPLICATE)


_ACTS: dict[Fate, Callable[[Act], None]] = {
    Fate.VIRUS: answers.quarantine,
    Fate.SPAM: answers.quarantine,
    Fate.LOOP: only_record,
    Fate.BOUNCE: answers.bounced,
    Fate.AWAY: answers.away,
    Fate.AUTOMATIC: only_record,
    Fate.QUESTION: answers.question,
    Fate.PROVEN: welcome.proven,
    Fate.STRANGER: answers.how_to,
    Fate.ENDED: answers.how_to,
    Fate.NOT_A_PARTY: answers.how_to,
    Fate.FORGED: answers.warn_specialist,
    Fate.REFUSED: relay.send_back,
    Fate.EMPTY: only_record,
    Fate.NOTED: relay.relay,
    Fate.COMMAND: relay.relay,
    Fate.RELAYED: relay.relay,
}
