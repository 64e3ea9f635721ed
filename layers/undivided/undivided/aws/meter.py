"""Count requests and capacity units of any client, for `make bench` and the tests; nothing is counted unasked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Meter:
    """What the watched clients have asked since the start, by `service.Operation`."""

    requests: Counter[str] = field(default_factory=Counter)
    units: Counter[str] = field(default_factory=Counter)
    """DynamoDB's consumed capacity units; a float for each operation."""

    def watch(self, client: Any) -> None:
        """Count every call of `client` from now on, and have DynamoDB say what each consumes."""
        service = client.meta.service_model.service_name
        if service == "dynamodb":
            client.meta.events.register("before-parameter-build.dynamodb", _ask_for_units)
        client.meta.events.register(f"after-call.{service}", self._note)

    def _note(self, model: Any, parsed: dict[str, Any], **_rest: Any) -> None:
        name = f"{model.service_model.service_name}.{model.name}"
        self.requests[name] += 1
        consumed = parsed.get("ConsumedCapacity", [])
        for one in consumed if isinstance(consumed, list) else [consumed]:
            self.units[name] += one.get("CapacityUnits", 0.0)

    def report(self) -> str:
        """Return one line for each operation: requests, capacity units, name."""
        return "\n".join(f"{count:5d} {self.units[name]:8.1f}  {name}" for name, count in sorted(self.requests.items()))


def _ask_for_units(params: dict[str, Any], model: Any, **_rest: Any) -> None:
    if "ReturnConsumedCapacity" in model.input_shape.members:
        params.setdefault("ReturnConsumedCapacity", "TOTAL")
