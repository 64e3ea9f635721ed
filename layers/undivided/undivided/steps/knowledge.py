"""Earlier answers: keep what a conversation that ended well has answered, and find it again for a similar question."""

from __future__ import annotations

import logging
from collections.abc import Container, Iterable

from undivided.knowledge.answers import Answer, indexed, learned_from
from undivided.knowledge.index import Wanted
from undivided.knowledge.shelf import Shelf
from undivided.knowledge.terms import product_term, terms
from undivided.record import Record
from undivided.runtime import Runtime
from undivided.state import Outcome
from undivided.values import SHOPPER, ConversationId

MOST_SHOWN = 2
"""Earlier answers in one mail."""
_TRIED = 4
"""Found answers whose texts are asked for: one may have expired since it was indexed."""
_log = logging.getLogger(__name__)


def earlier(record: Record, rt: Runtime) -> tuple[Answer, ...]:
    """Return the earlier answers for a specialist who gets this question; none, rather than an error.

    The mail that they would stand in is worth more than they are.
    """
    try:
        return _search(record, rt)
    except Exception:  # noqa: BLE001 - whatever is wrong with the knowledge, the question must reach its specialist
        _log.warning("a mail goes without earlier answers", exc_info=True)
        return ()


def _search(record: Record, rt: Runtime) -> tuple[Answer, ...]:
    one = record.conversation
    asked = "\n".join(message.text for message in record.messages if message.author == SHOPPER)
    language = one.shopper.language[:2]
    product = product_term(one.about.sku, language) if one.about.sku else None
    found = rt.knowledge.current().search(Wanted(terms(asked, language), product), _TRIED, without=one.id)
    known = (rt.knowledge.answer(near.id) for near in found)
    there = (answer for answer in known if answer is not None)
    return tuple(answer for answer, _ in zip(there, range(MOST_SHOWN), strict=False))


def take_in(conversations: Iterable[ConversationId], forgotten: Container[str], rt: Runtime) -> int:
    """Bring the shelf up to how conversations stand now; return how many changed it. Only its one writer may do this.

    Those in `forgotten` are being erased: whatever of them still stands in the table, nothing of them is kept.
    """
    records = {key: rt.conversations.record(key) for key in dict.fromkeys(conversations)}
    gone = {key for key, one in records.items() if key in forgotten or _erased(one)}
    changed = _stand((one for key, one in records.items() if one and key not in gone), rt)
    for key in sorted(gone):
        forget(key, rt)
    return changed + len(gone)


def _erased(record: Record | None) -> bool:
    return record is None or record.conversation.outcome is Outcome.ERASED


def forget(conversation: ConversationId, rt: Runtime) -> None:
    """Take everything of a conversation out of the knowledge, at once. Only its one writer may do this."""
    shelf = rt.knowledge.latest()
    held, changed = rt.knowledge.holds(shelf, conversation), shelf.remove(conversation)
    if held:
        shelf = rt.knowledge.merge(shelf, rt.now() - rt.shop.pace.retention)
    elif changed:
        rt.knowledge.publish(shelf)
    rt.knowledge.tidy(shelf)
    rt.knowledge.drop(conversation)


def _stand(records: Iterable[Record], rt: Runtime) -> int:
    """A text is written before the index names it, and removed after the index has forgotten it."""
    shelf = rt.knowledge.latest()
    changed, dropped = 0, list[ConversationId]()
    for record in records:
        key = record.conversation.id
        if answer := learned_from(record, rt.shop):
            rt.knowledge.keep(answer)
            changed += shelf.add(indexed(answer))
        elif rt.knowledge.has(key):
            changed += shelf.remove(key)
            dropped.append(key)
    if changed:
        _publish(shelf, rt)
    for key in dropped:
        rt.knowledge.drop(key)
    return changed


def _publish(shelf: Shelf, rt: Runtime) -> None:
    if shelf.full:
        rt.knowledge.tidy(rt.knowledge.merge(shelf, rt.now() - rt.shop.pace.retention))
    else:
        rt.knowledge.publish(shelf)
