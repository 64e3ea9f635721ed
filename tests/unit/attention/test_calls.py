"""A shopper who wants to be called keeps the place in line, is taken within their time alone, and is told if it is over."""

from __future__ import annotations

from dataclasses import replace

from undivided.answering import specialist_writes
from undivided.closing import end
from undivided.conversation import accept
from undivided.expertise.asked import Ranking, Score
from undivided.handing_over import hand_over
from undivided.obey import Order, obey
from undivided.outbox import Kind
from undivided.promise.estimate import Promise
from undivided.question import About, CallBack, Question, Shopper
from undivided.state import Conversation, HandOver, Outcome, State
from undivided.values import SHOPPER, Address, ConversationId
from unit.attention.desk import ANNA, FOCUS, KEVIN, MONDAY, WAITING, World, words

NOON, THREE = MONDAY.replace(hour=12), MONDAY.replace(hour=15)


def calls(world: World, name: str = "cleo") -> Conversation:
    shopper = Shopper(name, Address(f"{name}@example.com"), "en", phone="+49 30 1234567")
    ranking = Ranking((Score(ANNA, 1.0, ()), Score(KEVIN, 0.5, ())), fits=True)
    promise = Promise(THREE, world.now)
    asked = Question(
        ConversationId(name.ljust(12, "2")),
        shopper,
        About(),
        "Which?",
        world.now,
        promise,
        call_back=CallBack(NOON, THREE),
    )
    return world.commit(accept(asked, ranking, world.given()))


def test_nobody_is_called_before_their_time_and_the_line_is_kept() -> None:
    world = World()
    one = calls(world)
    assert one.state is WAITING
    assert {place.eligible_at for place in one.places} >= {NOON}
    world.wait(hours=1, minutes=59)
    assert world.conversations[one.id].state is WAITING, "everybody is free, but it is not noon yet"
    world.wait(minutes=2)
    assert world.conversations[one.id].specialist == ANNA
    assert world.kinds(ANNA) == [Kind.QUESTION]


def test_while_it_waits_for_its_time_others_are_served() -> None:
    world = World()
    calls(world)
    assert world.ask("sam").specialist == ANNA


def test_when_the_time_is_over_the_question_is_answered_by_mail_and_the_shopper_is_told() -> None:
    world = World()
    for name in ("sam", "tia", "uma"):
        world.ask(name, [(ANNA, 1.0), (KEVIN, 0.9)])
    world.desks = {who: replace(desk, away_until=THREE) for who, desk in world.desks.items()}
    one = calls(world)
    for who in (*world.shop.specialists,):
        world.desks[who] = replace(world.given().desk(who), away_until=THREE)
    world.wait(hours=5)
    late = world.conversations[one.id]
    assert late.call_back is None
    assert Kind.REVISED in world.kinds(SHOPPER)
    assert late.asked_at == one.asked_at
    assert late.shopper.phone == "+49 30 1234567", "the conversation is not over"


def test_the_outcome_of_the_call_is_said_by_command_and_masks_the_number() -> None:
    world = World()
    one = calls(world)
    world.wait(hours=2, minutes=1)
    one = world.conversations[one.id]
    ended = world.commit(obey(one, ANNA, words(ANNA, ""), (Order("won"),), one.said, world.given()))
    assert (ended.state, ended.outcome) == (State.ENDED, Outcome.WON)
    assert ended.shopper.phone == "+** ** *****67"
    assert not world.desks[ANNA].focus


def test_withdrawn_masks_the_number_too() -> None:
    world = World()
    ended = world.commit(end(calls(world), Outcome.WITHDRAWN, world.given(), by=SHOPPER))
    assert "1234" not in ended.shopper.phone


def test_an_answer_by_mail_settles_the_call() -> None:
    world = World()
    one = calls(world)
    world.wait(hours=2, minutes=1)
    one = world.conversations[one.id]
    answered = world.commit(specialist_writes(one, ANNA, words(ANNA, "Red."), one.said, world.given()))
    assert answered.call_back is None


def test_whoever_gets_it_after_a_hand_over_calls_in_time_as_well() -> None:
    world = World()
    one = calls(world)
    world.wait(hours=2, minutes=1)
    moved = world.commit(hand_over(world.conversations[one.id], ANNA, HandOver.PASSED, world.given()))
    assert moved.call_back == CallBack(NOON, THREE)
    taken = world.pull(KEVIN)
    assert taken is not None
    assert (taken.id, taken.state, taken.specialist) == (one.id, FOCUS, KEVIN)


def test_a_promise_of_a_call_is_not_revised_while_its_time_runs() -> None:
    world = World()
    one = calls(world)
    world.wait(hours=4, minutes=59)
    assert Kind.REVISED not in world.kinds(SHOPPER)
    assert world.conversations[one.id].promise == one.promise
