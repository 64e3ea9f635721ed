"""Asking for a call with the form."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from undivided.pages.forms import Errors, Valid, read_question
from undivided.pages.status import status_page
from undivided.state import State
from undivided.texts import LANGUAGES
from unit.pages.shops import SHOP
from unit.pages.test_forms import GOOD
from unit.pages.test_pages import visit

NOW = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
CALL = {"phone": "+43 1 234 56 78", "call_day": "2026-05-04", "call_from": "14:00", "call_until": "17:00"}


def read(**more):
    return read_question({**GOOD, **CALL, **more}, SHOP, now=NOW)


def test_a_call_is_wanted_on_the_shoppers_clock():
    valid = read()
    assert isinstance(valid, Valid)
    assert valid.call_back.start == datetime(2026, 5, 4, 12, 0, tzinfo=UTC), "14:00 in Vienna, in summer"
    assert valid.call_back.end == datetime(2026, 5, 4, 15, 0, tzinfo=UTC)
    assert valid.question("aaaaaaaaaaaa", NOW, None).call_back == valid.call_back


def test_a_number_alone_is_no_call():
    valid = read(call_day="", call_from="", call_until="")
    assert valid.call_back is None
    assert valid.shopper.phone == CALL["phone"]


@pytest.mark.parametrize(
    ("day", "start", "end", "minutes"),
    [
        ("2026-10-25", "02:00", "03:00", 120),
        ("2026-10-25", "02:15", "02:45", 30),
        ("2026-03-29", "01:30", "03:30", 60),
        ("2026-03-29", "02:00", "03:00", 0),
        ("2028-02-29", "09:00", "10:00", 60),
        ("2026-12-31", "23:00", "23:59", 59),
    ],
)
def test_a_call_in_the_night_of_a_clock_change_is_as_long_as_the_clock_says(
    day: str, start: str, end: str, minutes: int
):
    """An hour that the clock skips is no time to call; one that comes twice is called from its first showing on."""
    now = datetime.fromisoformat(f"{day}T00:00+00:00") - timedelta(hours=12)
    found = read_question({**GOOD, **CALL, "call_day": day, "call_from": start, "call_until": end}, SHOP, now=now)
    if minutes:
        assert isinstance(found, Valid)
        assert found.call_back.end - found.call_back.start == timedelta(minutes=minutes)
    else:
        assert isinstance(found, Errors)
        assert set(found.messages) == {"call_day"}


def test_without_a_zone_it_is_the_shops_clock():
    valid = read(zone="")
    assert valid.call_back.start.tzinfo is UTC


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"phone": ""}, {"phone"}),
        ({"phone": "call me"}, {"phone"}),
        ({"call_day": "tomorrow"}, {"call_day"}),
        ({"call_until": ""}, {"call_until"}),
        ({"call_from": "25:00"}, {"call_day"}),
        ({"call_from": "17:00", "call_until": "14:00"}, {"call_day"}),
        ({"call_day": "2026-05-03"}, {"call_day"}),
        ({"call_day": "2026-07-03"}, {"call_day"}),
        ({"phone": "1", "call_day": ""}, {"phone", "call_day"}),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_called_comes_back_with_a_message(more, fields, language):
    errors = read(**more, language=language)
    assert isinstance(errors, Errors)
    assert set(errors.messages) == fields
    assert all(errors.messages.values())
    assert errors.values["question"] == GOOD["question"].strip()


@pytest.mark.parametrize(("hours", "shown"), [(0, True), (5, True), (8, False)])
def test_the_status_page_says_when_they_are_called(hours: int, shown: bool):
    """In place of the promise, on the shopper's clock, until that time is over."""
    call = read().call_back
    seen = visit(call_back=call, state=State.WAITING)
    asking = seen.record.conversation
    home = replace(asking, shopper=replace(asking.shopper, zone="Europe/Vienna"))
    seen = replace(seen, record=replace(seen.record, conversation=home))
    body = status_page(replace(seen, now=NOW + timedelta(hours=hours))).body
    assert ("4 May, 14:00\u201317:00" in body) == shown
