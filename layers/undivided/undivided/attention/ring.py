"""The ring: who may take a question, and from when on.

A better match is eligible earlier: after half-life × log2(0.85 × best / estimate). docs/attention.md, "The rule beside
others", compares this ring, from which whoever is free first takes, with round robin, push and waiting for the best.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import log2

from undivided.attention.duty import Given, next_present
from undivided.state import MOST_PLACES, NEW_LANE, Conversation, Place, Ranked

AT_ONCE = 0.85
"""An estimate of at least this share of the best is eligible at once."""
STEP = 3
"""So many specialists are added at a time."""
BACKSTOP = timedelta(hours=1)
"""While somebody in whose line it stands is on duty, a waiting conversation is looked at this often, whatever got lost."""


def head_start(estimate: float, best: float, half_life: timedelta) -> timedelta:
    """Return how long better-matched specialists alone may take it; zero for the best."""
    if estimate <= 0:
        return timedelta(days=1)
    return half_life * max(0.0, log2(AT_ONCE * best / estimate)) if best > 0 else timedelta(0)


def widen(conversation: Conversation, given: Given) -> tuple[Place, ...]:
    """Return the conversation's places with the next specialists added, three at a time, until one of them is present.

    Somebody who had it before is not asked again. When nobody else is left, or all are away or silent, the fallback
    person stands in; the others keep their places for the time when they are back.
    """
    places = conversation.places
    for group in _groups(_untried(conversation, given), STEP):
        places = (*places, *_placed(group, places, conversation, given))[:MOST_PLACES]
        if any(given.present(place.specialist) for place in places) or len(places) == MOST_PLACES:
            break
    if not places:
        return (fallback_place(given),)
    return (*places[: MOST_PLACES - 1], last_resort(conversation, given)) if behind_the_gone(places, given) else places


def behind_the_gone(places: Sequence[Place], given: Given) -> bool:
    """Say whether all of them are with people who are away or silent, and the fallback person is not among those."""
    return bool(places) and all(given.gone(one.specialist) and one.specialist != given.shop.fallback for one in places)


def stranded(conversation: Conversation, places: Sequence[Place], given: Given) -> bool:
    """Say whether nobody comes by waiting in these lines, and somebody else could be asked: at last the fallback person."""
    if behind_the_gone(places, given):
        return True
    gone = bool(places) and all(given.gone(one.specialist) for one in places)
    return gone and len(places) < MOST_PLACES and bool(_untried(conversation, given, besides=places))


def last_resort(conversation: Conversation, given: Given) -> Place:
    """Return a place with the fallback person, behind nobody who asked later."""
    return replace(fallback_place(given), eligible_at=conversation.waits_since)


def for_call(places: Iterable[Place], conversation: Conversation) -> tuple[Place, ...]:
    """Return the places as they are for a shopper who waits for a call: eligible when that time begins, not before."""
    wanted = conversation.call_back
    if wanted is None:
        return tuple(places)
    return tuple(replace(one, eligible_at=max(one.eligible_at, wanted.start)) for one in places)


def fallback_place(given: Given) -> Place:
    return Place(given.shop.fallback, NEW_LANE, given.now)


def wider_at(conversation: Conversation, places: Sequence[Place], given: Given) -> datetime | None:
    """Return when the ring should widen again: the head starts are over; None when nobody is left to add."""
    if len(places) >= MOST_PLACES or not _untried(conversation, given, besides=places):
        return None
    step = given.shop.pace.half_life
    return max(given.now, *(place.eligible_at for place in places)) + step


def wake_at(places: Iterable[Place], given: Given) -> datetime:
    """Return when to look at the lines again: a head start ends, a shift starts, or the backstop.

    In closed time nothing can have got lost but the beginning of the next shift.
    """
    line = tuple(places)
    openings = list(_openings(line, given))
    if not openings or any(given.on_duty(place.specialist) for place in line):
        openings.append(given.now + BACKSTOP)
    return min(openings)


def _openings(places: Iterable[Place], given: Given) -> Iterable[datetime]:
    for place in places:
        person = given.specialist(place.specialist)
        start = max(place.eligible_at, given.now)
        opening = next_present(person, given.desks.get(place.specialist), start) if person else None
        if opening and opening > given.now:
            yield opening


def _untried(conversation: Conversation, given: Given, besides: Sequence[Place] = ()) -> list[Ranked]:
    standing = {place.specialist for place in (*conversation.places, *besides)}
    return [
        one
        for one in conversation.ranking
        if one.specialist not in standing
        and one.specialist not in conversation.former
        and one.specialist in given.shop.specialists
    ]


def _placed(
    group: Sequence[Ranked], places: Sequence[Place], conversation: Conversation, given: Given
) -> Iterable[Place]:
    estimates = {one.specialist: one.estimate for one in conversation.ranking}
    rivals = [*(place.specialist for place in places), *(one.specialist for one in group)]
    best = max((estimates.get(who, 0.0) for who in rivals if given.present(who)), default=0.0)
    for one in group:
        wait = head_start(one.estimate, best, given.shop.pace.half_life)
        yield Place(one.specialist, NEW_LANE, conversation.waits_since + wait)


def _groups(ranked: Sequence[Ranked], size: int) -> Iterable[Sequence[Ranked]]:
    return (ranked[start : start + size] for start in range(0, len(ranked), size))
