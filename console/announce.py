"""Welcome again who has not answered a welcome mail yet.

Nothing is done here but asking the clock, by its queue: it has the rights and the decisions. What follows from a change of
the roster it does by itself (undivided/steps/roster.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from undivided.aws.queues import Queue, newcomer
from undivided.values import SpecialistId

if TYPE_CHECKING:
    from collections.abc import Mapping

    from undivided.ports.attention import Desks

    from console.stack import Stack


def welcome(newcomers: Iterable[str], stack: Stack) -> Iterator[str]:
    """Have the clock welcome each of them, in their hours and at most once a day; yield who."""
    timers = _timers(stack)
    for who in newcomers:
        timers.send(newcomer(SpecialistId(who)))
        yield who


def unproven(shop: Mapping[str, Any], stack: Stack) -> list[str]:
    """Return the specialists who have not answered a welcome mail yet."""
    found = _desks(stack).desks([SpecialistId(one["id"]) for one in shop["specialists"]])
    return [who for who, desk in found.items() if desk.proven_at is None]


def _timers(stack: Stack) -> Queue:
    return Queue(stack.client("sqs"), stack.output("TimersQueueUrl"))


def _desks(stack: Stack) -> Desks:
    from undivided.aws.desks import Desks as Kept  # noqa: PLC0415 - boto3 is imported only when a stack is used
    from undivided.aws.dynamo import Store  # noqa: PLC0415

    return Kept(Store(stack.client("dynamodb"), stack.output("TableName")))
