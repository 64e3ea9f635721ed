"""The parts of a score, each with the number it adds to the logarithm of the estimate and its reason.

No word of the question is repeated unless it stands in that specialist's own description: reasons go into mails and pages.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING
from zlib import crc32

from undivided.expertise.asked import Part, Reason
from undivided.expertise.features import words
from undivided.expertise.filters import asked_keys

if TYPE_CHECKING:
    from undivided.config import Shop
    from undivided.expertise.asked import Asked
    from undivided.expertise.model import Model
    from undivided.expertise.opinions import Opinions
    from undivided.expertise.panel import Panel
    from undivided.values import SpecialistId

Telling = list[tuple[str, dict[int, int]]]
"""Words of the question, and who (by place) has them in their description."""
_OWNED = {"sku": 1.5, "category": 1.2, "brand": 1.1}
"""Factors of a claim: who names the very article knows it better than who names its maker."""
_RETURNING = 1.3
"""Measured in the simulator: a bonus keeps pairs together, a rule would make them wait."""
_SALES_PRIOR = 10
"""Outcomes at the usual rate that everybody starts with."""
_SALES_LEAST, _SALES_MOST = 0.85, 1.2
_SAID = 60
"""Characters of a description's phrase that are quoted."""


def facts(asked: Asked, panel: Panel, shop: Shop, model: Model) -> dict[int, list[Part]]:
    """Return, by place, the parts that do not come from words: the product, the former conversation, sales."""
    found: dict[int, list[Part]] = {}
    keys = asked_keys(asked, shop)
    if keys:
        for place, theirs in enumerate(panel.claims):
            if kinds := [key[0] for key in keys if key in theirs]:
                found.setdefault(place, []).append(Part("product", log(_OWNED[kinds[0]]), Reason(kinds[0])))
    everybody = model.everybody
    if everybody.won and everybody.outcomes:
        usual = everybody.won / everybody.outcomes
        for place, one in enumerate(panel.ids):
            found.setdefault(place, []).append(_sales(one, model, usual))
    if asked.returning_to in panel.ids:
        place = panel.ids.index(asked.returning_to)
        found.setdefault(place, []).append(Part("returning", log(_RETURNING), Reason("returning")))
    return found


def views(said: Opinions, place: int, panel: Panel, told: Telling) -> tuple[Part, ...]:
    """Return the parts that come from words; values are those that `Opinions.total` adds up."""
    near, phrase = panel.nearest(place, said.matches)
    share = said.share(place)
    similar = sum(vote.who == said.numbers[place] for vote in said.votes)
    described = said.remembered[place] * share
    found = [Part("description", described, _described(near, phrase) if described >= 0 else Reason("undescribed"))]
    if similar:
        heard = said.remembered[place] * (1 - share)
        counted = {"own": str(similar), "of": str(len(said.votes))}
        found.append(Part("past", heard, Reason("past" if heard >= 0 else "past_behind", counted)))
    if worded := said.worded[place]:
        found.append(Part("words", worded, _spoken(place, said, told) if worded >= 0 else Reason("worded_others")))
    if said.borrowed[place]:
        found.append(Part("newcomer", said.borrowed[place], Reason("newcomer")))
    if room := said.room[place]:
        found.append(Part("room", room, Reason("room" if room >= 0 else "room_taken")))
    return tuple(found)


def _described(near: float, phrase: str) -> Reason:
    return Reason("described", {"phrase": phrase[:_SAID]}) if near > 0 and phrase else Reason("nearest")


def telling(text: str, panel: Panel) -> Telling:
    """Return the question's words that stand in some descriptions but not in most, rarest first."""
    rows = {word: panel.rows.get(crc32(word.encode()), {}) for word in dict.fromkeys(words(text))}
    some = [(word, row) for word, row in rows.items() if row and 2 * len(row) <= len(panel.ids)]
    return sorted(some, key=lambda one: len(one[1]))


def _spoken(place: int, said: Opinions, told: Telling) -> Reason:
    """Name up to two words that the question shares with this description and few others."""
    shared = [word for word, row in told if place in row][:2]
    if not shared and said.numbers[place] < 0:
        return Reason("nearest")
    args = dict(zip(("word", "other"), shared, strict=False))
    return Reason(("worded", "knows", "knows_both")[len(shared)], args)


def _sales(one: SpecialistId, model: Model, usual: float) -> Part:
    record = model.record(one)
    prior = 100 * _SALES_PRIOR
    rate = (record.won + prior * usual) / (record.outcomes + prior)
    factor = min(_SALES_MOST, max(_SALES_LEAST, rate / usual))
    return Part("sales", log(factor), Reason("sold_more" if factor >= 1 else "sold_less"))
