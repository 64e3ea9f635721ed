"""Every handler is killed before and after every single AWS call, and the result is as if nothing had happened.

Each scenario is one act on a prepared shop, delivered to its end through the real handlers: the act's calls are those
of all handlers that it sets in motion. After the trouble Lambda, SQS and the sweep bring everything again that was not
finished; then the invariants of DESIGN.md must hold, and the outcome must be that of the run without trouble.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from chaos.forks import in_fork
from chaos.harness import (
    MINUTE,
    Sweep,
    Troubles,
    World,
    crashes,
    distinct_crashes,
    overtaken,
    refusals,
    sweep,
    world,
)
from chaos.invariants import all_hold, summary, twice
from chaos.test_roster_changes import load
from chaos.wire import AFTER, killed
from undivided.outbox import Kind, Status

pytestmark = pytest.mark.timeout(1200)  # dozens of runs in a test: on a machine shared by many that is minutes
ANNA, KEVIN, OMAR = (f"{who}@people.example" for who in ("anna", "kevin", "omar"))
IDA, TOM = "ida@mail.example", "tom@mail.example"
Act = Callable[[World], object]


@dataclass(frozen=True)
class Scenario:
    prepare: Act
    act: Act


def one_question(world: World) -> None:
    world.ask()
    world.settle()


def two_questions(world: World) -> None:
    """The second stands in the line of the one who has the first, until others may take it."""
    world.ask()
    world.settle()
    world.ask("How thick may the board be?", name="tom")


def answered(world: World) -> None:
    one_question(world)
    world.reply(world.last_to(ANNA), "The blade of 20 mm fits.\n")


def anna_is_busy(world: World) -> None:
    """Anna has a question, and three more wait."""
    for number, name in enumerate(("ida", "tom", "una", "vic")):
        world.ask(f"Question {number}?", name=name)
        world.advance(5 * MINUTE)


def stranger(world: World) -> None:
    raw = b"From: who@else.example\r\nTo: nobody@ask.shop.example\r\nSubject: hi\r\nMessage-ID: <s@else.example>\r\n\r\nHello?\r\n"
    world.arrive(raw, ["nobody@ask.shop.example"], "who@else.example")


def plain_question(world: World) -> None:
    raw = b"From: Una <una@mail.example>\r\nTo: ask@ask.shop.example\r\nSubject: saw\r\nMessage-ID: <q@mail.example>\r\n\r\nHow loud is it?\r\n"
    world.arrive(raw, ["ask@ask.shop.example"], "una@mail.example")


def away(world: World) -> None:
    sent = world.last_to(ANNA)
    raw = (
        f"From: {ANNA}\r\nTo: {sent.mail['Reply-To']}\r\nSubject: Out of office: {sent.mail['Subject']}\r\n"
        "Auto-Submitted: auto-replied\r\nMessage-ID: <away@people.example>\r\n\r\nI am away.\r\n"
    )
    world.arrive(raw.encode(), [sent.mail["Reply-To"].addresses[0].addr_spec], "")


def same_mail_twice(world: World) -> None:
    """Two notices of one mail: its server sent it twice."""
    sent = world.last_to(ANNA)
    for _ in range(2):
        count = len(world.notices)
        world.reply(sent, "The blade of 20 mm fits.\n")
        body = world.queues["received"].waiting[-1].body
        raw = world.stack.s3.get_object(Bucket="undivided-mail", Key=f"received/{world.notices[-1]}")["Body"].read()
        same = raw.replace(f"<reply-{count}@".encode(), b"<reply-same@")
        world.stack.s3.put_object(Bucket="undivided-mail", Key=f"received/{world.notices[-1]}", Body=same)
        assert body


def lost_wake_ups(world: World) -> None:
    """Every timer got lost; only the sweep is left."""
    world.schedules.clear()
    world.queues["timers"].waiting.clear()
    world.now += timedelta(hours=1)
    world.sweep()


def later(minutes: int) -> Act:
    return lambda world: world.advance(minutes * MINUTE)


def asked_and_waited(minutes: int) -> Act:
    def act(world: World) -> None:
        one_question(world)
        world.advance(minutes * MINUTE)

    return act


def unhurried(world: World) -> None:
    """A question before the hand-over that its second revision brings, on a desk whose next reminder is an hour later still."""
    load(world, {"pace": {"handling_prior": 1800}})
    one_question(world)
    world.advance(165 * MINUTE)


def nothing_done(_world: World) -> None:
    """The shop is empty."""


def reply(text: str, to: str = ANNA) -> Act:
    return lambda world: world.reply(world.last_to(to), text)


SCENARIOS = {
    "question": Scenario(nothing_done, one_question),
    "accepted": Scenario(nothing_done, World.asked),
    "question_waits": Scenario(one_question, lambda world: world.ask("And the board?", name="tom")),
    "accepted_waits": Scenario(one_question, lambda world: world.asked("tom")),
    "answer": Scenario(two_questions, reply("The blade of 20 mm fits.\n")),
    "follow_up": Scenario(answered, lambda world: world.reply(world.last_to(IDA), "And for oak?\n")),
    "follow_up_in_focus": Scenario(one_question, lambda world: world.reply(world.last_to(IDA), "It is a Bosch.\n")),
    "won": Scenario(two_questions, reply("Buy it.\n\n/won 49.90 EUR\n")),
    "won_only": Scenario(two_questions, reply("/won 49.90 EUR\n")),
    "passed": Scenario(one_question, reply("/pass\n")),
    "mistyped": Scenario(one_question, reply("/wonn 49.90\n")),
    "away": Scenario(one_question, away),
    "bounced": Scenario(one_question, lambda world: world.bounce(world.last_to(IDA))),
    "specialist_bounced": Scenario(one_question, lambda world: world.bounce(world.last_to(ANNA))),
    "stranger": Scenario(nothing_done, stranger),
    "plain_question": Scenario(nothing_done, plain_question),
    "same_mail_twice": Scenario(one_question, same_mail_twice),
    "freed_slot": Scenario(anna_is_busy, reply("Yes.\n")),
    "reminded": Scenario(asked_and_waited(15), later(16)),
    "revised": Scenario(asked_and_waited(31), later(2)),
    "handed_over": Scenario(unhurried, later(21)),
    "swept": Scenario(one_question, lost_wake_ups),
}


def tiers(names: Iterable[str], quick: str) -> list[Any]:
    """Try the `quick` ones at every change, and the others with the slow tests."""
    return [pytest.param(name, marks=[] if name in quick.split() else [pytest.mark.slow]) for name in names]


def once(world: World, expected: Any) -> str:
    all_hold(world)
    found = summary(world)
    for name, value in expected.items():
        assert found[name] == value, f"{name} differ:\n{found[name]}\n{value}"
    assert not twice(world), f"sent twice: {twice(world)}"
    return "as if nothing had happened"


def swept(name: str, troubles: Troubles, check: Callable[[World, Any], str] = once) -> Sweep:
    one = SCENARIOS[name]
    found = sweep(one.prepare, one.act, check, summary, troubles)
    print(f"{name}: {found.report()}")
    assert not found.failures, f"{len(found.failures)} of {found.outcomes}\n\n" + "\n".join(found.failures[:4])
    return found


@pytest.mark.parametrize(
    "name",
    tiers(SCENARIOS, "question answer follow_up won passed away bounced stranger reminded handed_over swept"),
)
def test_killed_anywhere_it_is_as_if_nothing_had_happened(name: str) -> None:
    found = swept(name, distinct_crashes)
    assert sum(found.outcomes.values()) > sum(name == "dynamodb.TransactWriteItems" for name in found.calls)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["question", "answer", "away"])
def test_the_crashes_that_are_left_out_make_no_difference_either(name: str) -> None:
    """Before and after every call: `distinct_crashes` leaves out more than half, with an argument that these prove."""
    found = swept(name, crashes)
    assert sum(found.outcomes.values()) == 2 * len(found.calls)


BY_CLOCK = {Kind.REMINDER, Kind.REVISED}


def in_time(found: dict[str, Any]) -> dict[str, Any]:
    """Leave out what the clock does: what came in minutes later is due minutes later. And of two copies either may be first."""
    conversations = [
        (*one[:6], one[7], [n for n in one[8] if n[0][1] not in BY_CLOCK]) for one in found["conversations"]
    ]
    return found | {
        "conversations": conversations,
        "fates": sorted(fate for _, fate in found["fates"]),
        "mails": [[mail for mail in mails if mail[1] not in BY_CLOCK] for mails in found["mails"]],
        "facts": [fact for fact in found["facts"] if not fact[0].startswith(("reminded", "promise_"))],
    }


def once_in_time(world: World, expected: Any) -> str:
    all_hold(world)
    found, value = in_time(summary(world)), in_time(expected)
    assert found == value
    assert not twice(world), f"sent twice: {twice(world)}"
    return "as if nothing had happened"


BY_FORM = ("question", "question_waits")


@pytest.mark.parametrize("name", tiers((name for name in SCENARIOS if name not in BY_FORM), "answer stranger"))
def test_lost_answers_throttling_and_conflicts_change_nothing(name: str) -> None:
    """Not for the form: while the table does not answer, it promises by calendars alone."""
    swept(name, refusals, once_in_time)


# --- SES took it, and nobody wrote that down -------------------------------------------------------------------


def test_without_a_send_event_only_what_ses_may_have_taken_is_sent_again_and_counted() -> None:
    """After SES took a mail, and before that is recorded, which is the same to AWS, it is unknown. Nothing else is doubled."""

    def prepare(world: World) -> None:
        world.send_events = False

    def check(world: World, expected: Any) -> str:
        all_hold(world)
        assert summary(world) == expected
        again = twice(world)
        counted = [entry.key for entry in world.entries() if entry.attempts > 1]
        assert set(again) <= set(counted)
        return f"{len(again)} sent again"

    one = SCENARIOS["question"]
    found = sweep(prepare, one.act, check, summary, distinct_crashes)
    mails = found.calls.count("ses.SendRawEmail")
    assert not found.failures, found.failures[0]
    assert mails == 2
    assert found.outcomes.keys() == {"0 sent again", "1 sent again"}
    assert found.outcomes["1 sent again"] == mails


def died_after_ses_took_it(made: World) -> None:
    """Ask, and end the process between SES's answer and the record of it, for the first mail."""

    def happening(call: Any, at: str) -> None:
        if (call.name, at) == ("ses.SendRawEmail", AFTER) and not made.killed:
            killed(call.number, AFTER)(call, at)

    made.wire.happening = happening
    made.ask()
    made.settle()


