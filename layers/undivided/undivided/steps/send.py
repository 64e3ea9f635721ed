"""The outbox: hand to SES what was decided, to each addressee in order, and know what became of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from undivided.errors import Permanent, Retryable, Unknown
from undivided.mail.compose import Context, compose
from undivided.record import Entry, Record
from undivided.runtime import Runtime
from undivided.state import Status
from undivided.values import ConversationId
from undivided.wanted import wanted

UNKNOWN_AFTER = timedelta(minutes=15)
"""A send whose answer was lost waits so long for SES's Send event before it is sent again (DESIGN.md, 4)."""
BACK_OFF = timedelta(seconds=30)
MOST_BACK_OFF = timedelta(minutes=30)
MOST_PASSES = 20


@dataclass(frozen=True, slots=True)
class Drained:
    """What one look at an outbox did."""

    sent: int = 0
    failed: int = 0
    waiting: int = 0


def drain(partition: ConversationId, rt: Runtime) -> Drained:
    """Send all that may be sent now; an entry goes only after all earlier ones to the same addressee have ended.

    After a pass that sent something the outbox is read again: whoever was turned away meanwhile, because an entry was
    just being sent, may have come for one that this pass had not seen.
    """
    done = Drained()
    for _ in range(MOST_PASSES):
        record = rt.conversations.record(partition)
        once = _pass(record, record.entries if record else rt.entries.entries(partition), rt)
        done = Drained(done.sent + once.sent, done.failed + once.failed, once.waiting)
        if not once.sent and not once.failed:
            break
    return done


def _pass(record: Record | None, entries: tuple[Entry, ...], rt: Runtime) -> Drained:
    done = Drained()
    for to in dict.fromkeys(entry.mail.to for entry in entries):
        for entry in (one for one in entries if one.mail.to == to and not one.ended):
            after = _send(entry, record, rt)
            record = _with(record, after)
            done = _count(done, after)
            if not after.ended:
                break
    return done


def _send(entry: Entry, record: Record | None, rt: Runtime) -> Entry:
    now = rt.now()
    if entry.status is Status.PENDING and record and not wanted(entry.mail, record.conversation):
        return rt.outbox.failed(entry, "superseded")
    if _must_wait(entry, now) or not rt.outbox.claim(entry, now):
        return entry
    claimed = replace(entry, status=Status.SENDING, claimed_at=now, attempts=entry.attempts + 1)
    composed = compose(entry, record, _context(rt, now))
    try:
        raw = rt.mails.keep_sent(entry.id, composed.raw)
        ses_id = rt.ses.send(raw, composed.envelope_from, (composed.to,))
    except Retryable as why:
        return rt.outbox.put_back(claimed, now + _back_off(entry), str(why))
    except Permanent as why:
        return rt.outbox.failed(claimed, str(why))
    except Unknown:
        return claimed
    return rt.outbox.sent(claimed, ses_id, now)


def _must_wait(entry: Entry, now: datetime) -> bool:
    if entry.status is Status.SENDING:
        return entry.claimed_at is not None and now < entry.claimed_at + UNKNOWN_AFTER
    quiet = entry.mail.not_before is not None and now < entry.mail.not_before
    return quiet or (entry.attempts > 0 and entry.due_at is not None and now < entry.due_at)


def _back_off(entry: Entry) -> timedelta:
    return min(BACK_OFF * (1 << min(entry.attempts, 10)), MOST_BACK_OFF)


def _context(rt: Runtime, now: datetime) -> Context:
    return Context(
        shop=rt.shop,
        ring=rt.ring,
        public_url=rt.settings.public_url,
        region=rt.settings.region,
        configuration_set=rt.settings.configuration_set,
        now=now,
        attachment=rt.mails.part,
    )


def _with(record: Record | None, entry: Entry) -> Record | None:
    return record and replace(record, entries=tuple(entry if one.key == entry.key else one for one in record.entries))


def _count(done: Drained, entry: Entry) -> Drained:
    if entry.status is Status.SENT:
        return replace(done, sent=done.sent + 1)
    if entry.status is Status.FAILED:
        return replace(done, failed=done.failed + 1)
    return replace(done, waiting=done.waiting + 1)
