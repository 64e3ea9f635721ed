"""Three opinions on who knows best, each in standard deviations above the panel's average, and their sum.

The description (its nearest phrase), the nearest past questions (the phrases vote with them, as questions that were
answered before the first day), and a Dirichlet-smoothed language model per specialist that starts from the description.
In a script that the table of pieces does not know a question points nowhere: there the words have the first two's say.
Numbers below were chosen on two public sets of different kind, and are flat around their values: see docs/expertise.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from heapq import nlargest
from math import exp, log, sqrt
from operator import mul
from typing import TYPE_CHECKING

from undivided.expertise.counts import Counts
from undivided.expertise.features import asked_features, asked_text, words
from undivided.expertise.panel import MU, SHARPNESS, enough
from undivided.expertise.pieces import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from undivided.expertise.asked import Asked
    from undivided.expertise.counts import Row
    from undivided.expertise.memory import Vote
    from undivided.expertise.model import Model
    from undivided.expertise.panel import Matches, Panel, Standing

_NEAREST = 10
_PHRASE_LATE, _PHRASE_EARLY, _PHRASE_FADES = 6.0, 800.0, 10.0
"""A phrase votes like 86 past questions at first, 33 at 20 answers per specialist, 6 in the end: it was written to be
found by, and while past questions are few the nearest of them is near by its small talk more than by its matter."""
_UNSEEN = 100
_POSTINGS = 1_000
"""(feature, specialist) pairs that are read for one question, rarest features first: this bounds the time."""
_WORDS_LATE = 30
"""Answers per specialist at which the language model has half its weight."""
_FULL = 2.0
"""Up to half of the answers that end it, newcomers are lent and given room in full."""
_LENT, _SPEAKS = 0.5, 0.9
"""A newcomer without an answer is heard half by what the views say and half by their description, measured against what the
others have learned."""
_KNOWN = 10.0
"""Answers at which somebody is half known: from there on their description is lent half as much."""
_FAIR, _LARGER, _LEAST_ROOM, _MOST_ROOM = 10, 1.8, -0.2, 0.6
"""Room that newcomers get besides, in units of the learned views: 0 on a panel of 10, more on a larger one. At the same lift a
newcomer costs the others 14 points divided by the number of specialists (measured on fourteen desks of 6 to 25)."""
_ROOM, _ROOM_KNOWN = 0.15, 0.45
"""The rest of it: at no answer, and what is added when somebody is known."""
_STRANGE = 2.0
"""Room for each cosine that a question is farther from what colleagues have answered than from their own answers."""
_FAR, _NEAR, _EXPECTED = 0.5, 0.9, 0.7
"""Cosines beyond which a past question is just far or near, and how near their first answers are expected to be."""
_CALM = 0.5
"""Added to each view's deviation: differences of a hair stay small even between two specialists."""
_NOTHING = 10.0
"""Votes that everybody has: about what a text votes that has nothing to do with the question."""

_NOBODY: Row = {}
_NO_ANSWERS = Counts()


@dataclass(frozen=True, slots=True)
class Opinions:
    """What each view says; every list has one number for each specialist of the panel."""

    remembered: list[float]
    worded: list[float]
    borrowed: list[float]
    """What newcomers were moved by towards their description; 0 for all others."""
    room: list[float]
    """What newcomers got besides; 0 for all others."""
    total: list[float]
    matches: Matches
    heard: dict[int, float]
    """Place -> sum of the votes of past questions, in the unit of `matches.votes`."""
    numbers: Sequence[int]
    """The model's number of each specialist, -1 for those it has never seen."""
    votes: list[Vote]
    lead: float
    """How far the best one's words stand out from all others': a log-likelihood ratio, by the root of the features read."""

    known: float
    """Share of the question's features that stand in a description or were heard before."""
    unread: float
    """Share of the question's letters that point nowhere, so that words are all there is to go by; 0 in Latin letters."""

    def share(self, place: int) -> float:
        """Say how much of `remembered` comes from the description, 0 to 1; the rest comes from past questions."""
        own = self.matches.votes[place] + _NOTHING
        return own / (own + self.heard.get(place, 0.0))


def opinions(asked: Asked, panel: Panel, model: Model) -> Opinions:
    """Ask all three views about a question."""
    standing = panel.standing(model)
    vector = model.direction(asked)
    matches = panel.matches(vector)
    ours = None if standing.whole_desk else standing.places
    votes = model.memory.nearest(vector, _NEAREST, ours, standing.scarce)
    heard = _heard(votes, standing)
    spoken = [log(vote + _NOTHING) for vote in matches.votes]
    remembered = list(spoken)
    for place, vote in heard.items():
        remembered[place] = log(matches.votes[place] + vote + _NOTHING)
    found, unread = asked_features(asked), _unread(asked_text(asked))
    heeded = standing.usual / (standing.usual + _WORDS_LATE)
    weight = heeded + (1 - heeded) * unread
    remembered, spoken = _standard(remembered), _standard(spoken)
    if unread:
        described = _standard(_worded(found, panel, _NO_ANSWERS, panel.untaught))
        remembered, spoken = (_mixed(view, described, unread) for view in (remembered, spoken))
    likely = _worded(found, panel, model.counts, standing)
    worded = [weight * value for value in _standard(likely)]
    learned = [one + other for one, other in zip(remembered, worded, strict=True)]
    borrowed, room = _borrowed(learned, spoken, votes, weight, standing)
    total = [sum(three) for three in zip(learned, borrowed, room, strict=True)]
    lead = (max(likely) - sum(likely) / len(likely)) / sqrt(len(found) or 1)
    known = sum(feature in panel.rows or model.counts.size(feature) > 0 for feature in found) / (len(found) or 1)
    return Opinions(
        remembered,
        worded,
        borrowed,
        room,
        total,
        matches,
        heard,
        standing.numbers,
        votes[:_NEAREST],
        lead,
        known,
        unread,
    )


