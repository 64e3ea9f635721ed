"""Two corners at once, through the real handlers on moto, and what the people concerned read of it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from chaos import stack as moto
from chaos.harness import MINUTE, SHOP, World, world
from chaos.invariants import all_hold
from undivided.outbox import Kind, Status
from undivided.state import HandOver, State

ANNA, KEVIN, OMAR = (f"{who}@people.example" for who in ("anna", "kevin", "omar"))
OWNER = "owner@people.example"
HOUR = timedelta(hours=1)


def load(made: World, **shop: Any) -> None:
    """Load another shop, and let the minute pass in which functions keep the old one."""
    made.stack.s3.put_object(Bucket=moto.BUCKET, Key="config/shop.json", Body=json.dumps({**SHOP, **shop}).encode())
    made.advance(2 * MINUTE)


def says(made: World, who: str, text: str) -> None:
    made.reply(made.last_to(who), f"{text}\n")
    made.settle()


def kinds(made: World, key: str, to: str) -> list[Kind]:
    entries = made.record(key).entries_to(to)  # type: ignore[arg-type]
    return [one.mail.kind for one in entries if one.status is Status.SENT]


def test_asking_a_colleague_and_going_away_in_one_mail_does_both_and_says_so() -> None:
    with world() as made:
        key = made.ask()
        made.settle()
        says(made, ANNA, "/ask kevin Does this blade fit the saw?\n/away 14:00")
        assert made.desks()["anna"].away_until
        assert "/ask kevin" in made.last_to(ANNA).text
        assert "/away" in made.last_to(ANNA).text
        assert "Does this blade fit" in made.last_to(KEVIN).text
        says(made, KEVIN, "It does.")
        one = made.conversation(key)
        assert one.specialist in ("kevin", "omar"), "whoever asked is away: the next best has it, with the opinion"
        all_hold(made)


def test_going_away_from_an_older_conversation_hands_over_the_one_in_focus() -> None:
    with world() as made:
        first = made.ask()
        made.settle()
        says(made, ANNA, "The blade of 20 mm fits.")
        older = made.last_to(ANNA)
        second = made.ask("How thick?", name="tom")
        made.settle()
        assert made.conversation(second).specialist == "anna"
        made.reply(older, "/away tomorrow\n")
        made.settle()
        assert made.conversation(second).former == {"anna": HandOver.AWAY}
        assert made.conversation(second).specialist in ("kevin", "omar")
        assert made.conversation(first).state is State.WITH_SHOPPER
        assert not made.desks()["anna"].focus
        all_hold(made)


def test_going_away_without_a_date_hands_over_every_focus() -> None:
    people = [{**one, "capacity": 2} for one in SHOP["specialists"]]
    with world() as made:
        load(made, specialists=people)
        keys = [made.ask(f"Question {name}?", name=name) for name in ("ida", "tom")]
        made.settle()
        assert [made.conversation(key).specialist for key in keys] == ["anna", "anna"]
        says(made, ANNA, "/away")
        assert {made.conversation(key).specialist for key in keys} <= {"kevin", "omar"}
        assert made.desks()["anna"].silent
        assert not made.desks()["anna"].focus


def test_an_absence_notice_of_whoever_was_asked_brings_the_question_back_to_the_asker() -> None:
    with world() as made:
        key = made.ask()
        made.settle()
        says(made, ANNA, "/ask kevin Does this blade fit the saw?")
        assert made.conversation(key).consult_delivered
        asked = made.last_to(KEVIN)
        made.reply(asked, "I am out of the office.\n", headers={"Auto-Submitted": "auto-replied", "X-Autoreply": "yes"})
        made.settle()
        one = made.conversation(key)
        assert (one.state, one.specialist) == (State.FOCUS, "anna")
        assert not made.desks()["kevin"].focus
        all_hold(made)


def test_words_that_cross_a_snooze_end_it_and_no_reminder_follows() -> None:
    with world() as made:
        key = made.ask()
        made.settle()
        mail = made.last_to("ida@mail.example")
        says(made, ANNA, "/snooze tomorrow 9:00")
        assert made.conversation(key).state is State.SNOOZED
        assert "sorry" in made.last_to("ida@mail.example").text
        made.reply(mail, "It is for oak, by the way.\n")
        made.settle()
        assert made.conversation(key).specialist == "anna"
        assert "oak" in made.last_to(ANNA).text
        says(made, ANNA, "Then the blade of 20 mm.")
        made.advance(timedelta(days=1))
        assert Kind.REMINDER not in kinds(made, key, "anna")
        all_hold(made)


def test_pausing_the_desk_in_the_middle_of_a_hand_over_keeps_the_question_for_later() -> None:
    with world() as made:
        key = made.ask()
        made.settle()
        load(made, paused=True)
        says(made, ANNA, "/pass kevin")
        one = made.conversation(key)
        assert (one.state, [place.specialist for place in one.places]) == (State.WAITING, ["kevin"])
        made.advance(HOUR)
        assert made.conversation(key).state is State.WAITING
        load(made)
        made.advance(HOUR)
        assert made.conversation(key).specialist == "kevin"
        all_hold(made)


def test_an_answer_given_while_the_desk_is_paused_reaches_the_shopper() -> None:
    with world() as made:
        key = made.ask()
        made.settle()
        load(made, paused=True)
        says(made, ANNA, "The blade of 20 mm fits.")
        assert made.conversation(key).state is State.WITH_SHOPPER
        assert "20 mm" in made.last_to("ida@mail.example").text


def test_two_shoppers_with_one_address_have_two_conversations() -> None:
    with world() as made:
        first = made.ask("Which blade fits?")
        made.settle()
        says(made, ANNA, "The blade of 20 mm fits.")
        second = made.ask("How thick is it?")
        made.settle()
        says(made, ANNA, "Two millimetres.")
        mails = made.to("ida@mail.example")
        answers = [one for one in mails if "Auto-Submitted" not in one.mail]
        made.reply(answers[0], "And for oak?\n")
        made.settle()
        assert made.conversation(first).specialist == "anna"
        assert made.conversation(first).state is State.FOCUS
        assert made.conversation(second).state is State.WITH_SHOPPER
        all_hold(made)


def test_a_shopper_who_is_a_specialist_speaks_as_the_one_and_as_the_other() -> None:
    """The owner of a small shop asks a question of their own, and it comes to their own address."""
    with world() as made:
        load(made, specialists=[{**one, "email": "ida@mail.example"} if one["id"] == "anna" else one
                                for one in SHOP["specialists"]])  # fmt: skip
        key = made.ask()
        made.settle()
        asked = next(one for one in made.to("ida@mail.example") if "Which blade" in one.text)
        made.reply(asked, "The blade of 20 mm fits.\n")
        made.settle()
        assert made.conversation(key).answered_by == "anna"
        made.reply(made.last_to("ida@mail.example"), "And for oak?\n")
        made.settle()
        said = [(one.author, one.text) for one in made.record(key).messages]
        assert said[-1][0] == "shopper"
        assert made.conversation(key).state is State.FOCUS
        all_hold(made)


def test_a_late_answer_after_removal_reaches_nobody_and_the_successor_goes_on() -> None:
    with world() as made:
        key = made.ask()
        made.settle()
        asked = made.last_to(ANNA)
        load(made, specialists=[one for one in SHOP["specialists"] if one["id"] != "anna"])
        made.advance(timedelta(hours=3))
        successor = made.conversation(key).specialist
        assert successor
        made.reply(asked, "The blade of 20 mm fits.\n")
        made.settle()
        assert Kind.ANSWER not in kinds(made, key, "shopper")
        assert made.conversation(key).specialist == successor


@pytest.mark.parametrize("who", ["anna", "nobody", "kevin"])
def test_whom_a_question_can_be_asked(who: str) -> None:
    """Not oneself, and nobody unknown; a mail says so, and nothing is changed."""
    with world() as made:
        key = made.ask()
        made.settle()
        says(made, ANNA, f"/ask {who} Does it fit?")
        consulting = made.conversation(key).state is State.CONSULTING
        assert consulting == (who == "kevin")
        told = made.last_to(ANNA).text
        assert {"anna": "names yourself", "nobody": "nobody on the roster", "kevin": "Understood"}[who] in told


def test_the_fallback_person_may_be_asked_for_an_opinion_and_is_a_specialist_like_any() -> None:
    with world() as made:
        key = made.ask()
        made.settle()
        says(made, ANNA, "/ask omar Does this blade fit the saw?")
        says(made, OMAR, "It does.")
        one = made.conversation(key)
        assert (one.state, one.specialist) == (State.FOCUS, "anna")
        assert "It does." in made.last_to(ANNA).text
        all_hold(made)


def test_whoever_is_silent_and_asked_lets_the_question_go_back_at_the_deadline() -> None:
    with world() as made:
        first = made.ask()
        made.settle()
        says(made, ANNA, "/pass kevin")
        made.advance(timedelta(hours=4, minutes=10))
        assert made.desks()["kevin"].silent
        second = made.ask("How thick?", name="tom")
        made.settle()
        says(made, ANNA, "/ask kevin How thick is it?")
        assert not made.conversation(second).consult_delivered
        made.advance(timedelta(hours=5))
        assert made.conversation(second).consulted is None
        assert made.conversation(first).specialist != "kevin"
        all_hold(made)


def test_a_desk_without_any_hours_promises_nothing_tells_the_owner_and_takes_it_when_hours_come() -> None:
    with world() as made:
        load(made, specialists=[{**one, "hours": {"zone": "UTC", "windows": []}} for one in SHOP["specialists"]])
        key = made.ask()
        made.settle()
        assert "cannot name a time yet" in made.last_to("ida@mail.example").text
        assert "Nobody is on duty within 14 days" in made.last_to(OWNER).text
        made.advance(timedelta(hours=30))
        assert made.conversation(key).state is State.WAITING
        assert len(made.to("ida@mail.example")) == 1, "what is known is not said again"
        load(made)
        made.advance(HOUR)
        assert made.conversation(key).specialist == "anna"
        all_hold(made)


@pytest.mark.parametrize("gone", ["away", "removed", "nobody"])
def test_the_time_told_to_whoever_comes_back_is_that_of_those_who_are_there(gone: str) -> None:
    with world() as made:
        key = made.ask()
        made.settle()
        says(made, ANNA, "The blade of 20 mm fits.")
        answer = made.last_to("ida@mail.example")
        others = [made.ask(f"Question {name}?", name=name) for name in ("tom", "eva", "leo")]
        made.settle()
        if gone == "away":
            made.reply(made.to(ANNA)[0], "/away in 5 days\n")
        if gone == "removed":
            load(made, specialists=[one for one in SHOP["specialists"] if one["id"] != "anna"])
        made.settle()
        made.reply(answer, "And for oak?\n")
        made.settle()
        told = made.conversation(key).promise
        assert told
        assert told.due < made.now + timedelta(days=1), f"{len(others)} before them, and nobody waits for days"


def everybody_away(made: World) -> None:
    for who in (ANNA, KEVIN):
        raw = f"From: {who}\r\nTo: desk@{SHOP['mail_domain']}\r\nSubject: Out of office\r\nAuto-Submitted: auto-replied\r\n\r\nI am out of the office.\r\n"
        made.arrive(raw.encode(), [f"desk@{SHOP['mail_domain']}"], who)
    made.settle()


def test_however_many_questions_find_nobody_the_owner_gets_two_mails_and_a_count() -> None:
    with world() as made:
        everybody_away(made)
        assert made.desks()["anna"].silent
        keys = [made.ask(f"Question {number}?", name=f"ida{number}") for number in range(9)]
        made.settle()
        told = made.to(OWNER)
        assert len(told) == 1
        assert "at most twice an hour" in told[0].text
        made.advance(HOUR + 2 * MINUTE)
        made.sweep()
        made.settle()
        told = made.to(OWNER)
        assert len(told) == 2
        assert "line: 8" in told[1].text, told[1].text
        notices = [entry for key in keys for entry in made.record(key).entries_to("owner")]
        assert len(notices) == 9
        assert all(entry.ended for entry in notices)
