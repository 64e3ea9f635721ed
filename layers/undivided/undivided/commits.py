"""What a commit means, whatever keeps it: the table in `aws/`, and the doubles of the tests alike."""

from __future__ import annotations

from datetime import datetime, timedelta

from undivided.changes import Changes
from undivided.outbox import Entry, Post, Status, post_partition
from undivided.plain import from_plain, to_plain
from undivided.record import MailRef
from undivided.state import Conversation

UNANSWERED = timedelta(minutes=15)
"""A claim so old, without SES's answer or Send event, may be taken over (DESIGN.md, "Once")."""
RESUME_AGAIN = timedelta(minutes=5)
"""So long after the sweep marked an outbox entry it marks it again, if nobody has taken it up."""
_SES_DOMAIN = ".amazonses.com"


def committed(changes: Changes) -> Conversation:
    """Return the conversation as it will be read: with its new version, times to the millisecond."""
    before = changes.before.version if changes.before else 0
    if changes.after.version != before:
        raise ValueError(f"{changes.after.id}: decided on version {changes.after.version}, but read as {before}")
    numbers = [message.number for message in changes.messages]
    if any(number != before + 1 for number in numbers) or len(numbers) > 1:
        raise ValueError(f"{changes.after.id}: messages {numbers} in version {before + 1}, which records that one only")
    return from_plain(Conversation, {**to_plain(changes.after), "version": before + 1})


def new_entries(changes: Changes, now: datetime) -> tuple[Entry, ...]:
    """Number the mails that were decided; the sweep looks for them at once, or when quiet hours end."""
    number = changes.after.version + 1
    return tuple(
        Entry(changes.after.id, number, index, mail, Status.PENDING, now, mail.not_before or now)
        for index, mail in enumerate(changes.mails)
    )


def credited(changes: Changes) -> tuple[str, ...]:
    """Return the orders that this commit credits: each may be credited once, in the whole shop."""
    before = changes.before.credits if changes.before else {}
    return tuple(order for order in changes.after.credits if order not in before)


def posted(post: Post, now: datetime) -> Entry:
    """Make the entry of a mail that belongs to no conversation; its number is the time in milliseconds."""
    number = int(now.timestamp() * 1000)
    partition = post_partition(post.address_hash)
    return Entry(partition, number, 0, post.mail, Status.PENDING, now, post.mail.not_before or now)


def bare_id(message_id: str) -> str:
    """Return the part of a Message-ID by which it is known.

    SES returns ids without a domain, its doubles with one, and the header's domain depends on the region: of SES's own
    ids only the part before the @ counts.
    """
    bare = message_id.strip().removeprefix("<").removesuffix(">").strip()
    local, _, domain = bare.rpartition("@")
    return local if local and f".{domain.lower()}".endswith(_SES_DOMAIN) else bare


def distinct(references: tuple[MailRef, ...]) -> tuple[MailRef, ...]:
    """Keep the first of those with one id: a transaction may not write an item twice. An empty id refers to nothing."""
    first: dict[str, MailRef] = {}
    for one in references:
        first.setdefault(bare_id(one.message_id), one)
    return tuple(one for name, one in first.items() if name)
