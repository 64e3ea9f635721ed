"""How Lambda brings events to the handlers: queues with visibility and dead letters, stream readers with filters.

Batch sizes, filters and retries are those of template.yaml.
"""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from chaos.stack import ACCOUNT, REGION, ROOT, resource

if TYPE_CHECKING:
    pass

Handler = "Callable[[dict[str, Any], Any], dict[str, Any] | None]"
VISIBILITY = timedelta(minutes=6)
MOST_RECEIVES = 5
MOST_ATTEMPTS = 9
"""Of a stream's batch: the first and eight retries."""


@cache
def handler(function: str) -> Any:
    """Load functions/<function>/handler.py as Lambda does, from its file."""
    spec = importlib.util.spec_from_file_location(f"{function}_handler", ROOT / "functions" / function / "handler.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.handler


def context(function: str) -> Any:
    return SimpleNamespace(
        function_name=function,
        memory_limit_in_mb=512,
        invoked_function_arn=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}",
        aws_request_id="request",
        get_remaining_time_in_millis=lambda: 30_000,
    )


# --- queues ----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Message:
    id: str
    body: str
    visible_at: datetime
    receives: int = 0


@dataclass(slots=True)
class Queue:
    """One SQS queue and its dead letters."""

    name: str
    function: str
    batch: int
    waiting: list[Message] = field(default_factory=list)
    dead: list[Message] = field(default_factory=list)
    taken: int = 0
    """Messages that were ever put."""

    def put(self, body: str, visible_at: datetime) -> None:
        self.taken += 1
        self.waiting.append(Message(f"{self.name}-{self.taken}", body, visible_at))

    def next(self, now: datetime) -> list[Message]:
        """Take the visible messages that one invocation gets; they hide until their visibility ends."""
        found = [one for one in self.waiting if one.visible_at <= now][: self.batch]
        for one in found:
            one.receives += 1
            one.visible_at = now + VISIBILITY
        return found

    def event(self, messages: list[Message]) -> dict[str, Any]:
        return {"Records": [self._record(one) for one in messages]}

    def _record(self, message: Message) -> dict[str, Any]:
        return {
            "messageId": message.id,
            "receiptHandle": message.id,
            "body": message.body,
            "attributes": {"ApproximateReceiveCount": str(message.receives)},
            "messageAttributes": {},
            "md5OfBody": "",
            "eventSource": "aws:sqs",
            "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{self.name}",
            "awsRegion": REGION,
        }

    def answered(self, messages: list[Message], answer: dict[str, Any] | None) -> None:
        """Delete what was handled; what failed comes again, or goes to the dead letters."""
        failed = {one["itemIdentifier"] for one in (answer or {}).get("batchItemFailures", ())}
        self.waiting = [one for one in self.waiting if one not in messages or one.id in failed]
        self.bury()

    def bury(self) -> None:
        dead = [one for one in self.waiting if one.receives >= MOST_RECEIVES]
        self.dead += dead
        self.waiting = [one for one in self.waiting if one not in dead]


# --- streams ---------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Reader:
    """One function's place in the table's stream."""

    function: str
    event_source: dict[str, Any]
    waiting: list[dict[str, Any]] = field(default_factory=list)
    dead: list[dict[str, Any]] = field(default_factory=list)
    attempts: int = 0

    @classmethod
    def of(cls, function: str, resource_name: str, event: str) -> Reader:
        return cls(function, resource(resource_name)["Events"][event]["Properties"])

    def offer(self, record: dict[str, Any]) -> None:
        """Take a record if the event source's filters let it through."""
        if any(matches(json.loads(one["Pattern"]), record) for one in self.filters()):
            self.waiting.append(record)

    def filters(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = self.event_source["FilterCriteria"]["Filters"]
        return found

    def next(self) -> list[dict[str, Any]]:
        return self.waiting[: self.event_source["BatchSize"]]

    def answered(self, batch: list[dict[str, Any]], answer: dict[str, Any] | None) -> None:
        """Move on behind the first record that failed; a batch that fails too often is given up."""
        failed = {one["itemIdentifier"] for one in (answer or {}).get("batchItemFailures", ())}
        done = next((at for at, one in enumerate(batch) if one["dynamodb"]["SequenceNumber"] in failed), len(batch))
        del self.waiting[:done]
        self.attempts = self.attempts + 1 if done < len(batch) else 0
        if self.attempts >= MOST_ATTEMPTS:
            self.give_up(batch[done:])

    def give_up(self, batch: list[dict[str, Any]]) -> None:
        self.dead += batch
        del self.waiting[: len(batch)]
        self.attempts = 0


def matches(pattern: Any, value: Any) -> bool:
    """Apply an event filter: every key must match; a list names the alternatives (Lambda, "Filter rule syntax")."""
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(matches(rule, value.get(name)) for name, rule in pattern.items())
    return any(_matches_one(rule, value) for rule in pattern)


def _matches_one(rule: Any, value: Any) -> bool:
    if not isinstance(rule, dict):
        return bool(rule == value)
    if "prefix" in rule:
        return isinstance(value, str) and value.startswith(rule["prefix"])
    if "exists" in rule:
        return (value is not None) is rule["exists"]
    raise AssertionError(f"a filter rule that the harness does not know: {rule}")
