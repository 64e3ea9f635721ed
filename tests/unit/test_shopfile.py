"""Every mistake in undivided.yaml: at its line, in words that say what to write instead, and all of them at once."""

from __future__ import annotations

import pytest
from shopfiles import EXAMPLE, read
from undivided.config import LANGUAGES
from undivided.shopjson import shop_from
from undivided.values import Money

LUCA = "hours: tue-sat 10:00-13:00, 14:30-19:00"

# what was written -> what somebody wrote by mistake -> a piece of every problem, at the lines after the first changed one
MISTAKES = [
    ("fallback: petra", "fallback: petr", [(0, 'nobody in specialists is called "petr"; did you mean "petra"?')]),
    ("zone: Europe/Berlin", "zone: Europe/Berln", [(0, 'is not a time zone; did you mean "Europe/Berlin"?')]),
    ("zone: Europe/Berlin", "zone: new york", [(0, 'did you mean "America/New_York"?')]),
    ("zone: Europe/Berlin", "zone: +01:00", [(0, "write an IANA name like Europe/Berlin")]),
    ("specialists:\n", "specialist:\n", [(0, 'unknown key "specialist"; did you mean "specialists"?')]),
    ("capacity: 2", "capacity: 0", [(0, "capacity: 0 is too small; write 1 or more")]),
    ("capacity: 2", "capacity: -1", [(0, "write 1 or more")]),
    ("capacity: 2", "capacity: 1.5", [(0, "1.5 is not a whole number")]),
    ("capacity: 2", "capacity: two", [(0, "two is not a whole number; write a whole number, like 1")]),
    ("capacity: 2", "capacity: 2000", [(0, "write 20 or less")]),
    ("price: 1649.00 EUR", "price: 1649.00", [(0, "1649.00 names no currency; write 1649.00 EUR")]),
    ("price: 1649.00 EUR", "price: 1649", [(0, "1649 names no currency; write 1649 EUR")]),
    ("price: 1649.00 EUR", 'price: "1649,00 EUR"', [(0, "has a decimal comma; write 1649.00 EUR")]),
    ("price: 1649.00 EUR", "price: 1649.00 €", [(0, "'€' is not a currency")]),
    ("price: 1649.00 EUR", "price: cheap", [(0, "write it like 49.90 EUR")]),
    (
        "mail_domain: ask.shop.example",
        "mail_domain: shop.example",
        [
            (
                0,
                "owner@shop.example (line 12) would get none; use a domain where nobody has a mailbox, like ask.shop.example",
            )
        ],
    ),
    (
        "mail_domain: ask.shop.example",
        "mail_domain: https://Ask.Shop.example/",
        [(0, "is not a domain; write ask.shop.example")],
    ),
    (
        "mail_domain: ask.shop.example",
        "mail_domain: ask@ask.shop.example",
        [(0, "is not a domain; write ask.shop.example")],
    ),
    (
        "mail_domain: ask.shop.example",
        "mail_domain: localhost",
        [(0, "is not a domain; write it like ask.shop.example")],
    ),
    (
        "ask_address: ask@ask.shop.example",
        "ask_address: ask@shop.example",
        [(0, "not at the mail domain; write ask@ask.shop.example")],
    ),
    (
        "ask_address: ask@ask.shop.example",
        "ask_address: r-ask@ask.shop.example",
        [(0, "start with r- are reply addresses")],
    ),
    ("email: luca@shop.example", "email: Jane@Shop.example", [(0, "is jane's address too")]),
    ("email: luca@shop.example", "email: J.Whitfield@mail.example", [(0, "is jane's address too")]),
    ("aliases: [j.whitfield@mail.example]", "aliases: [kevin@shop.example]", [(0, "is kevin's address too")]),
    ("aliases: [j.whitfield@mail.example]", "aliases: [JANE@shop.example]", [(0, "stands twice for jane; remove one")]),
    (
        "aliases: [j.whitfield@mail.example]",
        "aliases: j.whitfield@mail.example",
        [(0, "is not a list; write [j.whitfield@mail.example]")],
    ),
    ("email: luca@shop.example", "email: luca at shop", [(0, "is not an e-mail address; write it like")]),
    ("email: luca@shop.example", "email: lucà@shop.example", [(0, "write an address in a-z")]),
    ("email: luca@shop.example", "email: luca@caffè.example", [(0, "luca@xn--caff-8oa.example")]),
    ("    email: luca@shop.example\n", "", [(-2, '"email" is missing in luca; write email:')]),
    (LUCA, "hours: tue-sat 10:00-13:00, 12:30-19:00", [(0, "tue 10:00-13:00 and tue 12:30-19:00 overlap")]),
    (LUCA, "hours: sun 22:00-4:00, mon 3:00-9:00", [(0, "sun 22:00-4:00 and mon 3:00-9:00 overlap")]),
    (LUCA, "hours: [fri 22:00-6:00, sat 5:00-9:00]", [(0, "overlap; write one window that covers both")]),
    (LUCA, "hours: tue-satt 10:00-13:00", [(0, "'satt' is not a day; did you mean \"sat\"?")]),
    (LUCA, "hours: tue-sat 10:00-25:00", [(0, "is not a time of day; the last is 24:00")]),
    (LUCA, "hours: tue-sat 10:60-13:00", [(0, "is not a time of day")]),
    (LUCA, "hours: tue-sat 24:00-3:00", [(0, "starts at 24:00; write 0:00 and the next day")]),
    (LUCA, "hours: tue-sat 10:00", [(0, "'10:00' has no end; write it like 9:00-12:30")]),
    (LUCA, "hours: tue-sat 10:00-10:00", [(0, "for a whole day write 0:00-24:00")]),
    (LUCA, "hours: 10:00-13:00", [(0, "stands before any day")]),
    (LUCA, "hours: tue-sat", [(0, "names no times")]),
    (LUCA, "hours: tue-sat 13pm-14pm", [(0, "hours run from 1 to 12")]),
    (LUCA, "hours: 9", [(0, "stands before any day; write hours like mon-fri 9:00-12:30, 13:30-18:00")]),
    (LUCA, "hours: []", [(0, "there are too few; write 1 or more")]),
    (LUCA, "hours:", [(0, "there is no value; write hours: mon-fri")]),
    (LUCA, "opening: always", [(-6, '"hours" is missing in luca'), (0, 'unknown key "opening"')]),
    (
        "languages: [en, de, fr, es, it]",
        "languages: [en, de, fr, es, it, pl]",
        [(0, '"pl" is not possible here; write one of en, de, fr, es, it')],
    ),
    (
        "languages: [en, de, fr, es, it]",
        "languages: [en, de, fr, es, it, en]",
        [(0, "names something twice; write each once")],
    ),
    ("languages: [en, de, fr, es, it]", "languages: []", [(0, "there are too few; write 1 or more")]),
    (
        "languages: [it, es, en]",
        "languages: [Italian, es, it]",
        [(0, "Italian cannot stand here; write something like de")],
    ),
    ("currency: EUR", "currency: Euro", [(0, "Euro cannot stand here; write something like EUR")]),
    ("currency: EUR", "currency: EUR\ncurrency: CHF", [(1, '"currency" stands here a second time (first in line 17)')]),
    ("holidays: FR", "holidays: France", [(0, 'did you mean "FR"?')]),
    ("holidays: FR", "holidays: fr", [(0, 'did you mean "FR"?')]),
    ("holidays: FR", "holidays: DE-XX", [(0, "'XX' is no region of DE; write one of BB, BE")]),
    ("holidays: FR", "holidays: [FR, 24.12.2026]", [(0, "is not a day; write it like 2026-12-24")]),
    ("holidays: FR", "holidays: [FR, 2026-02-30]", [(0, "is not in the calendar")]),
    ("holidays: FR", "holidays: xx", [(0, "write a code of two letters like DE, a day like")]),
    (
        "[2027-07-05..2027-07-16]",
        "[2027-07-16..2027-07-05]",
        [(0, "ends before it starts; write 2027-07-05..2027-07-16")],
    ),
    ("[2027-07-05..2027-07-16]", "2027-07-05..2027-07-16", [(0, "is not a list; write [2027-07-05..2027-07-16]")]),
    ("[2027-07-05..2027-07-16]", "[2027-07-05 - 2027-07-16]", [(0, "is not a day; write it like 2026-12-24")]),
    ("owner: owner@shop.example", "owner: Owner <owner@shop.example>", [(0, "is not an e-mail address")]),
    ("url: https://shop.example\n", "url: shop.example\n", [(0, "is not a web address; write it like https://")]),
    ("url: https://shop.example\n", "url: javascript:alert(1)\n", [(0, "is not a web address")]),
    ("name: Kessel & Crema\n", 'name: "Kessel\\r\\nBcc: all@shop.example"\n', [(0, "must be one line of text")]),
    ("name: Kessel & Crema\n", "name:\n", [(0, "there is no value; write name: Kessel & Crema")]),
    (
        "name: Kessel & Crema\n",
        "name: 1860\n",
        [(0, '1860 is read as a number or true/false; put it in quotes: "1860"')],
    ),
    ("name: Kessel & Crema\n", "name: [Kessel]\n", [(0, "[Kessel] is not text; write text, like Kessel & Crema")]),
    ("name: Kessel & Crema\n", 'name: ""\n', [(0, "must be one line of text")]),
    ("remind_after: 2h", "remind_after: 2", [(0, "2 names no unit; write 2s, 2min, 2h or 2 days")]),
    ("remind_after: 2h", "remind_after: soon", [(0, "is not a duration; write it like 2h")]),
    ("remind_after: 2h", "remind_after: 2 moons", [(0, "'moons' is no unit of time")]),
    ("remind_after: 2h", "remind_after: 4h", [(0, "remind_after must be shorter than hand_over_after")]),
    ("remind_after: 2h", "remind_afer: 2h", [(0, 'did you mean "remind_after"?')]),
    ("retention: 365 days", "retention: 999 weeks", [(0, "is longer than ten years")]),
    ("burrs: 5", "burrs: 9", [(0, "9 is too large; write 5 or less")]),
    ("sku: DUO-MINI", "sku: DUO-2", [(0, 'the sku "DUO-2" stands in line 93 already')]),
    ("sku: DUO-MINI", "sku: 123", [(0, 'put it in quotes: "123"')]),
    ("  petra:\n", "  Petra:\n", [(-65, 'did you mean "Petra"?'), (0, '"Petra" cannot be used as a key')]),
    ("  signature:\n", "  signatur:\n", [(0, 'did you mean "signature"?')]),
    ("    en: Kessel", "    eng: Kessel", [(0, '"eng" is no language that texts exist in; did you mean "en"?')]),
    ("type: choice", "type: chioce", [(0, '"chioce" is not possible here; did you mean "choice"?')]),
    (
        "        type: choice\n",
        "        type: text\n",
        [(2, '"choices" means nothing for a text; it belongs to choice')],
    ),
    ("        type: choice\n", "", [(-1, '"type" is missing in water; write type: text')]),
    ("        least: 0\n", "        least: 60\n", [(0, "60 is more than most, 50; exchange them")]),
    ("        most: 3\n", "        most: 30\n", [(0, "30 photos are too many; write 5 or less")]),
    ("      serial:\n", "      email:\n", [(0, '"email" is a field that every form has')]),
    ("      serial:\n", "      Serial no:\n", [(0, '"Serial no" cannot be used as a key')]),
    ("  question: {}", "  ask: {}", [(-1, "the form that stands at /ask is missing; write question: {}")]),
]

