"""The status page of a question, behind its signed link."""

from __future__ import annotations

from typing import Any

from undivided.aws.http import answer, request
from undivided.aws.wiring import runtime
from undivided.steps.status import status


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return answer(status(request(event), runtime()))
