"""Received mail through the whole stack: what goes on, what never does, and where a loop ends."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from itertools import combinations
from urllib.parse import urlencode

import pytest
from chaos.forks import in_fork
from chaos.harness import MAIL_DOMAIN, World, world
from chaos.invariants import all_hold, every_word_has_a_fate
from chaos.stack import BUCKET
from undivided.mail.commands import parse
from undivided.mail.commandwords import NAMES
from undivided.mail.keys import STATUS, link_key
from undivided.pages.page import Page, Request
from undivided.state import HandOver, State
from undivided.steps.status import status

from console import mail as console_mail

ANNA, KEVIN, OMAR = (f"{who}@people.example" for who in ("anna", "kevin", "omar"))
IDA, OWNER = "ida@mail.example", "owner@people.example"
SPAM = {"spamVerdict": {"status": "FAIL"}}
FORGED = {f"{name}Verdict": {"status": "FAIL"} for name in ("spf", "dkim", "dmarc")}


@pytest.fixture
def asked() -> Iterator[World]:
    """A shop where Anna has Ida's question."""
    with world() as made:
        made.ask()
        made.settle()
        yield made
        assert not made.killed


def fate(made: World, ses_id: str) -> str:
    return str(next(one["fate"] for one in made.items("RECEIVED#") if one["pk"] == f"RECEIVED#{ses_id}"))


def write(to: str, text: str, sender: str = ANNA, **headers: str) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, to, headers.pop("Subject", "Re: saw")
    mail["Message-ID"] = headers.pop("Message_ID", f"<{abs(hash((to, text, sender)))}@people.example>")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return bytes(mail)


def address(made: World, who: str) -> str:
    return str(made.last_to(who).mail["Reply-To"].addresses[0].addr_spec)


SECRET = "xyzzyplughfrotz"
ARGUMENTS = {"won": "49 EUR", "ask": "kevin", "snooze": "monday", "offer": "S-1", "template": "sizes", "away": "monday"}
BESIDE = [name for name in NAMES if name != "note"]
PAIRS = [(one,) for one in BESIDE] + list(combinations(BESIDE, 2))
"""Each command, and each two, that may stand in a mail beside `/note`."""
FOR_SHOPPERS = frozenset({"offer", "template", "call", "publish"})


def line(name: str) -> str:
    return f"/{name.replace('_', '')} {ARGUMENTS.get(name, '')}".strip()


def note_among(names: tuple[str, ...], at: int) -> str:
    """Return a mail with these commands and a note: above its words, below them, or with the words behind it."""
    orders = "\n".join(map(line, names))
    return (f"/note\n{orders}\n\n{SECRET}\n", f"{SECRET}\n\n{orders}\n/note\n", f"{orders}\n/note {SECRET}\n")[at]


def unheard(made: World) -> None:
    """The shopper has heard nothing of the secret; a colleague or its writer has it whole."""
    assert made.to(IDA)
    assert not [one for one in made.to(IDA) if SECRET.encode() in one.raw or SECRET in one.text]
    said = made.record(next(iter(made.conversations()))).messages
    kept = any(SECRET in one.text for one in said if one.note)
    assert kept or any(SECRET in one.text for one in made.to(ANNA))
    all_hold(made)


FORMS = ["/note {}", "/note\n{}", "{}\n\n/notiz", "/wonn {}", "{}\n/passs", "mid /note {}", "/ask kevin {}"]


@pytest.mark.parametrize("form", FORMS)
def test_no_byte_of_a_note_or_a_refused_mail_reaches_the_shopper(asked: World, form: str) -> None:
    first = asked.last_to(ANNA)
    asked.reply(first, form.format(SECRET) + "\n")
    asked.settle()
    asked.reply(first, "It fits.\n")
    asked.settle()
    asked.reply(asked.last_to(IDA), "Thank you, and for oak?\n")
    asked.advance(timedelta(minutes=30))
    unheard(asked)


