"""The outbox: hand to SES what was decided, to each addressee in order, and know what became of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from undivided.errors import Permanent, Retryable, Unknown
from undivided.mail.compose import Context, compose
from undivided.record import Entry, Record
from undivided.runtime import Runtime
from undivided.state import OWNER, Status
from undivided.steps.caps import CAPPED, allowed, tell_owner
from undivided.values import ConversationId, Unusable
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
    try:
        return _hand_over(claimed, record, rt)
    except Retryable as why:
        return rt.outbox.put_back(claimed, now + _back_off(entry), str(why))
    except (Permanent, Unusable) as why:
        return _given_up(claimed, str(why), rt)
    except Unknown:
        return claimed


def _hand_over(claimed: Entry, record: Record | None, rt: Runtime) -> Entry:
    """Write the mail and give it to SES."""
    now = rt.now()
    if why := allowed(claimed, record, rt):
        return _held_back(claimed, why, rt)
    composed = compose(claimed, record, _context(rt, now))
    raw = rt.mails.keep_sent(claimed.id, composed.raw)
    ses_id = rt.ses.send(raw, composed.envelope_from, (composed.to,))
    return rt.outbox.sent(claimed, ses_id, now)


def _held_back(claimed: Entry, why: str, rt: Runtime) -> Entry:
    """End automatic mail that may not go. The owner's own waits instead: nobody else would hear of it."""
    if why == CAPPED and claimed.mail.to == OWNER:
        return rt.outbox.put_back(claimed, rt.now() + MOST_BACK_OFF, why)
    if why == CAPPED:
        tell_owner(rt, CAPPED, CAPPED, detail=claimed.id)
    return rt.outbox.failed(claimed, why)


def _given_up(claimed: Entry, reason: str, rt: Runtime) -> Entry:
    """End what can never be sent; the owner hears of it first, once a day for each conversation."""
    if claimed.mail.to != OWNER:
        tell_owner(rt, "unsendable", f"unsendable {claimed.conversation}", mail=claimed.id, detail=reason[:500])
    return rt.outbox.failed(claimed, reason)


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
