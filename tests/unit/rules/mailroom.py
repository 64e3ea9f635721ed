"""A mail room without AWS: one conversation, its people, and what the rules say of a mail to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING

from fakes.memory import Memory
from fakes.runtime import FakeRuntime
from undivided.config import Pace
from undivided.mail.arrival import Arrival, Notice
from undivided.mail.keys import KeyRing, reply_address
from undivided.mail.parse import read
from undivided.mail.rules import decide
from undivided.mail.trust import Verdict, Verdicts, signers
from undivided.message import Message
from undivided.question import About, Shopper
from undivided.record import MailRef
from undivided.shopjson import shop_from
from undivided.state import Conversation, HandOver, Outcome, State
from undivided.steps.hear import hear
from undivided.steps.receive import arrive
from undivided.values import SHOPPER, Address, ConversationId, SpecialistId

if TYPE_CHECKING:
    from undivided.mail.fates import Fate

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
DOMAIN = "ask.shop.example"
KEY, OTHER = ConversationId("aaaaaaaaaaaa"), ConversationId("bbbbbbbbbbbb")
RING = KeyRing({1: b"k" * 32, 2: b"l" * 32})
FORGOTTEN = KeyRing({3: b"m" * 32})
ALWAYS = {"zone": "UTC", "windows": [[day, 0, 1440] for day in range(7)]}
ANNA, KEVIN, OMAR = (SpecialistId(one) for one in ("anna", "kevin", "omar"))
IDA = "ida@mail.example"
SHOP = shop_from(
    {
        "name": "Shop", "url": "https://shop.example", "owner": "owner@people.example", "mail_domain": DOMAIN,
        "ask_address": f"ask@{DOMAIN}", "zone": "UTC", "languages": ["en"], "currency": "EUR", "fallback": "omar",
        "specialists": [
            {"id": who, "name": who.title(), "email": f"{who}@people.example", "hours": ALWAYS, "languages": ["en"],
             "aliases": [f"{who}@home.example"]}
            for who in (ANNA, KEVIN, OMAR)
        ],
    }
)  # fmt: skip
PASS = Verdicts(*[Verdict.PASS] * 5)
FAIL = replace(PASS, dmarc=Verdict.FAIL)

CONVERSATION = Conversation(
    KEY, Shopper("Ida", Address(IDA), "en"), About(), NOW, NOW, version=3, state=State.FOCUS, specialist=ANNA,
    parties=(ANNA, KEVIN), former={KEVIN: HandOver.PASSED}, said=1,
)  # fmt: skip
STATES = {
    "focus": CONVERSATION,
    "waiting": replace(CONVERSATION, state=State.WAITING, specialist=None, former={ANNA: HandOver.SILENT}),
    "passed": replace(CONVERSATION, specialist=KEVIN, former={ANNA: HandOver.PASSED}),
    "with_shopper": replace(CONVERSATION, state=State.WITH_SHOPPER, settled=1),
    "snoozed": replace(CONVERSATION, state=State.SNOOZED),
    "ended": replace(CONVERSATION, state=State.ENDED, outcome=Outcome.LAPSED),
    "spam": replace(CONVERSATION, state=State.ENDED, outcome=Outcome.SPAM),
}


@dataclass(frozen=True)
class Sent:
    """A mail as it comes in: where the reference stands, who seems to send it, and what SES says."""

    sender: str = "anna@people.example"
    to: tuple[str, ...] = (f"nobody@{DOMAIN}",)
    headers: tuple[tuple[str, str], ...] = ()
    subject: str = "Re: saw"
    text: str = "It fits.\n"
    verdicts: Verdicts = PASS
    released: bool = False

    @property
    def raw(self) -> bytes:
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"], mail["Subject"] = self.sender, "somebody@shop.example", self.subject
        mail["Message-ID"] = "<theirs@mail.example>"
        for name, value in self.headers:
            mail[name] = value
        mail.set_content(self.text)
        return bytes(mail)


def runtime(conversation: Conversation | None, *, hold: bool = False, said: tuple[Message, ...] = ()) -> FakeRuntime:
    """Return a runtime whose table holds this conversation, and one of somebody else's in which Omar has the word."""
    memory = Memory()
    other = replace(CONVERSATION, id=OTHER, specialist=OMAR, parties=(OMAR,), former={})
    memory.conversations = {one.id: one for one in (conversation, other) if one}
    memory.messages = {KEY: {one.number: one for one in said}}
    memory.references = {"our-id": MailRef("our-id", KEY, ANNA, entry="x")}
    shop = replace(SHOP, pace=replace(Pace(), hold=timedelta(minutes=5))) if hold else SHOP
    return FakeRuntime(shop, RING, NOW, memory)


def judged(mail: Sent, rt: FakeRuntime) -> tuple[Arrival, Fate]:
    notice = Notice("in-1", "received/in-1", mail.to, mail.sender, mail.verdicts, mail.released)
    arrival, fate, _ = decide(arrive(notice, read(mail.raw), signers(mail.raw), rt), lambda arrival: hear(arrival, rt))
    return arrival, fate


def address(party: int, conversation: ConversationId = KEY, ring: KeyRing = RING) -> str:
    return str(reply_address(ring, conversation, party, DOMAIN))


__all__ = ["SHOPPER"]
