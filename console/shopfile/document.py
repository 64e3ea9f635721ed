"""YAML whose every part knows its line: `read` gives a `Document`, `Part` walks the sound parts of it.

PyYAML reads YAML 1.1, where `no` is false (Norway), `9:30` is 570 and `2026-12-24` is a date. An owner means none of
that, so values are resolved by the rules of YAML 1.2 and JSON: null, true, false, and numbers without leading zero
or exponent (`0123` and `1E5` are articles); everything else is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from console.shopfile import syntax
from console.shopfile.problems import Problem

Path = tuple[str | int, ...]
"""Keys and places from the root to a part."""
_TAG = "tag:yaml.org,2002:"
_MAP, _SEQ, _TEXT = _TAG + "map", _TAG + "seq", _TAG + "str"


@dataclass(slots=True)
class Document:
    """A read file: plain data, and the line and the writing of each part by its path."""

    name: str
    """As the user named it; it stands before each problem."""
    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    written: dict[Path, str] = field(default_factory=dict)
    """Scalars as they were written: `0123`, `649.00`."""
    files: dict[Path, str] = field(default_factory=dict)
    """Parts that were read from another file, and its name."""
    problems: list[Problem] = field(default_factory=list)
    bad: set[Path] = field(default_factory=set)
    """Parts that later checks leave alone, because something is wrong with them already."""

    def complain(self, path: Path, words: str, *, warning: bool = False) -> None:
        """Note a problem at `path`, or at the nearest part above it that was written."""
        if not warning and path in self.lines:
            self.bad.add(path)
        above = [path[:length] for length in range(len(path), -1, -1)]
        line = next((self.lines[one] for one in above if one in self.lines), 1)
        name = next((self.files[one] for one in above if one in self.files), self.name)
        self.problems.append(Problem(name, line, words, warning))

    @property
    def root(self) -> Part:
        return Part(self, (), self.data)


class Part(NamedTuple):
    """A sound part of the document: `get` and `parts` leave out what has been complained about."""

    document: Document
    path: Path
    value: Any

    def get(self, *keys: str) -> Part | None:
        """Walk down `keys`; None if one is missing or wrong."""
        here: Part | None = self
        for key in keys:
            here = next((part for part in here.parts() if part.key == key), None) if here else None
        return here

    def parts(self) -> Iterator[Part]:
        """Yield what a list or a mapping holds; nothing for a single value."""
        if isinstance(self.value, dict | list):
            pairs = self.value.items() if isinstance(self.value, dict) else enumerate(self.value)
            yield from (Part(self.document, (*self.path, key), value) for key, value in pairs if self._sound(key))

    @property
    def key(self) -> str:
        return str(self.path[-1])

    def complain(self, words: str, *, warning: bool = False) -> None:
        self.document.complain(self.path, words, warning=warning)

    def _sound(self, key: str | int) -> bool:
        return (*self.path, key) not in self.document.bad


def parts_of(part: Part | None, *keys: str) -> list[Part]:
    """Return the parts below `keys`; none where a key is missing."""
    found = part.get(*keys) if part else None
    return list(found.parts()) if found else []


def value_of(part: Part | None, *keys: str) -> Any:
    """Return the value below `keys`; None where a key is missing or wrong."""
    found = part.get(*keys) if part else None
    return found.value if found else None


class _Loader(yaml.SafeLoader):
    """Resolves by YAML 1.2's core schema, see above."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own attribute, emptied before it is filled


_Loader.add_implicit_resolver(_TAG + "null", re.compile(r"(?:~|null|Null|NULL|)\Z"), ["~", "n", "N", ""])
_Loader.add_implicit_resolver(_TAG + "bool", re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z"), list("tTfF"))
_Loader.add_implicit_resolver(_TAG + "int", re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z"), list("-+0123456789"))
_Loader.add_implicit_resolver(_TAG + "float", re.compile(r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]*\Z"), list("-+0123456789"))


def read(name: str, raw: bytes) -> Document:
    """Read one YAML document; what is wrong with its syntax stands in `problems`, and `data` is None then."""
    document = Document(name)
    try:
        root = yaml.compose(raw.decode("utf-8-sig"), Loader=_Loader)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        document.problems.append(Problem(name, line, "this is not UTF-8; save the file with the encoding UTF-8"))
    except yaml.YAMLError as error:
        document.problems.append(syntax.problem(name, raw, error))
    except RecursionError:
        document.problems.append(Problem(name, 1, "the file is nested too deeply; remove brackets"))
    else:
        _fill(document, root)
    return document


def _fill(document: Document, root: yaml.Node | None) -> None:
    try:
        document.data = _value(document, root, (), frozenset()) if root else None
    except RecursionError:
        document.complain((), "the file is nested too deeply; remove brackets")
    if document.data is None and not document.problems:
        document.complain((), "the file is empty; start from the example undivided.yaml")


def _value(document: Document, node: yaml.Node, path: Path, above: frozenset[int]) -> Any:
    document.lines.setdefault(path, node.start_mark.line + 1)
    if id(node) in above:
        return document.complain(path, "this value contains itself (an anchor & and its alias *); write it out")
    if isinstance(node, yaml.MappingNode) and node.tag == _MAP:
        return _mapping(document, node, path, above | {id(node)})
    if isinstance(node, yaml.SequenceNode) and node.tag == _SEQ:
        inside = above | {id(node)}
        return [_value(document, one, (*path, place), inside) for place, one in enumerate(node.value)]
    return _scalar(document, node, path)


def _mapping(document: Document, node: yaml.MappingNode, path: Path, above: frozenset[int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            document.problems.append(Problem(document.name, line, "a key must be a single word; write name: value"))
            continue
        here = (*path, key.value)
        if key.value in found:
            first = document.lines[here]
            words = f'"{key.value}" stands here a second time (first in line {first}); keep one of them'
            document.problems.append(Problem(document.name, line, words))
            continue
        document.lines[here] = line
        found[key.value] = _value(document, value, here, above)
    return found


def _scalar(document: Document, node: yaml.Node, path: Path) -> Any:
    if not isinstance(node, yaml.ScalarNode):
        return document.complain(path, f"the tag {node.tag} means nothing here; remove it")
    document.written[path] = node.value
    try:
        return _SCALARS[node.tag](node.value)
    except (KeyError, ValueError):
        short = node.tag.replace(_TAG, "!!")
        return document.complain(path, f"{node.value[:80]!r} cannot be read as {short}; remove the tag or the value")


def _number(text: str) -> float:
    """Read 2.0 as 2, which a capacity may be."""
    found = float(text)
    return int(found) if found.is_integer() else found


_SCALARS: dict[str, Any] = {
    _TEXT: str,
    _TAG + "null": lambda _: None,
    _TAG + "bool": lambda text: text.lower() == "true",
    _TAG + "int": int,
    _TAG + "float": _number,
}