SYNTAX = [
    ("  kevin:\n", "\tkevin:\n", 0, "a tab stands where YAML wants spaces"),
    ("    name: Kevin Brandt\n", "    \tname: Kevin Brandt\n", 0, "a tab stands where YAML wants spaces"),
    ("name: Kevin Brandt", 'name: "Kevin Brandt', 0, "a quote is opened here and not closed"),
    ("name: Kevin Brandt", "name: 'Kevin Brandt", 0, "a quote is opened here and not closed"),
    ("name: Kevin Brandt", "name: Kevin: Brandt", 0, "a second colon stands in this line"),
    ("name: Kevin Brandt", "name: @Kevin", 0, "put the whole value in quotes"),
    ("name: Kevin Brandt", "name: *Kevin", 0, "put it in quotes"),
    ("name: Kevin Brandt", "name: !person Kevin", 0, "cannot be read as !person; remove the tag"),
    ("name: Kevin Brandt", "name: !!int Kevin", 0, "cannot be read as !!int"),
    ("name: Kevin Brandt", "name: &a [*a]", 0, "this value contains itself"),
    ("name: Kevin Brandt", "? [a, b]\n    : Kevin", 0, "a key must be a single word"),
    ("name: Kevin Brandt", "name Kevin Brandt", 1, "second colon"),
    ("capacity: 3", "capacity: [3", 0, "a bracket is opened here and not closed"),
    ("capacity: 3", "capacity: 3\n   odd: 1", 1, "indented differently"),
    ("name: Kevin Brandt", "name: Kevin\x00Brandt", 0, "a control character stands here"),
    ("fallback: petra ", "---\nfallback: petra ", 0, "starts a second document"),
]


