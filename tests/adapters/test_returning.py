"""A shopper who comes back: their specialist is preferred for thirty days, and not for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest
from chaos.harness import world


@pytest.mark.parametrize(("days", "known"), [(10, True), (40, False)])
def test_who_answered_before_is_preferred_for_thirty_days(days: int, known: bool) -> None:
    with world() as here:
        here.ask()
        here.settle()
        here.reply(here.last_to("anna@people.example"), "The fine one.\n\n/close")
        here.settle()
        here.advance(timedelta(days=days))
        again = here.ask("And which one for oak?")
        here.settle()
        reasons = next(one.reasons for one in here.conversation(again).ranking if one.specialist == "anna")
    assert any(reason.code == "returning" for reason in reasons) is known, reasons


def test_a_question_that_was_told_no_time_is_told_one_by_the_router() -> None:
    with world() as here:
        key = here.ask()
        here.settle()
        subjects = [(one.to, one.mail["Auto-Submitted"], "answer" in one.text) for one in here.to("ida@mail.example")]
        assert subjects == [("ida@mail.example", "auto-generated", True)]
        assert here.conversation(key).promise is not None
        assert not here.to("owner@people.example")
