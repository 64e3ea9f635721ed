"""The parts that decisions share: waiting, timers, desks, and the mails that say the same thing everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from undivided.attention.duty import Given
from undivided.attention.ring import for_call, stranded, wake_at, wider_at
from undivided.changes import Changes, Fact
from undivided.config import Shop, Specialist
from undivided.desk import Desk
from undivided.expertise.asked import Ranking, Reason
from undivided.outbox import Kind, Mail
from undivided.promise.estimate import Promise
from undivided.promise.hours import add_working, working_between
from undivided.question import Question
from undivided.state import NEW_LANE, RESUME_LANE, Conversation, HandOver, Place, Ranked, State, Timer
from undivided.values import OWNER, SpecialistId, stamp

MOST_RANKED = 12
EXPLAINED = 3
"""So many ranks are kept with their numbers: those who get a place in their line first."""
ADVICE = "advice"
"""Why a question has left whoever was only asked for an opinion."""
STILL_HEARD = frozenset({HandOver.SILENT, HandOver.OVERDUE, HandOver.AWAY, HandOver.BOUNCED, HandOver.RELEASED})
"""After these a late answer is still relayed, until the successor has answered."""
HARDLY_EVER, SELDOM = 3, 1
"""Standard deviations above the mean. Of lognormal answers as varied as is usual (cv 1) one in fifty takes longer than the
first, of any answers at most one in ten; one in ten lognormal ones takes longer than the second."""
OWN_WISH = frozenset({HandOver.PASSED, HandOver.NOT_MINE, HandOver.RELEASED})
"""The specialist gave it on themselves: nobody has to tell them."""


def with_extra(question: Question) -> str:
    extra = "\n".join(f"{label}: {value}" for label, value in question.extra)
    return f"{question.text}\n\n{extra}" if extra else question.text


def ranked(ranking: Ranking, given: Given) -> tuple[Ranked, ...]:
    """Return what is kept of a ranking: reasons, the numbers of those who are asked first, and what decided."""
    return tuple(_ranked(ranking, place, given) for place in range(len(ranking.scores[:MOST_RANKED])))


def _ranked(ranking: Ranking, place: int, given: Given) -> Ranked:
    score, turn = ranking.scores[place], ranking.turning_point() if place == 0 else None
    found = Ranked(score.specialist, score.estimate, ranking.reasons(place))
    if place < EXPLAINED:
        parts = {part.name: round(part.value, 2) for part in score.parts}
        found = replace(found, parts=parts, stood=given.stood(score.specialist))
    return replace(found, decisive=turn[0].reason, otherwise=turn[1]) if turn else found


def explored(taken: Changes, who: SpecialistId, instead: SpecialistId, given: Given) -> Changes:
    """Mark that a conversation came to `who`, and not to the better guess, so that the desk gets to know them."""
    person = given.specialist(who)
    reason = Reason("explored", {"name": person.first_name if person else who})
    rows = tuple(
        replace(one, reasons=(reason, *one.reasons[:2]), decisive=reason, otherwise=instead)
        if one.specialist == who
        else one
        for one in taken.after.ranking
    )
    fact = Fact("explored", {"specialist": who, "instead": instead})
    after = replace(taken.after, ranking=rows, explored=who)
    return replace(taken, after=after, facts=(*taken.facts, fact))


def wait_in(conversation: Conversation, places: Sequence[Place], given: Given) -> Conversation:
    places = for_call(places, conversation)
    # Behind people who are gone nobody comes by waiting: the look reads everybody's desks and finds somebody.
    wake = given.now if stranded(conversation, places, given) else wake_at(places, given)
    timers = {Timer.WAKE: wake, **promise_timer(conversation), **call_timer(conversation)}
    if wider := wider_at(conversation, places, given):
        timers[Timer.WIDEN] = wider
    return replace(conversation, state=State.WAITING, places=places, timers=timers)


def back_with(own: SpecialistId, shop: Shop, now: datetime) -> Place:
    """Return the place of a shopper who writes again: before everybody new, or before all who came `returning_ahead` ago."""
    ahead = shop.pace.returning_ahead
    return Place(own, RESUME_LANE, now) if ahead is None else Place(own, NEW_LANE, now - ahead)


def call_timer(conversation: Conversation) -> dict[Timer, datetime]:
    """The time in which a call is wanted ends; nobody is called after it."""
    return {Timer.CALL: conversation.call_back.end} if conversation.call_back else {}


def may_answer(conversation: Conversation, who: SpecialistId) -> bool:
    if conversation.specialist == who:
        return True
    asked_again = who in conversation.parties and conversation.place_of(who) is not None
    return (asked_again or conversation.former.get(who) in STILL_HEARD) and conversation.answered_by is None


def heard_from(who: SpecialistId, given: Given) -> tuple[Desk, ...]:
    desk = given.desk(who)
    return (replace(desk, silent=False),) if desk.silent else ()


def freed(conversation: Conversation, given: Given, *, learn: bool = True) -> tuple[Desk, ...]:
    """Return the desk without this focus, its handling time learned if it was the specialist who dealt with it."""
    who = conversation.with_whom
    if who is None:
        return lingered(conversation, given)
    desk, person = given.desk(who).without_focus(conversation.id), given.specialist(who)
    if learn and person and conversation.delivered_at:
        worked = working_between(person.hours, conversation.delivered_at, given.now).total_seconds()
        desk = replace(desk, handling=desk.handling.add(worked), work=desk.work.add(worked, given.now))
    return (desk,)


def lingered(conversation: Conversation, given: Given) -> tuple[Desk, ...]:
    """Return the desk that keeps a slot for this conversation's shopper, without it; nothing if there is none."""
    desk = given.desks.get(conversation.specialist) if conversation.specialist else None
    return (desk.without_linger(conversation.id),) if desk and conversation.id in desk.lingering else ()


