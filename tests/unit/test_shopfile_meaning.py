"""What is written in undivided.yaml arrives in the shop, and means what it says."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from shopfiles import EXAMPLE, TODAY, read
from undivided.config import (
    Cap,
    Caps,
    FieldKind,
    Form,
    FormField,
    Hours,
    Pace,
    Product,
    Shop,
    Specialist,
    Texts,
    Window,
)
from undivided.promise.hours import on_duty
from undivided.shopjson import shop_from
from undivided.values import Money, Unusable, moment

from console import shopfile
from console.shopfile import closed, hours, written
from console.shopfile.schema import said, schema


def test_one_text_for_all_languages(tmp_path):
    found = read(tmp_path, re.sub(r"  signature:\n(    .*\n)+", "  signature: Kessel & Crema\n", EXAMPLE))
    shop = shop_from(found.shop)
    assert [shop.said(shop.texts.signature, one) for one in ("en", "it", "pl")] == ["Kessel & Crema"] * 3
    assert shop.said(shop.texts.consent, "en") == ""


FULL = """
name: Kessel
url: https://www.kessel.example/
owner: Owner@Kessel.example
mail_domain: ask.kessel.example
ask_address: frage@ASK.kessel.example
zone: Europe/Vienna
languages: [de, en]
currency: CHF
page_domains: [kessel.example, kessel-2.example]
privacy_url: https://kessel.example/privacy
paused: true
explore: false
unmask: true
fallback: b-2
holidays: [2026-12-24]
reasons: [too dear, other]
pace:
  {remind_after: 1h, hand_over_after: 2h, handling_prior: 3min, head_start_half_life: 4s, returning_ahead: 11min, nudge_after: 5 days,
   lapse_after: 6 weeks, retention: 7 days, linger: 8min, credit_within: 10 days,
   hold: 9s}
caps: {automatic_mails: [1 in 1h], questions_per_address: [2 in 2h, 3 in 3h], questions_per_network: [4 in 4 days]}
texts:
  acknowledgement: Danke.
  signature: {de: Gruß, en: Regards}
  consent: {de: Ja, en: Yes}
templates:
  sizes: "{shopper}, sie fallen klein aus"
forms:
  question: {}
  repair:
    title: {de: Reparatur, en: Repair}
    intro: Bitte
    fields:
      why: {type: text, label: Warum, most: 9, required: true}
      size: {type: number, label: Wie groß, least: -1, most: 5, unit: cm}
      water: {type: choice, label: Wasser, choices: [weich, hart]}
      heat: {type: choice, label: Hitze, choices: {low: {de: wenig, en: little}, high: viel}}
      shots: {type: photo, label: Bilder, most: 2}
products:
  - {sku: A-1, title: Tent, category: Outdoor, brand: Ajax, price: 9.50 CHF, url: "https://kessel.example/a"}
specialists:
  a:
    name: "  Anna Bo  "
    email: Anna@Kessel.example
    aliases: [a@mail.example]
    languages: [de]
    hours: [sat 9-12, mon 9-12]
    zone: Europe/London
    holidays: [2026-12-31, 2026-11-30]
    vacations: [2026-07-01, 2026-08-01..2026-08-02]
    capacity: 2
    about: knows tents
    skills: {tents: 5}
    products: {skus: [A-1], categories: [outdoor], brands: [Ajax ]}
  b-2: {name: Bob, email: b@kessel.example, languages: [en], hours: never}
