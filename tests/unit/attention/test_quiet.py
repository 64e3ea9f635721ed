"""Invariant 7 where mail leaves: every kind, in and off hours, with a slot free, with this conversation open, with another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from fakes.runtime import FakeRuntime
from undivided.changes import Changes
from undivided.desk import Desk
from undivided.mail.keys import KeyRing
from undivided.outbox import Entry, Kind, Mail, Post, Status, post_partition
from undivided.question import About, Shopper
from undivided.state import Conversation, State
from undivided.steps.send import drain
from undivided.values import OWNER, SHOPPER, Address, ConversationId
from unit.attention.desk import ANNA, DAYTIME, KEVIN, MONDAY, person, shop, words
from unit.knowledge.owners import PROPOSAL

THIS, OTHER, NEXT = (ConversationId(one * 12) for one in "abc")
NIGHT = MONDAY + timedelta(hours=12)
FREE, OPEN_HERE, OPEN_THERE = "slot free", "this in focus", "another in focus"


@dataclass(frozen=True)
class Row:
    """What becomes of one kind of mail, with the slot free, with this conversation in focus, with another."""

    mail: Mail
    in_hours: tuple[str, str, str]
    off_hours: tuple[str, str, str]
    posted: bool = False
    """It belongs to no conversation."""

    @property
    def name(self) -> str:
        return " ".join((self.mail.kind, *self.mail.data))


def to_anna(kind: Kind, **data: str) -> Mail:
    return Mail(ANNA, kind, upto=1, message=1 if kind in (Kind.QUESTION, Kind.FOLLOW_UP) else 0, data=data)


SENT, WAITS, NOT_TRUE = "sent", "pending", "failed"
WORK = ((NOT_TRUE, SENT, NOT_TRUE), (NOT_TRUE, WAITS, NOT_TRUE))
NEWS = ((SENT, SENT, WAITS), (WAITS, WAITS, WAITS))
OF_NO_CONVERSATION = ((SENT, WAITS, WAITS), (WAITS, WAITS, WAITS))
WORDS_IN_HER_NAME = ((SENT, SENT, SENT), (WAITS, WAITS, WAITS))
"""Somebody, perhaps she herself by another address, has answered what is in focus with her."""
AT_ONCE = ((SENT, SENT, SENT), (SENT, SENT, SENT))
AFTER_A_SNOOZE = ((SENT, NOT_TRUE, SENT), (SENT, NOT_TRUE, SENT))
ROWS = (
    *(Row(to_anna(kind), *WORK) for kind in (Kind.QUESTION, Kind.FOLLOW_UP, Kind.REMINDER, Kind.CONSULT)),
    Row(to_anna(Kind.REMINDER, asked="snooze"), *AFTER_A_SNOOZE),
    Row(to_anna(Kind.HANDED_OVER, why="silent"), *NEWS),
    Row(to_anna(Kind.UNREACHABLE, diagnostic="550"), *NEWS),
    Row(to_anna(Kind.WITHDRAWN, outcome="withdrawn"), *NEWS),
    Row(to_anna(Kind.LATE, specialist=KEVIN), *NEWS),
    Row(to_anna(Kind.REFUSED, errors="/wno", text="/wno"), *AT_ONCE),
    Row(to_anna(Kind.UNDERSTOOD, what="snooze"), *AT_ONCE),
    Row(to_anna(Kind.WELCOME), *OF_NO_CONVERSATION, posted=True),
    Row(to_anna(Kind.WELCOME, proven="yes"), *AT_ONCE, posted=True),
    Row(to_anna(Kind.HOW_TO, sender="anna@else.example"), *OF_NO_CONVERSATION, posted=True),
    Row(to_anna(Kind.HOW_TO, sender="anna@else.example", focus=THIS), *WORDS_IN_HER_NAME, posted=True),
    Row(to_anna(Kind.OWNER_NOTICE, what="rule_forward"), *OF_NO_CONVERSATION, posted=True),
    Row(Mail("anna@people.example", Kind.HOW_TO, data={"what": "encrypted"}), *AT_ONCE, posted=True),
    Row(Mail(OWNER, Kind.OWNER_NOTICE, data={"what": "fallback"}), *AT_ONCE),
    Row(Mail(OWNER, Kind.PROPOSAL, message=1, data=PROPOSAL.to_data()), *AT_ONCE),
)
TO_SHOPPERS = {Kind.ACK, Kind.QUEUED, Kind.REVISED, Kind.NO_TIME_YET, Kind.ANSWER, Kind.NUDGE, Kind.CLOSED}


def test_the_matrix_knows_every_kind() -> None:
    assert {row.mail.kind for row in ROWS} | TO_SHOPPERS == set(Kind)


@pytest.mark.parametrize("moment", [FREE, OPEN_HERE, OPEN_THERE])
@pytest.mark.parametrize("hours", ["in hours", "off hours"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_mail_reaches_a_specialist_in_a_quiet_moment(row: Row, hours: str, moment: str) -> None:
    rt = runtime(MONDAY if hours == "in hours" else NIGHT)
    entry = scene(rt, row, moment)
    drain(entry.conversation, rt)
    stands = rt.entries.entry(entry.key)
    assert stands
    expected = row.in_hours if hours == "in hours" else row.off_hours
    assert stands.status == expected[(FREE, OPEN_HERE, OPEN_THERE).index(moment)], stands.reason
    assert bool(rt.ses.mails) == (stands.status is Status.SENT)


@pytest.mark.parametrize("kind", sorted(TO_SHOPPERS))
def test_a_shopper_is_never_kept_waiting_by_a_specialists_hours(kind: Kind) -> None:
    rt = runtime(NIGHT)
    mail = Mail(SHOPPER, kind, message=1 if kind is Kind.ANSWER else 0)
    entry = scene(rt, Row(mail, *AT_ONCE), OPEN_THERE)
    drain(THIS, rt)
    stands = rt.entries.entry(entry.key)
    assert stands
    assert stands.ended


def test_news_waits_until_another_conversation_is_opened_and_goes_before_it() -> None:
    rt = runtime(MONDAY)
    scene(rt, Row(to_anna(Kind.UNREACHABLE, diagnostic="550"), *NEWS), OPEN_THERE)
    drain(THIS, rt)
    rt.time += timedelta(hours=1)
    drain(THIS, rt)
    assert not rt.ses.mails
    opening(rt)
    drain(NEXT, rt)
    assert [kind(raw) for _, raw, _, _ in rt.ses.mails] == ["unreachable", "question"]
    assert rt.turns.waiting(ANNA, 9) == ()


def test_a_follow_up_opens_nothing_and_brings_no_news_along() -> None:
    rt = runtime(MONDAY)
    scene(rt, Row(to_anna(Kind.UNREACHABLE, diagnostic="550"), *NEWS), OPEN_THERE)
    opening(rt, opens=False)
    drain(NEXT, rt)
    assert [kind(raw) for _, raw, _, _ in rt.ses.mails] == ["question"]
    assert rt.turns.waiting(ANNA, 9) == (THIS,)


def test_whoever_writes_is_there_and_hears_what_waited_before_the_answer() -> None:
    rt = runtime(NIGHT)
    news = replace(to_anna(Kind.UNREACHABLE, diagnostic="550"), not_before=NIGHT + timedelta(hours=11))
    scene(rt, Row(news, *NEWS), OPEN_THERE)
    drain(THIS, rt)
    assert not rt.ses.mails
    found = rt.conversations.conversation(THIS)
    assert found
    rt.conversations.commit(Changes(found, found, mails=(to_anna(Kind.UNDERSTOOD, what="note"),)), rt.now())
    drain(THIS, rt)
    assert [kind(raw) for _, raw, _, _ in rt.ses.mails] == ["unreachable", "understood"]


def test_what_was_sent_at_once_waits_for_no_turn() -> None:
    rt = runtime(MONDAY)
    scene(rt, Row(to_anna(Kind.HANDED_OVER, why="silent"), *NEWS), FREE)
    assert rt.turns.waiting(ANNA, 9) == (THIS,)
    drain(THIS, rt)
    assert rt.turns.waiting(ANNA, 9) == ()


def runtime(now: object) -> FakeRuntime:
    return FakeRuntime(shop(anna=person(ANNA, hours=DAYTIME)), KeyRing({1: b"k" * 32}), now)  # type: ignore[arg-type]


def conversation(key: ConversationId, state: State, **fields: object) -> Conversation:
    shopper = Shopper("Ida", Address("ida@mail.example"), "en")
    return Conversation(key, shopper, About(), MONDAY, MONDAY, state=state, specialist=ANNA, parties=(ANNA, KEVIN), said=1, **fields)  # type: ignore[arg-type]  # fmt: skip


def scene(rt: FakeRuntime, row: Row, moment: str) -> Entry:
    """Put the mail into its outbox, and the desk into the moment."""
    focus = {FREE: {}, OPEN_HERE: {THIS: MONDAY}, OPEN_THERE: {OTHER: MONDAY}}[moment]
    rt.desks.save(Desk(ANNA, focus=focus), MONDAY)
    if row.posted:
        assert rt.entries.post(Post("0f" * 16, row.mail, "cap"), rt.now())
        return rt.entries.entries(post_partition("0f" * 16))[0]
    open_here, consulting = moment == OPEN_HERE, row.mail.kind is Kind.CONSULT
    state = State.FOCUS if open_here else State.WITH_SHOPPER
    this = conversation(THIS, state, settled=0 if open_here else 1)
    if consulting and open_here:
        this = replace(this, state=State.CONSULTING, specialist=KEVIN, consulted=ANNA, consult_delivered=True)
    message = replace(words(text="Which one?"), number=1)
    rt.conversations.commit(Changes(None, this, (message,), (row.mail,)), rt.now())
    return rt.entries.entries(THIS)[0]


def opening(rt: FakeRuntime, *, opens: bool = True) -> None:
    """Her next conversation is opened in front of her."""
    desk = rt.desks.desk(ANNA)
    rt.desks.save(replace(desk, focus={NEXT: rt.now()}), rt.now())
    mail = replace(to_anna(Kind.QUESTION), opens=opens)
    message = replace(words(text="Which one?"), number=1)
    rt.conversations.commit(Changes(None, conversation(NEXT, State.FOCUS), (message,), (mail,)), rt.now())


def kind(raw: bytes) -> str:
    """Tell the kind of a mail by what it says; the subject is that of the conversation."""
    text = raw.decode()
    return next(
        name
        for name, said in (("unreachable", "came back"), ("question", "Which one?"), ("understood", "Understood:"))
        if said in text
    )
