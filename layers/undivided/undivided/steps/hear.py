"""Read what a mail says, once it is known who speaks: without what we wrote, and a specialist's by the grammar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from undivided.mail.arrival import Arrival
from undivided.mail.commands import Parsed
from undivided.mail.ours import answered_inside, cut_ours
from undivided.mail.unwrapping import unwrapped
from undivided.mail.written import offered_in
from undivided.record import Record
from undivided.runtime import Runtime
from undivided.steps.command import grammar
from undivided.values import SHOPPER, SpecialistId


def hear(arrival: Arrival, rt: Runtime) -> Arrival:
    """Return the arrival with the conversation as it stands now, the new words, and a specialist's commands."""
    record = rt.conversations.record(arrival.conversation.id) if arrival.conversation else None
    party = arrival.party
    if record is None or party is None:
        return arrival
    arrival = replace(arrival, record=record, conversation=record.conversation)
    mail, public = arrival.mail, rt.settings.public_url
    sent = [rt.mails.raw(entry.sent_key) for entry in record.entries_to(party) if entry.sent_key]
    inside = answered_inside(unwrapped(mail.quoted, public), sent)
    said = unwrapped(mail.text if inside else mail.reply_text or mail.text, public)
    offered = [] if party == SHOPPER else [text for one in sent for text in offered_in(one)]
    words = cut_ours(said, sent, known(record), offered) if sent else said
    if party == SHOPPER:
        return replace(arrival, words=words)
    parsed = _parsed(words, cut_ours(said, sent) if sent else said, SpecialistId(party), rt)
    return replace(arrival, words=parsed.note_text or parsed.text, parsed=parsed)


def known(record: Record) -> Sequence[str]:
    """Return what both sides have read: whoever says it again is not silenced. Notes and held answers are not among it."""
    hidden = {record.conversation.held, *record.conversation.taken_back}
    return [one.text for one in record.messages if not one.note and one.number not in hidden]


def _parsed(words: str, own: str, who: SpecialistId, rt: Runtime) -> Parsed:
    """Parse `words`; a command counts only if it stands in `own` too, which quotes nothing that the shopper wrote.

    Else a shopper who writes `/won 1` gives an order as soon as they are quoted in a manner that nobody recognises.
    """
    strict = grammar(own, who, rt)
    if words == own:
        return strict
    whole = grammar(words, who, rt)
    if (whole.commands, whole.errors, whole.note) == (strict.commands, strict.errors, strict.note):
        return whole
    return strict if strict.commands or strict.errors else Parsed(text=words)