def the_unknown(made: World) -> Any:
    (entry,) = [entry for entry in made.entries() if entry.mail.kind is Kind.ACK]
    return entry


def test_an_unknown_mail_is_settled_by_its_send_event() -> None:
    with world() as made:
        died_after_ses_took_it(made)
        assert the_unknown(made).status is Status.SENT
        assert the_unknown(made).resolved_by == "event"
        made.survive()
        assert not twice(made)


def test_an_unknown_mail_waits_fifteen_minutes_and_is_then_sent_once_more() -> None:
    with world() as made:
        made.send_events = False
        died_after_ses_took_it(made)
        assert the_unknown(made).status is Status.SENDING
        made.advance(14 * MINUTE)
        made.sweep()
        made.settle()
        assert not twice(made)
        made.advance(2 * MINUTE)
        made.sweep()
        made.settle()
        assert twice(made) == [the_unknown(made).key]
        assert (the_unknown(made).status, the_unknown(made).attempts) == (Status.SENT, 2)
        first, second = made.to(IDA)[:2]
        assert first.raw == second.raw, "the same mail, byte for byte"
        for copy in (first, second):
            made.reply(copy, f"Thanks for {copy.ses_id}.\n")
        made.settle()
        texts = [message.text for message in made.record(the_unknown(made).conversation).messages]
        assert all(any(copy.ses_id in text for text in texts) for copy in (first, second)), "replies to both arrive"


