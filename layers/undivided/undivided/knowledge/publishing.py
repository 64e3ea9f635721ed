"""An answer on its way to the product page: proposed by a specialist, decided on by the owner, and taken back by them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from undivided.changes import Fact
from undivided.config import Shop
from undivided.knowledge.answers import LONGEST_ANSWER, LONGEST_QUESTION, answers_of, asked_before
from undivided.knowledge.cleaning import Cleaner
from undivided.mail.keys import KeyRing
from undivided.mail.ours import blank
from undivided.message import Message
from undivided.record import Record
from undivided.texts import shortened
from undivided.values import ConversationId, SpecialistId, moment, stamp

DECIDED_WITHIN = timedelta(days=30)
"""So long the owner may say yes or no to a proposal; what is published can be taken back as long as the link opens."""


class Standing(StrEnum):
    """What became of a proposal; the last two are ends."""

    PUBLISHED = "published"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be published, to the letter; personal data has been taken out."""

    question: str
    answer: str
    who: str
    """First name of whoever answered."""
    asked: datetime
    answered: datetime
    language: str
    sku: str
    blanked: str = ""
    """What was taken out: `name 2, phone 1`."""

    def to_data(self) -> dict[str, str]:
        said = {"question": self.question, "answer": self.answer, "who": self.who, "said_in": self.language}
        return {**said, "sku": self.sku, "blanked": self.blanked, "asked": stamp(self.asked), "answered": stamp(self.answered)}  # fmt: skip

    @classmethod
    def from_data(cls, data: Mapping[str, str]) -> Proposal:
        return cls(
            question=data["question"],
            answer=data["answer"],
            who=data["who"],
            asked=moment(data["asked"]),
            answered=moment(data["answered"]),
            language=data["said_in"],
            sku=data["sku"],
            blanked=data["blanked"],
        )


@dataclass(frozen=True, slots=True)
class Decided:
    """A proposal that the owner has decided on."""

    proposal: Proposal
    conversation: ConversationId
    number: int
    """Of the message that answers."""
    standing: Standing
    at: datetime

    @property
    def name(self) -> str:
        """The name that everybody knows it by; it says nothing of the conversation."""
        return sha256(f"{self.conversation}.{self.number}".encode()).hexdigest()[:16]

    @property
    def told(self) -> tuple[Fact, int] | None:
        """Return what the bus is told of it, and what stands for the fact's index; None for what nobody will ever see."""
        about = {"sku": self.proposal.sku}
        if self.standing is Standing.PUBLISHED:
            return Fact("answer_published", about), 1000  # no commit of a conversation has so many facts
        if self.standing is Standing.TAKEN_BACK:
            return Fact("answer_taken_back", about), 1001
        return None


def answer_to_propose(record: Record, said: Message, who: SpecialistId) -> Message | None:
    """Return the answer that `/publish` means: the one that it stands in, else the writer's last; None if there is none."""
    if said.text.strip():
        return Message(record.conversation.number, who, said.at, said.text)
    return next(iter(reversed(list(answers_of(record, who)))), None)


def proposed(record: Record, answer: Message, shop: Shop, ring: KeyRing) -> Proposal | None:
    """Return question and answer without personal data; None if nothing is left of one of them."""
    one = record.conversation
    cleaner = Cleaner.of(one.shopper, shop)
    asked = cleaner.clean(blank(asked_before(record, answer.number), ring))
    said = cleaner.clean(blank(answer.text, ring))
    if not any(map(str.isalnum, asked.text)) or not any(map(str.isalnum, said.text)):
        return None
    person = shop.specialists.get(SpecialistId(answer.author))
    counted = asked.blanked + said.blanked
    return Proposal(
        question=shortened(asked.text, LONGEST_QUESTION),
        answer=shortened(said.text, LONGEST_ANSWER),
        who=person.first_name if person else shop.name,
        asked=one.asked_at,
        answered=answer.at,
        language=one.shopper.language[:2],
        sku=one.about.sku,
        blanked=", ".join(f"{kind} {times}" for kind, times in sorted(counted.items())),
    )
