"""Whoever complained gets no automatic mail, until they provenly write by mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from chaos.harness import World, world
from undivided.outbox import Kind, Status

ANNA, IDA = "anna@people.example", "ida@mail.example"
PROVEN: dict[str, Any] = {}
FORGED = {f"{name}Verdict": {"status": "FAIL"} for name in ("spf", "dkim", "dmarc")}


@pytest.mark.parametrize(
    ("writes", "verdicts", "nudged"),
    [(True, PROVEN, Status.SENT), (True, FORGED, Status.FAILED), (False, PROVEN, Status.FAILED)],
    ids=["writes", "is written for", "keeps silent"],
)
def test_a_complaint_is_lifted_by_a_proven_mail_alone(writes: bool, verdicts: dict[str, Any], nudged: Status) -> None:
    with world() as made:
        key = made.ask()
        made.settle()
        complained(made)
        made.reply(made.last_to(ANNA), "The blade of 20 mm fits.\n")
        made.settle()
        assert "20 mm" in made.last_to(IDA).text, "a person's words go all the same"
        if writes:
            made.reply(made.last_to(IDA), "And is it loud?\n", verdicts=verdicts)
            made.settle()
            made.reply(made.last_to(ANNA), "Not very.\n")
            made.settle()
        made.advance(timedelta(days=4))
        made.survive()
        (nudge,) = [entry for entry in made.record(key).entries if entry.mail.kind is Kind.NUDGE]
        assert nudge.status is nudged, nudge.reason


def test_a_question_by_form_lifts_nothing() -> None:
    """Anybody may fill in anybody's address."""
    with world() as made:
        made.ask()
        made.settle()
        complained(made)
        again = made.ask("And another one?")
        made.settle()
        (ack,) = [entry for entry in made.record(again).entries if entry.mail.kind is Kind.ACK]
        assert (ack.status, ack.reason) == (Status.FAILED, "complaint")


def test_a_report_that_takes_it_back_lifts_it() -> None:
    with world() as made:
        made.ask()
        made.settle()
        complained(made)
        made.event(
            "Complaint",
            made.last_to(IDA),
            complaint={"complainedRecipients": [{"emailAddress": IDA}], "complaintFeedbackType": "not-spam"},
        )
        made.settle()
        again = made.ask("And another one?")
        made.settle()
        (ack,) = [entry for entry in made.record(again).entries if entry.mail.kind is Kind.ACK]
        assert ack.status is Status.SENT


def complained(made: World) -> None:
    made.event("Complaint", made.last_to(IDA), complaint={"complainedRecipients": [{"emailAddress": IDA}]})
    made.settle()
