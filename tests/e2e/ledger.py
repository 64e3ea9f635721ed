"""Everything that was ever written into the table, as its stream has it: each version of each desk and conversation."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from console.stack import aws_client


@dataclass(frozen=True)
class Ledger:
    desks: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Specialist -> each version of the desk, in order."""
    conversations: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Conversation -> what it is in the end, with its `state`."""
    events: dict[str, str] = field(default_factory=dict)
    """Id -> name of every event that follows from a change (docs/events.md says how ids are made)."""

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Ledger:
        ledger = cls()
        for change in _changes(told):
            new = {name: next(iter(value.values())) for name, value in change.get("NewImage", {}).items()}
            kind, _, key = new.get("pk", "").partition("#")
            if kind == "SPEC":
                ledger.desks.setdefault(key, []).append(json.loads(new["body"]))
            if kind == "CONV" and new["sk"] == "META":
                ledger._add(key, new)
        return ledger

    def _add(self, key: str, new: Mapping[str, str]) -> None:
        self.conversations[key] = {**json.loads(new["body"]), "state": new["state"]}
        for index, fact in enumerate(json.loads(new.get("facts", "[]"))):
            self.events[f"{key}.{new['version']}.{index}"] = fact["name"]

    def most_open(self, specialist: str) -> int:
        """Return how many conversations that desk has ever held at one moment."""
        return max((len(desk.get("focus", {})) for desk in self.desks.get(specialist, [])), default=0)

    def handed_over(self) -> set[tuple[str, str]]:
        """Return who lost a conversation, and why."""
        return {one for body in self.conversations.values() for one in body.get("former", {}).items()}


def _changes(told: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    place = told["region"], told["endpoint_url"], told["credentials"]
    table = aws_client("dynamodb", *place).describe_table(TableName=told["outputs"]["TableName"])["Table"]
    streams, arn = aws_client("dynamodbstreams", *place), table["LatestStreamArn"]
    for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
        start = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
        cursor = streams.get_shard_iterator(**start)["ShardIterator"]
        while (page := streams.get_records(ShardIterator=cursor))["Records"]:
            yield from (record["dynamodb"] for record in page["Records"])
            cursor = page["NextShardIterator"]
