"""Our own messages in the queues, unwrapped: questions and timers. One file for each source: each function pays for its own."""

from __future__ import annotations

import json
from typing import Any

from undivided.errors import Refused
from undivided.plain import from_plain
from undivided.question import Question
from undivided.values import ConversationId, SpecialistId


def question(body: str) -> Question:
    return from_plain(Question, unpacked(body))


def timer(body: str) -> ConversationId | None:
    """Return the conversation to look at; None for the sweep."""
    said = unpacked(body)
    return None if said.get("sweep") else ConversationId(said["conversation"])


def newcomer(body: str) -> SpecialistId | None:
    """Return the specialist whom a message of the `timers` queue has us welcome; None: it is about something else."""
    who = unpacked(body).get("welcome")
    return SpecialistId(who) if who else None


def unpacked(body: str) -> dict[str, Any]:
    """Read a queue message that holds one JSON object; raise `Refused` for anything else."""
    try:
        said = json.loads(body)
    except ValueError as error:
        raise Refused(f"the message is no JSON: {error}") from None
    if not isinstance(said, dict):
        raise Refused("the message is no JSON object")
    return said
