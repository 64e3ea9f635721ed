from __future__ import annotations

from collections import Counter
from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st
from undivided.expertise.counts import Counts

changes = st.lists(
    st.tuples(
        st.lists(st.integers(0, 2**32 - 1) | st.integers(0, 5), unique=True, max_size=4),
        st.integers(0, 3),
        st.integers(5, 300),
    )
)


def filled(added) -> Counts:
    counts = Counts()
    for features, who, amount in added:
        counts.add(features, who, amount)
    return counts


def again(counts: Counts) -> Counts:
    data = counts.dump()
    return Counts.load(BytesIO(data + b"what follows"), len(data))


@given(changes, changes)
def test_sums_survive_writing_and_reading(added, later) -> None:
    counts = again(filled(added))
    for features, who, amount in later:
        counts.add(features, who, amount)
    expected = Counter()
    for features, who, amount in added + later:
        expected.update({(feature, who): amount for feature in features})
    found = {(feature, who): counts.row(feature)[who] for feature, who in expected}
    assert found == dict(expected)
    straight = filled(added + later)
    assert counts.dump() == straight.dump(), "what was loaded, and what changed since, is written as one"
    assert {key: counts.row(key[0])[key[1]] for key in expected} == found, "writing changes nothing"
    assert sum(counts.lengths.values()) == counts.whole == sum(expected.values())


@given(changes, st.data())
def test_taking_everything_back_in_any_order_leaves_nothing(added, data) -> None:
    counts = again(filled(added))
    for features, who, amount in data.draw(st.permutations(added)):
        counts.add(features, who, -amount)
    assert counts.whole == 0
    assert counts.dump()[:8] == bytes(8)


@given(changes, changes)
def test_ageing_halves_and_forgets_dust(loaded, added) -> None:
    counts = again(filled(loaded))
    for change in added:
        counts.add(*change)
    added = loaded + added
    before = {feature: dict(counts.row(feature)) for features, _, _ in added for feature in features}
    counts.age(0.5)
    for feature, row in before.items():
        assert counts.row(feature) == {who: round(amount / 2) for who, amount in row.items() if amount / 2 > 4}
    assert counts.whole == sum(sum(counts.row(feature).values()) for feature in before)


def test_equal_states_write_equal_bytes() -> None:
    assert filled([([1, 2], 0, 100), ([3], 1, 30)]).dump() == filled([([3], 1, 30), ([2, 1], 0, 100)]).dump()
