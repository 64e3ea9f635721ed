"""`undivided report routing`: whether questions come to the right person at once, by week and by who got them first.

Read from every conversation that is still kept. What counts is what people did: the first answer came from whoever got the
question first, and nobody handed it over. A desk on which routing learns shows that share growing from week to week.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from undivided.outbox import Kind
from undivided.record import Record
from undivided.shopjson import shop_from
from undivided.state import HandOver
from undivided.values import SHOPPER, SpecialistId, Unusable

from console.report import NOBODY, records
from console.roster import applied

if TYPE_CHECKING:
    from console.stack import Stack


@dataclass(frozen=True, slots=True)
class Routed:
    """How one question found its answer."""

    asked: datetime
    first: SpecialistId
    """Who was brought it first."""
    by: SpecialistId
    """Who gave the first answer."""
    not_mine: bool
    fits: bool
    best: bool
    """It came first to the best match of its ranking."""
    explored: bool

    @property
    def straight(self) -> bool:
        return self.by == self.first

    @property
    def week(self) -> str:
        year, week, _ = self.asked.isocalendar()
        return f"{year}-W{week:02d}"


def routing(stack: Stack) -> int:
    """Print the report; return 0."""
    shop = applied(stack.client("s3"), stack.output("ConfigBucket"))
    if shop is None:
        raise Unusable(f"{stack.name} has no shop yet; run `undivided roster apply` first")
    print("\n".join(told(became(records(stack)), stack.name, shop_from(shop).fallback)))
    return 0


def became(several: Iterable[Record]) -> list[Routed]:
    """Return all questions that somebody has answered, oldest first."""
    return sorted((one for record in several if (one := _of(record))), key=lambda one: one.asked)


def _of(record: Record) -> Routed | None:
    one = record.conversation
    first = next((entry.mail.to for entry in record.entries if entry.mail.kind is Kind.QUESTION), None)
    answers = (said for said in record.messages if said.author != SHOPPER and not said.note)
    answer = next((said for said in answers if said.number not in one.taken_back), None)
    if first is None or answer is None:
        return None
    return Routed(
        asked=one.asked_at,
        first=SpecialistId(first),
        by=SpecialistId(answer.author),
        not_mine=HandOver.NOT_MINE in one.former.values(),
        fits=one.fits,
        best=bool(one.ranking) and one.ranking[0].specialist == first,
        explored=one.explored == first,
    )


# --- in words ---------------------------------------------------------------------------------------------------


def told(several: Sequence[Routed], name: str, fallback: SpecialistId) -> list[str]:
    """Return the lines that are printed: the whole, each week, each who got questions first, and what was tried."""
    if not several:
        return [f"{name}: no question has been answered yet"]
    columns = ("questions", "first", "best", "not mine", "fallback", "unfit")
    return [
        f"Answered questions of {name}: shares in which whoever got it first gave the first answer (first), the best match got",
        "it first (best), somebody said that it is not their field, the fallback person answered, nobody fitted (unfit)",
        "",
        f"{'':<14}" + "".join(f"{one:>10}" for one in columns),
        _row("all", several, fallback),
        "",
        *_rows(several, lambda one: one.week, fallback),
        "",
        *_rows(several, lambda one: str(one.first or NOBODY), fallback),
        *_explored(several),
    ]


def _rows(several: Sequence[Routed], by: Callable[[Routed], str], fallback: SpecialistId) -> Iterator[str]:
    for name, some in groupby(sorted(several, key=by), by):
        yield _row(name, list(some), fallback)


def _row(name: str, several: Sequence[Routed], fallback: SpecialistId) -> str:
    shares = (
        sum(one.straight for one in several),
        sum(one.best for one in several),
        sum(one.not_mine for one in several),
        sum(one.by == fallback for one in several),
        sum(not one.fits for one in several),
    )
    return f"{name:<14}{len(several):>10}" + "".join(f"{count / len(several):>10.0%}" for count in shares)


def _explored(several: Sequence[Routed]) -> Iterator[str]:
    tried = [one for one in several if one.explored]
    if tried:
        well = sum(one.straight for one in tried) / len(tried)
        yield ""
        yield f"{len(tried)} came to somebody whom the desk should get to know (explored); they answered {well:.0%} of them"