def _unread(text: str) -> float:
    """Say how many of a text's letters, 0 to 1, no piece begins with."""
    letters = "" if text.isascii() else "".join(words(text))
    return sum(map(_strange_letter, letters)) / (len(letters) or 1)


@cache
def _strange_letter(letter: str) -> bool:
    return not table().pieces(letter)


def _mixed(view: Sequence[float], other: Sequence[float], share: float) -> list[float]:
    return [(1 - share) * one + share * two for one, two in zip(view, other, strict=True)]


def _heard(votes: Sequence[Vote], standing: Standing) -> dict[int, float]:
    """Add up the votes of past questions by place, weighed against phrases."""
    worth = _PHRASE_LATE + _PHRASE_EARLY / (standing.usual + _PHRASE_FADES)
    heard: dict[int, float] = {}
    for vote in votes:
        place = standing.places[vote.who]
        weight = vote.weight * standing.scarce.get(vote.who, 1.0)
        heard[place] = heard.get(place, 0.0) + weight * exp(SHARPNESS * vote.cosine) / worth
    return heard


def _borrowed(
    learned: Sequence[float], described: Sequence[float], votes: Sequence[Vote], weight: float, standing: Standing
) -> tuple[list[float], list[float]]:
    """Move those with few answers towards what their description says, and give them room."""
    lent, given = [0.0] * len(learned), [0.0] * len(learned)
    ends = enough(standing.usual)
    new = [place for place, count in enumerate(standing.answers) if count < ends]
    by_size = min(_MOST_ROOM, max(_LEAST_ROOM, _LARGER * log(len(learned) / _FAIR)))
    near = _nearness(votes) if new else {}
    first, second = nlargest(2, [*near.values(), _FAR, _FAR])
    for place in new:
        count = standing.answers[place]
        share, known = min(1.0, _FULL * (1 - count / ends)), count / (count + _KNOWN)
        lent[place] = share * _LENT * (1 - known) * (_SPEAKS * (1 + weight) * described[place] - learned[place])
        strange = _strange(known, near.get(standing.numbers[place], _FAR), first, second) if near else 0.0
        given[place] = share * weight * (by_size + _ROOM + _ROOM_KNOWN * known + _STRANGE * strange)
    return lent, given


def _nearness(votes: Sequence[Vote]) -> dict[int, float]:
    """Return how near each specialist's nearest past question is, by number; {} if the question points nowhere."""
    near: dict[int, float] = {}
    for vote in votes:
        if vote.cosine > 0:
            near[vote.who] = max(near.get(vote.who, _FAR), min(_NEAR, vote.cosine))
    return near


def _strange(known: float, theirs: float, first: float, second: float) -> float:
    """Say how much nearer a question is to a newcomer's answers than to their colleagues' (the two nearest of all are given).

    What nobody was ever asked is likelier to be theirs: of their own questions hardly any came before they did.
    """
    return known * theirs + (1 - known) * _EXPECTED - (first if theirs < first else second)


def _standard(values: Sequence[float]) -> list[float]:
    """Say how many standard deviations each value lies above the average."""
    mean = sum(values) / len(values)
    spread = sqrt(max(0.0, sum(map(mul, values, values)) / len(values) - mean * mean)) + _CALM
    return [(value - mean) / spread for value in values]


def _worded(found: Sequence[int], panel: Panel, counts: Counts, standing: Standing) -> list[float]:
    """Return each specialist's log-likelihood ratio of the question's words, rarest words first."""
    sizes = ((len(panel.rows.get(feature, _NOBODY)) + counts.size(feature), feature) for feature in found)
    scores, sure, read = [0.0] * len(panel.ids), 0.0, 0
    for size, feature in sorted(one for one in sizes if one[0]):
        read += size
        if read > _POSTINGS and sure:
            break
        said, done = panel.rows.get(feature, _NOBODY), counts.row(feature)
        total = sum(said.values()) + sum(done.values())
        trust = total / (total + _UNSEEN)
        smooth = standing.length / (MU * (total + _UNSEEN))
        sure += trust
        for place, amount in _together(said, done, standing.places).items():
            scores[place] += trust * log(1 + amount * smooth)
    return [score - sure * burden for score, burden in zip(scores, standing.burdens, strict=True)]


def _together(said: Row, done: Row, places: dict[int, int]) -> Row:
    """Add up a feature's amounts from descriptions and outcomes: place -> hundredths."""
    row = {places[who]: amount for who, amount in done.items() if who in places}
    for place, amount in said.items():
        row[place] = row.get(place, 0) + amount
    return row
