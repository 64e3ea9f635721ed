"""The heart: every decision about one conversation.

Each function takes the conversation as it stands, an event, and what is `given`, and returns the `Changes` it wants;
None means that the event has nothing to say to this state any more, so that late, doubled and reordered events are
harmless. No clock, no table, no environment is read here.

    accept ──► waiting ──take──► focus ──specialist_writes──► with_shopper ──► ended
                  ▲                │ hand_over                     │ shopper_writes
                  └────────────────┴───────────────────────────────┘
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from undivided.attention.duty import Given
from undivided.attention.ring import fallback_place, widen
from undivided.consulting import consult_answered, consult_over, consult_taken
from undivided.expertise.asked import Ranking
from undivided.mail.thanks import only_thanks
from undivided.parts import (
    OWN_WISH,
    explored,
    focus_timers,
    freed,
    handed_over_notice,
    heard_from,
    kept_free,
    linger_timer,
    masked_number,
    may_answer,
    merged,
    nudge_timer,
    promise_after,
    promise_told,
    quiet_until,
    ranked,
    scored,
    shopper_words,
    tell_owner,
    timers_without,
    wait_in,
    with_extra,
)
from undivided.sale.credits import as_sold
from undivided.state import (
    MOST_PLACES,
    NEW_LANE,
    OWNER,
    RESUME_LANE,
    SHOPPER,
    Changes,
    Conversation,
    Fact,
    HandOver,
    Kind,
    Mail,
    Message,
    Outcome,
    Place,
    Question,
    State,
    Timer,
)
from undivided.values import Money, SpecialistId

FINAL = frozenset({Outcome.SPAM, Outcome.ERASED})
"""Outcomes from which nothing re-opens."""


def accept(question: Question, ranking: Ranking, given: Given) -> Changes:
    """Make a conversation of a question: acknowledged, in its lines, and taken at once where somebody is ready."""
    promise = question.promise or given.promise
    fresh = Conversation(
        id=question.id,
        shopper=question.shopper,
        about=question.about,
        asked_at=question.asked_at,
        changed_at=given.now,
        ranking=ranked(ranking, given),
        fits=ranking.fits,
        fit=ranking.fit,
        promise=promise,
        said=1,
        call_back=question.call_back,
    )
    places = widen(fresh, given) if ranking.fits else (fallback_place(given),)
    waiting = wait_in(fresh, places, given)
    asked = Message(1, SHOPPER, question.asked_at, with_extra(question), via=question.source)
    mails = [Mail(SHOPPER, Kind.ACK if promise else Kind.NO_TIME_YET, data=promise_told(promise))]
    if not ranking.fits:
        mails.append(tell_owner("nobody_fits"))
    elif all(given.gone(one.specialist) for one in fresh.ranking):
        mails.append(tell_owner("nobody_there"))
    if promise is None and not given.shop.paused:
        mails.append(tell_owner("no_time_yet"))
    accepted = Changes(None, waiting, (asked,), tuple(mails), facts=(Fact("question_accepted"),))
    return accepted.then(_take_at_once(accepted.after, given, ranking.drawn))


def take(conversation: Conversation, who: SpecialistId, given: Given) -> Changes | None:
    """Bring a waiting conversation from `who`'s line into their focus, if its turn has come and they are ready."""
    place = conversation.place_of(who)
    wanted = conversation.call_back
    over = wanted is not None and wanted.end <= given.now
    if place is None or place.eligible_at > given.now or over or not given.ready(who, conversation.id):
        return None
    if conversation.state is State.CONSULTING:
        return consult_taken(conversation, who, given)
    parties = conversation.parties if who in conversation.parties else (*conversation.parties, who)
    taken = replace(
        conversation,
        state=State.FOCUS,
        changed_at=given.now,
        specialist=who,
        parties=parties,
        places=(),
        delivered_at=given.now,
        timers=focus_timers(conversation, who, given),
    )
    kind = Kind.FOLLOW_UP if place.lane == RESUME_LANE and who in conversation.parties else Kind.QUESTION
    return Changes(
        conversation,
        taken,
        mails=(replace(shopper_words(conversation, who, kind, conversation.settled), opens=True),),
        desks=(given.desk(who).with_focus(conversation.id, given.now),),
        facts=(Fact("delivered", {"specialist": who}),),
    )


