"""Good answers come back: in the next specialist's mail, and, once the owner has said yes, on the product page."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
from e2e import shop
from e2e.journeys import named, takes_long
from e2e.mail import holds, words
from e2e.world import World, call, fill_in

pytestmark = pytest.mark.e2e

OWNER = "owner@shop.example"
TEAM = "knowledge"
SAID = "Hello Anna,\n\nthe boiler of the Duo 2 is descaled with citric acid, never with vinegar. Call me: 030 1234567."
CLEAN = "the boiler of the Duo 2 is descaled with citric acid, never with vinegar."
INDEX_STAYS = 61
"""Seconds for which `email_out` trusts what it read of the earlier answers."""


def published(world: World) -> list[dict[str, Any]]:
    asked = f"{world.told['api_url']}/answers?product={shop.sku(TEAM)}"
    found: list[dict[str, Any]] = json.loads(call(asked, headers={"Accept": "application/json"}).text)["answers"]
    return found


@takes_long
def a_good_answer_comes_back_and_is_published(world: World) -> None:
    (kora,) = shop.people(TEAM)
    talk = world.ask(TEAM, "How do I descale the boiler, with vinegar or citric acid?")
    asked = talk.brought(kora)
    read = time.monotonic()
    world.post.reply(asked, kora, f"/publish\n/won 1649.00 EUR\n\n{SAID}", name="Kora Example")
    talk.heard("never with vinegar")
    link = _proposed(world)
    assert published(world) == []
    assert "never with vinegar" in call(link).text
    _decide(link, "publish")
    (answer,) = published(world)
    assert answer["answer"].startswith(CLEAN)
    assert answer["author"] == "Kora"
    assert not re.search(f"Anna|Schmidt|@|1234567|{talk.shopper}", json.dumps(answer))

    time.sleep(max(0.0, read + INDEX_STAYS - time.monotonic()))
    other = world.ask(TEAM, "Is citric acid right to descale the boiler?")
    again = other.brought(kora)
    assert CLEAN in words(again)
    assert talk.shopper not in again.as_string()
    world.post.reply(again, kora, "/won 9.00 EUR\n\nYes, citric acid.", name="Kora Example")
    told = other.heard("Yes, citric acid.")
    assert "never with vinegar" not in words(told), "the earlier answer was only quoted"
    _decide(link, "take_back")
    assert published(world) == []


def _proposed(world: World) -> str:
    """Return the link by which the owner, who sees a cleaned answer, would publish it."""
    told = words(world.post.wait(OWNER, holds("never with vinegar")))
    assert "030 1234567" not in told
    assert "Anna" not in told
    (link,) = re.findall(r"https?://\S+/p/\S+do=publish", told)
    return str(link)


def _decide(link: str, do: str) -> None:
    """Press the button that the page shows."""
    assert f'name="do" value="{do}"' in call(link).text
    assert f'name="do" value="{do}"' not in fill_in(link, do=do, confirm="yes").text


JOURNEYS = (a_good_answer_comes_back_and_is_published,)


@pytest.mark.parametrize("journey", JOURNEYS, ids=named)
def test_it_ends_well(journey, under_way):
    under_way[journey].result()
