"""`POST /orders/{source}`: what the shop system tells of orders and refunds."""

from __future__ import annotations

import json
from typing import Any

from undivided.aws.http import answer, request
from undivided.aws.wiring import runtime
from undivided.pages.page import Page
from undivided.steps.orders import receive_order


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    asked = request(event)
    done = receive_order(asked.parts.get("source", ""), asked.headers, asked.body, runtime())
    return answer(Page(done.status, json.dumps({"done": done.words}), {"content-type": "application/json"}))