def test_beside_a_note_every_command_is_obeyed_or_refused_and_no_byte_reaches_the_shopper(asked: World) -> None:
    """All commands and all pairs: what the grammar lets through goes through the whole stack (of what adds words, one each)."""
    tried = 0
    for number, names in enumerate(PAIRS):
        mail, adds = note_among(names, number % 3), FOR_SHOPPERS & {*names}
        parsed = parse(mail)
        assert parsed.text == ""
        assert parsed.note or parsed.errors
        if parsed.errors or (adds and len(names) > 1):
            continue
        tried += 1
        wrong = in_fork(partial(_wrong, asked, mail, {"refused"} if adds else {"noted", "refused"}))
        assert not wrong, f"{mail}\n{wrong}"
    assert tried > len(PAIRS) / 5


def _wrong(made: World, mail: str, fates: set[str]) -> str:
    try:
        ses_id = made.reply(made.last_to(ANNA), mail)
        made.settle()
        assert fate(made, ses_id) in fates
        unheard(made)
    except AssertionError:
        return traceback.format_exc(limit=-3)
    return ""


ORDERS = {
    "won 49 EUR": "won",
    "lost too dear": "lost",
    "close": "answered",
    "snooze monday": "snoozed",
    "pass kevin": "kevin",
}


@pytest.mark.parametrize("order", ORDERS)
def test_an_order_beside_a_note_is_obeyed_and_both_are_confirmed(asked: World, order: str) -> None:
    asked.reply(asked.last_to(ANNA), f"/{order}\n/note\n\nShe will come by.\n")
    asked.settle()
    (one,) = asked.conversations().values()
    assert ORDERS[order] in (str(one.outcome), str(one.state), one.with_whom)
    assert [message.text for message in asked.record(one.id).messages if message.note] == ["She will come by."]
    told = next(sent.text for sent in reversed(asked.to(ANNA)) if "Understood" in sent.text)
    assert f"/{order.split(maxsplit=1)[0]}" in told
    assert "/note" in told


def test_a_mail_signed_for_two_conversations_reaches_both_and_has_one_fate(asked: World) -> None:
    first = address(asked, IDA)
    asked.ask("How loud is it?", name="ida")
    asked.settle()
    second = address(asked, IDA)
    assert first != second
    ses_id = asked.arrive(write(first, "I have a Bosch.\n", IDA), [first, second], IDA)
    asked.queues["received"].put(asked.queues["received"].waiting[-1].body, asked.now)
    asked.survive()
    heard = [one for key in asked.conversations() for one in asked.record(key).messages if "Bosch" in one.text]
    assert len(heard) == 2
    assert fate(asked, ses_id) == "relayed"
    all_hold(asked)


def test_a_notice_before_its_mail_waits_for_it(asked: World) -> None:
    to = address(asked, ANNA)
    ses_id = asked.arrive(write(to, "It fits.\n"), [to], ANNA)
    kept = asked.stack.s3.get_object(Bucket=BUCKET, Key=f"received/{ses_id}")["Body"].read()
    asked.stack.s3.delete_object(Bucket=BUCKET, Key=f"received/{ses_id}")
    asked.settle()
    assert not asked.items("RECEIVED#")
    asked.stack.s3.put_object(Bucket=BUCKET, Key=f"received/{ses_id}", Body=kept)
    asked.survive()
    assert fate(asked, ses_id) == "relayed"


def test_the_same_message_id_with_other_words_is_a_new_mail(asked: World) -> None:
    to = address(asked, ANNA)
    ids = [
        asked.arrive(write(to, text, Message_ID="<same@people.example>"), [to], ANNA)
        for text in ("One.\n", "Two.\n", "One.\n")
    ]
    asked.survive()
    assert [fate(asked, one) for one in ids] == ["relayed", "relayed", "duplicate"]
    assert [any(word in one.text for one in asked.to(IDA)) for word in ("One.", "Two.")] == [True, True]