def focus_timers(conversation: Conversation, who: SpecialistId, given: Given) -> dict[Timer, datetime]:
    """Remind, then hand over, after working time."""
    person, pace = given.specialist(who), given.shop.pace
    if person is None:
        return {Timer.HAND_OVER: given.now}
    remind = _remind_at(conversation, person, given)
    silence = add_working(person.hours, given.now, pace.hand_over_after)
    return {
        **({Timer.REMIND: remind} if remind else {}),
        Timer.HAND_OVER: silence or given.now + timedelta(days=14),
        **promise_timer(conversation),
    }


def _remind_at(conversation: Conversation, person: Specialist, given: Given) -> datetime | None:
    """Return when an answer takes longer than this specialist's hardly ever do, `remind_after` at the latest.

    Sooner, if the promise asks for it: with time for one more answer before the shopper is told another time. But not
    while it is likely that they are writing: whoever is reminded of what is in hand is disturbed for nothing (decision 33).
    """
    handling = replace(given.desk(person.id).handling, prior=given.shop.pace.handling_prior.total_seconds())

    def after(deviations: float) -> datetime | None:
        long = timedelta(seconds=handling.mean * (1 + deviations * handling.cv))
        return add_working(person.hours, given.now, min(long, given.shop.pace.remind_after))

    latest, soonest, looked_at = after(HARDLY_EVER), after(SELDOM), promise_timer(conversation).get(Timer.PROMISE)
    if latest is None or soonest is None or looked_at is None:
        return latest
    return min(latest, max(soonest, looked_at - timedelta(seconds=handling.mean)))


def promise_timer(conversation: Conversation) -> dict[Timer, datetime]:
    """A promise is looked at shortly before it is due, while there is time to say so; that of a call when its time is over."""
    made = conversation.promise
    if made is None:
        return {}
    if conversation.call_back:
        return {Timer.PROMISE: made.due, **missed_timer(conversation)}
    margin = min(max((made.due - made.made) / 5, timedelta(minutes=2)), timedelta(minutes=30))
    return {Timer.PROMISE: max(made.due - margin, made.made), **missed_timer(conversation)}


def missed_timer(conversation: Conversation) -> dict[Timer, datetime]:
    """The promise told first is missed a moment after it is due: an answer at that very moment keeps it."""
    first = conversation.told_first or conversation.promise
    return {Timer.MISSED: first.due + timedelta(seconds=1)} if first and not conversation.missed else {}


def promise_after(start: datetime, who: SpecialistId, given: Given) -> Promise | None:
    """Promise an answer of who has the conversation within two handling times from `start`: no line stands before it.

    Of somebody who is on the roster no more, within the fallback person's hours.
    """
    person = given.specialist(who) or given.specialist(given.shop.fallback)
    prior = given.shop.pace.handling_prior.total_seconds()
    handling = timedelta(seconds=2 * replace(given.desk(who).handling, prior=prior).mean)
    due = add_working(person.hours, start, handling) if person else None
    return Promise(due, given.now) if due else None


def nudge_timer(given: Given) -> dict[Timer, datetime]:
    return {Timer.NUDGE: given.now + given.shop.pace.nudge_after}


def shopper_words(conversation: Conversation, who: SpecialistId, kind: Kind, since: int) -> Mail:
    """Carry everything that the shopper said after message `since`."""
    return Mail(who, kind, message=conversation.said, upto=conversation.said, data={"since": str(since)})


def quiet_until(conversation: Conversation, given: Given) -> datetime | None:
    return given.quiet_until(conversation.specialist) if conversation.specialist else None


def advice_over(conversation: Conversation, given: Given, *, by: str | None = None) -> tuple[Mail, ...]:
    """Tell whoever was asked for an opinion, and has the question before them, that it is not needed any more."""
    who = conversation.consulted
    asked = conversation.state is State.CONSULTING and conversation.consult_delivered
    if who is None or not asked or who == by or who not in given.shop.specialists:
        return ()
    return (Mail(who, Kind.HANDED_OVER, data={"why": ADVICE}, not_before=given.quiet_until(who)),)


def tell_owner(what: str, **data: str) -> Mail:
    return Mail(OWNER, Kind.OWNER_NOTICE, data={"what": what, **data})


def promise_told(promise: Promise | None) -> dict[str, str]:
    return {"promise_due": stamp(promise.due)} if promise else {}


def told_of(conversation: Conversation, made: Promise) -> dict[str, str]:
    """Name a promise in a fact: its times, and whether it was for the first answer of its conversation."""
    first = "yes" if conversation.first_answer_at is None else "no"
    return {"due": stamp(made.due), "made": stamp(made.made), "first": first}


def timers_without(conversation: Conversation, timer: Timer) -> dict[Timer, datetime]:
    return {one: at for one, at in conversation.timers.items() if one != timer}


def without_timer(conversation: Conversation, timer: Timer) -> Conversation:
    return replace(conversation, timers=timers_without(conversation, timer))
