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
from datetime import datetime, timedelta

from undivided.attention.duty import Given
from undivided.attention.ring import fallback_place, wake_at, widen, wider_at
from undivided.expertise.asked import Ranking, Score
from undivided.promise.estimate import Promise
from undivided.promise.hours import add_working, working_between
from undivided.state import (
    NEW_LANE,
    OWNER,
    RESUME_LANE,
    SHOPPER,
    Changes,
    Conversation,
    Desk,
    Fact,
    HandOver,
    Kind,
    Mail,
    Message,
    Outcome,
    Place,
    Question,
    Ranked,
    State,
    Timer,
)
from undivided.values import Money, SpecialistId, stamp

MOST_RANKED = 12
FINAL = frozenset({Outcome.SPAM, Outcome.ERASED})
"""Outcomes from which nothing re-opens."""
STILL_HEARD = frozenset({HandOver.SILENT, HandOver.AWAY, HandOver.BOUNCED})
"""After these a late answer is still relayed, until the successor has answered."""


def accept(question: Question, ranking: Ranking, given: Given) -> Changes:
    """Make a conversation of a question: acknowledged, in its lines, and taken at once where somebody is ready."""
    fresh = Conversation(
        id=question.id,
        shopper=question.shopper,
        about=question.about,
        asked_at=question.asked_at,
        changed_at=given.now,
        ranking=tuple(_ranked(one) for one in ranking.scores[:MOST_RANKED]),
        fits=ranking.fits,
        promise=question.promise,
        said=1,
    )
    ranked = fresh if ranking.fits else replace(fresh, places=(fallback_place(given),))
    waiting = _wait_in(ranked, ranked.places or widen(ranked, given), given)
    asked = Message(1, SHOPPER, question.asked_at, _with_extra(question), via=question.source)
    mails = [Mail(SHOPPER, Kind.ACK if question.promise else Kind.NO_TIME_YET, data=_told(question.promise))]
    if not ranking.fits:
        mails.append(_tell_owner("nobody_fits"))
    if question.promise is None:
        mails.append(_tell_owner("no_time_yet"))
    accepted = Changes(None, waiting, (asked,), tuple(mails), facts=(Fact("question_accepted"),))
    return accepted.then(_take_at_once(accepted.after, given))


def take(conversation: Conversation, who: SpecialistId, given: Given) -> Changes | None:
    """Bring a waiting conversation from `who`'s line into their focus, if its turn has come and they are ready."""
    place = conversation.place_of(who)
    if conversation.state is not State.WAITING or place is None:
        return None
    if place.eligible_at > given.now or not given.ready(who):
        return None
    parties = conversation.parties if who in conversation.parties else (*conversation.parties, who)
    taken = replace(
        conversation,
        state=State.FOCUS,
        changed_at=given.now,
        specialist=who,
        parties=parties,
        places=(),
        delivered_at=given.now,
        timers=_focus_timers(conversation, who, given),
    )
    kind = Kind.FOLLOW_UP if place.lane == RESUME_LANE and who in conversation.parties else Kind.QUESTION
    return Changes(
        conversation,
        taken,
        mails=(_shopper_words(conversation, who, kind, conversation.settled),),
        desks=(given.desk(who).with_focus(conversation.id, given.now),),
        facts=(Fact("delivered", {"specialist": who}),),
    )


