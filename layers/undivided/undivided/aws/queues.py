"""Queues and schedules: what waits for somebody to take it up."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

from undivided.aws.faults import translated
from undivided.errors import Fault, Unavailable
from undivided.values import ConversationId, SpecialistId

if TYPE_CHECKING:
    from mypy_boto3_scheduler import EventBridgeSchedulerClient
    from mypy_boto3_sqs import SQSClient

LONGEST_DELAY = 900
"""Seconds (SQS SendMessage); what is later goes to the Scheduler, which is precise to the minute only."""
_BATCH = 10
_BATCH_BYTES = 262_144
_TAKEN_ALREADY = "ConflictException"


@dataclass(frozen=True, slots=True)
class Queue:
    """The adapter behind the port of the same name."""

    client: SQSClient
    url: str

    def send(self, body: str, delay_seconds: int = 0) -> None:
        with translated():
            self.client.send_message(QueueUrl=self.url, MessageBody=body, DelaySeconds=delay_seconds)

    def send_all(self, bodies: Iterable[str]) -> None:
        for batch in _batches(bodies):
            entries: Any = [{"Id": str(number), "MessageBody": body} for number, body in enumerate(batch)]
            with translated():
                answer = self.client.send_message_batch(QueueUrl=self.url, Entries=entries)
            if failed := answer.get("Failed", []):
                raise Unavailable(f"{len(failed)} of {len(batch)} messages were not taken", failed[0]["Code"])


@dataclass(frozen=True, slots=True)
class Lessons:
    """The adapter behind the port of the same name: a FIFO queue of one group, which has one reader at a time."""

    client: SQSClient
    url: str

    def send(self, body: str, name: str) -> None:
        with translated():
            self.client.send_message(
                QueueUrl=self.url, MessageBody=body, MessageGroupId="lessons", MessageDeduplicationId=name
            )


@dataclass(frozen=True, slots=True)
class Schedules:
    """The adapter behind the port of the same name: near times by the timers queue, others by the Scheduler."""

    client: EventBridgeSchedulerClient
    queue: Queue
    group: str
    target: str
    """ARN of the timers queue."""
    role: str
    dead_letters: str

    def remind_at(self, conversation: ConversationId, when: datetime, now: datetime) -> None:
        """Look at `when` or up to a minute later, never before it; the name makes the same look one schedule."""
        body = look(conversation)
        seconds = max(0, ceil((when - now).total_seconds()))
        if seconds <= LONGEST_DELAY:
            return self.queue.send(body, seconds)
        at = (when + timedelta(microseconds=999_999)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return self._create(f"{conversation}-{at.replace(':', '')}", at, body)

    def _create(self, name: str, at: str, body: str) -> None:
        try:
            with translated():
                self.client.create_schedule(
                    Name=name,
                    GroupName=self.group,
                    ScheduleExpression=f"at({at})",
                    ScheduleExpressionTimezone="UTC",
                    FlexibleTimeWindow={"Mode": "OFF"},
                    ActionAfterCompletion="DELETE",
                    Target={
                        "Arn": self.target,
                        "RoleArn": self.role,
                        "Input": body,
                        "DeadLetterConfig": {"Arn": self.dead_letters},
                    },
                )
        except Fault as fault:
            if fault.code != _TAKEN_ALREADY:
                raise


def look(conversation: ConversationId) -> str:
    """Return the message that has the clock look at a conversation."""
    return json.dumps({"conversation": conversation})


def newcomer(specialist: SpecialistId) -> str:
    """Return the message that has the clock welcome a specialist."""
    return json.dumps({"welcome": specialist})


def _batches(bodies: Iterable[str]) -> Iterator[list[str]]:
    """Divide into requests of at most ten messages and 256 KB, which is also the most that one message may have."""
    batch: list[str] = []
    for body in bodies:
        if len(batch) == _BATCH or sum(len(one.encode()) for one in (*batch, body)) > _BATCH_BYTES:
            yield batch
            batch = []
        batch.append(body)
    if batch:
        yield batch
