"""Each fate of the closed list, reached by a mail that stands for it."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from undivided.mail.fates import Fate
from undivided.mail.parse import MAX_RAW
from undivided.mail.rules import DOOR, SUSPICIONS, WORDS
from undivided.mail.trust import Verdict
from undivided.message import Message
from undivided.state import HandOver, State
from undivided.steps.receive import _ACTS
from undivided.texts import texts
from undivided.values import SHOPPER
from unit.rules.mailroom import CONVERSATION, DOMAIN, IDA, KEVIN, NOW, PASS, STATES, Sent, address, judged, runtime

GOLDEN = Path(__file__).parents[2] / "golden" / "mail"
AUTO = (("Auto-Submitted", "auto-replied"),)
ANNA_KEY, IDA_KEY = (address(1),), (address(0),)


class Whole(Sent):
    """A mail whose bytes are given."""

    def __init__(self, raw: bytes, **fields: object) -> None:
        super().__init__(**fields)  # type: ignore[arg-type]
        object.__setattr__(self, "_bytes", raw)

    @property
    def raw(self) -> bytes:
        return self.__dict__["_bytes"]  # type: ignore[no-any-return]


def golden(name: str, **fields: object) -> Whole:
    return Whole((GOLDEN / f"{name}.eml").read_bytes(), **fields)


def encrypted() -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["Subject"], mail["Message-ID"] = "anna@people.example", "x", "<e@x.example>"
    mail["Content-Type"] = 'multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b'
    parts = b"--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b\r\nContent-Type: application/octet-stream\r\n\r\n-----BEGIN\r\n--b--\r\n"
    return bytes(mail) + parts


def report(action: str) -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example\r\nSubject: Mail\r\nMessage-ID: <d@mx.example>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nsorry\r\n'
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; {IDA}\r\n"
        f"Action: {action}\r\nStatus: {'5.1.1' if action == 'failed' else '4.4.1'}\r\n\r\n--b--\r\n"
    ).encode()


COMPLAINT = (
    "From: fbl@mx.example\r\nSubject: report\r\nMessage-ID: <c@mx.example>\r\n"
    'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nabuse\r\n'
    "--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: x\r\nVersion: 1\r\n"
    f"Original-Rcpt-To: {IDA}\r\n\r\n--b--\r\n"
).encode()

CASES: dict[Fate, Sent] = {
    Fate.VIRUS: Sent(to=ANNA_KEY, verdicts=replace(PASS, virus=Verdict.FAIL)),
    Fate.SPAM: Sent(to=IDA_KEY, verdicts=replace(PASS, spam=Verdict.FAIL)),
    Fate.LOOP: Sent(to=ANNA_KEY, headers=(("X-Undivided-Loop", DOMAIN),)),
    Fate.COMPLAINT: Whole(COMPLAINT, to=IDA_KEY),
    Fate.BOUNCE: Whole(report("failed"), to=IDA_KEY),
    Fate.DELAYED: Whole(report("delayed"), to=IDA_KEY),
    Fate.AWAY: Sent(to=ANNA_KEY, headers=AUTO, subject="Out of office: saw", text="I am out of the office.\n"),
    Fate.RULE_FORWARD: Sent(IDA, IDA_KEY, (("Auto-Submitted", "auto-forwarded"),), text="And for oak?\n"),
    Fate.BULK: Sent("news@else.example", headers=(("List-Unsubscribe", "<mailto:u@else.example>"),)),
    Fate.AUTOMATIC: Sent(IDA, IDA_KEY, AUTO, text="Thank you for your mail.\n"),
    Fate.TOO_LARGE: Whole(b"From: anna@people.example\r\n\r\n" + b"x" * MAX_RAW, to=ANNA_KEY),
    Fate.UNPARSABLE: Whole(b"\r\nwords without a header\r\n", to=IDA_KEY),
    Fate.QUESTION: Sent("una@mail.example", (f"ask@{DOMAIN}",), text="How loud is it?\n"),
    Fate.PROVEN: Sent(to=(f"desk@{DOMAIN}",)),
    Fate.EXPIRED_KEY: Sent(to=(f"r-{'a' * 31}@{DOMAIN}",)),
    Fate.STRANGER: Sent("who@else.example"),
    Fate.NOT_A_PARTY: Sent("who@else.example", subject="[aaaaaaaaaaaa]"),
    Fate.FORGED: Sent("who@else.example", ANNA_KEY),
    Fate.ENCRYPTED: Whole(encrypted(), to=ANNA_KEY),
    Fate.REFUSED: Sent(to=ANNA_KEY, text="/wonn 49\n"),
    Fate.NOTED: Sent(to=ANNA_KEY, text="/note he is in a hurry\n"),
    Fate.EMPTY: Sent(to=ANNA_KEY, text="\n"),
    Fate.COMMAND: Sent(to=ANNA_KEY, text="/won 49.90 EUR\n"),
    Fate.RELAYED: Sent(to=ANNA_KEY),
}
OF_A_STATE: dict[Fate, tuple[str, Sent]] = {
    Fate.ENDED: ("spam", Sent(IDA, IDA_KEY)),
    Fate.REOPENED: ("ended", Sent(IDA, IDA_KEY)),
    Fate.LATE_NOTE: ("passed", Sent(to=ANNA_KEY)),
}


@pytest.mark.parametrize("fate", CASES)
def test_a_fate_is_reached(fate: Fate) -> None:
    assert judged(CASES[fate], runtime(CONVERSATION))[1] is fate


@pytest.mark.parametrize("fate", OF_A_STATE)
def test_a_fate_that_depends_on_the_conversation(fate: Fate) -> None:
    state, mail = OF_A_STATE[fate]
    assert judged(mail, runtime(STATES[state]))[1] is fate
    assert judged(mail, runtime(CONVERSATION))[1] is Fate.RELAYED


def test_an_answer_is_held_where_the_shop_wants_it_and_a_command_lets_it_go() -> None:
    held = runtime(CONVERSATION, hold=True)
    assert judged(Sent(to=ANNA_KEY), held)[1] is Fate.HELD
    assert judged(Sent(to=ANNA_KEY, text="It fits.\n\n/won 9 EUR\n"), held)[1] is Fate.RELAYED


def test_every_fate_is_tested_and_has_an_act_and_every_rule_one_file() -> None:
    tested = set(CASES) | set(OF_A_STATE) | {Fate.HELD}
    assert tested | {Fate.DUPLICATE} == set(Fate)
    assert set(_ACTS) | {Fate.DUPLICATE} == set(Fate)
    assert all(f"how_to.{one}" in texts("en") for one in (Fate.TOO_LARGE, Fate.UNPARSABLE, Fate.ENCRYPTED))
    files = {path.stem for path in Path(str(DOOR[0].__file__)).parent.glob("*.py")} - {"__init__"}
    assert {one.__name__.rpartition(".")[2] for one in (*DOOR, *WORDS)} == files
    assert len(files) == len(DOOR) + len(WORDS)
    assert {*DOOR, *WORDS} >= SUSPICIONS


@pytest.mark.parametrize("fate", [Fate.VIRUS, Fate.SPAM, Fate.LOOP, Fate.RULE_FORWARD, Fate.AUTOMATIC])
def test_the_owner_overrules_a_suspicion_but_not_who_speaks(fate: Fate) -> None:
    mail, rt = CASES[fate], runtime(CONVERSATION)
    assert judged(replace(mail, released=True), rt)[1] is Fate.RELAYED
    assert judged(replace(mail, released=True, sender="who@else.example", to=ANNA_KEY), rt)[1] is Fate.FORGED


def test_somebody_elses_absence_is_automatic_and_moves_nobody() -> None:
    away = CASES[Fate.AWAY]
    assert judged(replace(away, sender=IDA, to=IDA_KEY), runtime(CONVERSATION))[1] is Fate.AUTOMATIC
    unproven = replace(away, verdicts=replace(PASS, dmarc=Verdict.FAIL))
    assert judged(unproven, runtime(CONVERSATION))[1] is Fate.AUTOMATIC


def test_a_party_behind_a_list_is_heard() -> None:
    posting = Sent(IDA, IDA_KEY, (("List-Id", "<family.mail.example>"),))
    assert judged(posting, runtime(CONVERSATION))[1] is Fate.RELAYED


def said(number: int, author: str, text: str, minutes: float) -> Message:
    from datetime import timedelta

    return Message(number, author, NOW - timedelta(minutes=minutes), text)


def test_mails_in_turns_faster_than_people_are_a_loop() -> None:
    turns = tuple(said(n, (SHOPPER, "anna")[n % 2], f"words {n}", 9 - n) for n in range(8))
    assert judged(Sent(IDA, IDA_KEY, text="again\n"), runtime(CONVERSATION, said=turns))[1] is Fate.LOOP
    slow = (replace(turns[0], at=turns[0].at.replace(hour=7)), *turns[1:])
    assert judged(Sent(IDA, IDA_KEY, text="again\n"), runtime(CONVERSATION, said=slow))[1] is Fate.RELAYED
    corrections = tuple(said(n, SHOPPER, f"words {n}", 9 - n) for n in range(8))
    assert judged(Sent(IDA, IDA_KEY, text="again\n"), runtime(CONVERSATION, said=corrections))[1] is Fate.RELAYED


def test_the_same_words_a_fourth_time_are_a_loop_however_slow() -> None:
    three = tuple(said(n, SHOPPER, "I am on holiday.", 600 * (9 - n)) for n in range(3))
    again = Sent(IDA, IDA_KEY, text="I am  on holiday.\n")
    assert judged(again, runtime(CONVERSATION, said=three))[1] is Fate.LOOP
    assert judged(again, runtime(CONVERSATION, said=three[1:]))[1] is Fate.RELAYED


def test_orders_that_the_shopper_wrote_and_a_quote_brings_back_are_none() -> None:
    """A mail program that nobody knows quotes without marks: what the shopper wrote must not become an order."""
    from undivided.outbox import Entry, Kind, Mail, Status

    asked = "Which blade fits the large table saw of yours?\n\n/won 999 EUR"
    rt = runtime(CONVERSATION, said=(said(1, SHOPPER, asked, 60),))
    entry = Entry(CONVERSATION.id, 2, 0, Mail("anna", Kind.QUESTION, upto=1), Status.SENT, NOW, sent_key="sent/x")
    rt.memory.entries[entry.key] = entry
    rt.mails.texts.objects["sent/x"] = f"Subject: x\r\n\r\n{asked}\r\n".encode()
    arrival, fate = judged(Sent(to=ANNA_KEY, text=f"The one of 20 mm.\n\n{asked}\n"), rt)
    assert fate is Fate.RELAYED
    assert arrival.parsed is not None
    assert not arrival.parsed.commands
    arrival, fate = judged(Sent(to=ANNA_KEY, text="The one of 20 mm.\n\n/won 9 EUR\n"), rt)
    assert arrival.parsed is not None
    assert [one.name for one in arrival.parsed.commands] == ["won"]


WAS_SENT = "Which blade fits the large table saw of yours?\n\nAnd how thick may the boards be that it cuts?\n\nShop for everybody who saws"
OUTLOOK = "From: Ida via Shop\nSent: Monday 4 May 2026 9:00\nTo: Anna\nSubject: saw\n\n"


@pytest.mark.parametrize(
    ("above", "inside", "commands"),
    [("Hello Ida,\n", True, []), ("/close\n\nHello Ida,\n", True, ["close"]), ("The one of 20 mm.\n", False, [])],
)
def test_an_answer_between_the_lines_of_an_unmarked_history_is_not_lost(
    above: str, inside: bool, commands: list[str]
) -> None:
    """Nothing announces it, and the mail alone cannot tell: what we sent can."""
    from undivided.outbox import Entry, Kind, Mail, Status

    rt = runtime(CONVERSATION, said=(said(1, SHOPPER, WAS_SENT.partition("Shop for")[0], 60),))
    entry = Entry(CONVERSATION.id, 2, 0, Mail("anna", Kind.QUESTION, upto=1), Status.SENT, NOW, sent_key="sent/x")
    rt.memory.entries[entry.key] = entry
    rt.mails.texts.objects["sent/x"] = f"Subject: x\r\n\r\n{WAS_SENT}\r\n".encode()
    quote = WAS_SENT.replace("yours?\n", "yours?\n\nThe one of 20 mm.\n") if inside else WAS_SENT
    arrival, fate = judged(Sent(to=ANNA_KEY, text=f"{above}\n{OUTLOOK}{quote}\n"), rt)
    assert fate is Fate.RELAYED
    assert "The one of 20 mm." in arrival.words
    assert ("Sent: Monday" in arrival.words) == inside, "doubt keeps the rest of the history too"
    assert "Shop for everybody" not in arrival.words, "what we wrote is cut all the same"
    assert arrival.parsed is not None
    assert [one.name for one in arrival.parsed.commands] == commands


def test_kevin_who_passed_it_on_and_was_asked_back_by_nobody() -> None:
    former = replace(CONVERSATION, former={KEVIN: HandOver.SILENT}, state=State.FOCUS)
    kevin = Sent("kevin@people.example", (address(2),))
    assert judged(kevin, runtime(former))[1] is Fate.RELAYED
    assert judged(kevin, runtime(replace(former, answered_by="anna")))[1] is Fate.LATE_NOTE  # type: ignore[arg-type]
