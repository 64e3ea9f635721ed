"""`undivided expertise history` and `rebuild`: the shop's own conversations, as a task file and as what is learned.

Both read the whole table once. `history` writes no name, address or number that can be known as one; `rebuild` writes
nothing that counts: the one writer of what is learned takes the result over, in its turn (docs/decisions/0012).
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from undivided.config import Shop
from undivided.expertise.learned import Learned
from undivided.expertise.taught import Taught, taught_by
from undivided.shopjson import shop_from
from undivided.state import Conversation
from undivided.steps.given import asked_as
from undivided.steps.learn import rebuilt_lesson
from undivided.values import Unusable, stamp

from console.roster import applied

if TYPE_CHECKING:
    from undivided.aws.wire import Item

    from console.stack import Stack

STREAM = 0.8
"""Share of the conversations, the oldest, that are learned; the rest is asked."""
_SKEW = timedelta(minutes=2)
"""Clocks differ: what changed so shortly before the reading began is looked at again."""
_LOOKS, _LOOK_EVERY = 90, 2.0
"""Three minutes, looked at every two seconds: the queue lets one reader at a time, which may have others before."""
_ERASED = "a conversation was erased while it was built, so what was known before stays; run `undivided expertise rebuild` again"
_LATE = (
    "its writer is busy or fails: look at the lessons' dead-letter queue with `undivided doctor`, then run this again"
)
_FIRST = "MSG#000001"
_GONE = "\u2026"
_PERSONAL = re.compile(r"\S+@\S+|\b(?:https?://|www\.)\S+|\+?\d(?:[\s./()-]{0,2}\d){4,}", re.IGNORECASE)
"""Addresses, links, and numbers of five digits or more, however they are grouped."""
_NAME = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Told:
    """An ended conversation with its question's words."""

    conversation: Conversation
    text: str
    taught: Taught


def history(stack: Stack) -> int:
    """Print the shop's conversations as a task file for `undivided expertise evaluate`."""
    shop = applied(stack.client("s3"), stack.output("ConfigBucket"))
    if shop is None:
        raise Unusable(f"{stack.name} has no shop yet; run `undivided roster apply` first")
    print(json.dumps(task(stack.name, shop_from(shop), told(stack)), ensure_ascii=False))
    return 0


def rebuild(stack: Stack) -> int:
    """Learn anew from all conversations and wait until that counts; return 1 if it does not."""
    since, count = begin(stack)
    for _ in range(_LOOKS):
        found = settled(stack, since)
        if found is not None:
            print(f"{stack.name}: learned anew from {count} conversations; it counts" if found else _ERASED)
            return 0 if found else 1
        time.sleep(_LOOK_EVERY)
    print(f"{stack.name}: what was learned anew has not been taken over yet; {_LATE}")
    return 1


def settled(stack: Stack, since: datetime) -> bool | None:
    """Say whether the state that was built from a reading since then counts; None while that is open."""
    from undivided.aws.bucket import Bucket  # noqa: PLC0415 - as in `begin`
    from undivided.aws.learnedstore import LearnedStore  # noqa: PLC0415

    bucket = Bucket(stack.client("s3"), stack.output("MailBucket"))
    try:
        found = LearnedStore(bucket, lambda: since).latest().rebuild
    except ValueError:
        return None
    return found.taken if found and stamp(found.since) == stamp(since) else None


def begin(stack: Stack) -> tuple[datetime, int]:
    """Build the state and ask the one writer of what is learned to take it over; return since when it was read."""
    from undivided.aws.bucket import Bucket  # noqa: PLC0415 - boto3 is imported only when a stack is used
    from undivided.aws.learnedstore import REBUILT  # noqa: PLC0415
    from undivided.aws.queues import Lessons  # noqa: PLC0415

    since = datetime.now(UTC) - _SKEW
    learned = taught(told(stack))
    bucket = Bucket(stack.client("s3"), stack.output("MailBucket"))
    bucket.put(REBUILT, learned.dump(), "application/octet-stream")
    Lessons(stack.client("sqs"), stack.output("LessonsQueueUrl")).send(*rebuilt_lesson(since))
    return since, learned.model.version


