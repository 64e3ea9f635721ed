"""What keeps the mails to one party one thread, in programs that go by references and in those that go by subjects.

SES puts its own Message-ID on everything. So each mail refers to an id that is ours and never changes, to the ids that SES
gave to earlier mails to this party, and to the party's own. Gmail wants the subject the same as well, but for `Re:`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from undivided.mail.wire import clean
from undivided.record import Record
from undivided.state import Conversation
from undivided.values import ConversationId

_MOST = 20
"""Ids in References; what is older is reached through the newer ones."""
_ID = re.compile(r"<[^\s<>]{1,250}@[^\s<>]{1,250}>")
_US_EAST = "us-east-1"


def stable_id(conversation: ConversationId, party: int | str, mail_domain: str) -> str:
    """Return the id that stands first in the References of every mail to this party."""
    return f"<c.{conversation}.{party}@{mail_domain}>"


def ses_message_id(ses_id: str, region: str) -> str:
    """Return the Message-ID that a mail has after SES took it; some services return it with the domain already."""
    if "@" in ses_id:
        return f"<{ses_id.strip('<>')}>"
    return f"<{ses_id}@{'email' if region == _US_EAST else region}.amazonses.com>"


def references(record: Record, to: str, before: tuple[int, int], region: str) -> tuple[str, ...]:
    """Return the ids of the thread with `to` so far, oldest first; `before` is (number, index) of the mail being written."""
    sent = [((one.number, 1, one.index), ses_message_id(one.ses_id, region)) for one in record.entries_to(to)
            if one.ses_id and (one.number, one.index) < before]  # fmt: skip
    said = [((one.number, 0, 0), one.message_id) for one in record.messages
            if one.author == to and one.number <= before[0] and _ID.fullmatch(one.message_id)]  # fmt: skip
    ids = [one for _, one in sorted(said + sent) if one.isascii()]
    return tuple(dict.fromkeys(ids))[-_MOST:]


def answered(record: Record, to: str, message: int) -> str:
    """Return the Message-ID of the party's own mail that message `message` answers; empty if there is none."""
    own = [one.message_id for one in record.messages
           if one.author == to and one.number < message and _ID.fullmatch(one.message_id)]  # fmt: skip
    return own[-1] if own else ""


def subject(words: str, conversation: Conversation | None, earlier: Sequence[str]) -> str:
    """Return the subject with the short code of the conversation; `Re:` once the thread has begun."""
    short = clean(words)[:90].rstrip()
    code = f" [{conversation.id}]" if conversation else ""
    return f"{'Re: ' if earlier else ''}{short}{code}"
