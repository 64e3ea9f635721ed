from __future__ import annotations

from pathlib import Path
from zlib import crc32

import pytest
import undivided.expertise
from undivided.expertise.features import features, words
from undivided.expertise.pieces import MAGIC, Table, table

FILE = (Path(undivided.expertise.__file__).parent / "pieces.bin").read_bytes()

SAME = [
    ("my bicycle brake squeaks", "the bike's disc brakes make a noise"),
    ("Wo ist mein Paket?", "where is my parcel"),
    ("la tente n'est pas imperméable", "the tent is not waterproof"),
    ("quanto dura la batteria", "how long does the battery last"),
    ("la batería no carga", "the battery does not charge"),
]
OTHER = "please cancel my newspaper subscription"


def near(one: str, other: str) -> float:
    return sum(a * b for a, b in zip(table().vector(one), table().vector(other), strict=True))


@pytest.mark.parametrize(("one", "other"), SAME)
def test_texts_of_one_meaning_are_nearer_than_others_in_any_language(one, other) -> None:
    assert near(one, other) > near(one, OTHER) + 0.1


def test_a_direction_has_length_one_or_none() -> None:
    assert sum(value * value for value in table().vector("tent pegs")) == pytest.approx(1.0)
    assert not any(table().vector("\U0001f3d5"))
    assert not any(table().vector(""))


def test_small_talk_can_be_turned_down() -> None:
    quiet = table().vector("thanks tent", lambda word: 0.0 if word == "thanks" else 1.0)
    assert quiet == pytest.approx(table().vector("tent"))


def test_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match=r"console\.distil"):
        Table.read(b"PK something")


def test_the_table_stays_small() -> None:
    """The layer may have 20 MB unzipped in all; this file may have two fifths."""
    assert len(FILE) < 8_000_000


def test_the_mark_is_of_the_whole_file() -> None:
    head = len(MAGIC) + 16
    assert table().mark == crc32(FILE[head:])


@pytest.mark.parametrize("word", ["zelt", "danke", "rasen", "choisir", "boire", "bottiglia", "fles", "tent"])
def test_everyday_words_of_any_language_have_a_row_of_their_own(word) -> None:
    """Cut into an English model's pieces they would say next to nothing ("zel" + "t")."""
    assert len(table().pieces(word)) == 1


@pytest.mark.parametrize(
    ("compound", "parts"),
    [("Gartenschlauch", "Garten Schlauch"), ("Zeltplane", "Zelt Plane"), ("Küchenlampe", "Küchen Lampe")],
)
def test_a_compound_says_what_its_words_say(compound, parts) -> None:
    assert near(compound, parts) > 0.7


def test_words_ignore_case_accents_and_length() -> None:
    assert words("Größe, ÉTÉ!") == ["grosse", "ete"]
    assert len(features("word " * 5000)) < 10
    assert len(features(" ".join(f"w{n}" for n in range(5000)))) <= 400


def test_compounds_and_unspaced_scripts_share_features() -> None:
    assert set(features("Luftmatratze")) & set(features("Matratzenschoner"))
    assert set(features("自転車のブレーキ")) & set(features("ブレーキが鳴る"))
