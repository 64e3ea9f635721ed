"""With `hold`, an answer waits before it leaves, and `/undo` takes it back; in English and in German."""

from __future__ import annotations

import time

import pytest
from e2e.journeys import named, side_by_side
from e2e.mail import every_byte
from e2e.test_commands import Desk, in_both
from e2e.world import World, eventually

pytestmark = pytest.mark.e2e


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


JOURNEYS = in_both(hold_and_undo)


@pytest.fixture(scope="module")
def holding_back(world, hold_counts_from):
    time.sleep(max(0.0, hold_counts_from - time.monotonic()))
    with side_by_side(JOURNEYS, world) as started:
        yield started


@pytest.mark.parametrize("holding", JOURNEYS, ids=named)
def test_it_can_be_taken_back(holding, holding_back):
    holding_back[holding].result()