def shopper_writes(conversation: Conversation, message: Message, given: Given) -> Changes | None:
    """Record the shopper's words and bring them to whoever has the conversation, at once or by their line."""
    if conversation.outcome in FINAL:
        return None
    number = conversation.number
    said = replace(message, number=number, author=SHOPPER)
    heard = replace(conversation, said=number, changed_at=given.now)
    recorded = Changes(conversation, heard, (said,), facts=(Fact("shopper_wrote"),))
    if conversation.state in (State.WAITING, State.CONSULTING):
        return recorded
    if conversation.state is State.FOCUS and conversation.specialist:
        words = _shopper_words(heard, conversation.specialist, Kind.FOLLOW_UP, conversation.said)
        return replace(recorded, mails=(replace(words, not_before=_quiet(conversation, given)),))
    return recorded.then(_come_back(heard, given))


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
    if message.note or not _may_answer(conversation, who):
        noted = replace(conversation, changed_at=given.now)
        return Changes(
            conversation, noted, (replace(said, note=True),), desks=_heard(who, given), facts=(Fact("note"),)
        )
    return _answer(conversation, who, said, settles, given)


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
    if conversation.outcome in FINAL or (conversation.outcome, conversation.sale) == (outcome, sale):
        return None
    ended = replace(
        conversation,
        state=State.ENDED,
        outcome=outcome,
        reason=reason,
        sale=sale,
        changed_at=given.now,
        places=(),
        promise=None,
        timers={},
    )
    told = ()
    if by == SHOPPER and conversation.specialist and conversation.state is State.FOCUS:
        data = {"outcome": str(outcome)}
        told = (Mail(conversation.specialist, Kind.WITHDRAWN, data=data, not_before=_quiet(conversation, given)),)
    desks = _freed(conversation, given, learn=by == conversation.specialist)
    fact = Fact("ended", {"outcome": str(outcome), "by": by, **({"sale": str(sale)} if sale else {})})
    return Changes(conversation, ended, mails=told, desks=desks, facts=(fact,))


def hand_over(
    conversation: Conversation, who: SpecialistId, why: HandOver, given: Given, *, to: SpecialistId | None = None
) -> Changes | None:
    """Take the conversation from `who` and put it, with its age, into the lines of the next best, or of `to`.

    Nobody is tried twice; the fallback person is the last resort. None if `who` does not have it any more.
    """
    if conversation.specialist != who or conversation.state is State.ENDED:
        return None
    left = replace(
        conversation,
        state=State.WAITING,
        changed_at=given.now,
        specialist=None,
        former={**conversation.former, who: why},
        places=(Place(to, NEW_LANE, conversation.asked_at),) if to else (),
        answered_by=None,
    )
    owed = conversation.said > conversation.settled
    waiting = _wait_in(left, left.places or widen(left, given), given)
    after = waiting if owed else replace(left, state=State.WITH_SHOPPER, places=(), timers=_nudge(given))
    desk = given.desk(who).without_focus(conversation.id)
    mails = [] if why is HandOver.PASSED else [_handed_over(who, why, given)]
    if owed and all(place.specialist == given.shop.fallback for place in after.places) and not to:
        mails.append(_tell_owner("fallback"))
    return Changes(
        conversation,
        after,
        mails=tuple(mails),
        desks=(replace(desk, silent=desk.silent or why is HandOver.SILENT),),
        facts=(Fact("handed_over", {"specialist": who, "why": str(why)}),),
    )


def undelivered(conversation: Conversation, party: str, diagnostic: str, given: Given) -> Changes | None:
    """Act on a permanent bounce: tell the specialist of an unreachable shopper, replace an unreachable specialist."""
    if party != SHOPPER:
        lost = hand_over(conversation, SpecialistId(party), HandOver.BOUNCED, given)
        return replace(lost, mails=(_tell_owner("specialist_bounced", specialist=party),)) if lost else None
    if conversation.unreachable or conversation.outcome in FINAL:
        return None
    marked = replace(conversation, unreachable=diagnostic or "undeliverable", changed_at=given.now)
    told = conversation.specialist
    mails = (
        (Mail(told, Kind.UNREACHABLE, data={"diagnostic": diagnostic}, not_before=_quiet(conversation, given)),)
        if told
        else ()
    )
    return Changes(conversation, marked, mails=mails, facts=(Fact("shopper_unreachable"),))


# --- the parts of a decision ------------------------------------------------------------------------------------


