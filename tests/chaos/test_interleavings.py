"""Invariants 1, 2, 6 and 7 under every interleaving of handlers on moto, with the table's real conditional writes.

Claims against claims, against a freed slot, an absence, a removal, a lowered capacity; timers, hand-overs and the end of a
snooze against answers and questions; and all of it once more with a crash of one of them at any call. The orders go out from
one prepared world (chaos/interleaving.py); at each end the queues and the stream bring what they have, and
everything must hold. The numbers in docs/attention.md are what `pytest -s -m "slow or not slow" -k every_order` prints.
"""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest
from chaos.harness import MINUTE, World, warm, world
from chaos.interleaving import Meeting
from chaos.invariants import all_hold, undivided
from chaos.scenes import ROOMY, SCENES, lowered_capacity_against_claim
from undivided.outbox import Kind
from undivided.state import State
from undivided.values import SHOPPER

LARGE = frozenset(
    {
        "two_claims_against_free",
        "question_against_free",
        "timer_against_answer_and_follow_up",
        "hand_over_against_late_answer",
        "away_against_answer",
    }
)
"""Scenes of more than 300 states: all their orders take longer than those of all others together."""
MOST = 7
"""Orders of a large scene that are tried for every change, by chance."""


def tiers(quick: frozenset[str]) -> list[Any]:
    """Try the `quick` ones at every change, and the others with the slow tests."""
    return [pytest.param(name, marks=[] if name in quick else [pytest.mark.slow]) for name in SCENES]


@pytest.mark.parametrize("name", sorted(LARGE))
def test_whatever_the_order_everything_holds(name: str) -> None:
    with meeting(name) as met:
        for seed in range(MOST):
            met.one_order(Random(seed))
        assert not wrong(met), wrong(met)[0]


@pytest.mark.timeout(3000)
@pytest.mark.parametrize("name", tiers(SCENES.keys() - LARGE))
def test_every_order_is_tried(name: str) -> None:
    everything_holds_in_every_order(name)


@pytest.mark.timeout(3000)
@pytest.mark.parametrize(
    "name", [one for one in tiers(frozenset({"timer_against_answer"})) if one.values[0] not in LARGE]
)
def test_every_order_is_tried_with_a_crash_at_every_call(name: str) -> None:
    """One of the two dies at one of its calls, or when it has made all; the other goes on."""
    everything_holds_in_every_order(name, crashes=1)


def everything_holds_in_every_order(name: str, crashes: int = 0) -> None:
    with meeting(name, crashes=crashes) as met:
        orders, found = met.every_order(), met.seen
        outcomes = Counter(word for word, _ in found.ends.values())
        print(f"{name}: {orders} orders, {len(found.orders)} states, {len(found.ends)} ends, {dict(outcomes)}")
        assert not wrong(met), f"{len(wrong(met))} of {len(found.ends)}: {wrong(met)[0]}"
        assert orders > 5, "nothing was interleaved"


@contextmanager
def meeting(name: str, **options: Any) -> Iterator[Meeting]:
    """Prepare a scene."""
    warm()
    slots = ROOMY if SCENES[name] is lowered_capacity_against_claim else 1
    with world() as made:
        works = SCENES[name](made)
        yield Meeting(made, works, lambda: _finish(made, slots), **options)


def wrong(met: Meeting) -> list[str]:
    return [what for _, what in met.seen.ends.values() if what]


def _finish(made: World, slots: int) -> tuple[str, str]:
    """Bring all that is on its way, and check that everything holds."""
    try:
        undivided(made, slots)
        made.survive()
        made.advance(MINUTE)
        made.survive()
        all_hold(made)
        honest_and_quiet(made, slots)
    except BaseException:  # noqa: BLE001 - whatever went wrong is the finding
        return "wrong", traceback.format_exc(limit=-4)
    return _outcome(made), ""


def honest_and_quiet(made: World, slots: int) -> None:
    """6: whoever waits has a promise, or was told that there is no time yet. 7: nobody was sent a question with all slots taken."""
    for key, one in made.conversations().items():
        told = {entry.mail.kind for entry in made.record(key).entries}
        owed = one.said > one.settled and one.state is not State.ENDED
        assert not owed or one.promise is not None or Kind.NO_TIME_YET in told
    open_at: dict[str, set[str]] = {}
    for sent in made.sent:
        entry = made.record(sent.entry.conversation).entry(sent.entry)
        assert entry is not None
        if entry.mail.kind is Kind.ANSWER:
            open_at = {who: keys - {sent.entry.conversation} for who, keys in open_at.items()}
        if "snooze" in entry.mail.data.get("what", ""):
            open_at[entry.mail.to].discard(sent.entry.conversation)
        if entry.mail.kind in (Kind.QUESTION, Kind.FOLLOW_UP):
            open_at.setdefault(entry.mail.to, set()).add(sent.entry.conversation)
            assert len(open_at[entry.mail.to]) <= slots
        assert entry.mail.to == SHOPPER or entry.mail.not_before is None or made.now >= entry.mail.not_before


def _outcome(made: World) -> str:
    return ", ".join(f"{one.state}:{one.specialist}" for one in made.conversations().values())