def taught(several: Sequence[Told]) -> Learned:
    """Return what these conversations teach, and nothing else."""
    learned = Learned()
    for one in several:
        learned.outcome(one.conversation, asked_as(one.conversation.shopper, one.conversation.about, one.text))
    return learned


def task(name: str, shop: Shop, several: Sequence[Told]) -> dict[str, Any]:
    """Return the task file: who answered is who was right; what the fallback person answered is nobody's question."""
    people = {one.id: one for one in shop.specialists.values() if one.id != shop.fallback}
    answered = [(one, question(one)) for one in several]
    ours = [{**asked, "intent": who, "by": who} for one, asked in answered if (who := one.taught.specialist) in people]
    if len(ours) < 2:  # noqa: PLR2004 - one to learn from, one to ask
        raise Unusable(f"{name} has {len(ours)} answered conversations that have ended; routing is measured from 2 on")
    cut = min(len(ours) - 1, max(1, round(STREAM * len(ours))))
    return {
        "name": name,
        "lang": shop.languages[0],
        "specialists": [
            {
                "id": one.id,
                "desc": one.about,
                "owns": [one.id],
                "languages": list(one.languages),
                "skills": dict(one.skills),
                **{kind: sorted(getattr(one, kind)) for kind in ("skus", "categories", "brands")},
            }
            for one in people.values()
        ],
        "stream": ours[:cut],
        "test": [{key: value for key, value in one.items() if key != "by"} for one in ours[cut:]],
        "oos": [asked for one, asked in answered if one.taught.specialist == shop.fallback],
    }


def question(one: Told) -> dict[str, str]:
    """Return a question as a task file has it: without the shopper, with the product."""
    shopper, about = one.conversation.shopper, one.conversation.about
    found = {"text": cleaned(one.text, shopper.name), "lang": shopper.language}
    product = {"sku": about.sku, "title": about.title, "category": about.category, "brand": about.brand}
    return found | {kind: value for kind, value in product.items() if value}


def cleaned(text: str, name: str) -> str:
    """Take out of a text what can be known as personal: the asker's own name, addresses, links, long numbers."""
    names = "|".join(map(re.escape, _NAME.findall(name)))
    text = _PERSONAL.sub(_GONE, text)
    return re.sub(rf"\b(?:{names})\b", _GONE, text, flags=re.IGNORECASE) if names else text


def told(stack: Stack) -> list[Told]:
    """Read every ended conversation that teaches something, the longest unchanged first."""
    halves: dict[str, dict[str, Item]] = {}
    for item in _scanned(stack):
        halves.setdefault(str(item["pk"]), {})[str(item["sk"])] = item
    found = (_told(half, stack) for half in halves.values())
    return sorted((one for one in found if one), key=lambda one: one.taught.when)


def _told(half: dict[str, Item], stack: Stack) -> Told | None:
    from undivided.aws import items  # noqa: PLC0415 - as above

    if "META" not in half or _FIRST not in half:
        return None
    conversation = items.conversation(half["META"])
    lesson = taught_by(conversation)
    return Told(conversation, _text(half[_FIRST], stack), lesson) if lesson else None


def _text(item: Item, stack: Stack) -> str:
    """Return the words of a message; long ones stand in the bucket."""
    from undivided.aws.bucket import Bucket  # noqa: PLC0415

    if not item.get("texts"):
        return str(json.loads(str(item["body"]))["text"])
    kept = Bucket(stack.client("s3"), stack.output("MailBucket")).get(str(item["texts"]))
    return str(json.loads(kept)["text"])


def _scanned(stack: Stack) -> Iterator[Item]:
    """Yield heads and first messages of all conversations, as they stand at the latest."""
    from undivided.aws.wire import item  # noqa: PLC0415

    pages = stack.client("dynamodb").get_paginator("scan")
    values = {":head": {"S": "META"}, ":first": {"S": _FIRST}, ":kind": {"S": "CONV#"}}
    for page in pages.paginate(
        TableName=stack.output("TableName"),
        FilterExpression="begins_with(pk, :kind) AND (sk = :head OR sk = :first)",
        ExpressionAttributeValues=values,
        ConsistentRead=True,
    ):
        yield from (item(one) for one in page["Items"])
