"""What is learned from outcomes: once each, taken back when they change, and never from silence."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from undivided.answering import specialist_writes
from undivided.closing import end
from undivided.conversation import shopper_writes
from undivided.expertise.asked import Asked
from undivided.expertise.learned import MOST_REMEMBERED, Learned
from undivided.expertise.model import Record
from undivided.expertise.taught import ANSWERED, WELL, WON, Taught, taught_by, trace
from undivided.handing_over import hand_over
from undivided.promise.scoring import Score
from undivided.state import Conversation, HandOver, Outcome
from undivided.values import SHOPPER, ConversationId, SpecialistId
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


@pytest.mark.parametrize(
    ("why", "weight"), [(HandOver.PASSED, ANSWERED), (HandOver.RELEASED, ANSWERED), (HandOver.NOT_MINE, WELL)]
)
def test_a_hand_over_teaches_the_receiver_and_the_sender_nothing(why: HandOver, weight: float) -> None:
    """Less than an answer that came at once, unless the sender says that it was a wrong choice."""
    world = World()
    world.commit(hand_over(world.ask("sam"), ANNA, why, world.given()))
    world.wait(minutes=45)
    one = next(iter(world.conversations.values()))
    one = world.commit(specialist_writes(one, KEVIN, words(KEVIN, "Yes."), one.said, world.given()))
    taught = taught_by(world.commit(end(one, Outcome.ANSWERED, world.given(), by=KEVIN)))
    assert taught is not None
    assert (taught.specialist, taught.weight) == (KEVIN, weight)


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


def headed(head: object) -> bytes:
    packed = gzip.compress(json.dumps(head).encode(), mtime=0)
    return len(packed).to_bytes(4, "little") + packed + Learned().model.dump()


@pytest.mark.parametrize(
    "rubbish",
    [
        *(b"", b"\x01", b"\x02\x00\x00\x00{}", b"no learned state at all"),
        *map(headed, ({}, [], {"calibration": 1}, {"calibration": {}, "taught": [1], "scored": [], "forgotten": []})),
    ],
)
def test_rubbish_and_other_releases_are_refused_with_advice(rubbish: bytes) -> None:
    with pytest.raises(ValueError, match="expertise rebuild"):
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


def state(learned: Learned) -> tuple:
    """Everything that a question leaves: sums, marks of the memory, fits and names."""
    model = learned.model
    records = {who: vars_of(model.record(who)) for who in (ANNA, KEVIN) if any(vars_of(model.record(who)))}
    kept = sorted(zip(model.memory._marks, model.memory._who, model.memory._amounts, strict=True))
    alive = [one for one in kept if one[2]]
    return model.counts.dump(), records, vars_of(model.everybody), alive, sorted(model.fits), learned.taught


def vars_of(record: Record) -> tuple[int, int, int]:
    return record.outcomes, record.won, record.answers


TEXTS = ("Which burr fits?", "The pump drips.", "Which burr fits?", "How fine for filter?", "", "\U0001f600")
ENDED = ended(World(), Outcome.ANSWERED)
lessons = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.sampled_from((Outcome.WON, Outcome.ANSWERED, Outcome.LOST, Outcome.WITHDRAWN)),
        st.sampled_from((ANNA, KEVIN)),
    ),
    max_size=12,
)


def lesson(number: int, outcome: Outcome, who: SpecialistId, minute: int) -> tuple[Conversation, Asked]:
    key, when = ConversationId(f"q{number:011d}"), ENDED.changed_at + timedelta(minutes=minute)
    one = replace(ENDED, id=key, outcome=outcome, answered_by=who, changed_at=when, fit=number / 10)
    return one, Asked(TEXTS[number], "en", sku=f"G-{number % 2}")


@settings(max_examples=60)
@given(lessons, st.integers(0, 12), st.integers(0, 4), st.data())
def test_what_was_forgotten_was_never_learned(told, at, gone, data) -> None:
    """Whatever else was learned before and after, and however often each is told: the sums are those without it."""
    steps = [lesson(*one, minute) for minute, one in enumerate(told)]
    mine = [one for one in steps if one[0].id.endswith(str(gone))]
    left = trace(*mine[-1]) if mine else trace(*lesson(gone, Outcome.ANSWERED, ANNA, 0))
    erased = min(at, len(steps)) if not mine else data.draw(st.integers(steps.index(mine[-1]) + 1, len(steps)))
    with_it, without = Learned(), Learned()
    for learned, who in product((with_it, without), (ANNA, KEVIN)):
        learned.model.learn(Asked("the same for both", "en"), who, WELL, ENDED.changed_at)
    for number, (one, asked) in enumerate([*steps, (None, None)]):
        if number == erased:
            assert with_it.forget(lesson(gone, Outcome.ANSWERED, ANNA, 0)[0].id, left)
            assert not with_it.forget(lesson(gone, Outcome.ANSWERED, ANNA, 0)[0].id, left), "a second time says nothing"
        if one is not None:
            with_it.outcome(one, asked)
            if not one.id.endswith(str(gone)):
                without.outcome(one, asked)
    assert state(Learned.load(with_it.dump())) == state(Learned.load(without.dump()))
    for one, asked in mine:
        assert not with_it.outcome(one, asked), "a lesson that comes late finds it forgotten"


def test_an_old_conversation_is_forgotten_though_its_name_is_not_remembered() -> None:
    learned, (old, asked) = Learned(), lesson(1, Outcome.WON, ANNA, 0)
    learned.outcome(old, asked)
    later = Taught(KEVIN, WELL, old.changed_at + timedelta(days=1))
    learned.taught = dict.fromkeys((f"{number:012d}" for number in range(MOST_REMEMBERED)), later)
    assert learned.forget(old.id, trace(old, asked))
    assert learned.model.counts.whole == 0
    assert not learned.model.fits


def test_what_never_taught_is_forgotten_without_a_trace() -> None:
    learned, (one, asked) = Learned(), lesson(1, Outcome.WITHDRAWN, ANNA, 0)
    assert learned.forget(one.id, trace(one, asked))
    assert learned.model.version == 0
