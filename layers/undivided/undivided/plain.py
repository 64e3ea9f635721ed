"""Between our frozen dataclasses and plain values (what `json` can write), by the types that the fields declare.

Fields that have their default are not written, keys that are not known are not read, and a field that is missing gets
its default: so an older and a newer release read each other's data while a deploy rolls through. It follows that the
default of a stored field may never change its meaning; add a field instead. Moments are kept to the millisecond.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from typing import Any, NewType, TypeVar, Union, get_args, get_origin, get_type_hints

from undivided.values import Money, Unusable, moment, stamp

T = TypeVar("T")
_Turn = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Codec:
    write: _Turn
    read: _Turn


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    codec: _Codec
    default: Callable[[], Any] | None
    """None: the field must be there."""


def to_plain(value: Any) -> Any:
    """Return `value` (a dataclass or any type that its fields may have) as dicts, lists, texts, numbers and None."""
    hint: Any = type(value)
    return _codec(hint).write(value)


def from_plain(cls: type[T], data: Any) -> T:
    """Return the `cls` that `to_plain` wrote as `data`; raise `Unusable`, naming the field, if it cannot be one."""
    hint: Any = cls
    read: T = _codec(hint).read(data)
    return read


def to_text(value: Any) -> str:
    """Return `value` as compact JSON that UTF-8 can carry, whatever half characters a broken mail held."""
    return dumped(to_plain(value))


def dumped(plain: Any) -> str:
    """Return a plain value as the text that `to_text` writes."""
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(plain, separators=(",", ":"), allow_nan=False)
    return text


def from_text(cls: type[T], text: str | bytes) -> T:
    """Return the `cls` that `to_text` wrote; raise `Unusable` for anything else."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise Unusable(f"not JSON ({error}); write what to_text writes") from None
    return from_plain(cls, data)


@cache
def _codec(hint: Any) -> _Codec:
    """Return the codec of one type hint, built once per process; raise `TypeError` for a hint that has none."""
    if isinstance(hint, NewType):
        return _codec(hint.__supertype__)
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _Codec(str, lambda data: _member(hint, data))
    if isinstance(hint, type) and is_dataclass(hint):
        return _record(hint)
    return _generic(hint)


def _generic(hint: Any) -> _Codec:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _optional(hint, [one for one in arguments if one is not type(None)])
    if origin is tuple and arguments[1:] == (...,):
        return _items(_codec(arguments[0]), tuple)
    if origin is tuple:
        return _fixed([_codec(one) for one in arguments])
    if origin is frozenset:
        return _items(_codec(arguments[0]), frozenset)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(*(_codec(one) for one in arguments))
    raise TypeError(f"{hint!r} cannot be stored; use a dataclass, StrEnum, tuple, Mapping or a type of values.py")


def _optional(hint: Any, inner: list[Any]) -> _Codec:
    if len(inner) != 1:
        raise TypeError(f"{hint!r} cannot be stored; a union may only add None to one type")
    codec = _codec(inner[0])
    return _Codec(
        lambda value: None if value is None else codec.write(value),
        lambda data: None if data is None else codec.read(data),
    )


def _items(codec: _Codec, kind: Callable[[Any], Any]) -> _Codec:
    """Write a tuple in its order and a set in that of its written items, so that equal values have equal texts."""
    order: _Turn = sorted if kind is frozenset else list
    return _Codec(
        lambda value: order(codec.write(one) for one in value),
        lambda data: kind(codec.read(one) for one in _is(list, data, "a list")),
    )


def _fixed(codecs: list[_Codec]) -> _Codec:
    def read(data: Any) -> tuple[Any, ...]:
        if len(_is(list, data, "a list")) != len(codecs):
            raise Unusable(f"{data!r} has not {len(codecs)} items")
        return tuple(codec.read(one) for codec, one in zip(codecs, data, strict=True))

    return _Codec(lambda value: [codec.write(one) for codec, one in zip(codecs, value, strict=True)], read)


def _mapping(keys: _Codec, values: _Codec) -> _Codec:
    return _Codec(
        lambda value: {keys.write(key): values.write(one) for key, one in value.items()},
        lambda data: {keys.read(key): values.read(one) for key, one in _is(dict, data, "an object").items()},
    )


def _record(cls: type) -> _Codec:
    parts = [_field(one, hint) for one, hint in _stored(cls)]

    def write(value: Any) -> dict[str, Any]:
        plain = {}
        for part in parts:
            held = getattr(value, part.name)
            if part.default is None or held != part.default():
                plain[part.name] = part.codec.write(held)
        return plain

    def read(data: Any) -> Any:
        _is(dict, data, f"a {cls.__name__}")
        return cls(
            **{part.name: _read_field(cls, part, data) for part in parts if part.name in data or not part.default}
        )

    return _Codec(write, read)


def _stored(cls: type) -> list[tuple[Any, Any]]:
    hints = get_type_hints(cls)
    return [(one, hints[one.name]) for one in fields(cls) if one.init]


def _field(field: Any, hint: Any) -> _Field:
    default = None
    if field.default is not MISSING:
        default = lambda: field.default  # noqa: E731 - a constant in the shape of a factory
    elif field.default_factory is not MISSING:
        default = field.default_factory
    return _Field(field.name, _codec(hint), default)


def _read_field(cls: type, part: _Field, data: Mapping[str, Any]) -> Any:
    if part.name not in data:
        raise Unusable(f"{cls.__name__}.{part.name} is missing")
    try:
        return part.codec.read(data[part.name])
    except Unusable as error:
        raise Unusable(f"{cls.__name__}.{part.name}: {error}") from None


def _member(cls: type[StrEnum], data: Any) -> StrEnum:
    try:
        return cls(data)
    except ValueError:
        raise Unusable(f"{data!r} is none of {', '.join(cls)}") from None


def _is(kind: type, data: Any, name: str) -> Any:
    if type(data) is not kind:
        raise Unusable(f"{data!r:.80} is not {name}")
    return data


def _exactly(kind: type, name: str) -> _Codec:
    return _Codec(lambda value: value, lambda data: _is(kind, data, name))


def _via_text(write: _Turn, parse: Callable[[str], Any], name: str) -> _Codec:
    def read(data: Any) -> Any:
        try:
            return parse(_is(str, data, name))
        except (ValueError, InvalidOperation):
            raise Unusable(f"{data!r:.80} is not {name}") from None

    return _Codec(write, read)


def _number(data: Any) -> float:
    if type(data) not in (int, float):
        raise Unusable(f"{data!r:.80} is not a number")
    return float(data)


_SIMPLE: Mapping[Any, _Codec] = {
    str: _Codec(str, lambda data: _is(str, data, "a text")),
    int: _exactly(int, "a whole number"),
    bool: _exactly(bool, "true or false"),
    float: _Codec(float, _number),
    datetime: _via_text(stamp, moment, "a time with an offset"),
    date: _via_text(date.isoformat, date.fromisoformat, "a date like 2026-05-01"),
    timedelta: _Codec(timedelta.total_seconds, lambda data: timedelta(seconds=_number(data))),
    Decimal: _via_text(str, Decimal, "an amount like 49.90"),
    Money: _via_text(str, Money.read, "an amount of money like 49.90 EUR"),
}
