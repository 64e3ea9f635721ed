"""The `webhook` queue: each event of the bus goes to the owner's webhook, again and again until it is taken."""

from __future__ import annotations

from typing import Any

from undivided.aws.batch import each_attempt
from undivided.aws.wiring import runtime
from undivided.steps.tell import tell


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    rt = runtime()
    return each_attempt(event, lambda body: tell(body, rt), rt.later.put_off)
