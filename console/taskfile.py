"""Reading a task file of past questions: every mistake in it is named with its place, and says what to do.

The file: {"name", "lang", "specialists": [{"id", "desc", "owns": [intent, ...]}], "stream": [{"text", "intent", "by"}, ...],
"test": [{"text", "intent"}, ...], "oos": [text or {"text"}, ...]}; docs/expertise.md has what may stand there besides.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from undivided.config import Hours, Shop, Specialist
from undivided.expertise.asked import Asked
from undivided.values import Address, SpecialistId, Unusable

if TYPE_CHECKING:
    from collections.abc import Sequence

_GZIP = b"\x1f\x8b"
_USUAL, _MOST = 3, 5
"""Level of a skill that is only named, and the highest one."""
_CLAIMS = ("skus", "categories", "brands")
_SHAPE = '{"specialists": [...], "stream": [...], "test": [...]}'


@dataclass(frozen=True, slots=True)
class Past:
    """One question of the file; `by` is None for test questions."""

    text: str
    intent: str
    by: SpecialistId | None = None
    language: str = ""
    product: tuple[str, str, str, str] = ("", "", "", "")
    """SKU, title, category, brand."""


@dataclass(frozen=True, slots=True)
class Task:
    """The file, checked, with a shop made of its specialists."""

    name: str
    language: str
    shop: Shop
    owns: dict[SpecialistId, frozenset[str]]
    stream: tuple[Past, ...]
    test: tuple[Past, ...]
    oos: tuple[Past | str, ...]

    def asked(self, one: Past | str) -> Asked:
        if isinstance(one, str):
            return Asked(one, self.language)
        return Asked(one.text, one.language or self.language, *one.product)


def read(path: Path) -> Task:
    """Read and check a task file, gzipped or not, `-` for standard input; raise `Unusable` that says what is wrong."""
    try:
        return task_of(_json(path), path.stem)
    except ValueError as error:
        raise Unusable(f"{path}: {error}; see docs/expertise.md for the format") from error


def shop_of(people: Sequence[Specialist], language: str) -> Shop:
    """Return a shop of just these specialists; its fallback person is none of them, so that all are ranked."""
    specialists = {one.id: one for one in people}
    nobody = SpecialistId("nobody")
    while nobody in specialists:
        nobody = SpecialistId(f"{nobody}!")
    return Shop(
        name="evaluation",
        url="",
        owner=Address("owner@desk.example"),
        mail_domain="ask.desk.example",
        zone="UTC",
        languages=(language,),
        currency="EUR",
        specialists=specialists,
        fallback=nobody,
    )


def _json(path: Path) -> Any:
    data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    try:
        text = (gzip.decompress(data) if data.startswith(_GZIP) else data).decode("utf-8-sig")
        return json.loads(text)
    except (UnicodeDecodeError, OSError, EOFError, zlib.error):
        raise ValueError("it is no text in UTF-8, nor such a text gzipped; save it as UTF-8") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ValueError(f"it is no JSON ({error.msg}, {where}); it has to be one object, {_SHAPE}") from None
    except RecursionError:
        raise ValueError(f"it is nested too deep; it has to be one object, {_SHAPE}") from None


class _Part:
    """A value of the file that knows where it stands."""

    def __init__(self, value: Any, where: str) -> None:
        self.value, self.where = value, where

    def get(self, key: str) -> _Part:
        if not isinstance(self.value, dict):
            raise self._wrong(f"must be an object{'' if self.where else f', {_SHAPE}'}")
        return _Part(self.value.get(key), f"{self.where}.{key}" if self.where else key)

    def several(self, *, needed: bool = False) -> list[_Part]:
        if self.value is None and not needed:
            return []
        if not isinstance(self.value, list):
            raise self._wrong("is missing" if self.value is None else "must be a list")
        return [_Part(one, f"{self.where}[{place}]") for place, one in enumerate(self.value)]

    def text(self) -> str:
        """Return a text, "" for none; a number is taken as it is written."""
        if self.value is None:
            return ""
        if not isinstance(self.value, (str, int, float)) or isinstance(self.value, bool):
            raise self._wrong("must be text")
        return str(self.value)

    def name(self) -> str:
        found = self.text()
        if not found:
            raise self._wrong("is missing or empty")
        return found

    def texts(self, *, needed: bool = False) -> list[str]:
        return [one.text() for one in self.several(needed=needed)]

    def language(self) -> str:
        """Return the language without its country: pt-BR and pt_PT are both spoken by whoever speaks pt."""
        return re.split("[-_]", self.text().strip(), maxsplit=1)[0].casefold()

    def _wrong(self, what: str) -> Unusable:
        return Unusable(f'"{self.where}" {what}' if self.where else f"the file {what}")


def task_of(data: Any, name: str = "") -> Task:
    """Check what a task file says; raise `Unusable` that names the place."""
    root = _Part(data, "")
    language = root.get("lang").language()
    listed = root.get("specialists").several(needed=True)
    people = [_specialist(one, language) for one in listed]
    owns = {
        person.id: frozenset(one.get("owns").texts(needed=True)) for person, one in zip(people, listed, strict=True)
    }
    stream = tuple(_answered(one) for one in root.get("stream").several(needed=True))
    test = tuple(_past(one) for one in root.get("test").several(needed=True))
    oos = tuple(_stranger(one) for one in root.get("oos").several())
    if len(owns) < len(people):
        raise ValueError("two specialists have the same id; give each their own")
    if not people or not test:
        raise ValueError("it needs at least one specialist and one test question")
    return Task(root.get("name").text() or name, language, shop_of(people, language), owns, stream, test, oos)


def _past(part: _Part) -> Past:
    return replace(_asked(part), intent=part.get("intent").name())


def _answered(part: _Part) -> Past:
    return replace(_past(part), by=SpecialistId(part.get("by").name()))


def _stranger(part: _Part) -> Past | str:
    return _asked(part) if isinstance(part.value, dict) else part.text()


def _asked(part: _Part) -> Past:
    text, language = part.get("text").text(), part.get("lang").language()
    if "text" not in part.value:
        raise Unusable(f'"{part.where}.text" is missing')
    sku, title, category, brand = (part.get(kind).text() for kind in ("sku", "title", "category", "brand"))
    return Past(text, "", None, language, (sku, title, category, brand))


def _specialist(part: _Part, language: str) -> Specialist:
    known = SpecialistId(part.get("id").name())
    skus, categories, brands = (frozenset(part.get(kind).texts()) for kind in _CLAIMS)
    spoken = [one.language() for one in part.get("languages").several()]
    return Specialist(
        known,
        str(known),
        Address(f"{known}@desk.example"),
        Hours("UTC", ()),
        tuple(one for one in spoken if one) or ((language,) if language else ()),
        about=part.get("desc").text(),
        skus=skus,
        categories=categories,
        brands=brands,
        skills=_skills(part.get("skills")),
    )


def _skills(part: _Part) -> dict[str, int]:
    if not isinstance(part.value, dict):
        return dict.fromkeys(part.texts(), _USUAL)
    for name, level in part.value.items():
        if not isinstance(level, int) or not 1 <= level <= _MOST:
            raise ValueError(f'"{part.where}.{name}" must be a level from 1 to {_MOST}')
    return dict(part.value)
