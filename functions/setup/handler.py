"""CloudFormation asks for what it cannot do itself; it always gets an answer."""

from __future__ import annotations

from typing import Any

from undivided.aws.setup import handle


def handler(event: dict[str, Any], context: Any) -> dict[str, Any] | None:
    return handle(event, context.get_remaining_time_in_millis() / 1000)
