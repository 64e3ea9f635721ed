"""What follows when the roster has changed, whichever way it came: by `undivided roster apply` or by a deployment.

The sweep looks at it every minute. Newcomers are welcomed; what whoever left has in focus or in line is looked at, and the
clock moves it on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from undivided.record import Roster
from undivided.runtime import Runtime
from undivided.steps.welcome import welcome
from undivided.values import ConversationId, SpecialistId

UNTIL_READ = timedelta(seconds=90)
"""A function keeps the shop that it has read for a minute: before this somebody might not know of a newcomer."""
MOST_PLACES = 200
"""So much of the line of somebody who left is looked at; the rest moves with the next timers."""


def follow_roster(rt: Runtime) -> int:
    """Do what follows once every function knows the new roster; return how many came or left."""
    known, now = rt.rosters.known(), rt.now()
    shop = rt.shop
    if known.shop == shop.version:
        return 0
    if known.coming != shop.version or known.seen_at is None:
        rt.rosters.save(replace(known, coming=shop.version, seen_at=now))
        return 0
    if now < known.seen_at + UNTIL_READ:
        return 0
    came = [who for who in shop.specialists if who not in known.people]
    left = [who for who in known.people if who not in shop.specialists]
    for who in came:
        welcome(who, rt)
    for who in left:
        for conversation in _with_them(who, rt):
            rt.schedules.remind_at(conversation, now, now)
    rt.rosters.save(Roster(known.version, shop.version, tuple(shop.specialists)))
    return len(came) + len(left)


def _with_them(who: SpecialistId, rt: Runtime) -> Iterable[ConversationId]:
    in_line = (conversation for _, conversation in rt.lines.first(who, MOST_PLACES))
    return dict.fromkeys((*rt.desks.desk(who).focus, *in_line))
