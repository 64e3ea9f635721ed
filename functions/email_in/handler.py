"""The `received` queue: each mail that SES received comes to exactly one fate, also one that SES did not announce."""

from __future__ import annotations

from typing import Any

from undivided.aws.batch import each_attempt
from undivided.aws.notices import receipt_notice, stored
from undivided.aws.wiring import runtime
from undivided.steps.receive import receive
from undivided.steps.stored import watch


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    rt = runtime()

    def take(body: str) -> str:
        found = stored(body)
        return receive(receipt_notice(body), rt) if found is None else ", ".join(watch(one, rt) for one in found)

    return each_attempt(event, take, rt.soon.put_off)
