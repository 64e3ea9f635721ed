"""Records of the table's stream, unwrapped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from undivided.aws import items
from undivided.aws.wire import Item, item
from undivided.steps.follow import Moved, Opened
from undivided.values import ConversationId, SpecialistId, moment


def partition(record: Mapping[str, Any]) -> ConversationId:
    """Return whose outbox a stream record is about."""
    return items.owner(record["dynamodb"]["Keys"]["pk"]["S"])


def happened(record: Mapping[str, Any]) -> Moved | Opened | None:
    """Return what a stream record means to those who follow; None when nothing follows from it."""
    change = record["dynamodb"]
    new, keys = item(change.get("NewImage", {})), item(change["Keys"])
    if not new:
        return None
    if keys["sk"] == items.META:
        old = item(change.get("OldImage", {}))
        # The sweep puts conversations off without a new version: nothing has happened in them.
        return None if new["version"] == old.get("version") else _moved(new, old)
    kind, _, specialist = str(keys["pk"]).partition("#")
    return Opened(SpecialistId(specialist)) if kind in ("LINE", "SPEC") else None


def _moved(new: Item, old: Item) -> Moved:
    due = str(new["due_at"]) if "due_at" in new and new["due_at"] != old.get("due_at") else ""
    return Moved(
        conversation=items.owner(str(new["pk"])),
        version=int(new["version"]),
        due_at=moment(due) if due else None,
        facts=items.facts(new),
    )
