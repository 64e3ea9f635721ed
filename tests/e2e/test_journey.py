"""A question becomes a conversation, and the conversation ends in a sale: on the deployed stack, in a browser, by mail."""

from __future__ import annotations

import json
import re
import time
from email.message import EmailMessage
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

import pytest
from e2e.mail import PATIENCE, Post, holds, words
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("under_way")]

KEVIN, JANE, LUCA = "kevin@shop.example", "jane@shop.example", "luca@shop.example"
"""Espresso machines, grinders, beans: each takes one shopper at a time, so each journey has a specialist of its own."""


def ask(page: Page, form_url: str, email: str, text: str, *, name: str = "Anna Schmidt", sku: str = "DUO-2") -> str:
    """Fill in the form as a shopper does and return the address of the status page that follows."""
    page.goto(f"{form_url}?{urlencode({'sku': sku})}")
    page.locator("[name=name]").fill(name)
    page.locator("[name=email]").fill(email)
    page.locator("textarea[name=question]").fill(text)
    page.locator("[name=consent]").check()
    page.locator("main form button[type=submit]").click()
    expect(page).to_have_url(re.compile(r"/q/[a-z0-9]+"))
    return page.url


def new_shopper() -> tuple[str, str]:
    """Return a new address and a word that marks its owner's words: addresses are masked on their way to specialists."""
    mark = f"mark{time.time_ns()}"
    return f"anna-{mark}@mail.example", mark


def sold(post: Post, mail: EmailMessage, specialist: str) -> None:
    post.reply(mail, specialist, "/won 1649.00 EUR\n\nEnjoy it!")


def test_three_rounds_end_in_a_sale(either_page, stack, post, aws):
    page, (anna, mark) = either_page, new_shopper()
    status = ask(page, stack["form_url"], anna, f"Is the Duo 2 quiet in the morning? {mark}")

    acknowledged = post.wait(anna)
    assert acknowledged["Auto-Submitted"] == "auto-generated"
    assert mark not in words(acknowledged).replace(anna, ""), "the acknowledgement repeats the shopper's words"

    asked = post.wait(KEVIN, holds(f"quiet in the morning? {mark}"))
    assert anna not in asked.as_string(), "the specialist sees the shopper's address"
    seen_by_anna = []
    for number in (1, 2, 3):
        post.reply(asked, KEVIN, f"Answer {number} {mark}.", name="Kevin Brandt")
        seen_by_anna.append(post.wait(anna, holds(f"Answer {number} {mark}.")))
        assert KEVIN not in seen_by_anna[-1].as_string(), "the shopper sees the specialist's address"
        if number < 3:
            post.reply(seen_by_anna[-1], anna, f"And part {number}? {mark}", name="Anna Schmidt")
            asked = post.wait(KEVIN, holds(f"And part {number}? {mark}"))
    for earlier, later in pairwise(seen_by_anna):
        assert str(earlier["Message-ID"]) in str(later["References"]), "the shopper's mail program shows two threads"

    sold(post, asked, KEVIN)
    assert _outcome(aws, stack, anna) == "won"
    page.goto(status)
    expect(page.locator("main")).to_contain_text("You bought it")


def _outcome(aws: Any, stack: dict[str, Any], email: str) -> str:
    """Return how the conversation of `email` ended, read from the table as soon as it has."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        pages = (
            aws("dynamodb").get_paginator("scan").paginate(TableName=stack["outputs"]["TableName"], ConsistentRead=True)
        )
        bodies = [
            json.loads(item["body"]["S"]) for page in pages for item in page["Items"] if item["sk"]["S"] == "META"
        ]
        (found,) = [body for body in bodies if body["shopper"]["email"] == email]
        if "outcome" in found:
            return str(found["outcome"])
        time.sleep(0.2)
    return "none yet"


def test_a_second_shopper_waits_and_is_delivered_the_moment_the_first_answer_leaves(page, stack, post):
    (first, grind), (second, fresh) = new_shopper(), new_shopper()
    ask(page, stack["form_url"], first, f"Which grind for the Nero? {grind}", sku="BEAN-NERO")
    asked = post.wait(LUCA, holds(grind))
    ask(page, stack["form_url"], second, f"How fresh is the Nero? {fresh}", sku="BEAN-NERO")
    post.wait(second)
    assert post.stays_away(LUCA, holds(fresh), seconds=5), "two shoppers at once"
    post.reply(asked, LUCA, "Fine, but not too fine.")
    waiting = post.wait(LUCA, holds(fresh))
    post.wait(first, holds("Fine, but not too fine."))
    sold(post, asked, LUCA)
    sold(post, waiting, LUCA)


def test_a_mistyped_command_reaches_nobody_but_its_author(page, stack, post):
    anna, mark = new_shopper()
    ask(page, stack["form_url"], anna, f"Does the Grind 64 fit under a shelf? {mark}", sku="GRIND-64")
    asked = post.wait(JANE, holds(mark))
    post.reply(asked, JANE, f"/wno 49.90 EUR\n\nsecret {mark}")
    explained = post.wait(JANE, lambda mail: "/wno" in words(mail) and mark in words(mail))
    assert "/help" in words(explained), "it does not say where the commands are"
    assert explained["Auto-Submitted"] in {"auto-generated", "auto-replied"}
    assert post.stays_away(anna, holds("secret"))
    sold(post, asked, JANE)