def told(found, folder):
    return [(one.file.removeprefix(f"{folder}/"), one.line, one.words) for one in found.errors]


def changed(old, new):
    text = EXAMPLE if old in EXAMPLE else EXAMPLE + old
    assert old in text
    return text.replace(old, new, 1), text[: text.index(old)].count("\n") + 1


def test_the_example_has_no_problem_and_shop_from_reads_it(tmp_path):
    found = read(tmp_path, EXAMPLE)
    assert found.problems == ()
    shop = shop_from(found.shop)
    assert len(shop.specialists) == 5
    assert len(shop.products) >= 12
    assert shop.specialists[shop.fallback].first_name == "Petra"
    assert shop.products["DUO-2"].price == Money.read("1649.00 EUR")
    assert {one for person in shop.specialists.values() for one in person.languages} == set(LANGUAGES)
    assert shop.knows_page("www.shop.example")
    assert not shop.knows_page("evilshop.example")


@pytest.mark.parametrize(("old", "new", "expected"), MISTAKES, ids=lambda one: str(one)[:50] if one else "-")
def test_a_mistake_is_named_at_its_line_with_what_to_write_instead(tmp_path, old, new, expected):
    text, line = changed(old, new)
    found = read(tmp_path, text)
    assert found.shop is None
    assert [(one[0], one[1]) for one in told(found, tmp_path)] == [
        ("undivided.yaml", line + off) for off, _ in expected
    ]
    for (_, _, words), (_, piece) in zip(told(found, tmp_path), expected, strict=True):
        assert piece in words
        assert ";" in words, "it must say what to write instead"


