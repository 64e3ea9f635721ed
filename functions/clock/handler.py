"""The `timers` queue: a look at one conversation, or the sweep for everything that got lost."""

from __future__ import annotations

from typing import Any

from undivided.aws.batch import each_message
from undivided.aws.messages import newcomer, timer
from undivided.aws.wiring import runtime
from undivided.steps.clock import look, sweep
from undivided.steps.welcome import welcome


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    rt = runtime()

    def tell(body: str) -> str:
        if who := newcomer(body):
            return welcome(who, rt)
        conversation = timer(body)
        return f"fired {look(conversation, rt)}" if conversation else f"found {sweep(rt)}"

    return each_message(event, tell)
