"""The `lessons` queue: one reader at a time takes in what somebody can learn from, and publishes what is known."""

from __future__ import annotations

from typing import Any

from undivided.aws.batch import whole_batch
from undivided.aws.lessons import lesson
from undivided.aws.wiring import runtime
from undivided.steps.learn import learn


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    rt = runtime()
    return whole_batch(event, lambda bodies: f"learned {learn([lesson(body) for body in bodies], rt)}")
