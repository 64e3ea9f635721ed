"""With `hold`, an answer waits before it leaves, and `/undo` takes it back; in English and in German."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from e2e import shop
from e2e.journeys import named, side_by_side
from e2e.mail import every_byte
from e2e.test_commands import Desk, in_both
from e2e.world import World, eventually

from console import roster

pytestmark = pytest.mark.e2e

HOLD = "25s"
"""Longer than a mail takes on a busy machine, or there would be nothing left to take back."""


def hold_and_undo(world: World, language: str) -> None:
    desk = Desk(world, language, "holding")
    (who,) = desk.people
    talk = desk.ask()
    asked = talk.brought(who)
    wrong, right = f"Two metres {talk.mark}", f"Three metres {talk.mark}"
    desk.reply(asked, who, wrong)
    eventually(lambda: talk.record().conversation.held, "a held answer")
    desk.reply(asked, who, desk.word("undo"))
    talk.told(who, desk.understood("undo"))
    assert not talk.record().conversation.held
    desk.reply(asked, who, right)
    eventually(lambda: talk.record().conversation.held, "another held answer")
    assert right not in talk.page(), "it has left already"
    talk.heard(right)
    assert right in talk.page()
    assert wrong not in talk.page() + "".join(map(every_byte, talk.read_by_shopper()))
    desk.reply(asked, who, desk.word("undo"))
    refused = talk.told(who, desk.word("undo"), count=2)
    assert refused["Auto-Submitted"], "it has left, and the specialist is told"


COUNTS_AFTER = 61
"""Seconds in which every function has read a shop that was applied."""


def _apply(world: World, path: Path) -> None:
    assert roster.apply(path, world.stack()) == 0


JOURNEYS = in_both(hold_and_undo)


@pytest.fixture(scope="module")
def under_way(world, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hold")
    plain = shop.write(folder / "plain.yaml")
    holding = folder / "holding.yaml"
    holding.write_text(plain.read_text(encoding="utf-8").replace("\npace:\n", f"\npace:\n  hold: {HOLD}\n", 1), "utf-8")
    _apply(world, holding)
    time.sleep(COUNTS_AFTER)
    yield from side_by_side(JOURNEYS, world)
    _apply(world, plain)


@pytest.mark.parametrize("journey", JOURNEYS, ids=named)
def test_it_can_be_taken_back(journey, under_way):
    under_way[journey].result()
