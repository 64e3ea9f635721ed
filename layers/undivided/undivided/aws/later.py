"""Putting off a queue's message that failed: it comes again when it is likely to be cured, not when its time is up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from undivided.aws.faults import translated

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

OTHERS = (60, 600, 3600, 21600)
"""Seconds before the second, third, fourth and fifth attempt where somebody else's server failed; then the queue sets
it aside."""
OURS = (5, 60, 300, 1200)
"""The same where AWS failed, or something had not arrived yet: most is cured at once, and some outages last for half an
hour."""


@dataclass(frozen=True, slots=True)
class Later:
    """Keeps a message out of sight of its queue's readers for as long as its next attempt is away."""

    client: SQSClient
    queue: str
    pauses: tuple[int, ...] = OTHERS

    def put_off(self, receipt: str, attempt: int) -> None:
        """`attempt` counts from 1: the one that has just failed."""
        seconds = self.pauses[min(attempt, len(self.pauses)) - 1]
        with translated():
            self.client.change_message_visibility(QueueUrl=self.queue, ReceiptHandle=receipt, VisibilityTimeout=seconds)
