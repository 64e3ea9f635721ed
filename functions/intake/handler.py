"""The form: GET shows it, POST puts a question into the queue and only then answers."""

from __future__ import annotations

from typing import Any

from undivided.aws.http import answer, request
from undivided.aws.wiring import runtime
from undivided.steps.front import front


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return answer(front(request(event), runtime()))