"""


def hour(count):
    return timedelta(hours=count)


FULL_SHOP = Shop(
    name="Kessel",
    url="https://www.kessel.example/",
    owner="Owner@kessel.example",
    mail_domain="ask.kessel.example",
    ask_address="frage@ask.kessel.example",
    zone="Europe/Vienna",
    languages=("de", "en"),
    currency="CHF",
    page_domains=("kessel.example", "kessel-2.example"),
    privacy_url="https://kessel.example/privacy",
    paused=True,
    explore=False,
    unmask=True,
    fallback="b-2",
    reasons=("too dear", "other"),
    templates={"sizes": {"de": "{shopper}, sie fallen klein aus"}},
    pace=Pace(
        credit_within=timedelta(days=10),
        remind_after=hour(1),
        hand_over_after=hour(2),
        handling_prior=timedelta(minutes=3),
        head_start_half_life=timedelta(seconds=4),
        returning_ahead=timedelta(minutes=11),
        nudge_after=timedelta(days=5),
        lapse_after=timedelta(weeks=6),
        retention=timedelta(days=7),
        linger=timedelta(minutes=8),
        hold=timedelta(seconds=9),
    ),
    caps=Caps((Cap(1, hour(1)),), (Cap(2, hour(2)), Cap(3, hour(3))), (Cap(4, timedelta(days=4)),)),
    texts=Texts({"de": "Danke."}, {"de": "Gruß", "en": "Regards"}, {"de": "Ja", "en": "Yes"}),
    forms={
        "question": Form("question"),
        "repair": Form(
            "repair",
            {"de": "Reparatur", "en": "Repair"},
            {"de": "Bitte"},
            (
                FormField("why", FieldKind.TEXT, {"de": "Warum"}, required=True, most=9),
                FormField("size", FieldKind.NUMBER, {"de": "Wie groß"}, least=-1, most=5, unit="cm"),
                FormField(
                    "water", FieldKind.CHOICE, {"de": "Wasser"}, choices={one: {"de": one} for one in ("weich", "hart")}
                ),
                FormField(
                    "heat",
                    FieldKind.CHOICE,
                    {"de": "Hitze"},
                    choices={"low": {"de": "wenig", "en": "little"}, "high": {"de": "viel"}},
                ),
                FormField("shots", FieldKind.PHOTO, {"de": "Bilder"}, most=2),
            ),
        ),
    },
    products={"A-1": Product("A-1", "Tent", "Outdoor", "Ajax", Money.read("9.50 CHF"), "https://kessel.example/a")},
    specialists={
        "a": Specialist(
            id="a",
            name="Anna Bo",
            email="Anna@kessel.example",
            aliases=("a@mail.example",),
            languages=("de",),
            hours=Hours(
                "Europe/London",
                (Window(0, 540, 720), Window(5, 540, 720)),
                frozenset({date(2026, 12, 31), date(2026, 11, 30)}),
                ((date(2026, 7, 1), date(2026, 7, 1)), (date(2026, 8, 1), date(2026, 8, 2))),
            ),
            capacity=2,
            about="knows tents",
            skills={"tents": 5},
            skus=frozenset({"A-1"}),
            categories=frozenset({"outdoor"}),
            brands=frozenset({"Ajax"}),
        ),
        "b-2": Specialist(
            "b-2", "Bob", "b@kessel.example", Hours("Europe/Vienna", (), frozenset({date(2026, 12, 24)})), ("en",)
        ),
    },
)


def test_every_key_arrives_in_the_shop(tmp_path):
    """A key that is allowed and then forgotten would be a promise that nobody keeps."""
    assert {name for name in _keys(schema()) if not re.search(rf"\b{name}: ", FULL.replace("\n", " "))} == set()
    found = read(tmp_path, FULL)
    assert found.errors == ()
    assert replace(shop_from(json.loads(json.dumps(found.shop))), version="") == FULL_SHOP


def _keys(piece):
    for name, inner in (said(piece, "properties") or {}).items():
        yield name
        yield from _keys(inner)
    for below in (said(piece, "additionalProperties"), said(piece, "items")):
        yield from _keys(below) if isinstance(below, dict) else ()


# ── hours and days off ──────────────────────────────────────────────────────────────────────────────────────────────────

WRITINGS = {
    "mon-fri 9:00-12:30, 13:30-18:00": [(day, a, b) for day in range(5) for a, b in ((540, 750), (810, 1080))],
    "Mon – Fri: 9.00–17.00": [(day, 540, 1020) for day in range(5)],
    "monday to friday 9am to 5pm": [(day, 540, 1020) for day in range(5)],
    "weekdays 9-17, sat 10-14": [*((day, 540, 1020) for day in range(5)), (5, 600, 840)],
    "mon, wed fri 8-12; sun 12am-12pm": [(0, 480, 720), (2, 480, 720), (4, 480, 720), (6, 0, 720)],
    "fri-mon 20:00-2:00": [(0, 1200, 1560), (4, 1200, 1560), (5, 1200, 1560), (6, 1200, 1560)],
    "daily 0:00-24:00": [(day, 0, 1440) for day in range(7)],
    "always": [(day, 0, 1440) for day in range(7)],
    "sat 22:00-0:00": [(5, 1320, 1440)],
    "never": [],
    "weekends 10 am - 2 pm": [(5, 600, 840), (6, 600, 840)],
}


@pytest.mark.parametrize("text", WRITINGS)
def test_hours_as_a_person_writes_them(text):
    assert hours.windows(text) == tuple(Window(*one) for one in WRITINGS[text])


def test_touching_windows_do_not_overlap_even_round_the_week():
    assert hours.overlap(hours.ALWAYS) is None
    assert hours.overlap(hours.windows("sun 20:00-4:00, mon 4:00-6:00")) is None
    assert hours.overlap(hours.windows("sun 20:00-4:00, mon 3:59-6:00")) is not None


def days_off(*entries: str) -> frozenset[date]:
    return closed.off([*entries], "Europe/Berlin", TODAY, {}).days


def test_holidays_become_dates_for_five_years_ahead():
    days = days_off("DE-BE", "2026-12-24")
    assert date(2026, 3, 8) in days, "Berlin's own holiday"
    assert date(2026, 12, 24) in days
    assert {day.year for day in days} == set(range(2026, 2032))
    assert date(2026, 3, 8) not in days_off("DE")
    assert date(2026, 6, 4) in days_off("DE-BY"), "Corpus Christi is one in Bavaria"


def test_the_compiled_file_is_the_same_all_year_long(tmp_path):
    path = tmp_path / "undivided.yaml"
    path.write_text(EXAMPLE)
    january, december, later = (
        shopfile.read(path, date(*day)).shop for day in [(2026, 1, 1), (2026, 12, 31), (2027, 1, 1)]
    )
    assert january == december
    assert january["version"] != later["version"], "another year, other holidays"


def test_own_holidays_replace_those_of_the_shop(tmp_path):
    shop = shop_from(read(tmp_path, EXAMPLE.replace("holidays: FR", "holidays: []")).shop)
    assert shop.specialists["claire"].hours.holidays == frozenset()
    assert shop.specialists["kevin"].hours.vacations == ((date(2027, 7, 5), date(2027, 7, 16)),)
    assert date(2026, 3, 8) in shop.specialists["kevin"].hours.holidays


def test_in_the_demo_everybody_is_on_duty_at_every_hour(tmp_path):
    found = read(tmp_path, EXAMPLE)
    demo = shop_from(shopfile.always_on_duty(found.shop))
    assert demo.version != shop_from(found.shop).version
    start = moment("2026-12-21T00:00:00+00:00")
    for person in demo.specialists.values():
        assert all(on_duty(person.hours, start + timedelta(hours=hour)) for hour in range(24 * 14))


@pytest.mark.parametrize("text", ["2h", "120min", "1h 60min", "7200s", "1.5h 30 minutes", "2 Hours"])
def test_durations(text):
    assert written.duration(text) == timedelta(hours=2)


@pytest.mark.parametrize("text", ["", "h", "2h later", "-2h", "2h-", "1e3h", "٢h"])
def test_what_is_no_duration(text):
    with pytest.raises(Unusable):
        written.duration(text)
