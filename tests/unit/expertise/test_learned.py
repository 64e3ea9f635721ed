"""What is learned from outcomes: once each, taken back when they change, and never from silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from undivided.conversation import end, hand_over, shopper_writes, specialist_writes
from undivided.expertise.asked import Asked
from undivided.expertise.learned import ANSWERED, MOST_REMEMBERED, WELL, WON, Learned, taught_by
from undivided.promise.scoring import Score
from undivided.state import SHOPPER, Conversation, HandOver, Outcome
from undivided.values import ConversationId
from unit.attention.desk import ANNA, KEVIN, World, words

ASKED = Asked("Which burr fits the grinder?", "en", sku="G-1")


def answered(world: World) -> Conversation:
    one = world.ask("sam")
    return world.commit(specialist_writes(one, ANNA, words(ANNA, "The fine one."), one.said, world.given()))


def ended(world: World, outcome: Outcome, one: Conversation | None = None) -> Conversation:
    return world.commit(end(one or answered(world), outcome, world.given(), by=ANNA))


@pytest.mark.parametrize(
    ("outcome", "weight"),
    [(Outcome.WON, WON), (Outcome.ANSWERED, WELL), (Outcome.LAPSED, WELL), (Outcome.LOST, ANSWERED)],
)
def test_an_outcome_teaches_who_answered(outcome: Outcome, weight: float) -> None:
    taught = taught_by(ended(World(), outcome))
    assert taught is not None
    assert (taught.specialist, taught.weight) == (ANNA, weight)


@pytest.mark.parametrize("outcome", [Outcome.WITHDRAWN, Outcome.SPAM, Outcome.ERASED])
def test_these_teach_nothing(outcome: Outcome) -> None:
    assert taught_by(ended(World(), outcome)) is None


def test_an_assignment_that_nobody_answered_teaches_nothing() -> None:
    world = World()
    assert taught_by(ended(world, Outcome.LAPSED, world.ask("sam"))) is None


def test_a_hand_over_teaches_the_receiver_less_and_the_sender_nothing() -> None:
    world = World()
    world.commit(hand_over(world.ask("sam"), ANNA, HandOver.PASSED, world.given()))
    world.wait(minutes=20)
    one = next(iter(world.conversations.values()))
    one = world.commit(specialist_writes(one, KEVIN, words(KEVIN, "Yes."), one.said, world.given()))
    taught = taught_by(world.commit(end(one, Outcome.ANSWERED, world.given(), by=KEVIN)))
    assert taught is not None
    assert (taught.specialist, taught.weight) == (KEVIN, ANSWERED)


def test_a_lesson_that_comes_twice_teaches_once() -> None:
    learned, one = Learned(), ended(World(), Outcome.WON)
    assert learned.outcome(one, ASKED)
    once = learned.dump()
    assert not learned.outcome(one, ASKED)
    assert learned.dump() == once


def test_an_outcome_that_changes_is_taken_back_first() -> None:
    world = World()
    lapsed = ended(world, Outcome.LAPSED)
    won = world.commit(end(lapsed, Outcome.WON, world.given(), by=ANNA))
    changed, straight = Learned(), Learned()
    changed.outcome(lapsed, ASKED)
    changed.outcome(won, ASKED)
    straight.outcome(won, ASKED)
    assert changed.model.record(ANNA).won == straight.model.record(ANNA).won
    assert changed.model.record(ANNA).outcomes == straight.model.record(ANNA).outcomes
    assert changed.model.counts.dump() == straight.model.counts.dump()


def test_a_conversation_that_opens_again_unteaches() -> None:
    world, learned = World(), Learned()
    one = ended(world, Outcome.ANSWERED)
    learned.outcome(one, ASKED)
    again = world.commit(shopper_writes(one, words(SHOPPER), world.given()))
    assert learned.outcome(again, ASKED)
    assert learned.model.record(ANNA).outcomes == 0


def test_a_score_counts_once_and_moves_the_calibration() -> None:
    learned = Learned()
    score = Score("idle", kept=False, ratio=3.0, overshoot=-0.5)
    before = learned.calibration.factor("idle", 0.9)
    for number in range(40):
        assert learned.score(f"a.{number}.0", score)
        assert not learned.score(f"a.{number}.0", score)
    assert learned.calibration.factor("idle", 0.9) > before


def test_what_is_learned_is_read_back_as_it_was() -> None:
    learned, one = Learned(), ended(World(), Outcome.WON)
    learned.outcome(one, ASKED)
    learned.score("a.1.0", Score("idle", kept=True, ratio=0.5, overshoot=1.0))
    again = Learned.load(learned.dump())
    assert again.dump() == learned.dump()
    assert not again.outcome(one, ASKED)


@pytest.mark.parametrize("rubbish", [b"", b"\x01", b"\x02\x00\x00\x00{}", b"no learned state at all"])
def test_rubbish_is_refused(rubbish: bytes) -> None:
    with pytest.raises((ValueError, KeyError)):
        Learned.load(rubbish)


def test_what_is_remembered_is_bounded() -> None:
    learned, one = Learned(), ended(World(), Outcome.WON)
    learned.scored = dict.fromkeys(str(number) for number in range(MOST_REMEMBERED + 10))
    learned.score("new", Score("idle", kept=True, ratio=0.5, overshoot=1.0))
    assert len(learned.scored) == MOST_REMEMBERED
    assert "0" not in learned.scored
    other = replace(one, id=ConversationId("zzzzzzzzzzzz"), changed_at=one.changed_at + timedelta(days=1))
    learned.taught = {f"{number:012d}": taught for number in range(MOST_REMEMBERED) if (taught := taught_by(one))}
    learned.outcome(other, ASKED)
    assert len(learned.taught) == MOST_REMEMBERED
