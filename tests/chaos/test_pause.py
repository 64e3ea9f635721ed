"""The owner pauses the desk, and opens it again; and how a place in line is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from chaos.harness import MINUTE, SHOP, world
from chaos.invariants import all_hold
from chaos.test_roster_changes import load
from undivided.pages.status import Visit, status_page
from undivided.shopjson import shop_from
from undivided.state import State
from undivided.steps.visit import MOST_SHOWN, see
from undivided.values import ConversationId

ANNA, IDA = "anna@people.example", "ida@mail.example"


def test_while_the_desk_is_paused_there_is_no_time_and_afterwards_the_shopper_is_told_one() -> None:
    with world() as made:
        load(made, {"paused": True})
        key = made.ask()
        made.advance(timedelta(hours=2))
        one = made.conversation(key)
        assert (one.state, one.promise) == (State.WAITING, None)
        assert not made.to(ANNA)
        assert "cannot name a time yet" in made.last_to(IDA).text
        assert not made.to("owner@people.example"), "the owner knows"
        visit = Visit(shop_from({**SHOP, "paused": True}), made.record(key), "https://x", made.now, "t", 1)
        assert "closed for the moment" in status_page(visit).body
        load(made, {})
        made.advance(timedelta(hours=1))
        one = made.conversation(key)
        assert (one.state, one.specialist) == (State.FOCUS, "anna")
        all_hold(made)


def test_after_a_pause_whoever_still_waits_is_told_a_time() -> None:
    with world() as made:
        load(made, {"paused": True})
        keys = [made.ask(f"Question {name}?", name=name) for name in ("ida", "tom", "una", "vic")]
        made.advance(timedelta(minutes=30))
        load(made, {})
        made.advance(timedelta(minutes=65))
        for key in keys:
            one = made.conversation(key)
            assert one.state is not State.WAITING or one.promise, "everybody who waits has been told a time"


@pytest.mark.parametrize(
    ("before", "shown"), [(0, "next"), (7, "7"), (19, "19"), (20, "More than 20"), (45, "More than 20")]
)
def test_the_place_in_line_is_shown_up_to_twenty(before: int, shown: str) -> None:
    with world() as made:
        made.ask()
        made.settle()
        key = made.ask("And mine?", name="tom")
        made.advance(MINUTE)
        one = made.conversation(key)
        only = replace(one, places=one.places[:1])
        rt = made.runtime
        for number in range(before):
            earlier = replace(only.places[0], eligible_at=only.places[0].eligible_at - timedelta(minutes=1))
            other = replace(only, id=ConversationId(f"f{number:011d}"), version=0, places=(earlier,), timers={})
            from undivided.changes import Changes

            rt.conversations.commit(Changes(None, other), made.now)
        seen = see(key, rt)
        assert seen.place is not None
        assert seen.place <= MOST_SHOWN + 1
        nearest = min(len(one.places) and before + 1, MOST_SHOWN + 1)
        others = [rt.lines.ahead(place.specialist, place.eligible_at, MOST_SHOWN) for place in one.places]
        assert seen.place == min(others) + 1
        visit = Visit(shop_from(SHOP), made.record(key), "https://x", made.now, "t", nearest)
        assert shown.lower() in status_page(visit).body.lower()
