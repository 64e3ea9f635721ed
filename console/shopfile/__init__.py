"""`undivided.yaml`: read with line numbers, checked, and made into the plain JSON that the Lambdas read.

`read` does all of it: YAML, then the published JSON Schema, then how the parts fit together, then the compilation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from undivided.values import Unusable

from console.shopfile import calendars, catalogue, crosschecks, document, formchecks, validation
from console.shopfile.closed import calendar_off
from console.shopfile.compiled import always_on_duty, compiled, fingerprint
from console.shopfile.problems import Problem

__all__ = ["Problem", "ShopFile", "always_on_duty", "fingerprint", "read"]


@dataclass(frozen=True, slots=True)
class ShopFile:
    """A read file: every problem in the order of lines, and the compiled shop unless one of them is an error."""

    problems: tuple[Problem, ...]
    shop: dict[str, Any] | None

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(one for one in self.problems if not one.warning)


def read(path: Path, today: date) -> ShopFile:
    """Read `path`; raise `OSError` only if it cannot be opened. `today` says which years' holidays are looked up."""
    found = document.read(str(path), path.read_bytes())
    if found.data is not None:
        validation.check(found)
        _fetch_catalogue(found, path.parent)
        crosschecks.check(found)
        formchecks.check(found)
    named = _read_calendars(found, path.parent, today) if found.data is not None else {}
    problems = tuple(sorted(set(found.problems)))
    sound = found.data is not None and all(one.warning for one in problems)
    return ShopFile(problems, compiled(found.data, found.data.get("products", []), today, named) if sound else None)


def _read_calendars(found: document.Document, folder: Path, today: date) -> dict[str, str]:
    """Return the text of each calendar that is named, having read it; what is wrong with one stands at its line."""
    texts: dict[str, str] = {}
    for part in _holidays(found.root):
        if not calendars.is_calendar(part.value) or part.value in texts:
            continue
        try:
            text = calendars.read(part.value, folder)
            calendar_off(text, "UTC", today)
            texts[part.value] = text
        except Unusable as error:
            part.complain(f"holidays: {error}")
    return texts


def _holidays(root: document.Part) -> Iterator[document.Part]:
    """Yield each entry of the shop's and the specialists' holidays."""
    for owner in (root, *document.parts_of(root, "specialists")):
        part = owner.get("holidays")
        if part is not None:
            yield from (
                [part] if isinstance(part.value, str) else (one for one in part.parts() if isinstance(one.value, str))
            )


def _fetch_catalogue(found: document.Document, folder: Path) -> None:
    """Put the rows of a CSV catalogue where its name stood; their problems name the CSV's own lines."""
    part = found.root.get("products")
    if part is None or not isinstance(part.value, str):
        return
    name = str(Path(found.name).parent / part.value)
    rows, problems = catalogue.read(folder / part.value, name)
    found.problems += problems
    found.files[part.path] = name
    found.data["products"] = [row for _, row in rows]
    for place, (line, row) in enumerate(rows):
        found.lines |= {(*part.path, place, *key): line for key in [(), *((column,) for column in row)]}
