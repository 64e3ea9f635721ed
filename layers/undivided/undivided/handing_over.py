"""A conversation leaves its specialist: by their wish, for their silence, because they are away, bounced or removed."""

from __future__ import annotations

from dataclasses import replace

from undivided.answering import release
from undivided.attention.duty import Given
from undivided.attention.ring import fallback_place, widen
from undivided.changes import Changes, Fact
from undivided.consulting import consult_over
from undivided.outbox import Kind, Mail
from undivided.parts import OWN_WISH, advice_over, freed, nudge_timer, quiet_until, tell_owner, wait_in
from undivided.state import FINAL, MOST_PLACES, NEW_LANE, Conversation, HandOver, Place, State
from undivided.values import OWNER, SHOPPER, SpecialistId


def hand_over(
    conversation: Conversation, who: SpecialistId, why: HandOver, given: Given, *, to: SpecialistId | None = None
) -> Changes | None:
    """Take the conversation from `who` and put it, with its age, into the lines of the next best, or of `to`.

    Nobody is tried twice; the fallback person is the last resort. None if `who` does not have it any more.
    """
    if conversation.state is State.CONSULTING and conversation.consulted == who:
        return consult_over(conversation, given, by=who)
    if conversation.specialist != who or conversation.state is State.ENDED:
        return None
    if let_go := release(conversation, given):
        return let_go.then(hand_over(let_go.after, who, why, given.after(let_go), to=to))
    left = replace(
        conversation,
        state=State.WAITING,
        changed_at=given.now,
        specialist=None,
        former={**conversation.former, who: why},
        places=(Place(to, NEW_LANE, conversation.waits_since),) if to else (),
        answered_by=None,
        consulted=None,
        consult_delivered=False,
    )
    owed = conversation.said > conversation.settled
    waiting = wait_in(left, left.places or widen(left, given), given)
    after = waiting
    if not owed:
        after = replace(left, state=State.WITH_SHOPPER, next_to=to, places=(), timers=nudge_timer(given))
    desks = {desk.specialist: desk for desk in freed(conversation, given, learn=False)}
    desk = desks.get(who) or given.desk(who)
    desks[who] = replace(desk, silent=desk.silent or why is HandOver.SILENT)
    told = why not in OWN_WISH and who in given.shop.specialists
    mails = [*([_notice(who, why, given)] if told else []), *advice_over(conversation, given)]
    if owed and all(place.specialist == given.shop.fallback for place in after.places) and not to:
        mails.append(tell_owner("fallback"))
    return Changes(
        conversation,
        after,
        mails=tuple(mails),
        desks=tuple(desks.values()),
        facts=(Fact("handed_over", {"specialist": who, "why": str(why)}),),
    )


def another_round(conversation: Conversation, who: SpecialistId, given: Given) -> Changes:
    """Ask everybody once more: the fallback person has overlooked it, and it must not take their slot for ever.

    Nothing new goes to them until they write; whoever had it before and stands in line again may still answer it.
    """
    afresh = replace(conversation, former={})
    changes = hand_over(afresh, who, HandOver.SILENT, given)
    if changes is None:
        raise AssertionError("only what the fallback person has in focus is overlooked by them")
    others = [place for place in changes.after.places if place.specialist != who]
    places = (*others[: MOST_PLACES - 1], fallback_place(given))
    rest = tuple(mail for mail in changes.mails if mail.to != OWNER)
    return replace(
        changes,
        before=conversation,
        after=wait_in(changes.after, places, given),
        mails=(*rest, tell_owner("fallback_overlooked", specialist=who)),
    )


def undelivered(conversation: Conversation, party: str, diagnostic: str, given: Given) -> Changes | None:
    """Act on a permanent bounce: tell the specialist of an unreachable shopper, replace an unreachable specialist."""
    if party != SHOPPER:
        lost = hand_over(conversation, SpecialistId(party), HandOver.BOUNCED, given)
        if lost is None:
            return None
        others = (mail for mail in lost.mails if mail.to != party)  # a held answer leaves with the hand-over
        return replace(lost, mails=(*others, tell_owner("specialist_bounced", specialist=party)))
    if conversation.unreachable or conversation.outcome in FINAL:
        return None
    marked = replace(conversation, unreachable=diagnostic or "undeliverable", changed_at=given.now)
    told = conversation.specialist
    mails = (
        (Mail(told, Kind.UNREACHABLE, data={"diagnostic": diagnostic}, not_before=quiet_until(conversation, given)),)
        if told
        else ()
    )
    return Changes(conversation, marked, mails=mails, facts=(Fact("shopper_unreachable"),))


def _notice(who: SpecialistId, why: HandOver, given: Given) -> Mail:
    return Mail(who, Kind.HANDED_OVER, data={"why": str(why)}, not_before=given.quiet_until(who))