@pytest.mark.parametrize(("old", "new", "off", "piece"), SYNTAX, ids=[repr(one[1])[:40] for one in SYNTAX])
def test_broken_yaml_is_named_at_the_line_to_change(tmp_path, old, new, off, piece):
    text, line = changed(old, new)
    found = read(tmp_path, text)
    assert found.shop is None
    assert any(one.line == line + off and piece in one.words for one in found.problems), found.problems


def test_many_mistakes_are_told_at_once(tmp_path):
    chosen = [one for one in MISTAKES if one[2] and "\n" not in one[1]]
    text, done = EXAMPLE, set()
    for old, new, _ in chosen:
        if old in text and old not in done and "mail_domain" not in old and "languages: [en" not in old:
            text, done = text.replace(old, new, 1), {*done, old}
    found = read(tmp_path, text)
    assert len(found.errors) >= 15
    assert list(found.problems) == sorted(found.problems)


@pytest.mark.parametrize(
    ("raw", "line", "piece"),
    [
        (b"", 1, "the file is empty"),
        (b"# nothing\n", 1, "the file is empty"),
        (b"- name: x\n", 1, "is not a group of lines like name: value"),
        (b"just words", 1, "is not a group of lines like name: value"),
        (b"name: x\nurl: \xff\n", 2, "not UTF-8"),
        (b"[" * 5000, 1, "nested too deeply"),
    ],
    ids=["empty", "comment", "list", "text", "latin", "deep"],
)
def test_a_file_that_is_no_shop_at_all(tmp_path, raw, line, piece):
    found = read(tmp_path, raw)
    assert found.shop is None
    assert found.problems[0].line == line
    assert piece in found.problems[0].words


