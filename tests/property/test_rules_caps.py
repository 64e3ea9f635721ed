"""Counting mail against caps: constant space, never more than a cap in its window, and a name counts once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from undivided.config import CAPS, Cap
from undivided.counting import MOST_NAMES, Counted, count
from undivided.plain import from_text, to_text

START = datetime(2026, 5, 4, tzinfo=UTC)
GAPS = st.lists(st.integers(0, 3600), max_size=250)


@given(GAPS)
def test_no_stretch_of_time_holds_more_than_two_windows_full_and_the_item_stays_small(gaps: list[int]) -> None:
    """Windows begin at the first mail in them, so two full ones may touch; a loop still ends."""
    now, counted, sent = START, Counted(), list[datetime]()
    for number, gap in enumerate(gaps):
        now += timedelta(seconds=gap)
        after = count(counted, CAPS, f"mail {number}", now)
        if after:
            counted = from_text(Counted, to_text(after))
            sent.append(now)
        for cap in CAPS:
            assert len([one for one in sent if one > now - cap.window]) <= 2 * cap.count
    assert len(to_text(counted)) < 1000 + 20 * MOST_NAMES


@given(st.lists(st.integers(0, 30), max_size=100))
def test_at_once_no_more_than_the_smallest_cap(names: list[int]) -> None:
    counted, allowed = Counted(), set[int]()
    for name in names:
        after = count(counted, CAPS, str(name), START)
        if after:
            counted = after
            allowed.add(name)
    assert len(allowed) == min(len(set(names)), *(cap.count for cap in CAPS))


def test_a_mail_that_is_tried_again_counts_once_and_room_comes_back() -> None:
    caps = (Cap(1, timedelta(minutes=10)),)
    one = count(Counted(), caps, "a", START)
    assert one
    assert count(one, caps, "a", START) == one
    assert count(one, caps, "b", START + timedelta(minutes=9)) is None
    assert count(one, caps, "b", START + timedelta(minutes=10)) is not None
