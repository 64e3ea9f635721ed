"""What tells one state of a world from another: everything that AWS has, and nothing of how it came to be there.

Only orders that AWS promises nobody are left out: of queue messages, of schedules, and of stream records of different
partitions. Whatever else differs makes two states different, so that the worst that a word too many does is take time.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import Any

from chaos import stack as moto
from chaos.harness import World
from chaos.wire import Call
from moto.dynamodb.models import dynamodb_backends
from moto.s3.models import s3_backends

VOLATILE = ("ClientRequestToken", "ResponseMetadata", "MessageId", "LastModified", "Body")
"""Of a call and its answer: named or dated by chance; a body is known by its ETag."""


def digest(*parts: Any) -> bytes:
    return blake2b(json.dumps(parts, sort_keys=True, default=str).encode(), digest_size=16).digest()


def heard(before: bytes, call: Call, answer: dict[str, Any]) -> bytes:
    """Return what a handler knows that knew `before`, made a call, and got an answer."""
    return digest(before.hex(), call.name, _steady(call.params), _steady(answer))


def _steady(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name not in VOLATILE}


def standing(made: World) -> bytes:
    """Return the state of everything outside of the handlers."""
    table = dynamodb_backends[moto.ACCOUNT][moto.REGION].tables[moto.TABLE]
    bucket = s3_backends[moto.ACCOUNT]["aws"].buckets[moto.BUCKET]
    return digest(
        sorted(
            json.dumps(one.to_json()["Attributes"], sort_keys=True)
            for items in table.items.values()
            for one in items.values()
        ),
        _stream(table.stream_shard.items[made._read :]),
        sorted((name, key.etag) for name, key in bucket.keys.items()),
        {name: [_messages(queue.waiting), _messages(queue.dead)] for name, queue in made.queues.items()},
        sorted((at, body) for at, body, _ in made.schedules),
        sorted(one.tag for one in made.sent),
        sorted(json.dumps(one, sort_keys=True, default=str) for one in made.told),
    )


def _messages(found: list[Any]) -> list[Any]:
    return sorted((one.body, one.visible_at.isoformat(), one.receives) for one in found)


def _stream(records: list[Any]) -> dict[str, list[Any]]:
    """Return what the readers will be told of each partition, in its order."""
    found: dict[str, list[Any]] = {}
    for record in (one.to_json() for one in records):
        told = record["dynamodb"]
        images = [record["eventName"], told["Keys"], told.get("OldImage"), told.get("NewImage")]
        found.setdefault(told["Keys"]["pk"]["S"], []).append(images)
    return found
