"""The index of earlier answers: what is found, what is not, and that all its ways of writing say the same."""

from __future__ import annotations

import cProfile
import pstats
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from undivided.knowledge.index import Index, Wanted
from undivided.knowledge.segment import EMPTY, Indexed, Segment, as_id, as_number
from undivided.knowledge.shelf import Shelf, read
from undivided.knowledge.terms import product_term, terms
from undivided.values import ConversationId

QUESTIONS = {
    "en": [
        "How loud is the espresso machine in the morning?",
        "Which grinder setting do you recommend for light roasts?",
        "Can I descale the boiler with vinegar?",
        "Does the portafilter fit a 58 mm basket?",
        "How long does the water filter last?",
    ],
    "de": [
        "Wie laut ist die Espressomaschine am Morgen?",
        "Welcher Mahlgrad passt zu hellen Röstungen?",
        "Kann ich den Kessel mit Essig entkalken?",
        "Wie lange hält der Wasserfilter?",
    ],
}


def answer(number: int, text: str, language: str = "en", sku: str = "") -> Indexed:
    product = (product_term(sku, language),) if sku else ()
    return Indexed(as_id(number), 1000 + number, (*terms(text, language), *product))


def index(*answers: Indexed) -> Index:
    return Index.of(EMPTY, Segment.build(answers), frozenset())


ALL = index(*(answer(at, text, language) for language, several in QUESTIONS.items() for at, text in enumerate(several, 1 if language == "en" else 11)))  # fmt: skip


@pytest.mark.parametrize(("asked", "language", "found"), [
    ("Is the espresso machine very loud early in the morning?", "en", 1),
    ("What grinder settings for a light roast?", "en", 2),
    ("descaling the boiler: is vinegar OK?", "en", 3),
    ("Ist die Espressomaschine laut?", "de", 11),
    ("Mahlgrad für helle Röstung", "de", 12),
    ("Den Kessel entkalken mit Essig, geht das?", "de", 13),
    ("Filter: wie lange hält der?", "de", 14),
])  # fmt: skip
def test_a_similar_question_is_found(asked: str, language: str, found: int) -> None:
    assert [one.id for one in ALL.search(Wanted(terms(asked, language)), 2)][:1] == [as_id(found)]


@pytest.mark.parametrize(
    "asked", ["When will my parcel arrive?", "Do you ship to Norway?", "How long is it?", "Thanks!", "", "?!"]
)
def test_another_question_finds_nothing(asked: str) -> None:
    assert ALL.search(Wanted(terms(asked, "en")), 2) == []


def test_only_the_same_language_is_found() -> None:
    assert ALL.search(Wanted(terms("Wie laut ist die Espressomaschine am Morgen?", "en")), 2) == []


def test_the_same_product_needs_fewer_words_in_common() -> None:
    found = index(
        answer(1, "Is the steam wand of it strong?", sku="A"), answer(2, "Is the steam wand strong?", sku="B")
    )
    asked = terms("How do I clean the steam wand every evening after use?", "en")
    assert [one.id for one in found.search(Wanted(asked, product_term("A", "en")), 2)] == [as_id(1)]
    assert found.search(Wanted(terms("Where is it made?", "en"), product_term("A", "en")), 2) == []


def test_one_s_own_question_is_no_earlier_one() -> None:
    asked = Wanted(terms(QUESTIONS["en"][0], "en"))
    assert ALL.search(asked, 2, without=as_id(1)) == []


def test_of_two_alike_the_newer_comes_first() -> None:
    found = index(*(answer(at, "How loud is the steam pump?") for at in (5, 9, 7)))
    assert [one.id for one in found.search(Wanted(terms("How loud is the steam pump?", "en")), 2)] == [
        as_id(9),
        as_id(7),
    ]


@given(st.integers(0, 2**60 - 1))
def test_an_id_is_sixty_bits(number: int) -> None:
    assert as_number(as_id(number)) == number


@given(st.text(max_size=200), st.sampled_from(["en", "de", "fr", "ja"]))
def test_terms_are_few_whatever_is_written(text: str, language: str) -> None:
    found = terms(text, language)
    assert len(found) == len(set(found)) <= 64


ANSWERS = st.lists(
    st.builds(Indexed, st.integers(0, 40).map(as_id), st.integers(0, 99), st.lists(st.integers(0, 12), max_size=5, unique=True).map(tuple)),
    max_size=30, unique_by=lambda one: one.id,
)  # fmt: skip


def content(segment: Segment) -> dict[ConversationId, tuple[int, frozenset[int]]]:
    return {one.id: (one.when, frozenset(one.terms)) for one in segment.answers()}


@settings(max_examples=60)
@given(ANSWERS, ANSWERS, st.frozensets(st.integers(0, 40)))
def test_merging_is_leaving_out_and_adding(older: list[Indexed], newer: list[Indexed], gone: frozenset[int]) -> None:
    base, recent = Segment.build(older), Segment.build(newer)
    replaced = gone.union(recent.ids)
    merged = Segment.load(base.merged(recent, replaced).data)
    kept = {key: one for key, one in content(base).items() if as_number(key) not in replaced}
    assert content(merged) == {**kept, **content(recent)}
    for term in range(13):
        parts = Index.of(base, recent, gone)
        shown = {base.ids[one] for one in base.having(term) if one not in parts.hidden}
        assert {merged.ids[one] for one in merged.having(term)} == shown | {
            recent.ids[one] for one in recent.having(term)
        }


@given(ANSWERS, st.integers(0, 3), st.lists(st.integers(0, 40), max_size=9))
def test_a_shelf_is_read_as_it_was_written(answers: list[Indexed], base: int, removed: list[int]) -> None:
    shelf = Shelf(base)
    for one in answers:
        assert shelf.add(one)
        assert not shelf.add(one), "the same again changes nothing"
    for number in removed:
        shelf.remove(as_id(number))
        assert not shelf.remove(as_id(number))
    again = Shelf.load(shelf.dump())
    assert again.dump() == shelf.dump()
    assert (again.base, again.gone, set(again.recent)) == (shelf.base, shelf.gone, set(shelf.recent))
    assert read(shelf.dump())[0] == base


@pytest.mark.parametrize("rubbish", [b"", b"x", b"UKS1", EMPTY.data[:-1], EMPTY.data + b"x", b"\xff" * 40])
def test_rubbish_is_no_index(rubbish: bytes) -> None:
    with pytest.raises(ValueError, match="index of answers"):
        Segment.load(rubbish)
    with pytest.raises(ValueError):
        read(rubbish)


def test_ten_times_as_many_answers_hardly_cost_more() -> None:
    """The work is counted in calls, which no noise disturbs."""
    chance = random.Random(7)
    common = [chance.getrandbits(32) for _ in range(40)]

    def calls(answers: int) -> int:
        made = [Indexed(as_id(at), at, tuple(chance.sample(common, 6))) for at in range(answers)]
        found, wanted = Index.of(Segment.build(made), EMPTY, frozenset()), Wanted(chance.sample(common, 12), common[0])
        profile = cProfile.Profile()
        profile.enable()
        found.search(wanted, 2)
        profile.disable()
        return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]

    assert calls(60_000) < 2.5 * calls(6_000)
