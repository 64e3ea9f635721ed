"""What follows when the roster changes: newcomers are welcomed, and whoever left loses what they have in focus.

Nothing is done here but asking the clock, by its queue: it has the rights and the decisions. The messages wait until
every function has read the new roster; one that comes twice, or for a roster that was never loaded, does nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from undivided.aws.queues import Queue, look, newcomer
from undivided.values import SpecialistId

if TYPE_CHECKING:
    from collections.abc import Mapping

    from undivided.ports import Desks

    from console.stack import Stack

UNTIL_READ = 90
"""Seconds. A function keeps the shop that it has read for a minute (aws/shopstore.py)."""


def announce(before: Mapping[str, Any], after: Mapping[str, Any], stack: Stack) -> Iterator[str]:
    """Ask the clock for what follows, and yield a line for each thing that it will do."""
    left = sorted(_ids(before) - _ids(after))
    for who, held in zip(left, map(len, _send_looks(left, stack)), strict=True):
        if held:
            yield f"handing over {held} of {who}'s conversations"
    for who in welcome([one["id"] for one in after["specialists"] if one["id"] not in _ids(before)], stack):
        yield f"welcoming {who}: the first answer to that mail proves the way back"


def welcome(newcomers: Iterable[str], stack: Stack) -> Iterator[str]:
    """Have the clock welcome each of them, in their hours and at most once a day; yield who."""
    timers = _timers(stack)
    for who in newcomers:
        timers.send(newcomer(SpecialistId(who)), UNTIL_READ)
        yield who


def unproven(shop: Mapping[str, Any], stack: Stack) -> list[str]:
    """Return the specialists who have not answered a welcome mail yet."""
    found = _desks(stack).desks([SpecialistId(one["id"]) for one in shop["specialists"]])
    return [who for who, desk in found.items() if desk.proven_at is None]


def _send_looks(left: Iterable[str], stack: Stack) -> Iterator[tuple[str, ...]]:
    """Have the clock look at every conversation that those who left have in focus; it hands over what is nobody's."""
    timers, desks = _timers(stack), _desks(stack)
    for who in left:
        held = tuple(desks.desk(SpecialistId(who)).focus)
        for conversation in held:
            timers.send(look(conversation), UNTIL_READ)
        yield held


def _ids(shop: Mapping[str, Any]) -> set[str]:
    return {one["id"] for one in shop.get("specialists", ())}


def _timers(stack: Stack) -> Queue:
    return Queue(stack.client("sqs"), stack.output("TimersQueueUrl"))


def _desks(stack: Stack) -> Desks:
    from undivided.aws.desks import Desks as Kept  # noqa: PLC0415 - boto3 is imported only when a stack is used
    from undivided.aws.dynamo import Store  # noqa: PLC0415

    return Kept(Store(stack.client("dynamodb"), stack.output("TableName")))