def _ranked(score: Score) -> Ranked:
    strongest = sorted(score.parts, key=lambda part: -abs(part.value))
    return Ranked(score.specialist, score.estimate, tuple(part.words for part in strongest[:3]))


def _with_extra(question: Question) -> str:
    extra = "\n".join(f"{label}: {value}" for label, value in question.extra)
    return f"{question.text}\n\n{extra}" if extra else question.text


def _wait_in(conversation: Conversation, places: Sequence[Place], given: Given) -> Conversation:
    timers = {Timer.WAKE: wake_at(places, given)}
    if wider := wider_at(conversation, places, given):
        timers[Timer.WIDEN] = wider
    return replace(
        conversation, state=State.WAITING, places=tuple(places), timers={**timers, **_promise_timer(conversation)}
    )


def _take_at_once(conversation: Conversation, given: Given) -> Changes | None:
    for place in sorted(conversation.places, key=lambda one: (one.lane, one.eligible_at)):
        if place.specialist not in given.ahead and (taken := take(conversation, place.specialist, given)):
            return taken
    return None


def _come_back(conversation: Conversation, given: Given) -> Changes:
    """Return an answered or ended conversation to its specialist by the resume lane, else through the ring."""
    own = conversation.specialist
    known = own is not None and own in given.shop.specialists and own not in conversation.former
    owed = replace(conversation, promise=given.promise, outcome=None, reason="")
    places = (Place(own, RESUME_LANE, given.now),) if known and own else widen(owed, given)
    waiting = Changes(conversation, _wait_in(owed, places, given), facts=(Fact("came_back"),))
    if taken := _take_at_once(waiting.after, given):
        return waiting.then(taken)
    return replace(waiting, mails=(Mail(SHOPPER, Kind.QUEUED, data=_told(given.promise)),))


def _answer(conversation: Conversation, who: SpecialistId, said: Message, settles: int, given: Given) -> Changes:
    settled = max(conversation.settled, min(settles, conversation.said))
    first = conversation.first_answer_at is None
    answered = replace(
        conversation,
        settled=settled,
        changed_at=given.now,
        specialist=who,
        first_answer_at=conversation.first_answer_at or given.now,
        answered_by=who,
        former={one: why for one, why in conversation.former.items() if one != who},
    )
    changes = Changes(
        conversation,
        answered,
        (said,),
        (Mail(SHOPPER, Kind.ANSWER, message=said.number),),
        desks=_heard(who, given),
        facts=(Fact("answered", {"specialist": who}), *_scored(conversation, first, given)),
    )
    if conversation.state is State.ENDED:
        return replace(changes, after=replace(answered, state=State.ENDED, settled=conversation.said))
    if settled < conversation.said:
        return changes.then(_still_owed(conversation, answered, who, given))
    return changes.then(_settled(conversation, answered, who, given))


def _settled(before: Conversation, answered: Conversation, who: SpecialistId, given: Given) -> Changes:
    """Nothing is owed any more: the slot is free, the lines are left, the shopper has the next word."""
    rest = replace(answered, state=State.WITH_SHOPPER, places=(), promise=None, timers=_nudge(given))
    mails = ()
    if before.state is State.FOCUS and before.specialist and before.specialist != who:
        mails = (Mail(before.specialist, Kind.LATE, data={"specialist": who}, not_before=_quiet(before, given)),)
    return Changes(answered, rest, mails=mails, desks=_merged(_freed(before, given), _heard(who, given)))


def _still_owed(before: Conversation, answered: Conversation, who: SpecialistId, given: Given) -> Changes | None:
    """Words of the shopper crossed this answer: it stays where it was, with the clock started again."""
    if before.state is not State.FOCUS or before.specialist != who:
        return Changes(answered, replace(answered, specialist=before.specialist, former=before.former))
    return Changes(answered, replace(answered, promise=None, timers=_focus_timers(answered, who, given)))


