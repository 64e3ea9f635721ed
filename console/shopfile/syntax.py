"""Broken YAML: says in the owner's words, at the line to change, what PyYAML says in its own where it noticed."""

from __future__ import annotations

import re

import yaml

from console.shopfile.problems import Problem


def problem(name: str, raw: bytes, error: yaml.YAMLError) -> Problem:
    """Return what to change in `raw`, and in which line."""
    lines = raw.decode("utf-8-sig").splitlines()
    if not isinstance(error, yaml.MarkedYAMLError) or not error.problem_mark:
        place = getattr(error, "position", 0)
        before = raw.decode("utf-8-sig")[: place if isinstance(place, int) else 0]
        return Problem(name, before.count("\n") + 1, "a control character stands here; delete it")
    noticed = error.problem_mark.line
    opened = next((place for place, line in enumerate(lines[: noticed + 1]) if _OPEN_QUOTE.fullmatch(line)), None)
    if opened is not None:
        return Problem(name, opened + 1, "a quote is opened here and not closed; end the text with the same quote")
    if error.problem and "expected ',' or" in error.problem and error.context_mark:
        return Problem(name, error.context_mark.line + 1, _BRACKET)
    return Problem(name, noticed + 1, _advice(error.problem or "not YAML", lines[noticed : noticed + 1]))


def _advice(problem: str, line: list[str]) -> str:
    if r"'\t'" in problem or (line and line[0].lstrip(" ").startswith("\t")):
        return "a tab stands where YAML wants spaces; indent with spaces only"
    for sign, advice in _ADVICE.items():
        if sign in problem:
            return advice
    return f"this is not YAML ({problem}); compare the indentation and the quotes with the line above"


_OPEN_QUOTE = re.compile(r"""\s*(?:[\w-]+:\s+|-\s+)*(?:"(?:[^"\\]|\\.)*|'(?:[^']|'')*)""")
"""A line whose value starts with a quote that the line does not close."""
_BRACKET = "a bracket is opened here and not closed, or a comma is missing; write [one, two] or {one: 1, two: 2}"
_ADVICE = {
    "mapping values are not allowed": "a second colon stands in this line; put the whole value in quotes",
    "could not find expected ':'": "a colon is missing in this line or above it; write name: value",
    "expected <block end>": "this line is indented differently from its neighbours; give all of a group the same number of spaces",
    "unexpected end of stream": "a quote is opened and never closed; end the text with the same quote",
    "cannot start any token": "this character has a meaning of its own in YAML; put the whole value in quotes",
    "undefined alias": "a value that starts with * points to an anchor that is not there; put it in quotes",
    "but found another document": "the line --- starts a second document; keep everything in one",
}
