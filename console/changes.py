"""What changed between two compiled shops, in lines that an owner reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Shop = Mapping[str, Any]
_LISTS = {"specialists": ("specialist", "id"), "products": ("product", "sku"), "forms": ("form", "id")}
_SILENT = {"version", *_LISTS}


def changes(before: Shop, after: Shop) -> Iterator[str]:
    """Yield one line for each specialist, product and form added, removed or changed, then one for each setting."""
    for name, (word, key) in _LISTS.items():
        yield from _of_list(word, _by(before.get(name, ()), key), _by(after.get(name, ()), key))
    if before:
        changed = sorted(key for key in {*before, *after} - _SILENT if before.get(key) != after.get(key))
        yield from (f"changed {key}: {_short(before.get(key))} -> {_short(after.get(key))}" for key in changed)
    else:
        yield "settings: all new"


def _by(several: list[Shop], key: str) -> dict[str, Shop]:
    return {one[key]: one for one in several}


def _of_list(word: str, before: Mapping[str, Shop], after: Mapping[str, Shop]) -> Iterator[str]:
    yield from (f"added {word} {key}" for key in after if key not in before)
    yield from (f"removed {word} {key}" for key in before if key not in after)
    for key in after:
        if key in before and before[key] != after[key]:
            yield f"changed {word} {key}: {', '.join(_changed(before[key], after[key]))}"


def _changed(before: Shop, after: Shop) -> list[str]:
    return sorted(key for key in {*before, *after} if before.get(key) != after.get(key))


def _short(value: object) -> str:
    text = "nothing" if value in (None, "", [], {}) else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"  # noqa: PLR2004 - two of them stand in one line
