"""The check against the schema, and its findings in the owner's words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from undivided.values import Unusable

from console.shopfile import closed, hours, written
from console.shopfile.document import Document, Path
from console.shopfile.problems import instead, nearest
from console.shopfile.schema import Piece, at, example, schema, shown

READERS: dict[str, Callable[[str], object]] = {
    "address": written.address,
    "cap": written.cap,
    "domain": written.domain,
    "duration": written.duration,
    "holiday": closed.entry,
    "hours": hours.windows,
    "line": written.line,
    "link": written.link,
    "money": written.money,
    "vacation": written.vacation,
    "zone": written.zone,
}
"""The schema's formats: each reads one text or raises `Unusable`."""
_KINDS = {
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a group of lines like name: value",
}


class Fault(NamedTuple):
    """One finding of the JSON Schema library, in types."""

    rule: str
    wanted: Any
    given: Any
    path: Path
    piece: Piece
    route: tuple[str | int, ...]
    """The way through the schema to the rule."""
    cause: Exception | None


def check(document: Document) -> None:
    """Complain about everything in `document` that breaks the schema; of several faults in one place, the most telling."""
    told: set[Path] = set()
    for fault in sorted(map(_fault, _validator().iter_errors(document.data)), key=lambda one: one.rule != "format"):
        for path, words in _FINDINGS.get(fault.rule, _unfit)(fault, document):
            if path not in told:
                document.complain(path, words)
                told.add(path)


@cache
def _validator() -> Draft202012Validator:
    checker = FormatChecker(formats=())
    for name, reader in READERS.items():
        checker.checks(name, raises=Unusable)(_reads(reader))
    return Draft202012Validator(schema(), format_checker=checker)


def _reads(reader: Callable[[str], object]) -> Callable[[object], bool]:
    def reads(value: object) -> bool:
        if isinstance(value, str):
            reader(value)
        return True

    return reads


def _fault(error: ValidationError) -> Fault:
    piece = error.schema if isinstance(error.schema, dict) else {}
    route = tuple(error.absolute_schema_path)
    rule = "propertyNames" if "propertyNames" in route else str(error.validator)
    return Fault(rule, error.validator_value, error.instance, tuple(error.absolute_path), piece, route, error.cause)


Findings = Iterator[tuple[Path, str]]


def _unknown(fault: Fault, _: Document) -> Findings:
    known = list(fault.piece["properties"])
    for key in fault.given:
        if key not in known:
            yield (*fault.path, key), f'unknown key "{key[:80]}"; {instead(key, known)}'


def _missing(fault: Fault, _: Document) -> Findings:
    """Each missing key is a place of its own, shown at the line of what it is missing from."""
    inside = f" in {_called(fault.path)}" if fault.path else ""
    misspelt = [key for key in fault.given if key not in fault.piece.get("properties", {})]
    for name in fault.wanted:
        if name not in fault.given and not nearest(name, misspelt):
            like = example(at((*fault.path, name)))
            yield (*fault.path, name), f'"{name}" is missing{inside}; {f"write {name}: {like}" if like else "add it"}'


def _misnamed(fault: Fault, _: Document) -> Findings:
    key = str(fault.given)[:80]
    if "enum" in fault.route:
        yield (*fault.path, fault.given), f'"{key}" is no language that texts exist in; {instead(key, fault.wanted)}'
    else:
        advice = f"write lower-case letters and digits, like {example(fault.piece)}"
        yield (*fault.path, fault.given), f'"{key}" cannot be used as a key; {advice}'


def _unfit(fault: Fault, document: Document) -> Findings:
    yield fault.path, f"{_called(fault.path)}: {_words(fault, document)}"


_FINDINGS: dict[str, Callable[[Fault, Document], Findings]] = {
    "additionalProperties": _unknown,
    "required": _missing,
    "propertyNames": _misnamed,
}


def _called(path: Path) -> str:
    """Name a part by its nearest key: `email`, or `languages` for an item of that list."""
    return next((step for step in reversed(path) if isinstance(step, str)), "the file")


def _words(fault: Fault, document: Document) -> str:
    given = document.written.get(fault.path, shown(fault.given))[:80]
    if fault.rule == "format":
        return str(fault.cause)
    if fault.rule == "type":
        return _wrong_kind(fault, given)
    if fault.rule == "enum":
        return f'"{given}" is not possible here; {instead(given, fault.wanted)}'
    return _LIMITS[fault.rule].format(given=given, limit=fault.wanted, like=example(at(fault.path)))


_LIMITS = {
    "minimum": "{given} is too small; write {limit} or more",
    "maximum": "{given} is too large; write {limit} or less",
    "minLength": "there is no text; write at least {limit} character",
    "maxLength": "{given}… is too long; write at most {limit} characters",
    "minItems": "there are too few; write {limit} or more",
    "minProperties": "there are too few; write {limit} or more",
    "uniqueItems": "{given} names something twice; write each once",
    "pattern": "{given} cannot stand here; write something like {like}",
}


def _wrong_kind(fault: Fault, given: str) -> str:
    wanted = fault.wanted if isinstance(fault.wanted, list) else [fault.wanted]
    like = example(at(fault.path))
    if fault.given is None:
        return f"there is no value; {_fill_or_remove(fault.path, like)}"
    if "string" in wanted and isinstance(fault.given, bool | int | float):
        return _number_for_text(given, str(fault.piece.get("format")))
    if wanted == ["array"] and not isinstance(fault.given, dict):
        return f"{given} is not a list; write [{given}]"
    kinds = " or ".join(_KINDS[one] for one in wanted)
    return f"{given} is not {kinds}; write {kinds}{f', like {like}' if like else ''}"


def _fill_or_remove(path: Path, like: str) -> str:
    needed = path and path[-1] in at(path[:-1]).get("required", ())
    ways = [f"write {_called(path)}: {like}" if like else "write one", "" if needed else "remove the line"]
    return " or ".join(way for way in ways if way)


def _number_for_text(given: str, format_: str) -> str:
    try:
        READERS.get(format_, str)(given)
    except Unusable as error:
        return str(error)
    return f'{given} is read as a number or true/false; put it in quotes: "{given}"'
