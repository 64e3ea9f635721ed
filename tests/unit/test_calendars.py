"""Times off by iCalendar file or address: what RFC 5545 may say, mistakes in words, and what stands in shop.json."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from shopfiles import EXAMPLE
from undivided.promise.hours import on_duty, working_between
from undivided.shopjson import shop_from
from undivided.values import SpecialistId, Unusable

from console import shopfile
from console.shopfile import ical

FIRST, LAST = date(2026, 1, 1), date(2031, 12, 31)
BERLIN = "Europe/Berlin"


def calendar(*events: str, before: str = "") -> str:
    inside = "".join(f"BEGIN:VEVENT\r\nUID:{number}\r\n{one}\r\nEND:VEVENT\r\n" for number, one in enumerate(events))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n{before}{inside}END:VCALENDAR\r\n"


def lines(*several: str) -> str:
    return "\r\n".join(several)


def days(*events: str) -> list[str]:
    return sorted(day.isoformat() for day in ical.off(calendar(*events), BERLIN, FIRST, LAST).days)


def times(*events: str, before: str = "", zone: str = BERLIN) -> list[tuple[str, str]]:
    found = ical.off(calendar(*events, before=before), zone, FIRST, LAST).times
    return [(f"{start:%Y-%m-%dT%H:%M}", f"{end:%Y-%m-%dT%H:%M}") for start, end in found]


# --- days ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (("DTSTART;VALUE=DATE:20261224",), ["2026-12-24"]),
        (("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261227"), ["2026-12-24", "2026-12-25", "2026-12-26"]),
        (("DTSTART;VALUE=DATE:20261224", "DURATION:P2D"), ["2026-12-24", "2026-12-25"]),
        (("DTSTART:20261224", "DTEND:20261225", "TRANSP:TRANSPARENT"), ["2026-12-24"]),
        (("DTSTART;VALUE=DATE:20261224", "STATUS:CANCELLED"), []),
        (("DTSTART;VALUE=DATE:20181224", "RRULE:FREQ=YEARLY"), [f"{year}-12-24" for year in range(2026, 2032)]),
        (("DTSTART;VALUE=DATE:20261224", "RRULE:FREQ=YEARLY;COUNT=2"), ["2026-12-24", "2027-12-24"]),
        (("DTSTART;VALUE=DATE:20251224", "RRULE:FREQ=YEARLY;UNTIL=20271224"), ["2026-12-24", "2027-12-24"]),
        (("DTSTART;VALUE=DATE:20261126", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;UNTIL=20281231"), ["2026-11-26", "2027-11-25", "2028-11-23"]),
        (("DTSTART;VALUE=DATE:20240229", "RRULE:FREQ=YEARLY"), ["2028-02-29"]),
        (("DTSTART;VALUE=DATE:20261224", "RRULE:FREQ=YEARLY;COUNT=3", "EXDATE;VALUE=DATE:20271224"), ["2026-12-24", "2028-12-24"]),
        (("DTSTART;VALUE=DATE:20261224", "RDATE;VALUE=DATE:20261231,20270106"), ["2026-12-24", "2026-12-31", "2027-01-06"]),
        (("DTSTART;VALUE=DATE:20251230", "DTEND;VALUE=DATE:20260103"), ["2026-01-01", "2026-01-02"]),
        (("DTSTART;VALUE=DATE:20401224",), []),
        (("SUMMARY:no time at all",), []),
    ],
)  # fmt: skip
def test_days_off(event: tuple[str, ...], expected: list[str]) -> None:
    assert days(lines(*event)) == expected


def test_a_moved_day_of_a_series_is_off_where_it_was_moved_to() -> None:
    series = lines("UID:s", "DTSTART;VALUE=DATE:20260601", "RRULE:FREQ=YEARLY;COUNT=2")
    moved = lines("UID:s", "RECURRENCE-ID;VALUE=DATE:20270601", "DTSTART;VALUE=DATE:20270603")
    text = calendar(series, moved).replace("UID:0\r\n", "").replace("UID:1\r\n", "")
    assert sorted(map(str, ical.off(text, BERLIN, FIRST, LAST).days)) == ["2026-06-01", "2027-06-03"]


def test_lines_are_folded_anywhere_even_in_a_date() -> None:
    event = "DTSTART;VALUE=DA\r\n TE:2026\r\n\t1224\r\nSUMMARY:Heilig\r\n abend: all about it"
    assert days(event) == ["2026-12-24"]


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_any_end_of_line_and_a_byte_order_mark(end: str) -> None:
    text = "\ufeff" + calendar("DTSTART;VALUE=DATE:20261224").replace("\r\n", end)
    assert ical.off(text, BERLIN, FIRST, LAST).days == {date(2026, 12, 24)}


def test_what_stands_inside_an_alarm_is_not_the_events() -> None:
    alarm = lines("BEGIN:VALARM", "TRIGGER:-PT15M", "DURATION:PT9H", "END:VALARM")
    assert days(lines("DTSTART;VALUE=DATE:20261224", alarm)) == ["2026-12-24"]


def test_a_quoted_parameter_may_hold_colons_and_semicolons() -> None:
    assert days('DTSTART;X-NOTE="a:b;c";VALUE=DATE:20261224') == ["2026-12-24"]


# --- times -----------------------------------------------------------------------------------------------------


def test_times_are_moments_whatever_says_their_zone() -> None:
    assert times("DTSTART:20260701T100000Z\r\nDTEND:20260701T120000Z") == [("2026-07-01T10:00", "2026-07-01T12:00")]
    named = "DTSTART;TZID=America/New_York:20260701T100000\r\nDTEND;TZID=America/New_York:20260701T120000"
    assert times(named) == [("2026-07-01T14:00", "2026-07-01T16:00")]
    floating = "DTSTART:20260701T100000\r\nDURATION:PT1H30M"
    assert times(floating) == [("2026-07-01T08:00", "2026-07-01T09:30")]
    assert times(floating, before="X-WR-TIMEZONE:Asia/Tokyo\r\n") == [("2026-07-01T01:00", "2026-07-01T02:30")]
    other_end = "DTSTART;TZID=Europe/Berlin:20260701T100000\r\nDTEND:20260701T100000Z"
    assert times(other_end) == [("2026-07-01T08:00", "2026-07-01T10:00")]


def test_a_weekly_time_keeps_its_hour_across_the_change_of_clocks() -> None:
    weekly = lines(
        "DTSTART;TZID=Europe/Berlin:20261021T130000", "DTEND;TZID=Europe/Berlin:20261021T140000",
        "RRULE:FREQ=WEEKLY;UNTIL=20261104T120000Z", "EXDATE;TZID=Europe/Berlin:20261028T130000",
    )  # fmt: skip
    assert times(weekly) == [("2026-10-21T11:00", "2026-10-21T12:00"), ("2026-11-04T12:00", "2026-11-04T13:00")]
    assert times(weekly.replace("EXDATE;TZID=Europe/Berlin:20261028T130000", "EXDATE:20261028T120000Z")) == times(
        weekly
    )


def test_a_zone_that_the_file_describes_itself() -> None:
    zone = lines(
        "BEGIN:VTIMEZONE", "TZID:W. Europe Standard Time",
        "BEGIN:STANDARD", "DTSTART:16010101T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100",
        "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10", "END:STANDARD",
        "BEGIN:DAYLIGHT", "DTSTART:16010101T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200",
        "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3", "END:DAYLIGHT", "END:VTIMEZONE", "",
    )  # fmt: skip
    event = "DTSTART;TZID=W. Europe Standard Time:20260701T100000\r\nDURATION:PT1H"
    assert times(event, before=zone, zone="UTC") == [("2026-07-01T08:00", "2026-07-01T09:00")]
    with pytest.raises(Unusable, match="no IANA zone and is not described"):
        times(event)


@pytest.mark.parametrize("more", ["TRANSP:TRANSPARENT", "STATUS:CANCELLED", "X-NOTHING:1"])
def test_free_cancelled_or_empty_times_are_not_off(more: str) -> None:
    length = [] if more == "X-NOTHING:1" else ["DURATION:PT1H"]
    assert times(lines("DTSTART:20260701T100000Z", *length, more)) == []


# --- mistakes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<!DOCTYPE html>", "no line of a calendar"),
        ("", "no iCalendar file"),
        ("BEGIN:VCARD\nEND:VCARD\n", "no iCalendar file, it begins with 'BEGIN:VCARD"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\n", "ends inside VEVENT"),
        ("BEGIN:VCALENDAR\nEND:VEVENT\n", "closes nothing"),
        (calendar("DTSTART;VALUE=DATE:20261324"), "no date or time"),
        (calendar("DTSTART:tomorrow"), "no date or time"),
        (calendar("DTSTART;VALUE=DATE:20261224\nRRULE:FREQ=SOMETIMES"), "no rule of repetition"),
        (calendar("DTSTART:20260101T000000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY"), "repeats within a day"),
        (calendar("DTSTART;VALUE=DATE:20260101\nDURATION:a day"), "duration"),
        (calendar("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY"), "more than 2000 days"),
    ],
)  # fmt: skip
def test_what_is_no_calendar_is_said_in_words(text: str, words: str) -> None:
    with pytest.raises(Unusable, match=words):
        ical.off(text, BERLIN, FIRST, LAST)


# --- in undivided.yaml -----------------------------------------------------------------------------------------


def written(folder: Path, holidays: str) -> shopfile.ShopFile:
    """Check the example shop with other holidays of the shop's; kevin and claire have none of their own."""
    path = folder / "undivided.yaml"
    path.write_text(EXAMPLE.replace("holidays: DE-BE ", f"holidays: {holidays} "))
    return shopfile.read(path, date(2026, 5, 1))


