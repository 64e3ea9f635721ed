"""Records of the table's stream, unwrapped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from undivided.aws import items
from undivided.aws.publications import PARTITION, read
from undivided.aws.wire import Item, item
from undivided.knowledge.publishing import Decided
from undivided.steps.follow import Moved, Opened
from undivided.values import ConversationId, SpecialistId, moment


def partition(record: Mapping[str, Any]) -> ConversationId:
    """Return whose outbox a stream record is about."""
    return items.owner(record["dynamodb"]["Keys"]["pk"]["S"])


def happened(record: Mapping[str, Any]) -> Moved | Opened | Decided | None:
    """Return what a stream record means to those who follow; None when nothing follows from it."""
    change = record["dynamodb"]
    new, keys = item(change.get("NewImage", {})), item(change["Keys"])
    if not new:
        return None
    if keys["sk"] == items.META:
        old = item(change.get("OldImage", {}))
        # The sweep puts conversations off without a new version: nothing has happened in them.
        return None if new["version"] == old.get("version") else _moved(new, old)
    if str(keys["pk"]).startswith(PARTITION):
        return read(new)
    kind, _, specialist = str(keys["pk"]).partition("#")
    if kind == "SPEC":
        return Opened(SpecialistId(specialist), left=_left(new, item(change.get("OldImage", {}))))
    return Opened(SpecialistId(specialist)) if kind == "LINE" else None


def _left(new: Item, old: Item) -> bool:
    """Say whether this change of a desk is its specialist's going away or falling silent."""
    now, before = (json.loads(str(one.get("body", "{}"))) for one in (new, old))
    went_away = now.get("away_until") is not None and now["away_until"] != before.get("away_until")
    return went_away or bool(now.get("silent") and not before.get("silent"))


def _moved(new: Item, old: Item) -> Moved:
    due = str(new["due_at"]) if "due_at" in new and new["due_at"] != old.get("due_at") else ""
    return Moved(
        conversation=items.owner(str(new["pk"])),
        version=int(new["version"]),
        due_at=moment(due) if due else None,
        facts=items.facts(new),
    )