def shopper_writes(conversation: Conversation, message: Message, given: Given) -> Changes | None:
    """Record the shopper's words and bring them to whoever has the conversation, at once or by their line.

    Bare thanks for what has been answered are kept with the rest, and call nobody.
    """
    if conversation.outcome in FINAL:
        return None
    number = conversation.number
    said = replace(message, number=number, author=SHOPPER)
    idle = conversation.state in (State.WITH_SHOPPER, State.SNOOZED, State.ENDED)
    if idle and conversation.said <= conversation.settled and _is_thanks(said, conversation):
        return Changes(
            conversation, replace(conversation, changed_at=given.now), (said,), facts=(Fact("shopper_wrote"),)
        )
    heard = replace(conversation, said=number, changed_at=given.now)
    recorded = Changes(conversation, heard, (said,), facts=(Fact("shopper_wrote"),))
    if conversation.state in (State.WAITING, State.CONSULTING):
        return recorded
    if conversation.state is State.FOCUS and conversation.specialist:
        words = shopper_words(heard, conversation.specialist, Kind.FOLLOW_UP, conversation.said)
        return replace(recorded, mails=(replace(words, not_before=quiet_until(conversation, given)),))
    let_go = recorded.then(release(heard, given))
    return let_go.then(_come_back(let_go.after, given))


def specialist_writes(
    conversation: Conversation, who: SpecialistId, message: Message, settles: int, given: Given
) -> Changes | None:
    """Relay a specialist's answer; it settles the shopper's words up to message `settles`.

    A former specialist's mail is a note, or is still relayed where nobody else has answered since (DESIGN.md, "Late
    answers"). Writing lifts their silence in any case.
    """
    if conversation.outcome in FINAL:
        return None
    number = conversation.number
    said = replace(message, number=number, author=who)
    if conversation.state is State.CONSULTING and conversation.consulted == who and not message.note:
        return consult_answered(conversation, who, said, given)
    if message.note or not may_answer(conversation, who):
        noted = replace(conversation, changed_at=given.now)
        return Changes(
            conversation, noted, (replace(said, note=True),), desks=heard_from(who, given), facts=(Fact("note"),)
        )
    recorded = Changes(conversation, replace(conversation, changed_at=given.now), (said,))
    recorded = recorded.then(release(recorded.after, given))
    if (
        given.shop.pace.hold
        and conversation.state in (State.FOCUS, State.WITH_SHOPPER)
        and conversation.specialist == who
    ):
        return recorded.then(_hold(recorded.after, said.number, settles, given))
    return recorded.then(_answer(recorded.after, who, said.number, settles, given.after(recorded)))


def release(conversation: Conversation, given: Given) -> Changes | None:
    """Let a held answer go: its time is over, or something happened that it must go before."""
    if not conversation.held or conversation.specialist is None:
        return None
    timers = timers_without(conversation, Timer.HOLD)
    free = replace(conversation, held=0, held_settles=0, timers=timers)
    let_go = _answer(free, conversation.specialist, conversation.held, conversation.held_settles, given)
    return replace(let_go, before=conversation)


def take_back(conversation: Conversation, who: SpecialistId, given: Given) -> Changes | None:
    """Undo a held answer: it will never reach the shopper. None when there is none of theirs, or it has left."""
    if not conversation.held or conversation.specialist != who:
        return None
    undone = replace(
        conversation,
        held=0,
        held_settles=0,
        taken_back=(*conversation.taken_back, conversation.held),
        changed_at=given.now,
    )
    timers = focus_timers(undone, who, given) if undone.state is State.FOCUS else nudge_timer(given)
    return Changes(conversation, replace(undone, timers=timers), facts=(Fact("taken_back", {"specialist": who}),))


