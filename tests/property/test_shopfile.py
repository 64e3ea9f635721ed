"""Whatever stands in undivided.yaml: it is read or refused with lines that exist, and what is read means what was written."""

from __future__ import annotations

import json
import tempfile
from datetime import timedelta
from pathlib import Path

import shopfiles
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from undivided.config import Window
from undivided.shopjson import shop_from
from undivided.values import Unusable

from console.shopfile import document, hours, written
from console.shopfile.validation import READERS

EXAMPLE = shopfiles.EXAMPLE
LINES = EXAMPLE.splitlines()

minutes = st.integers(0, 1439)
week = st.lists(st.tuples(st.integers(0, 6), minutes, st.integers(1, 1440)), min_size=1, max_size=12, unique=True)


def read(text):
    with tempfile.TemporaryDirectory() as folder:
        return shopfiles.read(Path(folder), text)


def placed(found, lines):
    """Every problem stands at a line of the file, on one line of output; there is a shop exactly if there is no error."""
    assert (found.shop is None) == bool(found.errors)
    assert all(1 <= one.line <= max(lines, 1) for one in found.problems)
    assert all(str(one).isprintable() for one in found.problems), found.problems
    if found.shop is not None:
        shop = shop_from(json.loads(json.dumps(found.shop)))
        assert shop.fallback in shop.specialists


def clock(minute, style):
    hour, rest = divmod(minute, 60)
    if style == "half" and minute < 1440:
        return f"{hour % 12 or 12}:{rest:02d}{'am' if hour < 12 else 'pm'}"
    return f"{hour}" if style == "short" and not rest else f"{hour}:{rest:02d}"


@given(
    week,
    st.sampled_from(["full", "short", "half"]),
    st.sampled_from([", ", "; ", " "]),
    st.sampled_from(["-", " – ", " to "]),
)
def test_hours_mean_what_was_written(times, style, between, dash):
    meant = [Window(day, start, end if end > start else end + 1440) for day, start, end in times if start != end]
    text = between.join(
        f"{hours.DAYS[one[0]]} {clock(one[1], style)}{dash}{clock(one[2], style)}" for one in times if one[1] != one[2]
    )
    if meant:
        assert hours.windows(text) == tuple(sorted(meant, key=lambda one: (one.weekday, one.start)))


@given(st.integers(0, 6), st.integers(0, 6), st.integers(0, 1400))
def test_a_range_of_days_runs_forward_through_the_week(first, last, start):
    found = hours.windows(f"{hours.DAYS[first]}-{hours.DAYS[last]} {clock(start, 'full')}-{clock(start + 1, 'full')}")
    assert len(found) == (last - first) % 7 + 1
    assert {one.weekday for one in found} == {(first + step) % 7 for step in range(len(found))}


@given(week)
def test_two_windows_overlap_exactly_if_they_share_a_minute(times):
    several = [Window(day, start, end if end > start else end + 1440) for day, start, end in times]
    covered = [
        minute % 10080
        for one in several
        for minute in range(one.weekday * 1440 + one.start, one.weekday * 1440 + one.end)
    ]
    assert (hours.overlap(several) is not None) == (len(covered) != len(set(covered)))


@given(
    st.sampled_from(sorted(READERS)), st.text(max_size=60) | st.from_regex(r"[0-9a-zA-Z:.,@/ €-]{0,40}", fullmatch=True)
)
def test_any_text_is_read_or_refused_with_advice(name, text):
    advice = refusal(READERS[name], text)
    assert advice is None or (len(advice) < 400 and (";" in advice or "write" in advice))


def refusal(reader, text):
    try:
        reader(text)
    except Unusable as error:
        return str(error)
    return None


@given(st.integers(0, 3650 * 86400))
def test_durations_add_up(seconds):
    days, rest = divmod(seconds, 86400)
    assert written.duration(f"{days} days {rest // 3600}h {rest % 3600 // 60}min {rest % 60}s") == timedelta(
        seconds=seconds
    )


@given(st.text(max_size=200) | st.binary(max_size=200))
@example("a: " + "[" * 3000)
@example("&a [*a]")
@example("? {a: b}\n: c")
@example("!!set {a, b}")
@example("a: !!timestamp 2026-01-01")
@example("%YAML 9.9\n---\na: b")
@example("\ud7ff\ue000\U0010ffff")
def test_any_file_gets_an_answer(raw):
    found = read(raw)
    assert found.shop is None
    placed(found, len(raw.splitlines()) + 1 if isinstance(raw, str) else raw.count(b"\n") + raw.count(b"\r") + 1)


odd = st.sampled_from(["", "[]", "{}", "null", "0", "-1", "true", "1e9", "''", "[[1]]", "{a: b}", '"', "- x", "*x", "&x", "!!int a", "\t", "é", "999999999999999999999"])  # fmt: skip


@settings(max_examples=150)
@given(st.integers(0, len(LINES) - 1), odd, st.sampled_from(["value", "line", "delete", "double", "indent"]))
def test_the_example_with_one_line_spoilt_gets_an_answer(place, value, how):
    lines = list(LINES)
    key, colon, _ = lines[place].partition(": ")
    spoilt = {
        "value": [key + colon + value if colon else value],
        "line": [value],
        "delete": [],
        "double": [lines[place]] * 2,
        "indent": [" " + lines[place]],
    }
    lines[place : place + 1] = spoilt[how]
    placed(read("\n".join(lines) + "\n"), len(lines) + 1)


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9999, 9999)
    | st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abcdef ", min_size=1, max_size=6), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), plain, min_size=1, max_size=4), st.booleans())
def test_yaml_is_read_as_it_was_meant_and_every_part_knows_its_line(data, flow):
    text = yaml.safe_dump(data, allow_unicode=True, default_flow_style=flow)
    found = document.read("x.yaml", text.encode())
    assert found.problems == []
    assert found.data == data
    lines = text.splitlines()
    for path, line in found.lines.items():
        if path and isinstance(path[-1], str):
            assert path[-1].strip() in lines[line - 1]


@settings(max_examples=60)
@given(st.data())
def test_every_key_of_the_wrong_kind_is_refused(data):
    """Replace any part by a value of another kind: an error names it, or a part above it."""
    shop = yaml.load(EXAMPLE, yaml.BaseLoader)
    where = data.draw(st.sampled_from(sorted(_paths(shop), key=str)))
    here = shop
    for step in where[:-1]:
        here = here[step]
    here[where[-1]] = 7.5 if isinstance(here[where[-1]], dict | list) else {"odd": []}
    found = read(yaml.safe_dump(_typed(shop), allow_unicode=True, sort_keys=False))
    assert found.shop is None


def _paths(part, above=()):
    pairs = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in pairs:
        yield (*above, key)
        yield from _paths(value, (*above, key))


def _typed(part):
    if isinstance(part, dict):
        return {key: _typed(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_typed(one) for one in part]
    return int(part) if isinstance(part, str) and part.isdigit() else part