def test_a_late_send_event_changes_nothing_any_more() -> None:
    with world() as made:
        made.send_events = False
        died_after_ses_took_it(made)
        made.advance(16 * MINUTE)
        made.sweep()
        made.settle()
        settled = the_unknown(made)
        for sent in made.to(IDA):
            made.event("Send", sent, send={})
        made.survive()
        assert the_unknown(made) == settled
        assert len(made.to(IDA)) == 2


# --- two things at once ----------------------------------------------------------------------------------------

MEETINGS = {
    "answer_meets_follow_up": ("question", "follow_up_in_focus", "answer"),
    "follow_up_meets_answer": ("question", "answer", "follow_up_in_focus"),
    "question_meets_question": ("nothing", "question_waits", "question"),
    "answer_meets_question": ("question", "question_waits", "answer"),
    "pass_meets_follow_up": ("question", "follow_up_in_focus", "passed"),
    "sale_meets_follow_up": ("question", "follow_up_in_focus", "won"),
    "hand_over_meets_answer": ("question", "answer", "handed_over"),
}
BEGINNINGS: dict[str, Act] = {"nothing": nothing_done, "question": one_question}


@pytest.mark.parametrize("name", tiers(MEETINGS, "answer_meets_follow_up question_meets_question"))
def test_whatever_comes_between_two_calls_nothing_is_lost_or_doubled(name: str) -> None:
    """A second event is handled to its end, by other processes, before each call that the first one makes."""
    beginning, other, act = MEETINGS[name]

    def check(made: World, expected: Any) -> str:
        all_hold(made)
        assert not twice(made)
        said = Counter(message.text.strip() for key in made.conversations() for message in made.record(key).messages)
        assert set(said.values()) == {1}, said
        assert len(said) >= expected, f"words are missing: {said}"
        return "consistent"

    found = sweep(BEGINNINGS[beginning], SCENARIOS[act].act, check, _words_of, overtaken(SCENARIOS[other].act))
    print(f"{name}: {found.report()}")
    assert not found.failures, f"{len(found.failures)} of {found.outcomes}\n\n" + "\n".join(found.failures[:4])


def _words_of(made: World) -> int:
    """Without trouble only the first event's words are there; the other's come on top, where it has any."""
    return sum(len(made.record(key).messages) for key in made.conversations())


# --- doubled and shuffled deliveries ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", tiers(SCENARIOS, "question question_waits answer follow_up passed"))
def test_doubled_and_shuffled_deliveries_change_nothing(name: str) -> None:
    one = SCENARIOS[name]
    with world() as made:
        one.prepare(made)
        made.survive()
        expected = in_fork(lambda: _outcome(made, one.act, None))
        for seed in range(8):
            chance = random.Random(seed)
            assert in_fork(partial(_outcome, made, one.act, chance)) == expected, f"seed {seed}"


def _outcome(made: World, act: Act, chance: random.Random | None) -> Any:
    made.chance = chance
    act(made)
    made.survive()
    all_hold(made)
    assert not twice(made)
    return summary(made)
