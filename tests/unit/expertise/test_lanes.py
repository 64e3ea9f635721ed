from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from undivided.expertise.lanes import UNIT, Lanes, cosine, powers, row_levels

DIMENSIONS = 12


def direction(values: list[float]) -> list[float]:
    length = sqrt(sum(value * value for value in values)) or 1.0
    return [value / length for value in values]


directions = st.lists(st.floats(-1, 1, width=16), min_size=DIMENSIONS, max_size=DIMENSIONS).map(direction)


@given(st.lists(directions, max_size=9), directions)
def test_lanes_hold_each_rows_cosine(rows, query) -> None:
    lanes = Lanes.of([row_levels(row) for row in rows], DIMENSIONS)
    exact = [sum(a * b for a, b in zip(row, query, strict=True)) for row in rows]
    assert [cosine(lane) for lane in lanes.dots(query)] == pytest.approx(
        exact, abs=0.06
    )  # rounding to 50 and 60 levels


@given(st.lists(directions, min_size=1, max_size=6), directions)
def test_adding_building_and_reading_back_agree(rows, query) -> None:
    levels = [row_levels(row) for row in rows]
    built, grown = Lanes.of(levels, DIMENSIONS), Lanes(DIMENSIONS)
    for row in levels:
        grown.add(row)
    read = Lanes.load(grown.dump(), grown.count, DIMENSIONS)
    assert built.dots(query) == grown.dots(query) == read.dots(query)
    assert read.rows() == [tuple(row) for row in levels]


def test_no_direction_overflows_a_lane() -> None:
    one = [1.0] + [0.0] * (DIMENSIONS - 1)
    lanes = Lanes.of([row_levels(one), row_levels([-value for value in one])], DIMENSIONS)
    assert [cosine(lane) for lane in lanes.dots(one)] == [1.0, -1.0]
    assert [powers(14.0)[lane] for lane in lanes.dots(one)] == pytest.approx(
        [2.718281828**14, 2.718281828**-14], rel=1e-6
    )
    assert UNIT * 1.2 < 1 << 15


def test_without_rows_there_is_nothing_to_compare() -> None:
    assert list(Lanes(DIMENSIONS).dots([0.0] * DIMENSIONS)) == []
