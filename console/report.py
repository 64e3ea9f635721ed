"""`undivided report promises`: what became of the reply times that shoppers were told, by week and by specialist.

Read from the outbox of every conversation that is still kept (`pace.retention`), so that it agrees with the mails that
left: what the shopper was told first is in the acknowledgement, later times in their own mails, the end is the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING

from undivided.outbox import Entry, Kind
from undivided.promise.scoring import overshoot, summary
from undivided.record import Record
from undivided.values import SHOPPER, SpecialistId, moment

if TYPE_CHECKING:
    from undivided.aws.wire import Item

    from console.stack import Stack

BEGINS = frozenset({Kind.ACK, Kind.QUEUED})
"""Mails that tell a first time: for a question, and for what a shopper writes later."""
NOBODY = "nobody yet"


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of one promise: the time told first counts."""

    made: datetime
    due: datetime
    answered: datetime | None
    """None: still waited for, and overdue."""
    by: SpecialistId | None = None
    revisions: int = 0

    @property
    def kept(self) -> bool:
        return self.answered is not None and self.answered <= self.due

    @property
    def overshoot(self) -> float | None:
        """(Promised - real) ÷ real, in time on the wall; None while nobody has answered."""
        return overshoot(self.made, self.due, self.answered) if self.answered else None

    @property
    def week(self) -> str:
        year, week, _ = self.made.isocalendar()
        return f"{year}-W{week:02d}"


def promises(stack: Stack) -> int:
    """Print the report; return 0."""
    print("\n".join(told(became(records(stack), datetime.now(UTC)), stack.name)))
    return 0


def became(several: Iterable[Record], now: datetime) -> list[Kept]:
    """Return all promises that have ended or are overdue, oldest first; one that may still be kept is left out."""
    return sorted((kept for one in several for kept in _of(one, now)), key=lambda kept: kept.made)


def _of(record: Record, now: datetime) -> Iterator[Kept]:
    """Follow one conversation's mails to the shopper: told, told anew, answered; and again when they write later."""
    open_: list[Entry] = []
    for entry in record.entries_to(SHOPPER):
        if "promise_due" in entry.mail.data and (open_ or entry.mail.kind in BEGINS or entry.mail.kind is Kind.REVISED):
            open_.append(entry)
        elif entry.mail.kind is Kind.ANSWER and open_:
            message = record.message(entry.mail.message)
            who = SpecialistId(message.author) if message else record.conversation.answered_by
            yield _kept(record, open_, entry.created_at, who)
            open_ = []
    if open_ and moment(open_[0].mail.data["promise_due"]) < now and record.conversation.outcome is None:
        yield _kept(record, open_, None, record.conversation.specialist)


def _kept(record: Record, open_: Sequence[Entry], answered: datetime | None, by: SpecialistId | None) -> Kept:
    first = open_[0]
    made = record.conversation.asked_at if first.mail.kind is Kind.ACK else first.created_at
    return Kept(made, moment(first.mail.data["promise_due"]), answered, by, len(open_) - 1)


# --- in words ---------------------------------------------------------------------------------------------------


def told(several: Sequence[Kept], name: str) -> list[str]:
    """Return the lines that are printed: the whole, each week, each specialist."""
    if not several:
        return [f"{name}: no promise has ended yet"]
    head = f"{'':<14}{'promises':>9}{'kept':>7}{'missed':>8}{'revised':>9}{'overshoot':>11}"
    return [
        f"Promises of {name}: the time that a shopper was told first (overshoot: median of promised ÷ real - 1)",
        "",
        head,
        _row("all", several),
        "",
        *_rows(several, lambda one: one.week),
        "",
        *_rows(several, lambda one: str(one.by or NOBODY)),
    ]


def _rows(several: Sequence[Kept], by: Callable[[Kept], str]) -> Iterator[str]:
    for name, some in groupby(sorted(several, key=by), by):
        yield _row(name, list(some))


def _row(name: str, several: Sequence[Kept]) -> str:
    found = summary(several)
    missed, revised = (round(share * found.promises) for share in (1 - found.kept, found.revised))
    middle = "-" if found.median_overshoot is None else f"{found.median_overshoot:+.0%}"
    return f"{name:<14}{found.promises:>9}{found.kept:>7.0%}{missed:>8}{revised:>9}{middle:>11}"


# --- from the table ---------------------------------------------------------------------------------------------


def records(stack: Stack) -> Iterator[Record]:
    """Read every conversation with its messages and its outbox."""
    from undivided.aws import items  # noqa: PLC0415 - boto3 is imported only when a stack is used

    partitions: dict[str, list[Item]] = {}
    for one in _scanned(stack):
        partitions.setdefault(str(one["pk"]), []).append(one)
    for several in partitions.values():
        ordered = sorted(several, key=lambda one: str(one["sk"]))
        head = next((one for one in ordered if one["sk"] == "META"), None)
        if head is not None:
            yield Record(
                items.conversation(head),
                tuple(items.read_message(one) for one in ordered if str(one["sk"]).startswith("MSG#")),
                tuple(items.read_entry(one) for one in ordered if str(one["sk"]).startswith("OUT#")),
            )


def _scanned(stack: Stack) -> Iterator[Item]:
    from undivided.aws.wire import item  # noqa: PLC0415 - as above

    pages = stack.client("dynamodb").get_paginator("scan")
    for page in pages.paginate(
        TableName=stack.output("TableName"),
        FilterExpression="begins_with(pk, :kind)",
        ExpressionAttributeValues={":kind": {"S": "CONV#"}},
    ):
        yield from (item(one) for one in page["Items"])
