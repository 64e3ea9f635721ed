"""Good answers come back: in the next specialist's mail, and, once the owner has said yes, on the product page."""

from __future__ import annotations

import json
import re
import time
import urllib.request

import pytest
from e2e.mail import words
from e2e.test_journey import KEVIN, ask, holds, new_shopper
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e

OWNER = "owner@shop.example"
SAID = "Hello Anna,\n\nthe boiler of the Duo 2 is descaled with citric acid, never with vinegar. Call me: 030 1234567."
CLEAN = "the boiler of the Duo 2 is descaled with citric acid, never with vinegar."


INDEX_STAYS = 61
"""Seconds for which `email_out` trusts what it read of the earlier answers."""


def published(stack, sku: str) -> dict:
    base = stack["form_url"].rpartition("/")[0]
    asked = urllib.request.Request(f"{base}/answers?product={sku}", headers={"Accept": "application/json"})
    with urllib.request.urlopen(asked, timeout=30) as answer:
        found: dict = json.loads(answer.read())
    return found


def test_a_good_answer_comes_back_and_is_published(page, stack, post):
    (first, mark), (second, other) = new_shopper(), new_shopper()
    ask(page, stack["form_url"], first, f"How do I descale the boiler, with vinegar or citric acid? {mark}")
    asked = post.wait(KEVIN, holds(mark))
    read = time.monotonic()
    post.reply(asked, KEVIN, f"/publish\n/won 1649.00 EUR\n\n{SAID}", name="Kevin Brandt")
    post.wait(first, holds("never with vinegar"))

    proposal = post.wait(OWNER, holds("never with vinegar"))
    told = words(proposal)
    assert "030 1234567" not in told
    assert "Anna" not in told
    (link,) = re.findall(r"https?://\S+/p/\S+do=publish", told)
    assert published(stack, "DUO-2")["answers"] == []
    page.goto(link)
    expect(page.locator("main")).to_contain_text("never with vinegar")
    page.locator("main form button").click()
    expect(page.locator("[name=do]")).to_have_value("take_back")
    (answer,) = published(stack, "DUO-2")["answers"]
    assert answer["answer"].startswith(CLEAN)
    assert answer["author"] == "Kevin"
    assert not re.search(f"Anna|Schmidt|@|1234567|{first}", json.dumps(answer))

    time.sleep(max(0.0, read + INDEX_STAYS - time.monotonic()))
    ask(page, stack["form_url"], second, f"Is citric acid right to descale the boiler? {other}", name="Bea Kraus")
    again = post.wait(KEVIN, holds(other))
    assert CLEAN in words(again)
    assert first not in again.as_string()
    post.reply(again, KEVIN, "/won 9.00 EUR\n\nYes, citric acid.", name="Kevin Brandt")
    told_second = post.wait(second, holds("Yes, citric acid."))
    assert "never with vinegar" not in words(told_second), "the earlier answer was only quoted"

    page.goto(link)
    page.locator("main form button").click()
    expect(page.locator("main form")).to_have_count(0)
    assert published(stack, "DUO-2")["answers"] == []