def end(
    conversation: Conversation,
    outcome: Outcome,
    given: Given,
    *,
    by: str,
    reason: str = "",
    sale: Money | None = None,
) -> Changes | None:
    """Give the conversation its outcome, free the slot and leave the lines; ending it the same way twice says nothing.

    A later outcome replaces an earlier one: a sale may be reported after a lapse.
    """
    outcome, sale = as_sold(conversation, outcome, sale, given.shop.currency)
    if conversation.outcome in FINAL or (conversation.outcome, conversation.sale) == (outcome, sale):
        return None
    if let_go := release(conversation, given):
        rest = end(let_go.after, outcome, given.after(let_go), by=by, reason=reason, sale=sale)
        return let_go.then(rest)
    ended = replace(
        conversation,
        shopper=replace(conversation.shopper, phone=masked_number(conversation.shopper.phone)),
        call_back=None,
        state=State.ENDED,
        outcome=outcome,
        reason=reason,
        sale=sale,
        changed_at=given.now,
        places=(),
        promise=None,
        timers={},
        consulted=None,
        consult_delivered=False,
    )
    told: tuple[Mail, ...] = ()
    if by == SHOPPER and conversation.specialist and conversation.state is State.FOCUS:
        data = {"outcome": str(outcome)}
        told = (Mail(conversation.specialist, Kind.WITHDRAWN, data=data, not_before=quiet_until(conversation, given)),)
    desks = freed(conversation, given, learn=by == conversation.specialist)
    said = {"reason": reason, "sale": str(sale or ""), "specialist": conversation.specialist or ""}
    fact = Fact("ended", {"outcome": str(outcome), "by": by, **{name: value for name, value in said.items() if value}})
    return Changes(conversation, ended, mails=told, desks=desks, facts=(fact,))


def hand_over(
    conversation: Conversation, who: SpecialistId, why: HandOver, given: Given, *, to: SpecialistId | None = None
) -> Changes | None:
    """Take the conversation from `who` and put it, with its age, into the lines of the next best, or of `to`.

    Nobody is tried twice; the fallback person is the last resort. None if `who` does not have it any more.
    """
    if conversation.state is State.CONSULTING and conversation.consulted == who:
        return consult_over(conversation, given)
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
        places=(Place(to, NEW_LANE, conversation.asked_at),) if to else (),
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
    mails = [handed_over_notice(who, why, given)] if told else []
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


def snooze(conversation: Conversation, who: SpecialistId, until: datetime, given: Given) -> Changes | None:
    """Put a conversation aside until a moment; the slot is free. A shopper who waits is told the time that now holds."""
    if conversation.specialist != who or conversation.state not in (State.FOCUS, State.WAITING, State.WITH_SHOPPER):
        return None
    promise = conversation.promise
    told: tuple[Mail, ...] = ()
    later = promise_after(until, who, given) if conversation.said > conversation.settled else None
    if later and (promise is None or later.due > promise.due):
        promise, told = later, (Mail(SHOPPER, Kind.REVISED, data=promise_told(later)),)
    aside = replace(
        conversation,
        state=State.SNOOZED,
        call_back=None,
        places=(),
        timers={Timer.SNOOZE: until},
        promise=promise,
        changed_at=given.now,
    )
    desks = freed(conversation, given, learn=False)
    return Changes(conversation, aside, mails=told, desks=desks, facts=(Fact("snoozed", {"specialist": who}),))


def resume(conversation: Conversation, given: Given) -> Changes:
    """Bring back a conversation whose shopper waits: to its specialist by the resume lane, else through the ring."""
    own = conversation.specialist or conversation.next_to
    known = own is not None and own in given.shop.specialists and own not in conversation.former
    places = (Place(own, RESUME_LANE, given.now),) if known and own else widen(conversation, given)
    return Changes(conversation, wait_in(conversation, places, given), facts=(Fact("came_back"),))


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


# --- the parts of a decision ------------------------------------------------------------------------------------


def _is_thanks(said: Message, conversation: Conversation) -> bool:
    return not said.files and only_thanks(said.text, conversation.shopper.name)


