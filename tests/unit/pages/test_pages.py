"""The pages as a browser and a screen reader take them: names, errors, languages, and nothing that a policy forbids."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from undivided.message import Message
from undivided.pages.form import form_page
from undivided.pages.forms import TRAP
from undivided.pages.status import status_page
from undivided.record import Record
from undivided.texts import LANGUAGES, say
from undivided.values import SHOPPER
from unit.mail_writing.letters import CONVERSATION, NOTE, NOW, QUESTION
from unit.pages.drawn import ACTION, PAGES, visit, wrong
from unit.pages.shops import SHOP

VOID = {"meta", "input", "br", "link", "img", "hr"}


class Document(HTMLParser):
    """Elements in order as (tag, attributes), the text of each, and whether all were closed."""

    def __init__(self, body):
        super().__init__()
        self.elements, self.texts, self.open = [], [], []
        self.feed(body)
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.texts.append("")
        if tag not in VOID:
            self.open.append((tag, len(self.elements) - 1))

    def handle_endtag(self, tag):
        opened, _ = self.open.pop()
        assert opened == tag

    def handle_data(self, data):
        for _, place in self.open:
            self.texts[place] += data

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    def text_of(self, tag):
        return [text for (name, _), text in zip(self.elements, self.texts, strict=True) if name == tag]

    def ids(self):
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_in_every_language(name, language):
    page = PAGES[name](language)
    document = Document(page.body)
    assert document.all("html") == [{"lang": language}]
    assert len(document.text_of("h1")) == 1
    assert document.text_of("h1")[0].strip()
    assert len(document.all("main")) == 1
    assert document.text_of("title")[0].strip(" ·")
    assert not re.search(r"\{\w+\}|\bNone\b|Undefined", page.body)
    assert page.headers["Content-Language"] == language
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", PAGES)
def test_every_control_has_a_name_and_every_reference_a_target(name):
    document = Document(PAGES[name]("en").body)
    ids = document.ids()
    assert len(ids) == len(set(ids))
    labelled = {attributes["for"] for attributes in document.all("label")}
    controls = [
        one for tag in ("input", "textarea", "select") for one in document.all(tag) if one.get("type") != "hidden"
    ]
    assert {one["id"] for one in controls} <= labelled
    for _, attributes in document.elements:
        for reference in attributes.get("aria-describedby", "").split():
            assert reference in ids
        if attributes.get("href", "").startswith("#"):
            assert attributes["href"][1:] in ids
    assert all(text.strip() for text in document.text_of("button") + document.text_of("a"))


@pytest.mark.parametrize("name", PAGES)
def test_the_policy_lets_through_what_the_page_has_and_nothing_else(name):
    page = PAGES[name]("de")
    document, policy = Document(page.body), page.headers["Content-Security-Policy"]
    for tag in ("style", "script"):
        for text in document.text_of(tag):
            assert "'sha256-" + b64encode(sha256(text.encode()).digest()).decode() + "'" in policy
    for _, attributes in document.elements:
        assert "style" not in attributes
        assert not [one for one in attributes if one.startswith("on")]
    assert not document.all("img") + document.all("link") + document.all("iframe")
    assert "default-src 'none'" in policy
    assert "frame-ancestors" in policy


@pytest.mark.parametrize("language", LANGUAGES)
def test_errors_stand_at_their_fields_and_in_a_summary_and_nothing_typed_is_lost(language):
    page = PAGES["errors"](language)
    document = Document(page.body)
    assert page.status == 400
    invalid = [one for tag in ("input", "textarea") for one in document.all(tag) if one.get("aria-invalid") == "true"]
    assert [one["name"] for one in invalid] == ["name", "email", "consent"]
    assert all(f"{one['name']}-wrong" in one["aria-describedby"] for one in invalid)
    assert [one.get("role") for one in document.all("div") if one.get("id") == "summary"] == ["alert"]
    for key in ("name", "email", "consent"):
        assert page.body.count(f'href="#{key}"') == 1
    assert document.text_of("textarea") == ["Line one\n\n  line two <b>"]
    assert [one["value"] for one in document.all("input") if one["name"] == "email"] == ["anna@gmial"]
    assert [one["value"] for one in document.all("input") if one["name"] == "sku"] == ["TR-300"]


def test_a_typo_is_asked_about():
    page = wrong(name="", email="anna@gmial.com", question="x", consent="yes")
    assert say("en", "form.meant", address="anna@gmail.com") in page.body


def test_the_form_works_by_keyboard_in_the_order_that_it_is_read():
    document = Document(PAGES["form"]("en").body)
    shown = [
        one
        for tag, one in document.elements
        if tag in ("input", "textarea") and one.get("type") != "hidden" and one["name"] != TRAP
    ]
    call = ["phone", "call_day", "call_from", "call_until"]
    assert [one["name"] for one in shown] == ["name", "email", "question", *call, "consent"]
    assert [one.get("autocomplete") for one in shown[:2]] == ["name", "email"]
    trap = next(one for one in document.all("input") if one["name"] == TRAP)
    assert (trap["tabindex"], trap["autocomplete"]) == ("-1", "off")
    assert not [one for _, one in document.elements if int(one.get("tabindex", "0")) > 0]


@pytest.mark.parametrize(
    "name", [name for name in PAGES if name.startswith("ended") or name in ("focus", "answered", "waiting", "many")]
)
def test_a_note_is_on_no_page(name):
    assert NOTE not in PAGES[name]("en").body


def test_what_is_held_or_taken_back_is_not_shown_yet():
    for changes in ({"held": 4}, {"taken_back": (4,)}):
        assert "42.5" not in status_page(visit(**changes)).body
    assert "42.5" in status_page(visit()).body


def test_getting_a_page_changes_nothing_and_ending_asks_first():
    """Forms that change something POST; what ends a question is reached by a page that asks."""
    document = Document(PAGES["focus"]("en").body)
    assert {one["method"] for one in document.all("form")} == {"post"}
    assert {one["value"] for one in document.all("input") if one["name"] == "do"} == {"add"}
    asked = Document(PAGES["withdraw"]("en").body)
    assert {one["name"]: one["value"] for one in asked.all("input")} == {"do": "withdraw", "confirm": "yes"}


def test_the_page_says_promise_place_and_who():
    page = PAGES["waiting"]("en").body
    assert "this afternoon before 1:30" in page
    assert say("en", "status.place", before=2) in page
    assert say("en", "status.place.many", most=20) in PAGES["many"]("en").body
    assert say("en", "status.place.next") in PAGES["next"]("en").body
    assert "Kevin" in PAGES["focus"]("en").body
    assert "kevin@" not in PAGES["focus"]("en").body


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=200))
def test_nothing_that_somebody_typed_becomes_markup(name, title, words):
    hostile = f"{words}</textarea></p><script>alert(1)</script>\"'{name}"
    values = {"name": name, "title": f"{title}<script>", "question": hostile, "email": f'"{name}'}
    for page in (form_page(SHOP, "en", values, ACTION), wrong(**values)):
        document = Document(page.body)
        assert len(document.all("script")) == 1
    said = Message(1, SHOPPER, NOW, hostile)
    shown = status_page(replace(visit(), record=Record(CONVERSATION, (said,))))
    assert not Document(shown.body).all("script")


def test_words_keep_their_lines():
    assert QUESTION in PAGES["focus"]("en").body


def test_times_are_on_the_readers_clock():
    page = status_page(replace(visit(), now=datetime(2026, 5, 4, 8, tzinfo=UTC)))
    for at in re.findall(r'datetime="([^"]*)"', page.body):
        assert datetime.fromisoformat(at).utcoffset() == timedelta(hours=2)
