"""The table's stream: what follows from a change (the next look, a second look at a line, news for the bus)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from undivided.aws.batch import each_record
from undivided.aws.records import happened
from undivided.aws.wiring import runtime
from undivided.steps.follow import follow


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    rt = runtime()

    def tell(record: Mapping[str, Any]) -> str:
        news = happened(record)
        return follow(news, rt) if news else "nothing follows"

    return each_record(event, tell)
