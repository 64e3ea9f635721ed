"""The reports agree with what shoppers were told, when they were answered, and by whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from chaos import stack as moto
from chaos.harness import World, world
from undivided.values import SHOPPER, ConversationId, moment

from console import report, routing
from console.stack import Stack

MINUTE = timedelta(minutes=1)


@pytest.fixture
def here() -> Iterator[World]:
    with world() as made:
        yield made


def deployed(here: World, monkeypatch: pytest.MonkeyPatch) -> Stack:
    monkeypatch.setattr(Stack, "client", lambda _self, service: getattr(here.stack, service))
    return Stack("shop", moto.REGION, {"TableName": moto.TABLE, "ConfigBucket": moto.BUCKET})


def due(here: World, key: ConversationId) -> list[str]:
    entries = here.record(key).entries_to(SHOPPER)
    return [one.mail.data["promise_due"] for one in entries if "promise_due" in one.mail.data]


def found(here: World, monkeypatch: pytest.MonkeyPatch) -> list[report.Kept]:
    return report.became(report.records(deployed(here, monkeypatch)), here.now)


def test_an_answer_in_time_keeps_the_promise(
    here: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = here.ask("Which blade?")
    here.settle()
    assert found(here, monkeypatch) == [], "it may still be kept"
    here.advance(2 * MINUTE)
    here.reply(here.last_to("anna@people.example"), "The fine one.")
    here.settle()
    (one,) = found(here, monkeypatch)
    assert (one.kept, one.by, one.revisions) == (True, "anna", 0)
    assert one.due == moment(due(here, key)[0])
    assert one.overshoot is not None
    assert one.overshoot > 0
    assert report.promises(deployed(here, monkeypatch)) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines() if line]
    assert [row[:4] for row in rows if row[0] in ("all", "anna")] == [
        ["all", "1", "100%", "0"],
        ["anna", "1", "100%", "0"],
    ]


def test_a_time_that_was_told_anew_is_a_miss_of_the_first(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    key = here.ask("Which blade?")
    here.settle()
    here.advance(moment(due(here, key)[0]) - here.now + MINUTE)
    (overdue,) = found(here, monkeypatch)
    assert not overdue.kept
    assert overdue.overshoot is None
    revised = len(due(here, key)) - 1
    assert revised
    who = here.conversation(key).specialist
    here.reply(here.last_to(f"{who}@people.example"), "The fine one.")
    here.settle()
    (one,) = found(here, monkeypatch)
    assert (one.kept, one.by, one.revisions) == (False, who, revised)
    assert one.overshoot is not None
    assert one.overshoot < 0


def test_what_the_shopper_writes_later_has_a_promise_of_its_own(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    key = here.ask("Which blade?")
    here.settle()
    here.reply(here.last_to("anna@people.example"), "The fine one.")
    here.settle()
    answer = here.last_to("ida@mail.example")
    here.ask("Which oil?", name="otto")  # takes the slot
    here.settle()
    here.reply(answer, "And for oak?")
    here.settle()
    assert len(due(here, key)) == 2
    assert [one.by for one in found(here, monkeypatch)] == ["anna"], "the second may still be kept"
    here.reply(here.last_to("anna@people.example"), "Any oil.")
    here.settle()
    here.reply(here.last_to("anna@people.example"), "That one, too.")
    here.settle()
    assert [one.kept for one in found(here, monkeypatch)] == [True, True, True]


def test_without_promises_it_says_so(
    here: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    report.promises(deployed(here, monkeypatch))
    assert capsys.readouterr().out == "shop: no promise has ended yet\n"


def routed(here: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> dict[str, list[str]]:
    """Return the printed rows by their first word."""
    assert routing.routing(deployed(here, monkeypatch)) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines() if line]
    return {row[0]: row[1:] for row in rows}


def test_who_answers_what_came_to_them_was_rightly_chosen(
    here: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One answered by whom it came to first, one that was not their field, one that nobody has answered."""
    for name, words in (("ida", "The fine one."), ("otto", "/notmine")):
        key = here.ask("Which blade?", name=name)
        here.settle()
        here.reply(here.last_to("anna@people.example"), words)
        here.settle()
    here.advance(30 * MINUTE)
    who = here.conversation(key).specialist
    assert who
    assert who != "anna"
    assert routed(here, monkeypatch, capsys)["all"] == ["1", "100%", "100%", "0%", "0%", "0%"]
    here.reply(here.last_to(f"{who}@people.example"), "That one.")
    here.settle()
    rows = routed(here, monkeypatch, capsys)
    fallback = "50%" if who == "omar" else "0%"
    assert rows["all"] == rows["anna"] == ["2", "50%", "100%", "50%", fallback, "0%"]
    assert [name for name in rows if "-W" in name] == [f"{here.now:%G-W%V}"]


def test_without_answers_nothing_is_said_of_routing(
    here: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here.ask("Which blade?")
    here.settle()
    routing.routing(deployed(here, monkeypatch))
    assert capsys.readouterr().out == "shop: no question has been answered yet\n"
