"""The demo's own pages, everybody's mailboxes, by the same measures as the product's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from accessibility.conftest import AXE, GOOD_PAGES, NARROW, Sight
from playwright.sync_api import Browser, Route
from undivided.pages.page import Page
from unit.local.test_letters import question

from console.local.letters import Attachment, Draft
from console.local.maildirs import Maildirs
from console.local.people import People, Person
from console.local.website import Website

SITE = "http://127.0.0.1:8401"
ANNA, KEVIN = "anna@mail.example", "kevin@shop.example"
PEOPLE = People((Person("Anna Schmidt", ANNA, "shopper"), Person("Kevin Brandt", KEVIN, "specialist")))
LONG = "a-very-long-name-of-somebody-who-is-called-like-that@a-very-long-domain.mail.example"
TOLD = {
    "smtp_host": "127.0.0.1", "smtp_port": 8425, "form_url": f"{SITE}/ask", "maildir": "/home/ida/undivided/.local/mail",
    "stack": "undivided", "mail_domain": "ask.shop.example", "endpoint_url": "http://127.0.0.1:8466",
    "stack_file": "/home/ida/undivided/.local/stack.json", "shop_name": "Kessel & Crema",
}  # fmt: skip


@dataclass
class Mailboxes:
    site: Website
    sight: Sight
    problem: str = ""

    def serve(self, route: Route) -> None:
        path, _, query = route.request.url.removeprefix(SITE).partition("?")
        answer = self.site.get(path, {"sent": ["1"]} if query else {})
        if self.problem:
            draft = Draft(ANNA, "Anna Schmidt", LONG, "Hello", "Hi", (Attachment("a.png", "image/png", b"x"),))
            answer = self.site.compose(PEOPLE.find(ANNA), draft, problem=self.problem)
        route.fulfill(status=200, body=answer.body, headers={"Content-Type": answer.type, **dict(answer.headers)})

    def open(self, path: str) -> None:
        self.problem = "550 5.1.1 nobody here has that address" if path.endswith("#problem") else ""
        self.sight.said.clear()
        self.sight.tab.goto(SITE + path.partition("#")[0])


@pytest.fixture(scope="module")
def mailboxes(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailboxes]:
    boxes = Maildirs(tmp_path_factory.mktemp("mail"))
    for address in (ANNA, KEVIN, LONG):
        boxes.make(address)
    boxes.deliver(ANNA, question(Auto_Submitted="auto-generated"))
    boxes.deliver(ANNA, question(Subject=f"Re: {'a long subject ' * 8}{'x' * 90}", From=LONG))
    boxes.keep_sent(ANNA, question())
    site = Website(boxes, PEOPLE, TOLD, [{"title": "Duo 2", "url": f"{SITE}/ask?sku=DUO-2"}])
    context = chromium.new_context(viewport=NARROW, color_scheme="light")
    context.add_init_script(AXE.read_text("utf-8"))
    made = Mailboxes(site, Sight(context.new_page(), Page(200), []))
    context.route("**/*", made.serve)
    made.sight.tab.on("console", lambda said: made.sight.said.append(said.text) if said.type == "error" else None)
    yield made
    context.close()


def paths(mailboxes: Mailboxes) -> list[str]:
    """Return each kind of page, and what can stand on it."""
    box = f"/mailbox/{ANNA}"
    letters = [f"{box}/{letter.key}" for letter in mailboxes.site.maildirs.letters(ANNA)]
    return [
        "/",
        box,
        f"{box}?sent=1",
        f"/mailbox/{LONG}",
        *letters,
        f"{letters[0]}/reply",
        f"{box}/compose",
        "/#problem",
    ]


def test_axe_finds_nothing_by_light_and_by_dark(mailboxes: Mailboxes) -> None:
    for path in paths(mailboxes):
        mailboxes.open(path)
        assert mailboxes.sight.violations(GOOD_PAGES) == [], path
        with mailboxes.sight.by_dark():
            assert mailboxes.sight.hard_to_read() == [], path
        assert mailboxes.sight.said == [], path


def test_nothing_stands_out_at_320_pixels(mailboxes: Mailboxes) -> None:
    for path in paths(mailboxes):
        mailboxes.open(path)
        assert mailboxes.sight.overflow() == 0, path


def test_new_mail_appears_by_itself_and_the_focus_stays(mailboxes: Mailboxes) -> None:
    mailboxes.open(f"/mailbox/{ANNA}?sent=1")
    tab = mailboxes.sight.tab
    link = tab.locator("main .list a").last
    link.focus()
    focused = link.get_attribute("href")
    mailboxes.site.maildirs.deliver(ANNA, question(Subject="It has just come"))
    tab.get_by_text("It has just come").wait_for()
    assert tab.evaluate("document.activeElement.getAttribute('href')") == focused
    assert not tab.get_by_role("status").count(), "the note of what was sent goes away"
