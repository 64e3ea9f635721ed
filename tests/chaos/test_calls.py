"""A call-back through the real handlers on moto: promised, delivered in its time, reported, masked."""

from __future__ import annotations

from datetime import timedelta

from chaos.harness import MINUTE, MONDAY, world
from chaos.invariants import all_hold
from undivided.question import About, CallBack, Question, Shopper
from undivided.state import Outcome, State
from undivided.steps.ask import ask
from undivided.values import Address, ConversationId

ANNA = "anna@people.example"
NOON = MONDAY + timedelta(hours=3)
CALL = CallBack(NOON, NOON + timedelta(hours=2))


def test_a_call_back_from_the_form_to_the_outcome() -> None:
    with world() as made:
        shopper = Shopper("Cleo", Address("cleo@mail.example"), "en", phone="+49 30 1234567")
        key = ConversationId("aaaaaaaaaaza")
        asked = Question(key, shopper, About("S-1"), "Which blade?", made.now, None, call_back=CALL)
        told = made.process(lambda: ask(asked, made.runtime))
        assert told.promise.due >= CALL.end, "the call is promised for its time, not for now"
        made.settle()
        assert made.conversation(key).state is State.WAITING
        assert "12:00–14:00" in made.last_to("cleo@mail.example").text
        made.advance(timedelta(hours=2, minutes=59))
        assert not made.to(ANNA), "nobody is asked to call before noon"
        made.advance(2 * MINUTE)
        question = made.last_to(ANNA)
        assert "tel:+49301234567" in question.text
        assert [one.get_filename() for one in question.mail.iter_attachments()] == ["call.ics"]
        made.reply(question, "/won 49.90 EUR\n")
        made.settle()
        one = made.conversation(key)
        assert (one.outcome, str(one.sale)) == (Outcome.WON, "49.90 EUR")
        assert "1234" not in one.shopper.phone
        all_hold(made)


def test_a_call_that_nobody_could_make_becomes_a_question_and_the_shopper_is_told() -> None:
    with world() as made:
        for name in ("ida", "tom", "una"):
            made.ask(f"Question {name}?", name=name)
            made.advance(31 * MINUTE)
        shopper = Shopper("Cleo", Address("cleo@mail.example"), "en", phone="+49 30 1234567")
        call = CallBack(made.now + 5 * MINUTE, made.now + 45 * MINUTE)
        key = ConversationId("aaaaaaaaaaza")
        asked = Question(key, shopper, About("S-1"), "Which blade?", made.now, None, call_back=call)
        assert made.process(lambda: ask(asked, made.runtime))
        made.advance(50 * MINUTE)
        one = made.conversation(key)
        assert one.call_back is None
        assert one.promise is None or one.promise.due > made.now
        assert len(made.to("cleo@mail.example")) == 2, "the acknowledgement, and the new time"
