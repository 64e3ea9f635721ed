"""The roster changes while the shop works: through the real handlers, on moto."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from chaos import stack as moto
from chaos.harness import MINUTE, SHOP, World, world
from chaos.invariants import all_hold
from undivided.aws.queues import look, newcomer
from undivided.outbox import Kind
from undivided.state import HandOver, State
from undivided.values import SpecialistId

ANNA = "anna@people.example"


def load(made: World, shop: dict[str, Any]) -> None:
    """Load another shop, as `roster apply` does, and let the minute pass in which functions keep the old one."""
    made.stack.s3.put_object(Bucket=moto.BUCKET, Key="config/shop.json", Body=json.dumps({**SHOP, **shop}).encode())
    made.advance(2 * MINUTE)


def without(who: str) -> dict[str, Any]:
    return {"specialists": [one for one in SHOP["specialists"] if one["id"] != who]}


def clock(made: World, body: str) -> None:
    made.queues["timers"].put(body, made.now)
    made.settle()
    made.advance(MINUTE)


def test_the_clock_hands_over_what_somebody_removed_has() -> None:
    with world() as made:
        key = made.ask()
        made.settle()
        assert made.conversation(key).specialist == "anna"
        load(made, without("anna"))
        assert made.conversation(key).specialist == "anna", "nothing moves by itself"
        clock(made, look(key))
        one = made.conversation(key)
        assert one.former == {"anna": HandOver.REMOVED}
        assert one.state is State.FOCUS
        assert one.specialist in ("kevin", "omar")
        assert len(made.to(ANNA)) == 1, "who has left hears nothing more"
        made.reply(made.last_to(f"{one.specialist}@people.example"), "The blade of 20 mm fits.\n")
        made.settle()
        assert made.conversation(key).state is State.WITH_SHOPPER
        all_hold(made)


def follows(made: World) -> None:
    """Let the sweep see the new roster, and again when every function knows it."""
    for _ in range(2):
        made.sweep()
        made.settle()
        made.advance(2 * MINUTE)
    made.sweep()
    made.settle()


def test_whatever_way_the_roster_came_the_sweep_hands_over_what_somebody_left_behind() -> None:
    with world() as made:
        keys = [made.ask(f"Question {name}?", name=name) for name in ("ida", "tom")]
        made.settle()
        assert [made.conversation(key).state for key in keys] == [State.FOCUS, State.WAITING]
        load(made, {**without("anna"), "version": "2"})
        follows(made)
        for key in keys:
            one = made.conversation(key)
            assert "anna" not in {one.with_whom, *(place.specialist for place in one.places)}
        assert made.conversation(keys[0]).former == {"anna": HandOver.REMOVED}
        assert not made.items("LINE#anna")
        all_hold(made)


def test_whatever_way_the_roster_came_newcomers_are_welcomed_once() -> None:
    lena = {**SHOP["specialists"][0], "id": "lena", "name": "Lena", "email": "lena@people.example"}
    with world() as made:
        load(made, {"specialists": [*SHOP["specialists"], lena], "version": "2"})
        made.sweep()
        made.settle()
        assert not made.sent, "not everybody knows of her yet"
        follows(made)
        follows(made)
        assert [one.to for one in made.sent] == ["lena@people.example"]
        assert "Please answer this mail" in made.last_to("lena@people.example").text


def test_a_lost_look_is_made_up_for_by_the_next_timer() -> None:
    with world() as made:
        key = made.ask()
        made.settle()
        load(made, without("anna"))
        made.advance(timedelta(hours=2, minutes=5))
        assert made.conversation(key).former == {"anna": HandOver.REMOVED}
        all_hold(made)


def test_whoever_waits_for_somebody_removed_waits_no_longer_than_the_backstop() -> None:
    with world() as made:
        keys = [made.ask(f"Question {name}?", name=name) for name in ("ida", "tom")]
        made.settle()
        load(made, without("anna"))
        made.advance(timedelta(hours=3))
        for key in keys:
            one = made.conversation(key)
            assert one.with_whom or {place.specialist for place in one.places} & {"kevin", "omar"}
        all_hold(made)


def test_a_removed_specialists_answer_does_nothing() -> None:
    with world() as made:
        key = made.ask()
        made.settle()
        asked = made.last_to(ANNA)
        load(made, without("anna"))
        made.reply(asked, "The blade of 20 mm fits.\n")
        made.settle()
        assert not [entry for entry in made.record(key).entries if entry.mail.kind is Kind.ANSWER]


def test_the_answer_to_the_welcome_mail_proves_the_way_back() -> None:
    with world() as made:
        clock(made, newcomer(SpecialistId("anna")))
        clock(made, newcomer(SpecialistId("anna")))
        (welcome,) = made.to(ANNA)
        assert "Please answer this mail" in welcome.text
        made.reply(welcome, "Hello!\n")
        made.settle()
        assert made.desks()["anna"].proven_at == made.now
        assert "Your answer has arrived" in made.last_to(ANNA).text
        assert [one["fate"] for one in made.items("RECEIVED#")] == ["proven"]
        made.advance(MINUTE)
        made.reply(made.last_to(ANNA), "Thanks!\n")
        made.settle()
        assert len(made.to(ANNA)) == 2, "no two machines talk for ever"
        all_hold(made)


def test_an_answer_that_proves_nothing_is_told_to_owner_and_specialist() -> None:
    with world() as made:
        clock(made, newcomer(SpecialistId("anna")))
        (welcome,) = made.to(ANNA)
        raw = f"From: {ANNA}\r\nTo: {welcome.mail['Reply-To']}\r\nMessage-ID: <x@people.example>\r\nSubject: Re\r\n\r\nHello\r\n"
        verdicts = {name: {"status": "FAIL"} for name in ("spfVerdict", "dkimVerdict", "dmarcVerdict")}
        made.arrive(raw.encode(), [f"desk@{SHOP['mail_domain']}"], ANNA, verdicts)
        made.settle()
        assert made.desks()["anna"].proven_at is None
        assert [one["fate"] for one in made.items("RECEIVED#")] == ["forged"]
        assert "SPF, DKIM or DMARC" in made.last_to("owner@people.example").text
        assert "did not prove" in made.last_to(ANNA).text
        all_hold(made)


@pytest.mark.parametrize("who", ["anna", "nobody"])
def test_a_newcomer_who_has_left_again_is_not_written_to(who: str) -> None:
    with world() as made:
        load(made, without("anna"))
        clock(made, newcomer(SpecialistId(who)))
        assert not made.sent


def test_silence_ends_with_the_answer_to_the_welcome_mail() -> None:
    with world() as made:
        clock(made, newcomer(SpecialistId("anna")))
        welcome = made.last_to(ANNA)
        key = made.ask()
        made.advance(timedelta(hours=4, minutes=10))
        assert made.desks()["anna"].silent
        made.reply(welcome, "Here I am.\n")
        made.settle()
        assert not made.desks()["anna"].silent
        assert made.conversation(key).specialist != "anna"


def test_the_clock_pulls_the_next_in_line_when_a_linger_is_over() -> None:
    with world() as made:
        load(made, {"pace": {"linger": 300}})
        first = made.ask()
        made.settle()
        second = made.ask("How thick?", name="tom")
        made.settle()
        made.reply(made.last_to(ANNA), "The blade of 20 mm fits.\n")
        made.settle()
        assert not made.desks()["anna"].focus
        assert made.conversation(second).state is State.WAITING
        made.advance(6 * MINUTE)
        assert [*made.desks()["anna"].focus] == [second]
        assert made.conversation(first).state is State.WITH_SHOPPER
        all_hold(made)
