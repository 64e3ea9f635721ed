"""The heart: how a question becomes a conversation, comes to a specialist, and goes on when the shopper writes.

    accept ──► waiting ──take──► focus ──specialist_writes──► with_shopper ──► ended
                  ▲                │ hand_over                     │ shopper_writes
                  └────────────────┴───────────────────────────────┘

The other decisions are next door: `answering`, `consulting`, `handing_over`, `snoozing`, `revising`, `closing`,
`selling`, and `timers` for what is due. Each function takes the conversation as it stands, an event, and what is
`given`, and returns the `Changes` it wants; None means that the event has nothing to say to this state any more, so that
late, doubled and reordered events are harmless. No clock, no table, no environment is read here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from undivided.answering import release
from undivided.attention.duty import Given
from undivided.attention.ring import fallback_place, widen
from undivided.changes import Changes, Fact
from undivided.config import Shop
from undivided.consulting import consult_taken
from undivided.expertise.asked import Ranking
from undivided.mail.thanks import only_thanks
from undivided.message import Message
from undivided.outbox import Kind, Mail
from undivided.parts import (
    back_with,
    explored,
    focus_timers,
    promise_after,
    promise_told,
    quiet_until,
    ranked,
    shopper_words,
    tell_owner,
    wait_in,
    with_extra,
)
from undivided.question import Question
from undivided.state import FINAL, Conversation, State
from undivided.values import SHOPPER, SpecialistId


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
    over = wanted is not None and wanted.end <= given.now and conversation.state is State.WAITING
    if place is None or place.eligible_at > given.now or over or not given.ready(who, conversation.id):
        return None
    if conversation.state is State.CONSULTING:
        return consult_taken(conversation, who, given)
    timed = (
        conversation if conversation.promise else replace(conversation, promise=promise_after(given.now, who, given))
    )
    parties = conversation.parties if who in conversation.parties else (*conversation.parties, who)
    taken = replace(
        timed,
        state=State.FOCUS,
        changed_at=given.now,
        specialist=who,
        parties=parties,
        former={one: why for one, why in conversation.former.items() if one != who},
        places=(),
        delivered_at=given.now,
        timers=focus_timers(timed, who, given),
    )
    # Whoever was told that there is no time yet hears of it now, as they were told they would.
    told = () if timed is conversation else (Mail(SHOPPER, Kind.REVISED, data=promise_told(timed.promise)),)
    known = who == (conversation.specialist or conversation.next_to) and who in conversation.parties
    kind = Kind.FOLLOW_UP if known else Kind.QUESTION
    return Changes(
        conversation,
        taken,
        mails=(replace(shopper_words(conversation, who, kind, conversation.settled), opens=True), *told),
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
    if conversation.said <= conversation.settled:
        recorded = replace(recorded, after=replace(heard, wrote_again_at=given.now))
    let_go = recorded.then(release(recorded.after, given))
    return let_go.then(_come_back(let_go.after, given))


def resume(conversation: Conversation, given: Given) -> Changes:
    """Bring back a conversation whose shopper waits: to its specialist by the resume lane, else through the ring."""
    own = returns_to(conversation, given.shop)
    places = (back_with(own, given.shop, given.now),) if own else widen(conversation, given)
    return Changes(conversation, wait_in(conversation, places, given), facts=(Fact("came_back"),))


def returns_to(conversation: Conversation, shop: Shop) -> SpecialistId | None:
    """Return who had it and would have it again, None if the ring decides anew."""
    own = conversation.specialist or conversation.next_to
    return own if own in shop.specialists and own not in conversation.former else None


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
    owed = replace(conversation, promise=given.promise, told_first=None, missed=False, outcome=None, reason="")
    waiting = replace(resume(owed, given), before=conversation)
    if taken := _take_at_once(waiting.after, given):
        return waiting.then(taken)
    told = (Mail(SHOPPER, Kind.QUEUED, data=promise_told(given.promise)),)
    return replace(waiting, mails=told if given.promise or given.shop.paused else (*told, tell_owner("no_time_yet")))
