"""`undivided answers`: what is published on product pages, and taking it back without the owner's mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from undivided.knowledge.publishing import Standing
from undivided.texts import shortened
from undivided.values import Unusable

if TYPE_CHECKING:
    from undivided.knowledge.publishing import Decided

    from console.stack import Stack

_SHOWN = 60
"""Letters of a question in the list."""


def listed(stack: Stack) -> int:
    """Print the published answers, the newest first: id, day, article, conversation, and how the question begins."""
    found = sorted(_published(stack), key=lambda one: one.at, reverse=True)
    for one in found:
        asked = shortened(" ".join(one.proposal.question.split()), _SHOWN)
        print(f"{one.name}  {one.at:%Y-%m-%d}  {one.proposal.sku}  {one.conversation}  {asked}")
    if not found:
        print(f"{stack.name}: no answer is published")
    return 0


def take_back(name: str, stack: Stack) -> int:
    """Take a published answer off the product page, by the id that `undivided answers list` and `/answers` show."""
    from undivided.aws.dynamo import Store  # noqa: PLC0415 - boto3 is imported only when a stack is used
    from undivided.aws.publications import Publications  # noqa: PLC0415

    found = [one for one in _published(stack) if one.name == name]
    if not found:
        raise Unusable(f"no published answer has the id {name!r}; `undivided answers list` shows them all")
    publications = Publications(Store(stack.client("dynamodb"), stack.output("TableName")))
    publications.decide(replace(found[0], standing=Standing.TAKEN_BACK, at=datetime.now(UTC)), Standing.PUBLISHED)
    print(f"{name} is taken back; caches show it for at most five minutes more")
    return 0


def _published(stack: Stack) -> Iterator[Decided]:
    """Yield what stands published, from the whole table: nobody else ever asks for all products."""
    from undivided.aws.publications import PARTITION, read  # noqa: PLC0415 - as above
    from undivided.aws.wire import item  # noqa: PLC0415

    pages = stack.client("dynamodb").get_paginator("scan")
    for page in pages.paginate(
        TableName=stack.output("TableName"),
        FilterExpression="begins_with(pk, :kind)",
        ExpressionAttributeValues={":kind": {"S": PARTITION}},
        ConsistentRead=True,
    ):
        yield from (one for one in map(read, map(item, page["Items"])) if one.standing is Standing.PUBLISHED)