def test_values_are_read_by_yaml_1_2_and_not_1_1(tmp_path):
    """Norway's `no` is a country and a language; a time is no number of minutes; a date is text."""
    text = EXAMPLE.replace("languages: [it, es, en]", "languages: [it, es, en, no]").replace(
        "holidays: FR", "holidays: NO"
    )
    shop = read(tmp_path, text).shop
    assert shop["specialists"][2]["languages"] == ["it", "es", "en", "no"]
    assert "2027-05-17" in shop["specialists"][3]["hours"]["holidays"]


def test_a_number_with_a_leading_zero_is_an_article(tmp_path):
    assert read(tmp_path, EXAMPLE.replace("sku: DUO-MINI", "sku: 0123")).shop["products"][1]["sku"] == "0123"


def test_switches_take_true_and_false_only(tmp_path):
    assert read(tmp_path, EXAMPLE + "paused: true\n").shop["paused"] is True
    (problem,) = read(tmp_path, EXAMPLE + "paused: yes\n").problems
    assert "paused: yes is not true or false; write true or false" in problem.words


WARNINGS = [
    ("skus: [MOKA-6]", "skus: [MOKA-66]", 'no product has the sku "MOKA-66"; did you mean "MOKA-6"?'),
    ("brands: [Hollow]", "brands: [Holow]", 'no product has the brand "Holow"; did you mean "Hollow"?'),
    ("categories: [Beans]", "categories: [Tea leaves]", 'no product has the category "Tea leaves"; check the spelling'),
    ("languages: [it, es, en]", "languages: [it, en]", 'nobody answers in "es"'),
    (
        "    it: Kessel & Crema, Berlino. Caffè per chi fa domande.\n",
        "",
        "signature: there is no text in it; who reads it gets en",
    ),
    ("    hours: mon-fri 8:00-16:00\n", "    hours: never\n", "the fallback person has no hours"),
    ("https://shop.example/p/duo-2", "https://else.example/p/duo-2", "else.example is none of the shop's hosts"),
    (
        "languages: [de, en]\n    hours: mon-fri 8",
        "languages: [pl]\n    hours: mon-fri 8",
        "will be in the shop's first language",
    ),
]


@pytest.mark.parametrize(("old", "new", "piece"), WARNINGS, ids=[one[2][:40] for one in WARNINGS])
def test_what_is_only_odd_is_a_warning_and_stops_nothing(tmp_path, old, new, piece):
    text, _ = changed(old, new)
    found = read(tmp_path, text)
    assert found.shop is not None
    assert [one.warning for one in found.problems] == [True]
    assert piece in found.problems[0].words


def test_a_category_above_a_product_is_known(tmp_path):
    text = EXAMPLE.replace("category: Beans", "category: Beans > Whole").replace("[Accessories,", "[accessories,")
    assert read(tmp_path, text).problems == ()


def test_texts_that_nobody_can_ask_for_are_told_of_once(tmp_path):
    found = read(tmp_path, EXAMPLE.replace("[en, de, fr, es, it]", "[en, de, fr, es]"))
    assert [one.warning for one in found.problems] == [True]
    assert 'does not answer in "it"' in found.problems[0].words
