"""The table of docs/events.md, from the schemas of the events: `python -m console.events` rewrites it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SCHEMAS = ROOT / "schema" / "events"
DOCS = ROOT / "docs" / "events.md"
COMMON = ("schema", "id", "conversation")
"""What every event has."""
_GENERATED = re.compile(
    r"(?<=<!-- events: written by python -m console.events -->\n).*?(?=<!-- end of events -->)", re.DOTALL
)


def schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of each event by its name."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(SCHEMAS.glob("*.json"))}


def reference() -> str:
    """Return one section for each event."""
    return "\n" + "\n".join(_section(name, one) for name, one in schemas().items()) + "\n"


def _section(name: str, schema: dict[str, Any]) -> str:
    own = {key: one for key, one in schema["properties"].items() if key not in COMMON}
    rows = "".join(_row(key, one, key in schema["required"]) for key, one in own.items())
    table = f"\n| field | what it says | for example |\n|---|---|---|\n{rows}" if rows else ""
    return f"### `{name}`\n\n{schema['description']}\n{table}"


def _row(key: str, one: dict[str, Any], needed: bool) -> str:
    examples = " or ".join(f"`{value}`" for value in one.get("examples") or one.get("enum") or ())
    return f"| `{key}` | {one['description']}{'' if needed else ' Not always there.'} | {examples} |\n"


def rewritten(docs: str) -> str:
    """Return `docs` with its generated part as the schemas have it now."""
    return _GENERATED.sub(lambda _: reference(), docs)


if __name__ == "__main__":
    DOCS.write_text(rewritten(DOCS.read_text("utf-8")), "utf-8")
