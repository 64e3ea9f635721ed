"""Read what a decision is given: the desks it may touch, and what would be promised now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from undivided.attention.duty import Given, is_away
from undivided.attention.ring import head_start
from undivided.config import Shop
from undivided.desk import Desk
from undivided.expertise.asked import Asked
from undivided.parts import back_with
from undivided.promise.estimate import DeskView, Promise, promise
from undivided.question import About, Shopper
from undivided.runtime import Runtime
from undivided.state import MOST_PLACES, NEW_LANE, RESUME_LANE, Conversation, Place, Ranked
from undivided.steps.look import waiting_ahead
from undivided.values import SpecialistId

MOST_AHEAD = 50
"""The forward pass reads at most so many places of a line."""
MOST_BEYOND = 200.0
"""More are not thought to wait beyond them."""
_ENOUGH = 10
LOOKED_AT = 6
"""So many specialists count for a promise: those who get a place in their line first, and while it waits."""


def asked_of(shopper: Shopper, about: About, text: str, shop: Shop) -> Asked:
    """Return the question as routing sees it."""
    return asked_as(shopper, catalogued(about, shop), text)


def asked_as(shopper: Shopper, about: About, text: str) -> Asked:
    return Asked(text, shopper.language, about.sku, about.title, about.category, about.brand)


def catalogued(about: About, shop: Shop) -> About:
    """Return the product as the catalogue has it, which knows it better than the page that named it."""
    known = shop.products.get(about.sku)
    return replace(about, title=known.title, category=known.category, brand=known.brand) if known else about


def given_for(
    conversation: Conversation, rt: Runtime, *, also: Iterable[SpecialistId] = (), ring: bool = False
) -> Given:
    """Read the desks of whoever has the conversation and of `also`; with `ring`, of everybody it may go to next."""
    near = {who for who in (conversation.specialist, conversation.consulted, *also) if who}
    if ring:
        near |= {one.specialist for one in conversation.ranking} | {rt.shop.fallback}
    near |= {place.specialist for place in conversation.places}
    return Given(rt.shop, rt.now(), rt.desks.desks(tuple(near)))


def ring_given(ranked: Sequence[Ranked], rt: Runtime, now: datetime) -> Given:
    """Read what accepting a question needs: the desks of the ring, and in whose line somebody is before it."""
    near = [one.specialist for one in ranked[:MOST_PLACES]]
    given = Given(rt.shop, now, rt.desks.desks(tuple(dict.fromkeys([*near, rt.shop.fallback]))))
    ahead = {who for who in given.desks if given.ready(who) and waiting_ahead(who, now, rt)}
    return Given(given.shop, now, given.desks, ahead=frozenset(ahead))


def promise_now(
    candidates: Sequence[tuple[SpecialistId, float]], rt: Runtime, now: datetime, desks: Mapping[SpecialistId, Desk]
) -> Promise | None:
    """Compute what to promise a question that these specialists (with their estimates) may take, best first."""
    views = views_of(candidates, rt, now, desks)
    return promise(views, now, rt.calibration) if views else None


def promise_back(own: SpecialistId, rt: Runtime, now: datetime, desks: Mapping[SpecialistId, Desk]) -> Promise | None:
    """Compute what to promise a shopper who writes back: where they stand in their specialist's line."""
    views = views_of([(own, 1.0)], rt, now, desks, (back_with(own, rt.shop, now),))
    return promise(views, now, rt.calibration, returning=True) if views else None


def views_of(
    candidates: Sequence[tuple[SpecialistId, float]],
    rt: Runtime,
    now: datetime,
    desks: Mapping[SpecialistId, Desk],
    places: Iterable[Place] = (),
) -> tuple[DeskView, ...]:
    """Read what the forward pass looks at: the best few who are not silent; where all of them are away, the fallback person.

    `places` are those that the conversation has, or will have: only who stands before them counts. Nobody, while the owner has paused the desk: there is no time yet, because nobody knows when it ends.
    """
    if rt.shop.paused:
        return ()
    known = {who: desks.get(who) or rt.desks.desk(who) for who, _ in candidates[:MOST_PLACES]}
    near = [(who, one) for who, one in candidates if who in rt.shop.specialists and who in known]
    near = [(who, one) for who, one in near if not known[who].silent][:LOOKED_AT]
    if all(is_away(known[who], now) for who, _ in near):
        near = _with_fallback(near, rt.shop.fallback)
    best, mine = near[0][1], {place.specialist: place for place in places}
    return tuple(
        _view(who, head_start(estimate, best, _half_life(rt)), rt, now, known.get(who), mine.get(who))
        for who, estimate in near
    )


def _with_fallback(near: list[tuple[SpecialistId, float]], fallback: SpecialistId) -> list[tuple[SpecialistId, float]]:
    """Add the fallback person, who stands in at once for those who are away; they keep their places meanwhile."""
    if any(who == fallback for who, _ in near):
        return near
    return [*near, (fallback, near[0][1] if near else 1.0)]


def _half_life(rt: Runtime) -> timedelta:
    return rt.shop.pace.half_life


def _view(
    who: SpecialistId, wait: timedelta, rt: Runtime, now: datetime, desk: Desk | None, mine: Place | None
) -> DeskView:
    person, read = rt.shop.specialists[who], desk or rt.desks.desk(who)
    line, beyond = _line(who, mine, now, rt)
    return DeskView(
        specialist=who,
        hours=person.hours,
        capacity=person.capacity,
        in_focus=tuple(read.focus.values()),
        ahead=len(line),
        line=line,
        beyond=beyond,
        handling=replace(read.handling, prior=rt.shop.pace.handling_prior.total_seconds()),
        away_until=read.away_until,
        silent=read.silent,
        head_start=wait,
        kept_until=tuple(read.lingering.values()),
        linger=rt.shop.pace.linger,
        weekly=0.0 if mine and mine.lane == RESUME_LANE else read.weekly(now),  # nobody who writes later goes before
    )


def _line(who: SpecialistId, mine: Place | None, now: datetime, rt: Runtime) -> tuple[tuple[str, ...], float]:
    """Name who stands before `mine`, or before a new question: with names, who stands in several lines counts once.

    Also return how many more are thought to stand there, where the line goes on beyond what is read.
    """
    last = (mine.lane, mine.eligible_at) if mine else (NEW_LANE, now)
    first = rt.lines.first(who, MOST_AHEAD)
    before = [(place, key) for place, key in first if (place.lane, place.eligible_at) <= last and place != mine]
    beyond = _beyond([place for place, _ in before], last[1]) if len(before) == MOST_AHEAD else 0.0
    return tuple(key for _, key in before), beyond


def _beyond(read: Sequence[Place], until: datetime) -> float:
    """Guess how many stand behind the places that were read, if they came as often as those did."""
    came = [place.eligible_at for place in read if place.lane == NEW_LANE]
    if len(came) < _ENOUGH or came[-1] == came[0]:
        return 0.0
    often = (len(came) - 1) / (came[-1] - came[0]).total_seconds()
    return min(often * max((until - came[-1]).total_seconds(), 0.0), MOST_BEYOND)
