"""Every moment in the product is aware: what ruff's DTZ rules do not see, read from the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
WALL = {
    "layers/undivided/undivided/promise/zones.py": {"replace(tzinfo=None)"},
    "console/shopfile/ical.py": {"replace(tzinfo=None)", "combine"},
}
"""Where the clock on a wall is compared or laid out, before it becomes a moment."""
READ = {
    "layers/undivided/undivided/values.py",
    "layers/undivided/undivided/sale/orders.py",
    "console/explain.py",
}
"""Where a time is read from a text; each of them says what one without a zone means, or refuses it."""
FILES = sorted(
    one for part in ("layers/undivided/undivided", "functions", "console") for one in HOUSE.glob(f"{part}/**/*.py")
)


def naive(tree: ast.AST) -> Iterator[str]:
    """Name each call that makes a datetime without a zone, or might."""
    for one in ast.walk(tree):
        if not isinstance(one, ast.Call) or not isinstance(one.func, ast.Attribute):
            continue
        owner = one.func.value.id if isinstance(one.func.value, ast.Name) else ""
        without = any(
            kw.arg == "tzinfo" and isinstance(kw.value, ast.Constant) and kw.value.value is None for kw in one.keywords
        )
        if one.func.attr == "replace" and without and not any(kw.arg == "fold" for kw in one.keywords):
            yield "replace(tzinfo=None)"
        zoned = len(one.args) > 2 or any(kw.arg == "tzinfo" for kw in one.keywords)
        if (owner, one.func.attr) == ("datetime", "combine") and not zoned:
            yield "combine"
        if (owner, one.func.attr) == ("datetime", "fromisoformat"):
            yield "fromisoformat"


@pytest.mark.parametrize(("source", "found"), [
    ("when.replace(tzinfo=None)", ["replace(tzinfo=None)"]),
    ("when.replace(tzinfo=UTC)", []),
    ("datetime.combine(day, time())", ["combine"]),
    ("datetime.combine(day, time(), UTC)", []),
    ("datetime.fromisoformat(text)", ["fromisoformat"]),
    ("date.fromisoformat(text)", []),
])  # fmt: skip
def test_what_is_naive_is_seen(source: str, found: list[str]) -> None:
    assert list(naive(ast.parse(source))) == found


def test_no_moment_is_naive() -> None:
    assert len(FILES) > 200
    for file in FILES:
        name = str(file.relative_to(HOUSE))
        allowed = WALL.get(name, set()) | ({"fromisoformat"} if name in READ else set())
        assert not set(naive(ast.parse(file.read_text()))) - allowed, f"{name}: pass a zone, or use values.moment"
