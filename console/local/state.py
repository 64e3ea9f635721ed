"""What the demo remembers between runs and tells to scripts: the folder `.local/` and `stack.json` in it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
"""The project's folder: the demo builds from here, so it only runs from a clone."""


def local_folder() -> Path:
    """Return the demo's folder; `UNDIVIDED_LOCAL` puts it elsewhere, so that tests run beside a demo."""
    return Path(os.environ.get("UNDIVIDED_LOCAL") or ROOT / ".local").resolve()


def stack_file(local: Path | None = None) -> Path:
    return (local or local_folder()) / "stack.json"


def read(path: Path) -> dict[str, Any] | None:
    """Return what `path` holds, or None when it is missing or half-written rubbish."""
    try:
        told = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return None
    return told if isinstance(told, dict) else None


def write(path: Path, told: dict[str, Any]) -> None:
    """Replace `path` in one step, readable by its owner only: it carries the emulator's keys."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(told, indent=2) + "\n")
    fresh.replace(path)
