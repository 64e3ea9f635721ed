"""Pages and mails in a real browser, served from memory with the headers that they are sent with."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import browser
import pytest
from playwright.sync_api import Browser, ConsoleMessage
from playwright.sync_api import Page as Tab
from undivided.pages.page import Page

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
GOOD_PAGES = "best-practice"
"""Landmarks and headings: for pages; a mail stands inside the page of a mail program."""
ADDRESS = "https://desk.shop.example/page"
NARROW = {"width": 320, "height": 640}
"""A telephone, or a desktop at 400 %: WCAG 1.4.10 wants no scrolling to the side."""


AXE = files("axe_playwright_python") / "axe.min.js"


@dataclass(slots=True)
class Sight:
    """A tab, and what is seen in it."""

    tab: Tab
    page: Page
    said: list[str]
    """What the browser complained about: a policy that forbids the page's own style, say."""

    def show(self, page: Page) -> None:
        self.page = page
        self.tab.goto(ADDRESS)

    def violations(self, *more: str) -> list[str]:
        """Return what axe finds, by the rules of WCAG 2.2 AA and more."""
        return self._found({"type": "tag", "values": [*WCAG, *more]})

    def hard_to_read(self) -> list[str]:
        return self._found({"type": "rule", "values": ["color-contrast"]})

    def _found(self, only: dict[str, Any]) -> list[str]:
        asked = json.dumps({"runOnly": only, "resultTypes": ["violations"]})
        found: list[dict[str, Any]] = self.tab.evaluate(f"() => axe.run(document, {asked})")["violations"]
        return [f"{one['id']}: {node['html'][:160]} {node['failureSummary']}" for one in found for node in one["nodes"]]

    def overflow(self) -> int:
        """Pixels that stand out to the right."""
        wide: int = self.tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return wide

    @contextmanager
    def by_dark(self) -> Iterator[None]:
        self.tab.emulate_media(color_scheme="dark")
        try:
            yield
        finally:
            self.tab.emulate_media(color_scheme="light")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with browser.chromium() as started:
        yield started


@pytest.fixture(scope="session")
def sight(chromium: Browser) -> Iterator[Sight]:
    """One narrow tab for all: a page is replaced, a tab need not be."""
    context = chromium.new_context(viewport=NARROW, color_scheme="light")
    seen = Sight(context.new_page(), Page(200), [])
    context.add_init_script(AXE.read_text("utf-8"))  # sent once, and no page's policy keeps it out
    context.route("**/*", lambda route: route.fulfill(status=200, body=seen.page.body, headers=dict(seen.page.headers)))
    seen.tab.on("console", _noting(seen.said))
    yield seen
    context.close()


def _noting(said: list[str]) -> Callable[[ConsoleMessage], None]:
    return lambda message: said.append(message.text) if message.type in ("error", "warning") else None
