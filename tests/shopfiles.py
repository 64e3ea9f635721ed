"""Files of a shop for tests: the example, and reading any text as one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from console import shopfile

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = (ROOT / "undivided.yaml").read_text(encoding="utf-8")
TODAY = date(2026, 11, 21)


def read(folder, text, name="undivided.yaml"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return shopfile.read(path, TODAY)
