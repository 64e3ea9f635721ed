"""The table's stream: new outbox entries are handed to SES, each conversation's in order."""

from __future__ import annotations

from typing import Any

from undivided.aws.batch import each_record
from undivided.aws.records import partition
from undivided.aws.wiring import runtime
from undivided.steps.send import drain


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    rt = runtime()
    return each_record(event, lambda record: str(drain(partition(record), rt)))