OFF = calendar(
    "DTSTART;VALUE=DATE:20260504\r\nRRULE:FREQ=YEARLY",
    "DTSTART;TZID=Europe/Berlin:20260505T100000\r\nDTEND;TZID=Europe/Berlin:20260505T113000",
)


def test_a_file_beside_the_shop_closes_days_and_hours(tmp_path: Path) -> None:
    (tmp_path / "off.ics").write_text(OFF, newline="")
    found = written(tmp_path, "[DE-BE, 2026-05-06, off.ics]")
    assert not found.errors, found.errors
    assert found.shop
    kevin = shop_from(found.shop).specialists[SpecialistId("kevin")].hours
    assert {date(2026, 5, 4), date(2027, 5, 4), date(2026, 5, 6), date(2026, 12, 25)} <= kevin.holidays
    tuesday = datetime(2026, 5, 5, tzinfo=UTC)
    assert [on_duty(kevin, tuesday.replace(hour=hour)) for hour in (7, 8, 9, 10)] == [True, False, False, True]
    assert on_duty(kevin, tuesday.replace(hour=9, minute=30))
    usual = working_between(kevin, datetime(2026, 5, 12, tzinfo=UTC), datetime(2026, 5, 13, tzinfo=UTC))
    less = working_between(kevin, tuesday, datetime(2026, 5, 6, tzinfo=UTC))
    assert (usual - less).total_seconds() == 90 * 60
    assert shopfile.read(tmp_path / "undivided.yaml", date(2026, 11, 1)).shop == found.shop, "the same all year"


