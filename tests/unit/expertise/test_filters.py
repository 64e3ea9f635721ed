from __future__ import annotations

import pytest
from undivided.expertise.filters import Directory
from undivided.expertise.ranking import Asked
from unit.expertise.desk import ANNA, BEN, CLAIRE, DESK, FALLBACK, person, shop

CASES = [
    ("unknown language rules nobody out", Asked("x", ""), {ANNA, BEN, CLAIRE}, (), False),
    ("language", Asked("x", "de"), {BEN}, (), False),
    ("language in capitals", Asked("x", "FR"), {CLAIRE}, (), False),
    ("article", Asked("x", "en", sku="ROPE-70"), {CLAIRE}, (), True),
    ("article's category and brand from the catalogue", Asked("x", "en", sku="TENT-2"), {ANNA, BEN}, (), True),
    ("category in another spelling", Asked("x", "en", category=" outdoor > tents "), {ANNA}, (), True),
    ("a part of the category", Asked("x", "en", category="Bikes > Trekking"), {BEN}, (), True),
    ("a product that nobody claims", Asked("x", "en", category="Boats"), {ANNA, BEN, CLAIRE}, (), False),
    (
        "owner does not speak it: the product goes first",
        Asked("x", "fr", category="Bikes"),
        {CLAIRE},
        ("product",),
        False,
    ),
    ("nobody speaks it: the owners stay", Asked("x", "fi", category="Bikes"), {BEN}, ("language",), True),
    ("nobody speaks it, nobody owns it", Asked("x", "fi"), {ANNA, BEN, CLAIRE}, ("language",), False),
]


@pytest.mark.parametrize(
    ("asked", "who", "dropped", "owned"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_filters_leave(asked, who, dropped, owned) -> None:
    left = Directory(DESK).left(asked)
    assert (set(left.ids), left.dropped, left.owned) == (who, dropped, owned)


def test_the_fallback_person_is_left_only_when_alone() -> None:
    alone = shop(person("olga", "Everything"))
    assert Directory(alone).left(Asked("x", "en")).ids == (FALLBACK,)
    assert FALLBACK not in Directory(DESK).left(Asked("x", "de")).ids


def test_panels_are_kept() -> None:
    directory = Directory(DESK)
    first = directory.panel((ANNA,))
    assert directory.panel((ANNA,)) is first
