"""Does anybody fit at all? Judged by raw likeness, never by how the specialists compare: somebody is always first.

The threshold is the lowest twentieth of the fits of the newest questions that somebody did answer; so about one
question in twenty goes to the fallback person by mistake, whatever the desk, its languages and its state of learning.
Only the newer two thirds of those that are kept are read: older ones fitted a desk that knew less.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING
from zlib import crc32

from undivided.expertise.features import asked_text, words
from undivided.expertise.pieces import MOST, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from undivided.expertise.asked import Asked
    from undivided.expertise.model import Model
    from undivided.expertise.opinions import Opinions
    from undivided.expertise.panel import Panel

_QUANTILE = 0.05
_STANDING_OUT, _LEAD = 0.1, 0.1
"""What counts besides for each standard deviation of the best, and for each unit by which their words stand out."""
_FAMILIAR = 0.05
"""A question whose words are e times as frequent here as anywhere is as good as one that is 0.05 nearer; 0.02 to 0.1
catch alike."""
_WORDS_ASKED = 7
"""Distinct words of a usual question."""
_SMOOTH = 60
"""Words that every desk is taken to have heard as often as all the world says them."""
_WORLD, _FIRST = 0.1, 10
"""Zipf's law: of all words, 0.1 / (10 + place) are the one at this place from common to rare."""
_COMMON, _SMALL_TALK = 50, 4.0
_LEAST = 0.2
"""What the commonest word weighs; a rare one weighs seven."""
_ENOUGH = 40
"""Answered questions from which their own fits set the threshold."""
_AT_FIRST = 0.22
"""Threshold before: what at most one in twenty questions falls below on descriptions alone, on all five sets."""


def fit_of(said: Opinions, asked: Asked, panel: Panel, model: Model) -> float:
    """Return how much a question looks like what this desk knows: its nearest phrase or past question, first of all.

    How familiar its words are adds something, and a little how far the best specialist stands out, on a panel's scale and
    in plain likelihood: alone, all of them are poor judges. Where letters point nowhere, a question is as near as the share of its
    features that the desk knows: from the first day on that loses about as many of its own as cosines do. The room of newcomers is left out: strange questions have more of it.
    """
    nearest = max((vote.cosine for vote in said.votes), default=0.0)
    near = max(nearest, said.matches.near, 0.0)
    near = (1 - said.unread) * near + said.unread * said.known
    best = max(total - room for total, room in zip(said.total, said.room, strict=True))
    return near + _FAMILIAR * familiar(asked_text(asked), panel, model) + _STANDING_OUT * best + _LEAD * said.lead


def familiar(text: str, panel: Panel, model: Model) -> float:
    """Say how much more often this desk hears a text's words than the world does, as a mean logarithm.

    Rare words weigh more: "the" is heard everywhere. A word never heard takes away the more, the more was asked.
    """
    heard = _WORDS_ASKED * model.everybody.answers / 100 + _SMOOTH
    weighed, weights = 0.0, 0.0
    for word in list(dict.fromkeys(words(text)))[:MOST]:
        feature, place = crc32(word.encode()), table().rarity(word)
        world = _WORLD / (place + _FIRST)
        here = sum(model.counts.row(feature).values()) / 100 + len(panel.rows.get(feature, ()))
        weight = max(_LEAST, log(place + _COMMON) - _SMALL_TALK)
        weighed += weight * log((here + _SMOOTH * world) / (heard * world))
        weights += weight
    return weighed / weights if weights else 0.0


def threshold(fits: Sequence[float]) -> float:
    """Return the fit below which nobody fits."""
    if len(fits) < _ENOUGH:
        return _AT_FIRST
    newer = list(fits)[-max(_ENOUGH, 2 * len(fits) // 3) :]
    return sorted(newer)[int(_QUANTILE * len(newer))]
