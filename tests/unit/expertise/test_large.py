"""300 specialists with 100,000 past questions: what a router's process holds, and how long it takes (docs/expertise.md)."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.large_desk import QUESTIONS, fresh, state

MEGABYTES = 128
NOISE = 4
LOAD, FIRST, DECISION = 15, 25, 0.4
"""Multiples of `sum(range(1_000_000))`: half above what was measured, for machines differ in what they are good at."""


@pytest.mark.slow
def test_a_router_of_a_large_desk_is_light_and_quick(tmp_path: Path) -> None:
    file = tmp_path / "learned"
    file.write_bytes(state(QUESTIONS).dump())
    found = fresh(file)
    assert found["peak_mb"] < MEGABYTES + NOISE, found
    assert found["load"] < LOAD, found
    assert found["first"] < FIRST, found
    assert found["decision"] < DECISION, found
