"""The `timers` queue: a look at one conversation, or the sweep for everything that got lost."""

from __future__ import annotations

from typing import Any

from undivided.aws.batch import each_message
from undivided.aws.messages import timer
from undivided.aws.wiring import runtime
from undivided.steps.clock import look, sweep


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    rt = runtime()

    def tell(body: str) -> str:
        conversation = timer(body)
        return f"fired {look(conversation, rt)}" if conversation else f"found {sweep(rt)}"

    return each_message(event, context, tell)