def test_an_address_is_fetched_when_the_roster_is_read(tmp_path: Path, server: str) -> None:
    found = written(tmp_path, f"{server}/off.ics")
    assert found.shop, found.errors
    assert "2026-05-04" in next(one for one in found.shop["specialists"] if one["id"] == "kevin")["hours"]["holidays"]


@pytest.mark.parametrize(
    ("holidays", "words"),
    [
        ("gone.ics", "gone.ics cannot be read (No such file or directory); put it beside undivided.yaml"),
        ("{server}/gone.ics", "cannot be fetched (Not Found)"),
        ("{server}/page.ics", "no line of a calendar"),
        ("{server}/latin.ics", "is not UTF-8"),
        ("{server}/large.ics", "has more than 5,000,000 bytes"),
        ("http://127.0.0.1:9/off.ics", "cannot be fetched ("),
        ("http://calendar.example/off.ics", "is no address of a calendar; write https://"),
        ("ftp://calendar.example/off.ics", "is no address of a calendar; write https://"),
    ],
)
def test_a_mistake_stands_at_its_line(tmp_path: Path, server: str, holidays: str, words: str) -> None:
    found = written(tmp_path, holidays.replace("{server}", server))
    (error,) = found.errors
    assert words in error.words
    assert error.line == EXAMPLE[: EXAMPLE.index("holidays: DE-BE")].count("\n") + 1
    assert found.shop is None


PAGES = {
    "/off.ics": OFF.encode(),
    "/page.ics": b"<!DOCTYPE html><p>Please log in",
    "/latin.ics": "BEGIN:VCALENDAR\r\nX-WR-CALNAME:Feiert\xe4ge\r\n".encode("latin-1"),
    "/large.ics": b"X" * 5_000_001,
}


@pytest.fixture
def server() -> Iterator[str]:
    class Calendars(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = PAGES.get(self.path)
            self.send_response(200 if content else 404)
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Calendars) as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{made.server_port}"
        made.shutdown()
        thread.join()
