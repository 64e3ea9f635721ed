"""The `questions` queue: each question becomes a conversation, in focus or in lines."""

from __future__ import annotations

from typing import Any

from undivided.aws.batch import each_message
from undivided.aws.messages import question
from undivided.aws.wiring import runtime
from undivided.steps.route import route


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    rt = runtime()
    return each_message(event, lambda body: route(question(body), rt))