def _may_answer(conversation: Conversation, who: SpecialistId) -> bool:
    if conversation.specialist == who:
        return True
    return conversation.former.get(who) in STILL_HEARD and conversation.answered_by is None


def _heard(who: SpecialistId, given: Given) -> tuple[Desk, ...]:
    desk = given.desk(who)
    return (replace(desk, silent=False),) if desk.silent else ()


def _freed(conversation: Conversation, given: Given, *, learn: bool = True) -> tuple[Desk, ...]:
    """Return the desk without this focus, its handling time learned if it was the specialist who dealt with it."""
    who = conversation.specialist
    if conversation.state is not State.FOCUS or who is None:
        return ()
    desk, person = given.desk(who).without_focus(conversation.id), given.specialist(who)
    if learn and person and conversation.delivered_at:
        worked = working_between(person.hours, conversation.delivered_at, given.now).total_seconds()
        desk = replace(desk, handling=desk.handling.add(worked))
    return (desk,)


def _merged(freed: tuple[Desk, ...], heard: tuple[Desk, ...]) -> tuple[Desk, ...]:
    known = {desk.specialist: desk for desk in freed}
    for desk in heard:
        known[desk.specialist] = replace(known.get(desk.specialist, desk), silent=False)
    return tuple(known.values())


def _scored(conversation: Conversation, first: bool, given: Given) -> tuple[Fact, ...]:
    if conversation.promise is None:
        return ()
    made = conversation.promise
    data = {"due": stamp(made.due), "made": stamp(made.made), "first": str(first), "revision": str(made.revision)}
    return (Fact("promise_kept" if given.now <= made.due else "promise_missed", data),)


def _focus_timers(conversation: Conversation, who: SpecialistId, given: Given) -> dict[Timer, datetime]:
    """Remind and hand over after working time; the reminder comes early enough to save the promise."""
    person, pace = given.specialist(who), given.shop.pace
    if person is None:
        return {Timer.HAND_OVER: given.now}
    remind = add_working(person.hours, given.now, pace.remind_after)
    silence = add_working(person.hours, given.now, pace.hand_over_after)
    half_way = given.now + (conversation.promise.due - given.now) / 2 if conversation.promise else None
    times = [one for one in (remind, half_way) if one and one > given.now]
    return {
        **({Timer.REMIND: min(times)} if times else {}),
        Timer.HAND_OVER: silence or given.now + timedelta(days=14),
        **_promise_timer(conversation),
    }


def _promise_timer(conversation: Conversation) -> dict[Timer, datetime]:
    """A promise is looked at shortly before it is due, while there is time to say so."""
    made = conversation.promise
    if made is None:
        return {}
    margin = min(max((made.due - made.made) / 5, timedelta(minutes=2)), timedelta(minutes=30))
    return {Timer.PROMISE: max(made.due - margin, made.made)}


def _nudge(given: Given) -> dict[Timer, datetime]:
    return {Timer.NUDGE: given.now + given.shop.pace.nudge_after}


def _shopper_words(conversation: Conversation, who: SpecialistId, kind: Kind, since: int) -> Mail:
    """Carry everything that the shopper said after message `since`."""
    return Mail(who, kind, message=conversation.said, upto=conversation.said, data={"since": str(since)})


def _quiet(conversation: Conversation, given: Given) -> datetime | None:
    return given.quiet_until(conversation.specialist) if conversation.specialist else None


def _handed_over(who: SpecialistId, why: HandOver, given: Given) -> Mail:
    return Mail(who, Kind.HANDED_OVER, data={"why": str(why)}, not_before=given.quiet_until(who))


def _tell_owner(what: str, **data: str) -> Mail:
    return Mail(OWNER, Kind.OWNER_NOTICE, data={"what": what, **data})


def _told(promise: Promise | None) -> dict[str, str]:
    return {"promise_due": stamp(promise.due)} if promise else {}
