"""A conversation as it may stand when each kind of mail is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from undivided.expertise.asked import Reason
from undivided.knowledge.answers import Answer
from undivided.knowledge.publishing import Proposal
from undivided.mail.keys import KeyRing
from undivided.mail.reader import Context
from undivided.message import Message
from undivided.outbox import Entry, Kind, Mail, Status, post_partition
from undivided.promise.estimate import Promise
from undivided.question import About, Shopper
from undivided.record import Record
from undivided.state import Conversation, Ranked, State
from undivided.values import OWNER, SHOPPER, Address, ConversationId, Money, SpecialistId, stamp
from unit.pages.shops import SHOP

NOW = datetime(2026, 5, 4, 8, 30, tzinfo=UTC)
"""Monday, 10:30 in Berlin."""
ID = ConversationId("k7m29qxd41ab".replace("1", "w").replace("9", "c"))
RING = KeyRing({1: b"not a secret, only a test secret"})
KEVIN, JANE = SpecialistId("kevin"), SpecialistId("jane")
EARLIER = (
    Answer(
        id=ConversationId("earlieraaaaa"),
        question="Is the Trail Runner 3 true to size? I usually wear a 43.",
        answer="It is not: everybody who wears a 43 elsewhere was happy with the 44 in this shoe.\n\n"
        "If you run on roads a lot, loosen the lowest row of the laces, https://shop.example/p/laces shows how.",
        who="Jane",
        when=datetime(2026, 3, 2, 15, 0, tzinfo=UTC),
        language="en",
        sku="TR-300",
        product="Trail Runner 3",
    ),
    Answer(
        id=ConversationId("earlierbbbbb"),
        question="Which socks go with wide trail shoes?",
        answer="Take the thin merino ones; anything thicker costs you the half size that you have just won.",
        who="Kevin",
        when=datetime(2026, 1, 20, 9, 0, tzinfo=UTC),
        language="en",
    ),
)
CONTEXT = Context(
    SHOP,
    RING,
    "https://desk.shop.example",
    NOW,
    attachment=lambda key, part: f"{key}:{part}".encode(),
    keep=lambda _key, _content, _kind: None,
    configuration_set="undivided",
    earlier=lambda _record: EARLIER,
)
PROMISE = Promise(NOW + timedelta(hours=3), NOW)
ANNA = Shopper("Anna Ödegård", Address("anna@mail.example"), "en", "Europe/Vienna")
ABOUT = About(
    "TR-300",
    "Trail Runner 3",
    "shoes",
    "Fjell",
    Money(Decimal("129.90"), "EUR"),
    "https://shop.example/p/trail-runner-3",
)
QUESTION = "Do they run small?\n\nI have a 42 in most shoes, and broad feet."
ANSWER = "Hi Anna,\n\nthey run half a size small: take 42.5. For broad feet they are fine.\n\nKevin"
FOLLOW_UP = "Thank you!\nAnd do you have them in blue?"
NOTE = "She is a regular, be generous with shipping."
CONVERSATION = Conversation(
    id=ID,
    shopper=ANNA,
    about=ABOUT,
    asked_at=NOW,
    changed_at=NOW,
    version=9,
    state=State.FOCUS,
    specialist=KEVIN,
    parties=(JANE, KEVIN),
    ranking=(
        Ranked(KEVIN, 0.8, (Reason("sku"), Reason("knows", {"word": "shoes"})), Reason("sku"), JANE),
        Ranked(JANE, 0.4, (Reason("described", {"phrase": "Fitting & care"}),)),
    ),
    promise=PROMISE,
    said=5,
    settled=4,
)
MESSAGES = (
    Message(1, SHOPPER, NOW - timedelta(days=1), QUESTION, via="form"),
    Message(3, JANE, NOW - timedelta(hours=20), NOTE, note=True),
    Message(4, KEVIN, NOW - timedelta(hours=19), ANSWER, message_id="<kevin-1@shop.example>"),
    Message(5, SHOPPER, NOW - timedelta(minutes=5), FOLLOW_UP, message_id="<anna-1@mail.example>"),
    Message(7, KEVIN, NOW - timedelta(minutes=2), "Is the blue one coming this week?", note=True),
)


def entry(mail: Mail, number: int = 9, index: int = 0, ses_id: str = "") -> Entry:
    return Entry(ID, number, index, mail, Status.SENT if ses_id else Status.PENDING, NOW, ses_id=ses_id)


SENT = (
    entry(Mail(SHOPPER, Kind.ACK, data={"promise_due": stamp(PROMISE.due)}), 1, 0, "0100018f-ack"),
    entry(Mail(JANE, Kind.QUESTION, upto=1, data={"since": "0"}), 1, 1, "0100018f-jane"),
    entry(Mail(KEVIN, Kind.QUESTION, upto=1, data={"since": "0"}), 2, 0, "0100018f-kevin"),
    entry(Mail(SHOPPER, Kind.ANSWER, message=4), 4, 0, "0100018f-answer@email.amazonses.com"),
)
RECORD = Record(CONVERSATION, MESSAGES, SENT)
DUE: Mapping[str, str] = {"promise_due": stamp(PROMISE.due)}
OWNERS = (
    "nobody_fits",
    "no_time_yet",
    "fallback",
    "fallback_gone",
    "fallback_overlooked",
    "fallback_promise",
    "fallback_silent",
    "nobody_there",
    "promise_missed",
    "specialist_bounced",
    "quarantine",
)

MAILS: Mapping[str, Mail] = {
    "ack": Mail(SHOPPER, Kind.ACK, data=DUE),
    "queued": Mail(SHOPPER, Kind.QUEUED, data=DUE),
    "revised": Mail(SHOPPER, Kind.REVISED, data=DUE),
    "no_time_yet": Mail(SHOPPER, Kind.NO_TIME_YET),
    "answer": Mail(SHOPPER, Kind.ANSWER, message=4),
    "nudge": Mail(SHOPPER, Kind.NUDGE),
    "closed": Mail(SHOPPER, Kind.CLOSED),
    "question": Mail(KEVIN, Kind.QUESTION, message=1, upto=1, data={"since": "0"}),
    "follow_up": Mail(KEVIN, Kind.FOLLOW_UP, message=5, upto=5, data={"since": "4", "understood": "won 49.90 EUR"}),
    "reminder": Mail(KEVIN, Kind.REMINDER, upto=5),
    "consult": Mail(JANE, Kind.CONSULT, upto=5),
    "handed_over": Mail(KEVIN, Kind.HANDED_OVER, data={"why": "silent"}),
    "withdrawn": Mail(KEVIN, Kind.WITHDRAWN, data={"outcome": "withdrawn"}),
    "unreachable": Mail(
        KEVIN, Kind.UNREACHABLE, data={"diagnostic": "smtp; 550 5.1.1 <anna@mail.example> user unknown"}
    ),
    "refused": Mail(
        KEVIN,
        Kind.REFUSED,
        data={"errors": "/wonn is not a command. Did you mean /won?", "text": "/wonn 49,90 €\n\nGreat choice!"},
    ),
    "understood": Mail(KEVIN, Kind.UNDERSTOOD, data={"what": "won 49.90 EUR"}),
    "late": Mail(KEVIN, Kind.LATE, data={"specialist": "jane"}),
    "owner_notice": Mail(OWNER, Kind.OWNER_NOTICE, data={"what": "specialist_bounced", "specialist": "jane"}),
    "how_to": Mail("stranger@else.example", Kind.HOW_TO, data={"language": "en"}),
    "welcome": Mail(KEVIN, Kind.WELCOME),
    "proposal": Mail(
        OWNER,
        Kind.PROPOSAL,
        message=4,
        data=Proposal(
            question="Do they run small?\n\nI am […] and have a 42 in most shoes.",
            answer="They run half a size small: take 42.5. Call […] if <in doubt>.",
            who="Kevin",
            asked=NOW - timedelta(days=1),
            answered=NOW - timedelta(hours=19),
            language="en",
            sku="TR-300",
            blanked="name 1, phone 1",
        ).to_data(),
    ),
}
"""One mail of each kind."""
VARIANTS: Mapping[str, Mail] = {
    **{f"owner_notice.{what}": Mail(OWNER, Kind.OWNER_NOTICE, data={"what": what, "mail": "abc"}) for what in OWNERS},
    **{
        f"handed_over.{why}": Mail(KEVIN, Kind.HANDED_OVER, data={"why": why})
        for why in ("overdue", "away", "bounced", "removed", "passed", "not_mine", "released", "advice")
    },
    "owner_notice.published_stays": Mail(
        OWNER,
        Kind.OWNER_NOTICE,
        data={"what": "published_stays", "conversation": "abcdefghijkl", "answers": "4 TR-300\n7 else"},
    ),
    "answer.last": Mail(SHOPPER, Kind.ANSWER, message=4, data={"survey": "yes"}),
    "withdrawn.won": Mail(KEVIN, Kind.WITHDRAWN, data={"outcome": "won"}),
    "understood.away": Mail(KEVIN, Kind.UNDERSTOOD, data={"what": "away Monday", "until": "2026-05-11T00:00:00.000Z"}),
    "understood.idle": Mail(KEVIN, Kind.UNDERSTOOD, data={"what": "won", "idle": "pass jane"}),
    "understood.help": Mail(KEVIN, Kind.UNDERSTOOD, data={"what": "help"}),
    "how_to.forged": Mail("kevin@shop.example", Kind.HOW_TO, data={"language": "de", "sender": "kevin@evil.example"}),
    "queued.no_time": Mail(SHOPPER, Kind.QUEUED),
}
ALONE = (Kind.HOW_TO, Kind.WELCOME)
"""Kinds that belong to no conversation."""


def written(name: str) -> tuple[Entry, Record | None]:
    """Return the entry and the record for one of `MAILS` or `VARIANTS`."""
    mail = {**MAILS, **VARIANTS}[name]
    if mail.kind in ALONE:
        return replace(entry(mail), conversation=post_partition("ab" * 16), number=1777883400000), None
    if mail.kind in (Kind.ACK, Kind.NO_TIME_YET):
        return entry(mail, 1, 0), Record(replace(CONVERSATION, specialist=None, state=State.WAITING), MESSAGES[:1])
    if mail.kind is Kind.QUESTION:
        return entry(mail, 2, 0), replace(
            RECORD, messages=(MESSAGES[0], replace(MESSAGES[1], number=2)), entries=SENT[:2]
        )
    if mail.kind is Kind.ANSWER:
        return entry(mail, 4, 0), replace(RECORD, entries=SENT[:3])
    if mail.kind is Kind.CONSULT:
        return entry(mail), replace(
            RECORD, conversation=replace(CONVERSATION, state=State.CONSULTING, consulted=JANE, consult_delivered=True)
        )
    return entry(mail), replace(RECORD, messages=MESSAGES[:4])


def in_language(language: str, name: str) -> tuple[Entry, Record | None, Context]:
    """Return the same for people who all speak `language`."""
    one, record = written(name)
    people = {key: replace(person, languages=(language,)) for key, person in SHOP.specialists.items()}
    context = replace(CONTEXT, shop=replace(SHOP, languages=(language, "en"), specialists=people))
    if one.mail.kind is Kind.HOW_TO:
        one = replace(one, mail=replace(one.mail, data={**one.mail.data, "language": language}))
    if record is None:
        return one, None, context
    return (
        one,
        replace(record, conversation=replace(record.conversation, shopper=replace(ANNA, language=language))),
        context,
    )
