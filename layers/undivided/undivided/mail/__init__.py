"""Mail: reading it, knowing who speaks, and writing it. Importing this package imports nothing: each part is asked for by name."""

from __future__ import annotations

from typing import Any


def explain(raw: bytes) -> dict[str, Any]:
    """Return what one mail alone says and why; see `undivided.mail.explanation`."""
    from undivided.mail.explanation import explain as explained  # noqa: PLC0415 - `undivided.mail.keys` must stay cheap to import

    return explained(raw)
