"""The reference part of docs/configuration.md, from the schema: `python -m console.shopfile.reference` rewrites it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from console.shopfile.schema import Piece, said, schema, shown

DOCS = Path(__file__).resolve().parents[2] / "docs" / "configuration.md"
_GENERATED = re.compile(
    r"(?<=<!-- keys: written by python -m console.shopfile.reference -->\n).*?(?=<!-- end of keys -->)", re.DOTALL
)
_HEAD = "| key | what it says | without it | for example |\n|---|---|---|---|\n"


def reference() -> str:
    """Return one table for the file and for each group of keys in it."""
    groups = _groups("", schema())
    return "\n" + "\n".join(f"### {title}\n\n{_HEAD}{''.join(rows)}" for title, rows in groups) + "\n"


def _groups(path: str, piece: Piece) -> Iterator[tuple[str, list[str]]]:
    keys: dict[str, Piece] = said(piece, "properties") or {}
    if keys:
        needed = said(piece, "required") or []
        yield f"`{path}`" if path else "The file", [_row(name, one, name in needed) for name, one in keys.items()]
    for name, one in keys.items():
        yield from _below(f"{path}.{name}" if path else name, one)


def _below(path: str, piece: Piece) -> Iterator[tuple[str, list[str]]]:
    """Yield what stands inside a group, each of several named ones (`*`), or each item of a list (`[]`)."""
    yield from _groups(path, piece) if said(piece, "properties") else ()
    inner = said(piece, "additionalProperties")
    if isinstance(inner, dict) and said(inner, "properties"):
        yield from _groups(f"{path}.*", inner)
    items = said(piece, "items")
    if items and said(items, "properties"):
        yield from _groups(f"{path}[]", items)


def _row(name: str, piece: Piece, needed: bool) -> str:
    usual = said(piece, "default")
    without = "it must be there" if needed else "–" if usual is None else f"`{shown(usual)}`"
    examples = " or ".join(f"`{shown(one)}`" for one in said(piece, "examples") or said(piece, "enum") or [])
    return f"| `{name}` | {_cell(said(piece, 'description'))} | {_cell(without)} | {_cell(examples)} |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def rewritten(docs: str) -> str:
    """Return `docs` with its generated part as the schema has it now."""
    return _GENERATED.sub(lambda _: reference(), docs)


if __name__ == "__main__":
    DOCS.write_text(rewritten(DOCS.read_text(encoding="utf-8")), encoding="utf-8")
