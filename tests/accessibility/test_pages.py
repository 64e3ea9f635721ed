"""Every page, by the rules of WCAG 2.2 AA, at 320 pixels, by light and by dark (axe-core in a real browser)."""

from __future__ import annotations

import re
from dataclasses import replace
from unittest import mock

import pytest
from accessibility.conftest import GOOD_PAGES, Sight
from playwright.sync_api import Browser
from undivided import rendering
from undivided.pages.page import Page, Request
from undivided.steps.published import published
from undivided.texts import FOLDER, LANGUAGES
from unit.knowledge import owners
from unit.pages.drawn import PAGES

WHOLE = ("form", "errors", "focus")
"""Looked at by every rule in every language; the others in one language each, in turn."""
TURNS = [
    (name, language)
    for turn, name in enumerate(PAGES)
    for language in (LANGUAGES if name in WHOLE else [LANGUAGES[turn % len(LANGUAGES)]])
]


def without_script(page: Page) -> Page:
    """Return the page as it is where JavaScript is off; axe, which is script, must still run."""
    policy = re.sub(r"script-src [^;]*", "script-src 'none'", page.headers["Content-Security-Policy"])
    return replace(page, headers={**page.headers, "Content-Security-Policy": policy})


@pytest.mark.parametrize(("name", "language"), TURNS)
def test_axe_finds_nothing_by_light_and_no_lack_of_contrast_by_dark(sight: Sight, name: str, language: str) -> None:
    sight.said.clear()
    sight.show(PAGES[name](language))
    assert sight.violations(GOOD_PAGES) == []
    with sight.by_dark():
        assert sight.hard_to_read() == []
    assert sight.said == []


@pytest.mark.parametrize("name", ["form", "errors"])
def test_nor_where_javascript_is_off(sight: Sight, name: str) -> None:
    sight.show(without_script(PAGES[name]("en")))
    assert sight.tab.locator("[name=zone]").input_value() == "", "nothing ran"
    assert sight.violations(GOOD_PAGES) == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_stands_out_at_320_pixels_in_any_language(sight: Sight, name: str) -> None:
    for language in LANGUAGES:
        sight.show(PAGES[name](language))
        assert sight.overflow() == 0, language


def test_published_answers_are_good_on_any_page(sight: Sight) -> None:
    rt = owners.proposed()
    owners.press(rt, "publish")
    sight.show(published(Request("GET", "/answers", {}, {"product": owners.PROPOSAL.sku}), rt))
    assert "<article" in sight.page.body
    assert [one for one in sight.violations() if not one.startswith(("document-title", "html-has-lang"))] == []
    assert sight.overflow() == 0


def test_what_is_wrong_is_found(sight: Sight) -> None:
    """The measures measure: grey on white, a field without a name, and a line that is too long."""
    page = PAGES["form"]("en")
    spoilt = page.body.replace('<label for="name">', "<label>").replace("#56606c", "#bbbbbb")
    spoilt = spoilt.replace("<h1>", f"<h1 style='white-space:nowrap'>{'long ' * 40}")
    sight.show(Page(200, spoilt, {"Content-Type": "text/html; charset=utf-8"}))
    assert {one.partition(":")[0] for one in sight.violations()} >= {"label", "color-contrast"}
    assert sight.overflow() > 0


def test_no_page_is_left_out() -> None:
    """Each template of a page is drawn by one of `PAGES`; published answers stand inside a page of the shop's."""
    drawn = set()

    def noting(template: str, words: dict[str, object]) -> str:
        drawn.add(template.removeprefix("pages/"))
        return ""

    with mock.patch.object(rendering, "html", noting):
        for draw in PAGES.values():
            draw("en")
    assert drawn == {path.name for path in (FOLDER.parent / "pages").glob("[!_]*.html.j2")} - {"answers.html.j2"}


def test_the_form_is_filled_in_and_sent_by_keyboard_alone(chromium: Browser) -> None:
    """In the order of reading, with the focus always to be seen, the trap never reached."""
    page = PAGES["form"]("en")
    context = chromium.new_context(viewport={"width": 320, "height": 640})
    sent: list[str] = []

    def answer(route: object) -> None:
        request = route.request  # type: ignore[attr-defined]
        if request.method == "POST":
            sent.append(request.post_data or "")
        route.fulfill(status=200, body=page.body, headers=dict(page.headers))  # type: ignore[attr-defined]

    context.route("**/*", answer)
    tab = context.new_page()
    tab.goto("https://desk.shop.example/ask")
    typed = {"name": "Ida", "email": "ida@mail.example", "question": "Which blade?", "phone": "+49 30 1"}
    reached = []
    for _ in range(40):
        tab.keyboard.press("Tab")
        here = tab.evaluate(
            "document.activeElement.name || document.activeElement.type || document.activeElement.tagName"
        )
        reached += [here] if here not in reached else []
        outline = tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", f"the focus on {here} cannot be seen"
        if here in typed:
            tab.keyboard.type(typed[here])
        elif here == "consent":
            tab.keyboard.press("Space")
        elif here == "submit":
            with tab.expect_response(lambda one: one.request.method == "POST"):
                tab.keyboard.press("Enter")
            break
    tab.wait_for_load_state()
    assert [one for one in reached if one not in ("A", "call_day", "call_from", "call_until")] == [
        *typed,
        "consent",
        "submit",
    ]
    assert len(sent) == 1
    for words in ("name=Ida", "ida%40mail.example", "Which+blade", "consent=yes"):
        assert words in sent[0]
    context.close()
