"""What the shopper reads; never a time before the promise is due."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from undivided.promise.quote import name, say, span
from undivided.promise.words import WORDS

BERLIN = "Europe/Berlin"
NOW = datetime(2026, 5, 6, 7, 30, tzinfo=UTC)
"""Wednesday 9:30 in Berlin."""

SAID = {
    "2026-05-06 09:50": {
        "en": "in about 20 minutes",
        "de": "in etwa 20 Minuten",
        "fr": "dans environ 20 minutes",
        "es": "en unos 20 minutos",
        "it": "tra circa 20 minuti",
    },
    "2026-05-06 11:30": {
        "en": "this morning before 11:30",
        "de": "heute Vormittag vor 11:30 Uhr",
        "fr": "ce matin avant 11 h 30",
        "es": "esta mañana antes de las 11:30",
        "it": "stamattina entro le 11:30",
    },
    "2026-05-06 16:00": {
        "en": "this afternoon before 4",
        "de": "heute Nachmittag vor 16 Uhr",
        "fr": "cet après-midi avant 16 h",
        "es": "esta tarde antes de las 16:00",
        "it": "oggi pomeriggio entro le 16:00",
    },
    "2026-05-06 20:00": {"en": "this evening before 8", "de": "heute Abend vor 20 Uhr"},
    "2026-05-07 00:00": {"en": "this evening before midnight", "es": "esta noche antes de medianoche"},
    "2026-05-07 10:00": {
        "en": "tomorrow before 10:00",
        "de": "morgen vor 10 Uhr",
        "fr": "demain avant 10 h",
        "es": "mañana antes de las 10:00",
        "it": "domani entro le 10:00",
    },
    "2026-05-07 01:00": {"es": "mañana antes de la 1:00", "it": "domani entro l’1:00"},
    "2026-05-11 10:00": {
        "en": "on Monday before 10:00",
        "de": "am Montag vor 10 Uhr",
        "fr": "lundi avant 10 h",
        "es": "el lunes antes de las 10:00",
        "it": "lunedì entro le 10:00",
    },
    "2026-05-13 10:00": {
        "en": "on Wednesday 13 May before 10:00",
        "de": "am Mittwoch, 13. Mai, vor 10 Uhr",
        "fr": "mercredi 13 mai avant 10 h",
        "es": "el miércoles 13 de mayo antes de las 10:00",
        "it": "mercoledì 13 maggio entro le 10:00",
    },
    "2026-05-06 09:30": {"en": "any moment now", "de": "jeden Moment"},
}
CASES = [(due, language, phrase) for due, phrases in SAID.items() for language, phrase in phrases.items()]


@pytest.mark.parametrize(("due", "language", "phrase"), CASES)
def test_it_is_said_so(due: str, language: str, phrase: str) -> None:
    when = datetime.fromisoformat(due).replace(tzinfo=ZoneInfo(BERLIN))
    assert say(when, NOW, BERLIN, language) == phrase


@pytest.mark.parametrize(
    ("language", "moment", "call"),
    [
        ("en", "Monday 4 May, 14:05", "Monday 4 May, 14:05\u201317:00"),
        ("de", "Montag, 4. Mai, 14:05 Uhr", "Montag, 4. Mai, 14:05\u201317:00"),
        ("fr", "lundi 4 mai, 14 h 05", "lundi 4 mai, 14:05\u201317:00"),
        ("es", "lunes 4 de mayo, a las 14:05", "lunes 4 de mayo, 14:05\u201317:00"),
        ("it", "lunedì 4 maggio, le 14:05", "lunedì 4 maggio, 14:05\u201317:00"),
        ("pl", "Monday 4 May, 14:05", "Monday 4 May, 14:05\u201317:00"),
    ],
)
def test_a_moment_and_the_time_of_a_call_are_named_in_the_readers_language(language: str, moment: str, call: str):
    start, end = datetime(2026, 5, 4, 12, 5, tzinfo=UTC), datetime(2026, 5, 4, 15, tzinfo=UTC)
    assert name(start, "Europe/Berlin", language) == moment
    assert span(start, end, "Europe/Berlin", language) == call
    assert span(start, end, "Europe/Berlin", language, with_zone=True) == f"{call} (Europe/Berlin)"


def test_a_zone_is_named_when_the_readers_is_not_known() -> None:
    tomorrow = datetime(2026, 5, 7, 8, tzinfo=UTC)
    assert say(tomorrow, NOW, BERLIN, "en", with_zone=True) == "tomorrow before 10:00 (Europe/Berlin)"
    assert say(NOW + timedelta(minutes=5), NOW, BERLIN, "en", with_zone=True) == "in about 5 minutes"


def test_the_same_moment_is_another_day_elsewhere() -> None:
    due = datetime(2026, 5, 6, 23, tzinfo=UTC)
    assert say(due, NOW, "America/New_York", "en-US") == "this evening before 7"
    assert say(due, NOW, "Asia/Tokyo", "ja") == "tomorrow before 8:00"


@settings(max_examples=300)
@given(
    seconds=st.integers(1, 13 * 86400),
    zone=st.sampled_from([BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    language=st.sampled_from(list(WORDS)),
)
def test_a_quote_is_never_earlier_than_the_promise(seconds: int, zone: str, language: str) -> None:
    due = NOW + timedelta(seconds=seconds)
    phrase = say(due, NOW, zone, language)
    if seconds <= 3600:
        found = re.search(r"\d+", phrase)
        assert found
        quoted = NOW + timedelta(minutes=int(found[0]))
        assert due <= quoted <= due + timedelta(minutes=10)
    elif language == "fr" and "minuit" not in phrase:
        hour, minute = re.search(r"(\d+) h(?: (\d\d))?$", phrase).groups("0")  # type: ignore[union-attr]
        there = due.astimezone(ZoneInfo(zone))
        wall = there.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
        assert timedelta(0) <= wall - there < timedelta(minutes=1)
