"""`/publish`: a specialist proposes an answer for the product page; the owner is asked by mail, and again at an erasure."""

from __future__ import annotations

from dataclasses import replace

from undivided.changes import Changes, Fact
from undivided.knowledge.publishing import Standing, answer_to_propose, proposed
from undivided.mail.commands import Parsed
from undivided.message import Message
from undivided.outbox import Kind, Mail
from undivided.record import Record
from undivided.runtime import Runtime
from undivided.steps.caps import tell_owner
from undivided.steps.command import spoken_by
from undivided.texts import say
from undivided.values import OWNER, SpecialistId, Unusable


def proposal(parsed: Parsed, record: Record, said: Message, who: SpecialistId, rt: Runtime) -> Mail | None:
    """Return the mail to the owner, if the specialist proposes something; raise `Unusable` if there is nothing to."""
    command, one = parsed.named("publish"), record.conversation
    if command is None:
        return None
    language = spoken_by(who, rt)
    if parsed.note or one.consulted == who or parsed.named("ask"):
        raise Unusable(say(language, "command.for_shopper", line=command.line[:60]))
    if not one.about.sku:
        raise Unusable(say(language, "command.no_product", line=command.line[:60]))
    answer = answer_to_propose(record, said, who)
    found = proposed(record, answer, rt.shop, rt.ring) if answer else None
    if answer is None or found is None:
        raise Unusable(say(language, "command.no_answer", line=command.line[:60]))
    held = rt.now() + rt.shop.pace.hold if said.text.strip() and rt.shop.pace.hold else None
    return Mail(OWNER, Kind.PROPOSAL, message=answer.number, data=found.to_data(), not_before=held)


def with_proposal(changes: Changes | None, mail: Mail, record: Record, who: SpecialistId, rt: Runtime) -> Changes:
    """Add the mail to the owner to what is done anyway; a specialist who wrote nothing else is told what was understood."""
    one = record.conversation
    told = changes or Changes(
        one, replace(one, changed_at=rt.now()), mails=(Mail(who, Kind.UNDERSTOOD, data={"what": "publish"}),)
    )
    fact = Fact("answer_proposed", {"specialist": who, "sku": mail.data["sku"]})
    return replace(told, mails=(*told.mails, mail), facts=(*told.facts, fact))


def tell_what_stays(record: Record, rt: Runtime) -> None:
    """Tell the owner which answers of a conversation that is being erased stand on product pages, with links to take them back.

    The words were cleaned and the owner approved them, but whether somebody can be known by them is theirs to judge.
    """
    key = record.conversation.id
    mails = [one.mail for one in record.entries if one.mail.kind is Kind.PROPOSAL]
    known = ((one, rt.publications.find(one.data["sku"], key, one.message)) for one in mails)
    stays = [f"{mail.message} {mail.data['sku']}" for mail, one in known if one and one.standing is Standing.PUBLISHED]
    if stays:
        tell_owner(rt, "published_stays", f"published_stays {key}", conversation=key, answers="\n".join(stays))