def test_a_shoppers_key_from_another_address_is_relayed_with_a_remark(asked: World) -> None:
    to = address(asked, IDA)
    asked.arrive(write(to, "It is a Bosch.\n", "ida@work.example"), [to], "ida@work.example")
    asked.settle()
    assert "other than the one the question was asked with" in asked.last_to(ANNA).text
    asked.arrive(write(to, "A blue one.\n", IDA), [to], IDA, FORGED)
    asked.settle()
    assert "Nothing proves" in asked.last_to(ANNA).text


@pytest.mark.parametrize(("sender", "verdicts"), [("thief@else.example", None), (ANNA, FORGED)])
def test_a_specialists_key_in_other_hands_does_nothing_and_they_are_told(
    asked: World, sender: str, verdicts: object
) -> None:
    to, before = address(asked, ANNA), len(asked.to(IDA))
    ses_id = asked.arrive(write(to, "Buy elsewhere.\n\n/won 1 EUR\n", sender), [to], sender, verdicts)  # type: ignore[arg-type]
    asked.survive()
    assert fate(asked, ses_id) == "forged"
    assert len(asked.to(IDA)) == before
    assert next(iter(asked.conversations().values())).state is State.FOCUS
    assert "in your name" in asked.last_to(ANNA).text
    assert not asked.to("thief@else.example")


def out_of_office(made: World, text: str, who: str = ANNA) -> str:
    to = address(made, who)
    raw = write(
        to,
        text,
        who,
        Subject="Out of office: saw",
        Auto_Submitted="auto-replied",
        Date="Mon, 4 May 2026 09:00:00 +0000",
    )
    return made.arrive(raw, [to], "")


def test_an_absence_with_a_date_lasts_until_it_and_one_without_until_the_next_mail(asked: World) -> None:
    ses_id = out_of_office(asked, "I am out of the office and back on 11 May 2026.\n")
    asked.survive()
    desk, (key, one) = asked.desks()["anna"], next(iter(asked.conversations().items()))
    assert fate(asked, ses_id) == "away"
    assert desk.away_until is not None
    assert (desk.away_until.date().isoformat(), desk.silent, dict(desk.focus)) == ("2026-05-11", False, {})
    assert one.former == {"anna": HandOver.AWAY}
    assert one.specialist != "anna"
    out_of_office(asked, "I am out of the office.\n", f"{one.specialist}@people.example")
    asked.survive()
    assert asked.desks()[str(one.specialist)].silent
    asked.reply(asked.to(f"{one.specialist}@people.example")[0], "Here I am again: it fits.\n")
    asked.survive()
    assert not asked.desks()[str(one.specialist)].silent
    assert asked.record(key)
    all_hold(asked)


def test_an_absence_hands_over_everything_in_focus_though_the_process_dies_in_the_middle() -> None:
    from chaos.wire import BEFORE, killed

    for number in range(0, 40, 3):
        with world() as made:
            shop = json.loads(made.stack.s3.get_object(Bucket=BUCKET, Key="config/shop.json")["Body"].read())
            shop["specialists"][0]["capacity"] = 2
            made.stack.s3.put_object(Bucket=BUCKET, Key="config/shop.json", Body=json.dumps(shop).encode())
            made.ask()
            made.settle()
            made.ask("How thick?", name="tom")
            made.settle()
            assert len(made.desks()["anna"].focus) == 2
            made.wire.happening = killed(len(made.wire.calls) + number, BEFORE)
            ses_id = out_of_office(made, "I am out of the office.\n")
            made.survive()
            assert fate(made, ses_id) == "away"
            assert not made.desks()["anna"].focus
            assert all(one.former == {"anna": HandOver.AWAY} for one in made.conversations().values())
            every_word_has_a_fate(made)


