"""The published schema, the types and the readers say the same."""

from __future__ import annotations

from dataclasses import fields

from undivided.config import (
    LANGUAGES,
    REASONS,
    Caps,
    FieldKind,
    FormField,
    Pace,
    Product,
    Shop,
    Texts,
)

from console.shopfile import written
from console.shopfile.catalogue import COLUMNS
from console.shopfile.schema import layers, said, schema
from console.shopfile.validation import READERS


def schema_keys(*names):
    return set(_inner(names)["properties"])


def _inner(names):
    here = schema()
    for name in names:
        here = next(layer for layer in layers(here) if name in layer)[name]
    return next(layer for layer in layers(here) if "properties" in layer)


def test_the_schema_knows_the_keys_of_the_types():
    names = {kind: {one.name for one in fields(kind)} for kind in (Shop, Pace, Caps, Texts, Product, FormField)}
    assert schema_keys() == names[Shop] - {"version"} | {"holidays"}
    assert schema_keys("properties", "pace") == names[Pace]
    assert schema_keys("properties", "caps") == names[Caps]
    assert schema_keys("properties", "texts") == names[Texts]
    assert schema_keys("$defs", "product") == names[Product] == set(COLUMNS)
    assert schema_keys("$defs", "field") == names[FormField] - {"id", "kind"} | {"type"}


def test_the_defaults_of_the_schema_are_those_of_the_types():
    for name, piece in _inner(["properties", "pace"])["properties"].items():
        usual = said(piece, "default")
        assert (written.duration(usual) if usual else None) == getattr(Pace(), name), name
    for name, piece in _inner(["properties", "caps"])["properties"].items():
        assert tuple(map(written.cap, said(piece, "default"))) == getattr(Caps(), name), name
    assert tuple(schema()["properties"]["reasons"]["default"]) == REASONS
    assert schema()["$defs"]["language"]["enum"] == list(LANGUAGES)
    assert _inner(["$defs", "field"])["properties"]["type"]["enum"] == [one.value for one in FieldKind]


def _everything(piece, found):
    for value in piece.values() if isinstance(piece, dict) else piece:
        if isinstance(value, dict | list):
            found.append(value)
            _everything(value, found)
    return found


def test_every_key_is_described_and_every_format_and_example_is_real():
    for piece in (one for one in _everything(schema(), []) if isinstance(one, dict)):
        for name, inner in piece.get("properties", {}).items():
            assert name == "type" or "const" in inner or said(inner, "description"), name
        if "format" in piece:
            for example in piece.get("examples", []):
                for text in example if isinstance(example, list) else [example]:
                    READERS[piece["format"]](text)
