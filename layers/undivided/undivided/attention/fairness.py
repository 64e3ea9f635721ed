"""The soft handicap: whoever has worked more than the others lately counts a little less for the next question.

It decides near ties and nothing else: twice the mean costs 3 % of an estimate, and a head start begins only at 15 %.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import log
from statistics import fmean

from undivided.attention.duty import Given
from undivided.expertise.asked import Part, Ranking, Reason, Score
from undivided.promise.hours import week
from undivided.values import SpecialistId

HANDICAP = 0.97
"""Factor of an estimate for each time that the mean was worked above the mean."""
_ENOUGH = 3600.0
"""Working seconds of all together below which nobody has worked much more than anybody."""


def handicapped(ranking: Ranking, given: Given) -> Ranking:
    """Return the ranking with everybody's handicap in it, best first; only those whose desks were read have one."""
    relative = relative_work([one.specialist for one in ranking.scores], given)
    scores = (_counted(one, relative[one.specialist]) if one.specialist in relative else one for one in ranking.scores)
    return replace(ranking, scores=tuple(sorted(scores, key=lambda one: -one.estimate)))


def relative_work(several: list[SpecialistId], given: Given) -> Mapping[SpecialistId, float]:
    """Return each one's work lately for each hour of their week ÷ the mean; empty while there is little to tell."""
    known = [who for who in several if who in given.desks and _week(who, given)]
    worked = {who: given.desks[who].work.lately(given.now) for who in known}
    if sum(worked.values()) < _ENOUGH:
        return {}
    busy = {who: worked[who] / _week(who, given) for who in known}
    mean = fmean(busy.values())
    return {who: one / mean for who, one in busy.items()}


def _week(who: SpecialistId, given: Given) -> int:
    person = given.specialist(who)
    return week(person.hours) if person else 0


def _counted(score: Score, relative: float) -> Score:
    factor = HANDICAP ** (relative - 1)
    part = Part("fairness", log(factor), Reason("worked_more" if relative > 1 else "worked_less"))
    return replace(score, estimate=score.estimate * factor, parts=(*score.parts, part) if score.parts else ())
