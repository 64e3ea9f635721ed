"""Three opinions on who knows best, each in standard deviations above the panel's average, and their sum.

The description (its nearest phrase), the nearest past questions (the phrases vote with them, as questions that were
answered before the first day), and a Dirichlet-smoothed language model per specialist that starts from the description.
Numbers below were chosen on two public sets of different kind, and are flat around their values: see docs/expertise.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt
from typing import TYPE_CHECKING

from undivided.expertise.model import asked_features
from undivided.expertise.panel import SHARPNESS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from undivided.expertise.asked import Asked
    from undivided.expertise.counts import Row
    from undivided.expertise.memory import Vote
    from undivided.expertise.model import Model
    from undivided.expertise.panel import Matches, Panel

_NEAREST = 10
_PHRASE_LATE, _PHRASE_EARLY, _PHRASE_FADES = 6.0, 800.0, 10.0
"""A phrase votes like 86 past questions at first, 33 at 20 answers per specialist, 6 in the end: it was written to be
found by, and while past questions are few the nearest of them is near by its small talk more than by its matter."""
_MU = 100 * 100
"""Dirichlet prior in hundredths of a word: a specialist with 100 counted words speaks half for themselves."""
_UNSEEN = 100
_POSTINGS = 1_500
"""(feature, specialist) pairs that are read for one question, rarest features first: this bounds the time."""
_WORDS_LATE = 30
"""Answers per specialist at which the language model has half its weight."""
_NEW = 40
"""Answers up to which a specialist borrows their description's opinion, where the others have twice as many."""
_CALM = 0.5
"""Added to each view's deviation: differences of a hair stay small even between two specialists."""
_NOTHING = 10.0
"""Votes that everybody has: about what a text votes that has nothing to do with the question."""

_NOBODY: Row = {}


@dataclass(frozen=True, slots=True)
class Opinions:
    """What each view says; every list has one number for each specialist of the panel."""

    described: list[float]
    remembered: list[float]
    worded: list[float]
    borrowed: list[float]
    """What newcomers were lifted by; 0 for all others."""
    total: list[float]
    matches: Matches
    shares: list[float]
    """How much of `remembered` comes from the description, 0 to 1; the rest comes from past questions."""
    numbers: list[int]
    """The model's number of each specialist, -1 for those it has never seen."""
    votes: list[Vote]
    known: float
    """Share of the question's features that this desk has met, 0 to 1."""


def opinions(asked: Asked, panel: Panel, model: Model) -> Opinions:
    """Ask all three views about a question."""
    vector = model.direction(asked)
    numbers = [model.numbers.get(one, -1) for one in panel.ids]
    places = {number: place for place, number in enumerate(numbers) if number >= 0}
    matches = panel.matches(vector)
    spoken = matches.votes
    ours = None if len(places) == len(model.numbers) else places
    votes = model.memory.nearest(vector, _NEAREST, ours)
    worded, known = _worded(asked_features(asked), panel, model, places)
    answers = [model.records[number].answers / 100 if number >= 0 else 0.0 for number in numbers]
    usual = sum(answers) / len(answers)
    worth = _PHRASE_LATE + _PHRASE_EARLY / (usual + _PHRASE_FADES)
    remembered = [worth * vote for vote in spoken]
    for vote in votes:
        remembered[places[vote.who]] += vote.weight * exp(SHARPNESS * vote.cosine)
    weight = usual / (usual + _WORDS_LATE)
    views = (
        _standard([log(vote + _NOTHING) for vote in spoken]),
        _standard([log(vote + _NOTHING) for vote in remembered]),
        [weight * value for value in _standard(worded)],
    )
    learned = [one + other for one, other in zip(views[1], views[2], strict=True)]
    borrowed = _borrowed(learned, [(1 + weight) * value for value in views[0]], answers, usual)
    total = [one + more for one, more in zip(learned, borrowed, strict=True)]
    shares = [(worth * own + _NOTHING) / (all_ + _NOTHING) for own, all_ in zip(spoken, remembered, strict=True)]
    return Opinions(*views, borrowed, total, matches, shares, numbers, votes, known)


def _borrowed(
    learned: Sequence[float], described: Sequence[float], answers: Sequence[float], usual: float
) -> list[float]:
    """Lift those with few answers towards what their description says; nobody is lowered."""
    enough = min(_NEW, usual / 2)
    if enough <= 0:
        return [0.0] * len(learned)
    shares = [max(0.0, 1 - count / enough) for count in answers]
    return [max(0.0, share * (says - have)) for share, says, have in zip(shares, described, learned, strict=True)]


def _standard(values: Sequence[float]) -> list[float]:
    """Say how many standard deviations each value lies above the average."""
    mean = sum(values) / len(values)
    spread = sqrt(sum((value - mean) ** 2 for value in values) / len(values)) + _CALM
    return [(value - mean) / spread for value in values]


def _worded(found: Sequence[int], panel: Panel, model: Model, places: dict[int, int]) -> tuple[list[float], float]:
    """Return each specialist's log-likelihood ratio of the question's words, and the share of words known."""
    lengths = list(panel.lengths)
    for number, place in places.items():
        lengths[place] += model.counts.lengths.get(number, 0)
    rows = [(panel.rows.get(feature, _NOBODY), model.counts.row(feature)) for feature in found]
    known = sorted(((len(said) + len(done), at) for at, (said, done) in enumerate(rows) if said or done))
    whole = sum(panel.lengths) + model.counts.whole
    scores, sure, read = [0.0] * len(lengths), 0.0, 0
    for size, at in known:
        read += size
        if read > _POSTINGS and sure:
            break
        said, done = rows[at]
        total = sum(said.values()) + sum(done.values())
        trust = total / (total + _UNSEEN)
        smooth = whole / (_MU * (total + _UNSEEN))
        sure += trust
        for place, amount in _together(said, done, places):
            scores[place] += trust * log(1 + amount * smooth)
    scored = [score - sure * log(1 + length / _MU) for score, length in zip(scores, lengths, strict=True)]
    return scored, len(known) / (len(found) or 1)


def _together(said: Row, done: Row, places: dict[int, int]) -> Iterable[tuple[int, int]]:
    """Add up a feature's amounts from descriptions and outcomes: (place, hundredths)."""
    row = {places[who]: amount for who, amount in done.items() if who in places}
    for place, amount in said.items():
        row[place] = row.get(place, 0) + amount
    return row.items()
