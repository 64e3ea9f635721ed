"""What would become of a question asked now: the router's own decision, on reads alone, and what would have changed it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import cast

from undivided.attention.duty import Given
from undivided.attention.fairness import handicapped
from undivided.config import Hours, Shop, Window
from undivided.conversation import accept
from undivided.desk import Desk
from undivided.expertise.asked import Ranking, Score
from undivided.expertise.model import Model
from undivided.expertise.ranking import rank
from undivided.parts import MOST_RANKED
from undivided.ports.attention import Desks, Lines
from undivided.promise.calibration import Calibration
from undivided.promise.estimate import Promise
from undivided.question import About, Question, Shopper
from undivided.runtime import Runtime
from undivided.state import Place, Ranked
from undivided.steps.ask import first_promise
from undivided.steps.given import MOST_AHEAD, asked_of, ring_given
from undivided.values import Address, ConversationId, SpecialistId

LOOKED_AT = 3
"""So many of the best are asked about with "what if"."""
_ALWAYS = tuple(Window(day, 0, 1440) for day in range(7))
_NOBODY = Address("dry-run@example.invalid")


@dataclass(frozen=True, slots=True)
class Dry:
    """As much of a runtime as deciding needs. It has no port that writes: a dry run cannot leave anything behind."""

    shop: Shop
    model: Model
    calibration: Calibration
    desks: Desks
    lines: Lines
    at: datetime

    def now(self) -> datetime:
        return self.at

    @property
    def runtime(self) -> Runtime:
        """Itself, for the steps that only read: whoever asks it for another port gets an `AttributeError`."""
        return cast("Runtime", self)


class NoDesks:
    """Desks of a shop that has not begun: nobody has anything in focus."""

    def desk(self, specialist: SpecialistId) -> Desk:
        return Desk(specialist)

    def desks(self, specialists: Iterable[SpecialistId]) -> Mapping[SpecialistId, Desk]:
        return {one: Desk(one) for one in specialists}

    def save(self, desk: Desk, now: datetime) -> Desk:
        raise AssertionError(f"a dry run saves no desk, neither that of {desk.specialist} at {now}")


class NoLines:
    """Empty lines."""

    def first(self, specialist: SpecialistId, limit: int) -> tuple[tuple[Place, ConversationId], ...]:
        del specialist, limit
        return ()

    def ahead(self, specialist: SpecialistId, when: datetime, most: int = MOST_AHEAD) -> int:
        del specialist, when, most
        return 0

    def remove(self, place: Place, conversation: ConversationId) -> None:
        raise AssertionError(f"a dry run removes no place, neither {place} of {conversation}")


@dataclass(frozen=True, slots=True)
class Asking:
    """The question of a dry run."""

    text: str
    language: str
    sku: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Who gets a question: one specialist at once, or several lines to stand in, in the order of their turn."""

    at_once: SpecialistId | None
    places: tuple[Place, ...]

    @property
    def key(self) -> tuple[SpecialistId | None, tuple[SpecialistId, ...]]:
        """What counts as another choice: how long a head start lasts does not."""
        return self.at_once, () if self.at_once else tuple(one.specialist for one in self.places)


@dataclass(frozen=True, slots=True)
class Change:
    """Something that might have been otherwise, and the choice that it would have led to."""

    what: str
    choice: Choice


@dataclass(frozen=True, slots=True)
class Outlook:
    """All that a dry run found."""

    asking: Asking
    ranking: Ranking
    given: Given
    choice: Choice
    places: tuple[Place, ...]
    """The lines that it stands in, or would, were nobody ready."""
    ahead: Mapping[SpecialistId, int]
    promise: Promise | None
    changes: tuple[Change, ...] = field(default=())


def look(asking: Asking, rt: Dry) -> Outlook:
    """Decide as intake and router would at `rt.at`, then decide again under each thing that might have been otherwise."""
    ranking = _ranking(asking, rt)
    given = ring_given(
        [Ranked(one.specialist, one.estimate) for one in ranking.scores[:MOST_RANKED]], rt.runtime, rt.at
    )
    shown = [one.specialist for one in ranking.scores[:MOST_RANKED]] or [rt.shop.fallback]
    ranking = handicapped(ranking, given)
    return Outlook(
        asking,
        ranking,
        given,
        _choose(asking, ranking, given),
        _choose(asking, ranking, replace(given, ahead=frozenset(given.desks))).places,
        {who: rt.lines.ahead(who, rt.at, MOST_AHEAD) for who in shown},
        first_promise(_shopper(asking), About(sku=asking.sku), asking.text, rt.runtime),
        tuple(_changes(asking, ranking, given, rt)),
    )


def _ranking(asking: Asking, rt: Dry) -> Ranking:
    return rank(asked_of(_shopper(asking), About(sku=asking.sku), asking.text, rt.shop), rt.shop, rt.model)


def _shopper(asking: Asking) -> Shopper:
    return Shopper("", _NOBODY, asking.language)


def _choose(asking: Asking, ranking: Ranking, given: Given) -> Choice:
    about = About(sku=asking.sku)
    question = Question(ConversationId("dryrun"), _shopper(asking), about, asking.text, given.now, promise=None)
    after = accept(question, ranking, given).after
    places = sorted(after.places, key=lambda one: (one.lane, one.eligible_at))
    return Choice(after.with_whom, tuple(places))


# --- what might have been otherwise -----------------------------------------------------------------------------


def _changes(asking: Asking, ranking: Ranking, given: Given, rt: Dry) -> Iterator[Change]:
    for what, other in _other_questions(asking, rt.shop):
        others = _ranking(other, rt)
        read = ring_given(
            [Ranked(one.specialist, one.estimate) for one in others.scores[:MOST_RANKED]], rt.runtime, rt.at
        )
        yield Change(what, _choose(other, handicapped(others, read), read))
    if given.shop.paused:
        yield Change("were the desk not paused", _choose(asking, ranking, _unpaused(given)))
    for one in ranking.scores[:LOOKED_AT]:
        name = given.shop.specialists[one.specialist].name
        what, change = _otherwise(one, given)
        yield Change(what.format(name), _choose(asking, ranking, change(given, one.specialist)))


def _other_questions(asking: Asking, shop: Shop) -> Iterator[tuple[str, Asking]]:
    if asking.sku:
        yield "without the product", replace(asking, sku="")
    for language in shop.languages:
        if language != asking.language:
            yield f"asked in {language}", replace(asking, language=language)


def _otherwise(one: Score, given: Given) -> tuple[str, Callable[[Given, SpecialistId], Given]]:
    """Whoever is ready might be away; whoever is not might be."""
    ready = given.ready(one.specialist) and one.specialist not in given.ahead
    return ("were {} away", _away) if ready else ("were {} free", _free)


def _away(given: Given, who: SpecialistId) -> Given:
    return replace(given, desks={**given.desks, who: replace(given.desk(who), silent=True)})


def _free(given: Given, who: SpecialistId) -> Given:
    person = replace(given.shop.specialists[who], hours=Hours(given.shop.specialists[who].hours.zone, _ALWAYS))
    shop = replace(given.shop, specialists={**given.shop.specialists, who: person})
    ahead = frozenset(given.ahead) - {who}
    return replace(given, shop=shop, desks={**given.desks, who: Desk(who)}, ahead=ahead)


def _unpaused(given: Given) -> Given:
    return replace(given, shop=replace(given.shop, paused=False))
