from __future__ import annotations

import gzip
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from undivided.expertise.features import asked_features
from undivided.expertise.model import Model
from undivided.expertise.pieces import table
from undivided.expertise.ranking import Asked, rank
from unit.expertise.desk import ANNA, BEN, DESK, WHEN

TEXTS = ["the zip of my tent is stuck", "brake squeaks", "battery empty", "rope length?", "\U0001f600", ""]
outcomes = st.lists(
    st.tuples(st.sampled_from(TEXTS), st.sampled_from([ANNA, BEN]), st.sampled_from([0.3, 1.0, 2.0])), max_size=8
)


def taught(given_outcomes, model: Model | None = None) -> Model:
    model = model or Model.new()
    for text, who, weight in given_outcomes:
        model.learn(Asked(text, "en"), who, weight, WHEN)
    return model


def forget(model: Model, text: str, who, weight: float, **more) -> None:
    model.forget(asked_features(Asked(text, "en")), who, weight, WHEN, **more)


@settings(max_examples=40)
@given(outcomes, outcomes)
def test_reading_back_changes_nothing_and_learning_goes_on(before, after) -> None:
    kept, read = taught(before), Model.load(taught(before).dump())
    asked = Asked("my tent", "en")
    assert rank(asked, DESK, read) == rank(asked, DESK, kept)
    assert taught(after, read).dump() == taught(after, kept).dump()


@settings(max_examples=40)
@given(outcomes, st.data())
def test_an_erasure_is_a_subtraction_in_any_order(learned, data) -> None:
    model = Model.load(taught(learned).dump())
    for one in data.draw(st.permutations(learned)):
        forget(model, *one)
    assert model.counts.whole == 0
    assert len(model.memory) == 0
    assert all((record.outcomes, record.won, record.answers) == (0, 0, 0) for record in model.records)
    asked = Asked("my tent", "en")
    assert [one.estimate for one in rank(asked, DESK, model).scores] == pytest.approx(
        [one.estimate for one in rank(asked, DESK, Model.new()).scores]
    )


def test_an_old_outcome_can_be_taken_back_after_ageing() -> None:
    model = taught([(TEXTS[0], ANNA, 1.0)])
    model.learn(Asked(TEXTS[1], "en"), BEN, 1.0, WHEN + timedelta(days=400))
    forget(model, TEXTS[0], ANNA, 1.0)
    fresh = Model.new()
    fresh.learn(Asked(TEXTS[1], "en"), BEN, 1.0, WHEN + timedelta(days=400))
    assert model.counts.whole == fresh.counts.whole
    assert len(model.memory) == len(fresh.memory) == 1


def test_what_was_learned_halves_in_half_a_year() -> None:
    model = taught([(TEXTS[0], ANNA, 1.0)])
    before = model.record(ANNA).answers
    model.learn(Asked(TEXTS[1], "en"), BEN, 1.0, WHEN + timedelta(days=180))
    assert model.record(ANNA).answers == pytest.approx(before / 2, abs=1)


def test_no_word_can_be_read_from_the_state() -> None:
    plain = gzip.decompress(taught([("wolkenkuckucksheim", ANNA, 1.0)]).dump())
    assert b"wolken" not in plain


def test_directions_of_another_table_are_left_out_until_it_is_built_anew(monkeypatch) -> None:
    model = taught([(TEXTS[0], ANNA, 1.0)])
    model.fits.append(0.6)
    written = model.dump()
    monkeypatch.setattr(table(), "mark", table().mark ^ 1)
    read = Model.load(written)
    assert read.stale
    assert (len(read.memory), len(read.fits)) == (0, 0)
    assert read.counts.whole == model.counts.whole
    assert read.record(ANNA).answers == model.record(ANNA).answers
    read.learn(Asked(TEXTS[1], "en"), BEN, 1.0, WHEN)
    forget(read, TEXTS[0], ANNA, 1.0)
    again = Model.load(read.dump())
    assert (again.stale, len(again.memory)) == (True, 1)
    assert rank(Asked(TEXTS[1], "en"), DESK, again).scores[0].specialist == BEN


EMPTY_PARTS = b"\x02\0\0\0{}\0\0\0\0\0\0\0\0"


@pytest.mark.parametrize("data", [b"", b"{}", *(gzip.compress(one, mtime=0) for one in (b"{}", EMPTY_PARTS))])
def test_something_else_is_refused_with_advice(data) -> None:
    with pytest.raises(ValueError, match="expertise rebuild"):
        Model.load(data)


def test_a_fit_goes_with_its_question() -> None:
    model = Model.new()
    for fit in (0.61, 0.4, 0.61):
        model.learn(Asked("tent", "en"), ANNA, 1.0, WHEN, fit=fit)
    forget(model, "tent", ANNA, 1.0, fit=0.61)
    assert sorted(Model.load(model.dump()).fits) == [0.4, 0.61]
