"""The handlers stay within their import budgets (docs/performance.md)."""

from __future__ import annotations

import pytest
from bench.imports import budget, ratios

NOISE = 0.1
"""A shared machine is not quiet: the medians of two runs differ by so much."""


@pytest.mark.timeout(900)  # some eighty processes, which a busy machine starts slowly
def test_no_handler_costs_more_to_import_than_it_may() -> None:
    over = {one: round(ratio, 2) for one, ratio in ratios().items() if ratio > budget(one) + NOISE}
    assert not over, f"over budget: {over}; look with `python -X importtime`"
