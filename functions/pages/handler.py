"""Pages behind signed links, for the shopper, the specialist and the owner; and the published answers, for everybody."""

from __future__ import annotations

from typing import Any

from undivided.aws.http import answer, request
from undivided.aws.wiring import runtime
from undivided.steps.action import action
from undivided.steps.choice import choice
from undivided.steps.download import download
from undivided.steps.offered import offered
from undivided.steps.published import published
from undivided.steps.publishing import publishing
from undivided.steps.rating import rating
from undivided.steps.status import status

PAGES = {
    "q": status, "s": rating, "o": offered, "act": action, "f": download, "p": publishing, "w": choice, "answers": published,
}  # fmt: skip
"""By the first part of the route."""


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    page = PAGES[event["resource"].split("/")[1]]
    return answer(page(request(event), runtime()))
