"""What each handler costs to import in a fresh process, beside a bare boto3 with one client, in processor seconds."""

from __future__ import annotations

import os
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BARE = "import boto3; boto3.client('dynamodb')"
BUDGETS = {"intake": 1.3}
"""The shopper waits for the form; everything else has `USUAL`."""
USUAL = 1.6


def functions() -> list[str]:
    return sorted(path.parent.name for path in ROOT.glob("functions/*/handler.py"))


def budget(function: str) -> float:
    return BUDGETS.get(function, USUAL)


def ratios(rounds: int = 5) -> dict[str, float]:
    """Return handler over bare, each the median of `rounds`, measured in turn so that a slow moment hits all alike."""
    bare: list[float] = []
    spent: dict[str, list[float]] = {one: [] for one in functions()}
    _processor_seconds(BARE)
    for _ in range(rounds):
        bare.append(_processor_seconds(BARE))
        for one, seconds in spent.items():
            seconds.append(_processor_seconds(_code(one)))
    return {one: statistics.median(seconds) / statistics.median(bare) for one, seconds in spent.items()}


def _code(function: str) -> str:
    """Import the handler as Lambda does, and make the client that every one of them needs."""
    folder = str(ROOT / "functions" / function)
    return f"import sys; sys.path.insert(0, {folder!r}); import handler; import boto3; boto3.client('dynamodb')"


def _processor_seconds(code: str) -> float:
    environment = {**os.environ, "AWS_DEFAULT_REGION": "eu-central-1"}
    child = os.spawnve(os.P_NOWAIT, sys.executable, [sys.executable, "-c", code], environment)
    _, status, used = os.wait4(child, 0)
    if status:
        raise RuntimeError(f"the import failed: {code}")
    return used.ru_utime + used.ru_stime
