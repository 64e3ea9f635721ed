"""Whatever the heart can hold survives the way through JSON; and half-deployed releases read each other's data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from undivided import changes, config, desk, message, outbox, question, record, state
from undivided.plain import from_plain, from_text, to_plain, to_text
from undivided.values import Money, SpecialistId, Unusable

MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC)).map(  # noqa: DTZ001 - hypothesis wants naive bounds
    lambda when: when.replace(microsecond=when.microsecond // 1000 * 1000)
)
MONEY = st.builds(
    Money,
    st.decimals(allow_nan=False, allow_infinity=False),
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3),
)
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=20)
"""With lone surrogates, as broken mails hold them, and every control character."""
st.register_type_strategy(datetime, MOMENTS)
st.register_type_strategy(Money, MONEY)
st.register_type_strategy(str, ANY_TEXT)
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
st.register_type_strategy(timedelta, st.timedeltas(-timedelta(days=36500), timedelta(days=36500)))

STORED = [
    one
    for room in (question, message, state, desk, outbox, record, changes, config)
    for one in vars(room).values()
    if isinstance(one, type) and is_dataclass(one) and one.__module__ == room.__name__
]


def everything(cls: type) -> st.SearchStrategy[Any]:
    """Build `cls` with a value drawn for each field, the ones with a default too."""
    hints = get_type_hints(cls)
    return st.builds(cls, **{one.name: st.from_type(hints[one.name]) for one in fields(cls)})


for stored in STORED:
    st.register_type_strategy(stored, everything(stored))


COLLECTIONS = frozenset({changes.Changes, config.Shop, record.Record})
"""Each of them holds many of the others, which have tests of their own: an example takes as long as all of theirs."""
LARGE = [HealthCheck.data_too_large, HealthCheck.too_slow]


@pytest.mark.parametrize("cls", STORED, ids=lambda cls: cls.__name__)
def test_everything_survives_the_way_through_json(cls: type) -> None:
    @settings(max_examples=10 if cls in COLLECTIONS else 40, suppress_health_check=LARGE)
    @given(value=st.from_type(cls))
    def survives(value: Any) -> None:
        text = to_text(value)
        assert from_text(cls, text.encode()) == value
        assert to_text(from_text(cls, text)) == text

    survives()


@dataclass(frozen=True, slots=True)
class Older:
    name: str
    when: datetime
    gone: int = 7


@dataclass(frozen=True, slots=True)
class Newer:
    name: str
    when: datetime
    days: tuple[tuple[date, date], ...] = ()
    levels: Mapping[SpecialistId, int] = field(default_factory=dict)
    price: Money | None = None


NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@given(name=st.text(max_size=5), gone=st.integers(), price=st.none() | MONEY)
def test_releases_read_each_others_data(name: str, gone: int, price: Money | None) -> None:
    assert from_plain(Newer, to_plain(Older(name, NOON, gone))) == Newer(name, NOON)
    assert from_plain(Older, to_plain(Newer(name, NOON, price=price))) == Older(name, NOON)


def test_defaults_are_not_written() -> None:
    assert to_plain(Newer("a", NOON)) == {"name": "a", "when": "2026-05-01T12:00:00.000+00:00"}
    assert to_plain(replace(Newer("a", NOON), price=Money(Decimal("1.50"), "EUR")))["price"] == "1.50 EUR"


def test_equal_sets_are_written_alike() -> None:
    one, other = frozenset("abcdef"), frozenset("fedcba")
    person = config.Specialist(SpecialistId("a"), "A", "a@b.example", config.Hours("UTC", ()), ("en",), skus=one)  # type: ignore[arg-type]
    assert to_text(person) == to_text(replace(person, skus=other))


@pytest.mark.parametrize(
    ("cls", "text", "complaint"),
    [
        (Older, "[]", r"\[\] is not a Older"),
        (Older, "{", "not JSON"),
        (Older, '{"when": "2026-05-01T12:00:00+00:00"}', r"Older\.name is missing"),
        (Older, '{"name": 1, "when": "2026-05-01T12:00:00+00:00"}', r"Older\.name: 1 is not a text"),
        (Older, '{"name": "a", "when": "2026-05-01T12:00:00"}', r"Older\.when: .* is not a time with an offset"),
        (
            Older,
            '{"name": "a", "when": "2026-05-01T12:00:00Z", "gone": true}',
            r"Older\.gone: True is not a whole number",
        ),
        (Newer, '{"name": "a", "when": "2026-05-01T12:00:00Z", "price": "1"}', r"Newer\.price: '1' is not an amount"),
        (Newer, '{"name": "a", "when": "2026-05-01T12:00:00Z", "days": [["2026-05-01"]]}', r"days: .* has not 2 items"),
        (Newer, '{"name": "a", "when": "2026-05-01T12:00:00Z", "levels": {"k": "1"}}', r"levels: '1' is not a whole"),
        (outbox.Mail, '{"to": "shopper", "kind": "gone"}', r"Mail\.kind: 'gone' is none of ack, queued"),
    ],
)
def test_unusable_data_names_the_field(cls: type, text: str, complaint: str) -> None:
    with pytest.raises(Unusable, match=complaint):
        from_text(cls, text)


class Number(StrEnum):
    ONE = "one"


@dataclass(frozen=True)
class Odd:
    either: int | str


def test_a_type_that_cannot_be_stored_is_said_so() -> None:
    with pytest.raises(TypeError, match="may only add None"):
        to_plain(Odd(1))
    with pytest.raises(TypeError, match="cannot be stored"):
        from_plain(list[int], [1])


def test_no_field_of_the_state_is_lost() -> None:
    """Each stored dataclass has a codec, and a value that differs from every default writes every field."""
    assert {one.__name__ for one in STORED} >= {"Conversation", "Desk", "Message", "Mail", "Question", "Entry", "Shop"}
    assert json.loads(to_text(changes.Fact("x"))) == {"name": "x"}
