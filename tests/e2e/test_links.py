"""Links in mails: a scanner opens all of them and nothing changes; a person acts by one, once; large files are fetched by one."""

from __future__ import annotations

import os
import re
import urllib.request
from email.message import EmailMessage
from html import unescape

import pytest
from e2e.journeys import named
from e2e.mail import answer, every_byte, words
from e2e.shop import people
from e2e.world import Answer, World, call, eventually, fill_in
from undivided.texts import say

pytestmark = pytest.mark.e2e

MB = 1024 * 1024
NO_ANSWER = 502
"""Of the proxy before the emulator."""


def links(mail: EmailMessage, world: World) -> list[str]:
    """Return every link to our pages, of the text and the HTML."""
    found = re.findall(r"https?://[^\s<>\"]+", unescape(every_byte(mail)))
    return [one for one in dict.fromkeys(found) if one.startswith(world.told["api_url"])]


def act(mail: EmailMessage, do: str, world: World) -> str:
    return next(one for one in links(mail, world) if f"?do={do}&" in one)


def visit(url: str, method: str = "", **fields: str) -> Answer:
    """Open a page or press its button, and again where the busy emulator gave no answer: a second click does no harm."""

    def once() -> Answer | None:
        got = fill_in(url, **fields) if fields else call(url, method=method)
        return None if got.status == NO_ANSWER else got

    return eventually(once, f"an answer of {url}")


def a_scanner_opens_every_link_and_a_double_click_sells_once(world: World) -> None:
    (lila,) = people("selling-by-link")
    talk = world.ask("selling-by-link")
    mail = talk.brought(lila)
    before, found = talk.record(), links(mail, world)
    assert len(found) == 6
    for url in found:
        page = visit(url)
        assert page.status == 200
        assert page.headers["Cache-Control"] == "no-store"
        visit(url, method="HEAD")
    assert talk.record() == before
    won = act(mail, "won", world)
    fields = {"confirm": "yes", "amount": "489,00", "currency": "EUR"}
    assert visit(won, **fields).status in (200, 303)
    assert "The sale is recorded" in visit(won, **fields).text
    assert "489.00 EUR" in visit(won).text
    assert talk.outcome() == "won"
    assert str(talk.record().conversation.sale) == "489.00 EUR"
    assert say("en", "status.ended.won") in talk.page()
    told = world.post.wait(lila, lambda one: "/won 489.00 EUR" in words(one) and talk.id in str(one["Subject"]))
    assert "/act/" not in every_byte(told)


def a_link_is_out_of_date_once_somebody_else_has_the_question(world: World) -> None:
    lena, levi = people("passing-by-link")
    talk = world.ask("passing-by-link")
    mail = talk.brought(lena)
    assert visit(act(mail, "pass", world), confirm="yes", colleague="levi").status in (200, 303)
    talk.brought(levi)
    before = talk.record().conversation
    for do in ("won", "lost"):
        assert "not with you any more" in visit(act(mail, do, world), confirm="yes").text
    assert talk.record().conversation == before
    world.post.reply(talk.brought(levi), levi, "The brass one.")
    heard = talk.heard("The brass one.")
    for one in talk.read_by_shopper():
        assert "/act/" not in every_byte(one)
    assert words(heard)


def photos_of_nine_megabytes_are_fetched_by_link(world: World) -> None:
    (fay,) = people("photos")
    talk = world.ask("photos")
    mail = answer(talk.brought(fay), fay, "Two photos of the inside.")
    photos = [b"\xff\xd8\xff" + os.urandom(int(4.5 * MB)) for _ in range(2)]
    for number, photo in enumerate(photos):
        mail.add_attachment(photo, "image", "jpeg", filename=f"inside-{number}.jpg")
    world.post.send(mail)
    heard = talk.heard("Two photos of the inside.")
    assert [part.get_filename() for part in heard.iter_attachments()] == ["inside-0.jpg"]
    (url,) = [one for one in links(heard, world) if "/f/" in one]
    assert "inside-1.jpg (4.5 MB)" in words(heard)
    led = visit(url)
    assert led.status == 302
    with urllib.request.urlopen(led.headers["Location"], timeout=60) as got:
        assert got.read() == photos[1]
    assert visit(url.replace("s=", "s=1")).status == 404
    assert eventually(lambda: talk.record().conversation.first_answer_at, "the answer")


JOURNEYS = (
    photos_of_nine_megabytes_are_fetched_by_link,
    a_scanner_opens_every_link_and_a_double_click_sells_once,
    a_link_is_out_of_date_once_somebody_else_has_the_question,
)


@pytest.mark.parametrize("journey", JOURNEYS, ids=named)
def test_it_ends_well(journey, under_way):
    under_way[journey].result()
