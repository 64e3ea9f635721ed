"""What people write after /away and /snooze, as their own clock means it. Now is Wednesday 6 May 2026, 11:30 in Berlin."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from undivided.promise.dates import echo, understand
from undivided.promise.words import WORDS

BERLIN = "Europe/Berlin"
NOW = datetime(2026, 5, 6, 9, 30, tzinfo=UTC)

UNDERSTOOD = {
    "en": {
        "until monday": "05-11 00:00",
        "till Mon.": "05-11 00:00",
        "14:00": "05-06 14:00",
        "9:00": "05-07 09:00",
        "Thursday 9:00": "05-07 09:00",
        "thursday, at 9": "05-07 09:00",
        "tomorrow": "05-07 00:00",
        "today": "05-07 00:00",
        "the day after tomorrow 8am": "05-08 08:00",
        "2 hours": "05-06 13:30",
        "2h": "05-06 13:30",
        "1 hour and 15 minutes": "05-06 12:45",
        "in 3 days": "05-09 11:30",
        "in 3 days at 9": "05-09 09:00",
        "a week": "05-13 11:30",
        "half an hour": "05-06 12:00",
        "next week": "05-11 00:00",
        "Tuesday next week 10:15": "05-12 10:15",
        "wednesday": "05-13 00:00",
        "wednesday 15:00": "05-06 15:00",
        "next wednesday 15:00": "05-13 15:00",
        "May 20": "05-20 00:00",
        "20th of May, 9am": "05-20 09:00",
        "Monday 11 May": "05-11 00:00",
        "25/12": "12-25 00:00",
        "5/5": "2027-05-05 00:00",
        "2026-06-01 8:30": "06-01 08:30",
        "Monday morning": "05-11 09:00",
        "tomorrow at 3": "05-07 15:00",
        "tomorrow morning at 6": "05-07 06:00",
        "3pm": "05-06 15:00",
        "12 am": "05-07 00:00",
        "3 in the afternoon": "05-06 15:00",
        "friday at noon": "05-08 12:00",
        "tonight": "05-06 18:00",
        "midnight": "05-07 00:00",
        "1:00 pm": "05-06 13:00",
        "01:00": "05-07 01:00",
        "0:30": "05-07 00:30",
        "3:30 in the afternoon": "05-06 15:30",
        "7:00": "05-07 07:00",
    },
    "de": {
        "bis Montag": "05-11 00:00",
        "donnerstag 9 Uhr": "05-07 09:00",
        "Do 9:30": "05-07 09:30",
        "14.30 Uhr": "05-06 14:30",
        "bis 14 Uhr": "05-06 14:00",
        "morgen": "05-07 00:00",
        "morgen früh": "05-07 09:00",
        "Dienstag morgen": "05-12 09:00",
        "übermorgen um 10": "05-08 10:00",
        "uebermorgen": "05-08 00:00",
        "20.5.": "05-20 00:00",
        "bis zum 20.05.2026, 9 Uhr": "05-20 09:00",
        "am 1. Juni": "06-01 00:00",
        "in 2 Stunden": "05-06 13:30",
        "eine halbe Stunde": "05-06 12:00",
        "zwei Tage": "05-08 11:30",
        "nächste Woche Dienstag": "05-12 00:00",
        "nächsten Mittwoch": "05-13 00:00",
        "heute Abend 20 Uhr": "05-06 20:00",
        "heute nachmittag um 3": "05-06 15:00",
        "heute": "05-07 00:00",
        "until friday": "05-08 00:00",
    },
    "fr": {
        "jusqu’à lundi": "05-11 00:00",
        "jeudi 9h": "05-07 09:00",
        "14h30": "05-06 14:30",
        "jusqu'à 14 h": "05-06 14:00",
        "dans 2h": "05-06 13:30",
        "2 h": "05-06 13:30",
        "à 2 h": "05-07 02:00",
        "7 h": "05-07 07:00",
        "demain matin": "05-07 09:00",
        "après-demain": "05-08 00:00",
        "lundi prochain": "05-11 00:00",
        "le 20 mai à 9 h": "05-20 09:00",
        "1er juin": "06-01 00:00",
        "la semaine prochaine": "05-11 00:00",
        "jeudi après-midi à 3 h": "05-07 15:00",
        "3/6": "06-03 00:00",
        "aujourd’hui à midi": "05-06 12:00",
    },
    "es": {
        "hasta el lunes": "05-11 00:00",
        "jueves a las 9": "05-07 09:00",
        "mañana": "05-07 00:00",
        "mañana por la mañana": "05-07 09:00",
        "manana a las 9:15": "05-07 09:15",
        "jueves a las 4 de la tarde": "05-07 16:00",
        "el 20 de mayo": "05-20 00:00",
        "en dos horas": "05-06 13:30",
        "pasado mañana": "05-08 00:00",
        "la semana que viene": "05-11 00:00",
        "media hora": "05-06 12:00",
    },
    "it": {
        "fino a lunedì": "05-11 00:00",
        "giovedì alle 9": "05-07 09:00",
        "fino alle 14:30": "05-06 14:30",
        "domani mattina": "05-07 09:00",
        "dopodomani": "05-08 00:00",
        "tra 2 ore": "05-06 13:30",
        "un'ora": "05-06 12:30",
        "il 20 maggio alle 9": "05-20 09:00",
        "la prossima settimana": "05-11 00:00",
        "stasera alle 8": "05-06 20:00",
    },
}
REFUSED = {
    "en": [
        "", "soon", "5", "4/5", "monday or tuesday", "monday tuesday", "monday 4 may", "25:00", "12:75", "31 june",
        "2026-02-30", "2020-01-01", "2030-01-01", "3 hours ago", "13pm", "monday 9 in the evening 14:00", "0 minutes",
        "until the customer answers", "x" * 500, "tomorrow today", "in 900 days",
        "1:00", "thursday 3:30", "at 6.15", "tomorrow 2:00",
    ],
    "de": ["12.05", "bis irgendwann", "Montag oder Dienstag", "32.1.", "morgen gestern"],
    "fr": ["bientôt", "lundi mardi"],
    "es": ["pronto"],
    "it": ["presto"],
}  # fmt: skip
CASES = [(language, text, when) for language, texts in UNDERSTOOD.items() for text, when in texts.items()]
NOT = [(language, text) for language, texts in REFUSED.items() for text in texts]


def wall(text: str) -> datetime:
    full = text if text.startswith("20") else f"2026-{text}"
    return datetime.fromisoformat(full).replace(tzinfo=ZoneInfo(BERLIN)).astimezone(UTC)


@pytest.mark.parametrize(("language", "text", "when"), CASES)
def test_is_understood(language: str, text: str, when: str) -> None:
    assert understand(text, NOW, BERLIN, [language]) == wall(when)


@pytest.mark.parametrize(("language", "text", "when"), CASES)
def test_is_understood_in_a_shop_of_all_languages(language: str, text: str, when: str) -> None:
    others = [one for one in WORDS if one != language]
    assert understand(text.upper(), NOW, BERLIN, [language, *others]) == wall(when)


@pytest.mark.parametrize(("language", "text"), NOT)
def test_is_not_guessed(language: str, text: str) -> None:
    assert understand(text, NOW, BERLIN, [language]) is None


def test_a_clock_reading_of_two_meanings_is_not_read_in_the_next_language() -> None:
    assert understand("1:00", NOW, BERLIN, ["en", "de"]) is None
    assert understand("1:00", NOW, BERLIN, ["de", "en"]) == wall("05-07 01:00")


@settings(max_examples=300)
@given(text=st.text(max_size=40) | st.text("0123456789:./h mondayunti,-", max_size=25))
def test_any_text_gives_a_coming_moment_or_nothing(text: str) -> None:
    when = understand(text, NOW, BERLIN, list(WORDS))
    assert when is None or NOW < when <= NOW + timedelta(days=366)


@settings(max_examples=200)
@given(
    minutes=st.integers(1, 360 * 1440),
    language=st.sampled_from(list(WORDS)),
    zone=st.sampled_from([BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    style=st.sampled_from(["{weekday} {number} {month} {clock}", "{year}-{month_number}-{number} {clock}"]),
)
def test_a_date_written_out_comes_back(minutes: int, language: str, zone: str, style: str) -> None:
    when = NOW + timedelta(minutes=minutes)
    there = when.astimezone(ZoneInfo(zone))
    words = WORDS[language]
    text = style.format(
        weekday=words.weekdays[there.weekday()],
        number=there.day,
        month=words.months[there.month - 1],
        month_number=there.month,
        year=there.year,
        clock=f"{there.hour:02d}:{there.minute:02d}",
    )
    first_showing = there.replace(fold=0).astimezone(UTC)
    assert understand(text, NOW, zone, [language]) == first_showing


@pytest.mark.parametrize(
    ("language", "said"),
    {
        "en": "Thursday 7 May, 9:00 (Europe/Berlin)",
        "de": "Donnerstag, 7. Mai, 9 Uhr (Europe/Berlin)",
        "fr": "jeudi 7 mai, 9 h (Europe/Berlin)",
        "es": "jueves 7 de mayo, a las 9:00 (Europe/Berlin)",
        "it": "giovedì 7 maggio, le 9:00 (Europe/Berlin)",
        "pl": "Thursday 7 May, 9:00 (Europe/Berlin)",
    }.items(),
)
def test_it_is_echoed_with_its_zone(language: str, said: str) -> None:
    assert echo(wall("05-07 09:00"), BERLIN, language) == said


def test_a_time_that_the_clock_skips_is_the_moment_of_the_jump() -> None:
    before = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert understand("tomorrow 02:30", before, BERLIN, ["en"]) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert understand("in 1 day", before, BERLIN, ["en"]) == datetime(2026, 3, 29, 11, tzinfo=UTC)
