"""Metrics of our own, as lines of the log that CloudWatch reads (the Embedded Metric Format): no call, and no right."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

NAMESPACE = "Undivided"


@dataclass(frozen=True, slots=True)
class Alarms:
    """The adapter behind the port of the same name; `function` is the metric's one dimension."""

    function: str
    now: Callable[[], datetime]

    def raise_for(self, what: str) -> None:
        metric = {
            "Namespace": NAMESPACE,
            "Dimensions": [["FunctionName"]],
            "Metrics": [{"Name": what, "Unit": "Count"}],
        }
        head = {"Timestamp": int(self.now().timestamp() * 1000), "CloudWatchMetrics": [metric]}
        line = json.dumps({"_aws": head, "FunctionName": self.function, what: 1}, separators=(",", ":"))
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
