"""Metrics of our own, as lines of the log that CloudWatch reads (the Embedded Metric Format): no call, and no right."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from undivided.promise.scoring import Score

NAMESPACE = "Undivided"
MOST_VALUES = 100
"""CloudWatch takes no more values of one metric from one line."""


@dataclass(frozen=True, slots=True)
class Alarms:
    """The adapter behind the port of the same name; `function` is the metric's one dimension."""

    function: str
    now: Callable[[], datetime]

    def raise_for(self, what: str) -> None:
        _tell(self.function, self.now(), {what: 1}, "Count")


@dataclass(frozen=True, slots=True)
class Figures:
    """The adapter behind the port of the same name.

    `PromiseKept` is 1 or 0, so that its average is the kept-rate and its number of samples that of promises;
    `PromiseLength` is promised ÷ real, the overshoot + 1: of what may be negative CloudWatch knows no median.
    """

    function: str
    now: Callable[[], datetime]

    def promises(self, ended: Sequence[Score]) -> None:
        for start in range(0, len(ended), MOST_VALUES):
            some = ended[start : start + MOST_VALUES]
            values = {
                "PromiseKept": [int(one.kept) for one in some],
                "PromiseLength": [round(one.overshoot + 1, 4) for one in some],
                "PromiseRevisions": [one.revisions for one in some],
            }
            _tell(self.function, self.now(), values, "None")


def _tell(function: str, now: datetime, values: Mapping[str, object], unit: str) -> None:
    metric = {
        "Namespace": NAMESPACE,
        "Dimensions": [["FunctionName"]],
        "Metrics": [{"Name": name, "Unit": unit} for name in values],
    }
    head = {"Timestamp": int(now.timestamp() * 1000), "CloudWatchMetrics": [metric]}
    sys.stdout.write(json.dumps({"_aws": head, "FunctionName": function, **values}, separators=(",", ":")) + "\n")
    sys.stdout.flush()
