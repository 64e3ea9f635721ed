"""docs/configuration.md is checked against the schema and run: no key is missing, no example is wrong."""

from __future__ import annotations

import re

import pytest
from shopfiles import TODAY
from undivided.shopjson import shop_from

from console import shopfile
from console.shopfile import closed, hours, written
from console.shopfile.formchecks import BUILT_IN
from console.shopfile.reference import DOCS, reference, rewritten
from console.shopfile.schema import said, schema

TEXT = DOCS.read_text(encoding="utf-8")


def test_the_reference_is_that_of_the_schema():
    assert rewritten(TEXT) == TEXT, "run python -m console.shopfile.reference"
    assert reference() in TEXT


def keys(piece):
    for name, inner in (said(piece, "properties") or {}).items():
        yield name
        yield from keys(inner)
    for below in (said(piece, "additionalProperties"), said(piece, "items")):
        if isinstance(below, dict):
            yield from keys(below)


def test_no_key_is_missing():
    every = set(keys(schema()))
    assert len(every) > 50
    assert [name for name in every if f"| `{name}` | " not in TEXT] == []


def test_the_small_shop_works(tmp_path):
    (tmp_path / "undivided.yaml").write_text(re.search(r"```yaml\n(.*?)```", TEXT, re.DOTALL)[1])
    found = shopfile.read(tmp_path / "undivided.yaml", TODAY)
    assert found.problems == ()
    assert list(shop_from(found.shop).forms) == ["question"]


def test_the_csv_works(tmp_path):
    (tmp_path / "catalogue.csv").write_text(re.search(r"```csv\n(.*?)```", TEXT, re.DOTALL)[1])
    small = re.search(r"```yaml\n(.*?)```", TEXT, re.DOTALL)[1]
    (tmp_path / "undivided.yaml").write_text(f"{small}products: catalogue.csv\n")
    found = shopfile.read(tmp_path / "undivided.yaml", TODAY)
    assert found.problems == ()
    assert shop_from(found.shop).products["GRIND-64"].title == "Grind 64, flat burrs"


PARAGRAPHS = {
    "Hours": (hours.windows, 6),
    "Zones": (written.zone, 2),
    "Durations": (written.duration, 6),
    "Money": (written.money, 1),
    "Caps": (written.cap, 1),
}


@pytest.mark.parametrize("name", PARAGRAPHS)
def test_what_is_written_there_can_be_written(name):
    reader, count = PARAGRAPHS[name]
    words = TEXT[TEXT.index(f"**{name}**") :].split("**", 3)[2]
    examples = re.findall(r"`([^`]+)`", words)[: count if name != "Hours" else None]
    assert len(examples) >= count
    for one in examples:
        reader(one)


def test_the_holidays_are_known():
    for code in ("DE", "DE-BE", "GB-ENG", "US-CA", "2026-12-24"):
        assert code in TEXT
        assert closed.entry(code) == code


def test_the_built_in_fields_are_listed():
    listed = TEXT[TEXT.index("built-in ones:") : TEXT.index("If there are `forms`")]
    assert set(re.findall(r"`(\w+)`", listed)) == BUILT_IN
