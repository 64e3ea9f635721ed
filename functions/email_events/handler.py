"""The `deliveries` queue: what SES says became of the mails that it took."""

from __future__ import annotations

from typing import Any

from undivided.aws.batch import each_message
from undivided.aws.deliveries import delivery
from undivided.aws.wiring import runtime
from undivided.steps.deliveries import note_delivery


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    rt = runtime()
    return each_message(event, lambda body: note_delivery(delivery(body), rt))
