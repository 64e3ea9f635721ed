"""The `received` queue: each mail that SES received comes to exactly one fate."""

from __future__ import annotations

from typing import Any

from undivided.aws.batch import each_attempt
from undivided.aws.notices import receipt_notice
from undivided.aws.wiring import runtime
from undivided.steps.receive import receive


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    rt = runtime()
    return each_attempt(event, lambda body: receive(receipt_notice(body), rt), rt.soon.put_off)