def test_two_machines_that_answer_each_other_end_within_ten_mails(asked: World) -> None:
    """Neither says that it is one; each answers whatever it gets, at once, with new words."""
    start, number = len(asked.sent), 0
    for number in range(1, 60):
        fresh = asked.sent[start:]
        turn = [one for one in fresh if one.to in (ANNA, IDA)]
        if number > 1 and not turn:
            break
        start = len(asked.sent)
        if number == 1:
            asked.reply(asked.last_to(ANNA), "Your request is in good hands, number 0.\n")
        for one in turn:
            asked.reply(one, f"Your request is in good hands, number {number}.\n")
        asked.advance(timedelta(seconds=20))
    assert len(asked.notices) <= 10
    assert fate(asked, asked.notices[-1]) == "loop"
    assert len(asked.to(OWNER)) == 1
    assert "round in a circle" in asked.to(OWNER)[0].text


def test_a_machine_that_answers_every_how_to_gets_one(asked: World) -> None:
    for number in range(25):
        asked.arrive(
            write(f"no{number}@{MAIL_DOMAIN}", f"We got your mail {number}.\n", "bot@else.example"),
            [f"no{number}@{MAIL_DOMAIN}"],
            "bot@else.example",
        )
        asked.advance(timedelta(minutes=1))
    assert len(asked.to("bot@else.example")) == 1


def test_a_machine_that_sends_commands_gets_no_more_automatic_mail_than_the_caps_allow(asked: World) -> None:
    first = asked.last_to(ANNA)
    for number in range(30):
        asked.reply(first, f"/wonn {number}\n")
        asked.advance(timedelta(seconds=5))
    refused = [one for one in asked.to(ANNA) if one is not first]
    assert len(refused) == 10
    assert len([one for one in asked.to(OWNER) if "held back" in one.text]) == 1
    asked.reply(first, "It fits.\n")
    asked.advance(timedelta(minutes=1))
    assert "It fits." in asked.last_to(IDA).text, "a person's words go whatever the caps say"


def test_whoever_complained_gets_answers_and_nothing_automatic(asked: World) -> None:
    sent = asked.last_to(IDA)
    asked.event("Complaint", sent, complaint={"complainedRecipients": [{"emailAddress": IDA}]})
    asked.settle()
    before = len(asked.to(IDA))
    asked.ask("Another one?", name="ida")
    asked.settle()
    assert len(asked.to(IDA)) == before, "no acknowledgement, in any conversation"
    asked.reply(asked.to(ANNA)[0], "It fits.\n")
    asked.settle()
    assert "It fits." in asked.last_to(IDA).text


def test_help_comes_alone_and_beside_an_answer(asked: World) -> None:
    asked.reply(asked.last_to(ANNA), "/help\n")
    asked.settle()
    assert "/won" in asked.last_to(ANNA).text
    assert not any("/help" in one.text for one in asked.to(IDA))
    asked.reply(asked.to(ANNA)[0], "It fits.\n\n/help\n")
    asked.settle()
    assert "It fits." in asked.last_to(IDA).text
    assert "/won" in asked.last_to(ANNA).text


def test_a_mail_that_can_never_be_written_is_told_to_the_owner(asked: World) -> None:
    from unittest import mock

    from undivided.steps import send

    with mock.patch.object(send, "compose", side_effect=lambda entry, *_: _refuse(entry)):
        asked.reply(asked.last_to(ANNA), "It fits.\n")
        asked.settle()
    asked.advance(timedelta(minutes=10))
    asked.survive()
    assert "never will be" in asked.to(OWNER)[0].text
    assert "no such file" in {one.reason for one in asked.entries()}


def _refuse(entry: object) -> None:
    from undivided.errors import Refused, Unavailable

    if entry.mail.to == "owner":
        raise Unavailable("later")
    raise Refused("no such file")


