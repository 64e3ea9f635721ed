"""The published schema, schema/undivided.schema.json: what it says of a part of the file, by the part's path."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).resolve().parents[2] / "schema" / "undivided.schema.json"
Piece = dict[str, Any]
"""A part of the schema."""


@cache
def schema() -> Piece:
    found: Piece = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return found


def at(path: tuple[str | int, ...]) -> Piece:
    """Return what describes `path` of the file; empty for what the schema does not know."""
    here = schema()
    for step in path:
        here = _step(here, step)
    return here


def _step(here: Piece, step: str | int) -> Piece:
    for layer in layers(here):
        found = layer.get("items") if isinstance(step, int) else layer.get("properties", {}).get(step)
        found = found or (layer.get("additionalProperties") if isinstance(step, str) else None)
        if found:
            return dict(found)
    return {}


def layers(piece: Piece) -> Iterator[Piece]:
    """Yield a piece and then what it refers to."""
    yield piece
    if "$ref" in piece:
        yield from layers(schema()["$defs"][piece["$ref"].rpartition("/")[2]])


def said(piece: Piece, word: str) -> Any:
    """Return what a piece, or what it refers to, says under `word`; None if nothing."""
    return next((layer[word] for layer in layers(piece) if word in layer), None)


def example(piece: Piece) -> str:
    """Return something that may stand there, as YAML; empty if the schema gives none."""
    if said(piece, "type") == "boolean":
        return "true or false"
    examples = said(piece, "examples") or said(piece, "enum") or [said(piece, "default")]
    return "" if examples[0] is None else shown(examples[0])


def shown(value: object) -> str:
    """Write a value on one line as YAML would have it."""
    if isinstance(value, list):
        return f"[{', '.join(shown(one) for one in value)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {shown(one)}" for key, one in value.items()) + "}"
    return str(value).lower() if isinstance(value, bool) else str(value)
