"""What a conversation that ended well leaves behind: one question, the answer that settled it, and nobody's data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from undivided.config import Shop
from undivided.knowledge.cleaning import Cleaner
from undivided.knowledge.segment import Indexed
from undivided.knowledge.terms import product_term, terms
from undivided.message import Message
from undivided.record import Record
from undivided.state import Conversation, Mark, Outcome, State
from undivided.texts import shortened
from undivided.values import SHOPPER, ConversationId

LONGEST_QUESTION = 1500
LONGEST_ANSWER = 4000
_TELLING = 40
"""Letters of an answer from which on it is one: "I will look it up" is not kept."""
_NEVER = frozenset({Outcome.SPAM, Outcome.ERASED, Outcome.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Answer:
    """An earlier answer as a specialist may see it, and nothing else of its conversation."""

    id: ConversationId
    question: str
    answer: str
    who: str
    """First name of whoever answered."""
    when: datetime
    language: str
    sku: str = ""
    product: str = ""
    """Title of the product."""


def satisfied(conversation: Conversation) -> bool:
    """Say whether it ended well: a sale, or the shopper's own "yes, it helped"; a "no" outweighs a sale."""
    if conversation.state is not State.ENDED or conversation.outcome in _NEVER or conversation.answered_by is None:
        return False
    if conversation.rated == Mark.NO:
        return False
    return conversation.outcome is Outcome.WON or conversation.rated == Mark.YES


def learned_from(record: Record, shop: Shop) -> Answer | None:
    """Return what may be shown to whoever gets a similar question; None if it did not end well, or says nothing.

    Of a conversation that was handed over only the answer of the one who settled it counts.
    """
    one = record.conversation
    if not satisfied(one):
        return None
    cleaner = Cleaner.of(one.shopper, shop)
    for message in answers_of(record, one.answered_by):
        said = cleaner.clean(message.text).text
        asked = cleaner.clean(asked_before(record, message.number)).text
        if asked and sum(map(str.isalnum, said)) >= _TELLING:
            return _answer(one, shop, message, shortened(asked, LONGEST_QUESTION), shortened(said, LONGEST_ANSWER))
    return None


def answers_of(record: Record, who: str | None) -> Iterator[Message]:
    """Yield what somebody answered the shopper, in order: no notes, and nothing that was taken back or is still held."""
    hidden = {record.conversation.held, *record.conversation.taken_back}
    return (one for one in record.messages if one.author == who and not one.note and one.number not in hidden)


def asked_before(record: Record, number: int) -> str:
    """Return all that the shopper had said before message `number`."""
    return "\n\n".join(one.text for one in record.messages if one.author == SHOPPER and one.number < number)


def indexed(answer: Answer) -> Indexed:
    """Return what the index keeps of an answer. Its terms are of the cleaned question: no name is in them either."""
    found = terms(answer.question, answer.language)
    product = [product_term(answer.sku, answer.language)] if answer.sku else []
    return Indexed(answer.id, int(answer.when.timestamp()), (*found, *product))


def _answer(one: Conversation, shop: Shop, message: Message, asked: str, said: str) -> Answer:
    person = shop.specialists.get(one.answered_by) if one.answered_by else None
    product = shop.products.get(one.about.sku)
    return Answer(
        id=one.id,
        question=asked,
        answer=said,
        who=person.first_name if person else shop.name,
        when=message.at,
        language=one.shopper.language[:2],
        sku=one.about.sku,
        product=product.title if product else "",
    )