def test_a_mail_taken_for_spam_is_taken_through_again(asked: World) -> None:
    to = address(asked, ANNA)
    ses_id = asked.arrive(write(to, "It fits.\n"), [to], ANNA, SPAM)
    asked.survive()
    assert fate(asked, ses_id) == "spam"
    assert ses_id in asked.to(OWNER)[0].text
    asked.process(lambda: console_mail.reprocess(ses_id, Local(asked)))  # type: ignore[arg-type]
    asked.survive()
    assert fate(asked, f"{ses_id}-again") == "relayed"
    assert "It fits." in asked.last_to(IDA).text
    asked.process(lambda: console_mail.reprocess(ses_id, Local(asked)))  # type: ignore[arg-type]
    asked.survive()
    assert sum("It fits." in one.text for one in asked.to(IDA)) == 1


class Local:
    """What the console needs of a deployed stack."""

    def __init__(self, made: World) -> None:
        self.made = made

    def client(self, service: str) -> object:
        return getattr(self.made.stack, service)

    def output(self, name: str) -> str:
        return {"TableName": "undivided", "ReceivedQueueUrl": self.made.stack.queue_url("received")}[name]


def test_unparsable_encrypted_and_forwarded_mail_is_lost_to_nobody(asked: World) -> None:
    ida, anna = address(asked, IDA), address(asked, ANNA)
    asked.arrive(b"\r\nmy saw is a Bosch\r\n", [ida], IDA)
    asked.arrive(b"\r\nit fits\r\n", [anna], ANNA)
    asked.settle()
    assert "my saw is a Bosch" in asked.to(ANNA)[1].text
    assert "arrived damaged" in asked.to(ANNA)[1].text
    assert "could not be read" in asked.last_to(ANNA).text
    assert not any("it fits" in one.text for one in asked.to(IDA))
    raw = write(ida, f"And for oak? My address is {ida}\n", IDA, Auto_Submitted="auto-forwarded")
    asked.arrive(raw, [ida], IDA)
    asked.survive()
    assert "And for oak?" in asked.last_to(OMAR).text
    assert ida not in asked.last_to(OMAR).text
    every_word_has_a_fate(asked)


def visit(made: World, method: str, **fields: str) -> Page:
    key = next(iter(made.conversations()))
    parts = {"key": link_key(made.runtime.ring, key, 0, STATUS)}
    headers = {"content-type": "application/x-www-form-urlencoded"}
    asked_ = Request(method, f"/q/{parts['key']}", parts=parts, headers=headers, body=urlencode(fields).encode())
    page: Page = made.process(lambda: status(asked_, made.runtime))
    return page


def test_an_address_with_a_slip_is_corrected_on_the_status_page_and_the_answer_sent_again() -> None:
    with world() as made:
        made.ask(name="ida")
        made.settle()
        wrong = made.last_to(IDA)
        made.reply(made.last_to(ANNA), "It fits.\n")
        made.settle()
        assert 'name="email"' not in visit(made, "GET").body
        assert visit(made, "POST", do="address", email="new@gmail.com", confirm="yes").status == 303
        assert not made.to("new@gmail.com"), "the link alone turns nothing away while mail arrives"
        made.bounce(wrong)
        made.settle()
        assert 'name="email"' in visit(made, "GET").body
        assert visit(made, "POST", do="address", email="new@", confirm="yes").status == 400
        asking = visit(made, "POST", do="address", email="new@gmail.com")
        assert "new@gmail.com" in asking.body
        assert not made.to("new@gmail.com")
        for _ in range(2):
            assert visit(made, "POST", do="address", email="new@gmail.com", confirm="yes").status == 303
        made.survive()
        assert ["It fits." in one.text for one in made.to("new@gmail.com")] == [True]
        made.bounce(wrong)
        made.reply(made.last_to("new@gmail.com"), "Thank you, and for oak?\n")
        made.survive()
        assert not next(iter(made.conversations().values())).unreachable
        assert "and for oak" in made.last_to(ANNA).text
        all_hold(made)