def _take_at_once(conversation: Conversation, given: Given, drawn: Sequence[SpecialistId] = ()) -> Changes | None:
    """Bring it to the first who is ready; where an order is drawn, to the first of that order."""
    places = sorted(conversation.places, key=lambda one: (one.lane, one.eligible_at))
    near = [one.specialist for one in places]
    free = (who for who in near if who not in given.ahead or given.keeps(who, conversation.id))
    ready = {who: taken for who in free if (taken := take(conversation, who, given))}
    usual = next(iter(ready), None)
    chosen = next((who for who in drawn if who in ready), usual)
    if chosen is None or usual is None:
        return None
    return ready[chosen] if chosen == usual else explored(ready[chosen], chosen, usual, given)


def _come_back(conversation: Conversation, given: Given) -> Changes:
    """Return an answered, snoozed or ended conversation to who had it; the shopper is told if they have to wait."""
    owed = replace(conversation, promise=given.promise, told_first=None, outcome=None, reason="")
    waiting = replace(resume(owed, given), before=conversation)
    if taken := _take_at_once(waiting.after, given):
        return waiting.then(taken)
    return replace(waiting, mails=(Mail(SHOPPER, Kind.QUEUED, data=promise_told(given.promise)),))


def _answer(conversation: Conversation, who: SpecialistId, number: int, settles: int, given: Given) -> Changes:
    """Relay message `number`, and see what of the shopper's words is still owed."""
    settled = max(conversation.settled, min(settles, conversation.said))
    answered = replace(
        conversation,
        settled=settled,
        changed_at=given.now,
        specialist=who,
        call_back=None,
        first_answer_at=conversation.first_answer_at or given.now,
        answered_by=who,
        told_first=None,
        former={one: why for one, why in conversation.former.items() if one != who},
    )
    changes = Changes(
        conversation,
        answered,
        mails=(Mail(SHOPPER, Kind.ANSWER, message=number),),
        desks=heard_from(who, given),
        facts=(Fact("answered", {"specialist": who}), *scored(conversation, given)),
    )
    if conversation.state is State.ENDED:
        return replace(changes, after=replace(answered, state=State.ENDED, settled=conversation.said))
    if settled < conversation.said:
        return changes.then(_still_owed(conversation, answered, who, given))
    return changes.then(_settled(conversation, answered, who, given))


def _hold(conversation: Conversation, number: int, settles: int, given: Given) -> Changes:
    """Keep an answer back for a moment; while it is held nothing else is due, and the slot stays taken."""
    timers = {Timer.HOLD: given.now + given.shop.pace.hold}
    held = replace(conversation, held=number, held_settles=settles, timers=timers)
    return Changes(conversation, held, facts=(Fact("held"),))


def _settled(before: Conversation, answered: Conversation, who: SpecialistId, given: Given) -> Changes:
    """Nothing is owed any more: the slot is free, the lines are left, the shopper has the next word."""
    timers = {**nudge_timer(given), **linger_timer(before, who, given)}
    rest = replace(answered, state=State.WITH_SHOPPER, places=(), promise=None, timers=timers)
    rest = replace(rest, consulted=None, consult_delivered=False)  # whoever asked did not wait for the opinion
    mails: tuple[Mail, ...] = ()
    if before.state is State.FOCUS and before.specialist and before.specialist != who:
        mails = (Mail(before.specialist, Kind.LATE, data={"specialist": who}, not_before=quiet_until(before, given)),)
    desks = merged(freed(before, given, learn=before.state is State.FOCUS), heard_from(who, given))
    return Changes(answered, rest, mails=mails, desks=tuple(kept_free(desk, rest) for desk in desks))


def _still_owed(before: Conversation, answered: Conversation, who: SpecialistId, given: Given) -> Changes | None:
    """Words of the shopper crossed this answer: it stays where it was, with the clock started again."""
    if before.state is not State.FOCUS or before.specialist != who:
        return Changes(answered, replace(answered, specialist=before.specialist, former=before.former))
    return Changes(answered, replace(answered, promise=None, timers=focus_timers(answered, who, given)))
