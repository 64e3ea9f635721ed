"""The event bus: what happened, for whoever wants to know."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from undivided.aws.faults import translated
from undivided.changes import Fact
from undivided.errors import Unavailable
from undivided.values import ConversationId

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

SOURCE = "undivided"
SCHEMA = 1
"""Version of the events' schemas, schema/events/: fields may be added within one, never taken away or changed."""


@dataclass(frozen=True, slots=True)
class Bus:
    """The adapter behind the port of the same name."""

    client: EventBridgeClient
    name: str

    def tell(self, fact: Fact, conversation: ConversationId, version: int, index: int) -> None:
        named = {"schema": SCHEMA, "id": f"{conversation}.{version}.{index}", "conversation": conversation}
        detail = {**fact.data, **named}
        with translated():
            answer = self.client.put_events(
                Entries=[
                    {
                        "EventBusName": self.name,
                        "Source": SOURCE,
                        "DetailType": fact.name,
                        "Detail": json.dumps(detail),
                    }
                ]
            )
        if answer.get("FailedEntryCount"):
            failed = answer["Entries"][0]
            raise Unavailable(f"the bus did not take {fact.name}: {failed.get('ErrorMessage')}", failed["ErrorCode"])
