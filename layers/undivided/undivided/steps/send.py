"""The outbox: hand to SES what was decided, to each addressee in order, and know what became of it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from undivided.attention.quiet import asked_for, to_specialist, told
from undivided.errors import NotThereYet, Permanent, Retryable, Unknown
from undivided.mail.compose import Composed, Context, compose
from undivided.mail.reader import MOST_COUNTED
from undivided.outbox import Entry, Status
from undivided.record import Record
from undivided.runtime import Runtime
from undivided.steps.caps import CAPPED, HOUR, LATER, allowed, tell_owner
from undivided.steps.knowledge import earlier
from undivided.steps.turns import MOST_TURNS, Moment, interrupts
from undivided.values import OWNER, ConversationId, SpecialistId, Unusable
from undivided.wanted import wanted

UNKNOWN_AFTER = timedelta(minutes=15)
"""A send whose answer was lost waits so long for SES's Send event before it is sent again (DESIGN.md, 4)."""
BACK_OFF = timedelta(seconds=30)
MOST_BACK_OFF = timedelta(minutes=30)
MOST_PASSES = 20
MOST_FAULTS = 8
"""A mail that cannot be written is tried so often, over some two hours."""
STALE = timedelta(minutes=5)
"""What was not sent so long after it could have been is counted before it is written: see `_begun`."""
FAULT = "MailFaults"
"""The metric of such trials; an alarm stands on it."""

_log = logging.getLogger(__name__)


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
        mine = [one for one in entries if one.mail.to == to]
        record, once = _pass_to(mine, record, rt)
        done = Drained(done.sent + once.sent, done.failed + once.failed, done.waiting + once.waiting)
    return done


def _pass_to(
    entries: Sequence[Entry], record: Record | None, rt: Runtime, moment: Moment = Moment.ANY
) -> tuple[Record | None, Drained]:
    """Send to one addressee, in order. Whoever has asked is there: the answer is not kept back by what stands before it."""
    left, done = [one for one in entries if not one.ended], Drained()
    asked = max((at for at, one in enumerate(left) if to_specialist(one.mail) and asked_for(one.mail)), default=-1)
    for at, entry in enumerate(left):
        after = _send(entry, record, rt, Moment.THERE if at <= asked else moment)
        record = _with(record, after)
        done = _count(done, after)
        if not after.ended:
            return record, done
    for who in told(one.mail for one in left):
        rt.turns.done(SpecialistId(who), left[0].conversation)
    return record, done


def _send(entry: Entry, record: Record | None, rt: Runtime, moment: Moment) -> Entry:
    now = rt.now()
    if entry.status is Status.PENDING and record and not wanted(entry.mail, record.conversation):
        return rt.outbox.failed(entry, "superseded")
    if _must_wait(entry, now) or interrupts(entry, record, rt, moment):
        return entry
    begun = _begun(entry, rt)
    if begun is None or begun.ended:
        return begun or entry
    composed = _composed(begun, record, rt)
    return composed if isinstance(composed, Entry) else _claim(begun, composed, record, rt)


def _begun(entry: Entry, rt: Runtime) -> Entry | None:
    """Count the try before an old entry is written; None if somebody else is at it.

    A mail over which the function runs out of memory or time leaves no error behind: nobody would ever count it, and each
    retry of the stream would hold up everybody else's mail again. Fresh mail costs no write more.
    """
    now = rt.now()
    if now < (entry.mail.not_before or entry.created_at) + STALE:
        return entry
    if entry.begun:
        _log.error("mail %s: writing it did not end, %d times", entry.id, entry.begun)
        rt.alarms.raise_for(FAULT)
    if entry.begun >= MOST_FAULTS:
        return _given_up(entry, f"the function died {entry.begun} times over writing it", rt)
    again = now + _back_off(2 * entry.begun + 1)
    return replace(entry, begun=entry.begun + 1, due_at=again) if rt.outbox.begin(entry, again) else None


def _claim(entry: Entry, composed: Composed, record: Record | None, rt: Runtime) -> Entry:
    """Take the entry for sending, and note what SES says."""
    now = rt.now()
    if entry.mail.opens and entry.status is Status.PENDING:
        _what_waited(SpecialistId(entry.mail.to), entry.conversation, rt)
    if not rt.outbox.claim(entry, now):
        return entry
    claimed = replace(entry, status=Status.SENDING, claimed_at=now, attempts=entry.attempts + 1)
    try:
        return _hand_over(claimed, composed, record, rt)
    except Retryable as why:
        return rt.outbox.put_back(claimed, now + _back_off(entry.attempts), str(why))
    except (Permanent, Unusable) as why:
        return _given_up(claimed, str(why), rt)
    except Unknown:
        return claimed


def _composed(entry: Entry, record: Record | None, rt: Runtime) -> Composed | Entry:
    """Write the mail, or say what becomes of an entry that cannot be written.

    This comes before the claim: a claim without an answer may have been sent, and is tried again for ever. What cannot
    be written has not been sent, and somebody has to mend it; so it is counted, and comes to an end.
    """
    try:
        return compose(entry, record, _context(rt, rt.now()))
    except NotThereYet as why:
        return _faulty(entry, why, rt)
    except Retryable as why:
        return rt.outbox.put_off(entry, rt.now() + _back_off(entry.attempts), str(why), entry.faults)
    except (Permanent, Unusable) as why:
        return _given_up(entry, str(why), rt)
    except Exception as why:  # noqa: BLE001 - the boundary of one mail: whatever is wrong with it, the others go on
        return _faulty(entry, why, rt)


def _faulty(entry: Entry, why: Exception, rt: Runtime) -> Entry:
    """Try again a few times, because what is wrong may be mended by the next deployment; then give up, and say so."""
    reason, faults = f"it could not be written: {type(why).__name__}: {why}", entry.faults + 1
    _log.error("mail %s: %s", entry.id, reason, exc_info=why)
    rt.alarms.raise_for(FAULT)
    if faults >= MOST_FAULTS:
        return _given_up(entry, reason, rt)
    return rt.outbox.put_off(entry, rt.now() + _back_off(2 * entry.faults), reason, faults)


def _what_waited(who: SpecialistId, opened: ConversationId, rt: Runtime) -> None:
    """Send what waited until `who` turns to another conversation, just before that is opened in front of them."""
    for partition in rt.turns.waiting(who, MOST_TURNS):
        if partition == opened:
            continue
        record = rt.conversations.record(partition)
        entries = record.entries if record else rt.entries.entries(partition)
        mine = [one for one in entries if one.mail.to == who]
        if any(one.mail.opens and not one.ended for one in mine):
            continue  # its own opening brings it along
        _, done = _pass_to(mine, record, rt, Moment.TURNING)
        if not done.waiting:
            rt.turns.done(who, partition)


def _hand_over(claimed: Entry, composed: Composed, record: Record | None, rt: Runtime) -> Entry:
    """Give a written mail to SES."""
    if why := allowed(claimed, record, rt):
        return _held_back(claimed, why, rt)
    raw = rt.mails.keep_sent(claimed.id, composed.raw)
    ses_id = rt.ses.send(raw, composed.envelope_from, (composed.to,))
    return rt.outbox.sent(claimed, ses_id, rt.now())


def _held_back(claimed: Entry, why: str, rt: Runtime) -> Entry:
    """End automatic mail that may not go. The owner's own waits instead: nobody else would hear of it."""
    if why == LATER:
        return rt.outbox.put_back(claimed, rt.now() + HOUR, why)
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
    put_off = entry.due_at is not None and now < entry.due_at
    if entry.status is Status.SENDING:
        return (entry.claimed_at is not None and now < entry.claimed_at + UNKNOWN_AFTER) or (
            (entry.faults or entry.begun) > 0 and put_off
        )
    return put_off and bool(entry.attempts or entry.reason or entry.begun)


def _back_off(tries: int) -> timedelta:
    return min(BACK_OFF * (1 << min(tries, 10)), MOST_BACK_OFF)


def _context(rt: Runtime, now: datetime) -> Context:
    return Context(
        shop=rt.shop,
        ring=rt.ring,
        public_url=rt.settings.public_url,
        region=rt.settings.region,
        configuration_set=rt.settings.configuration_set,
        now=now,
        attachment=rt.mails.part,
        earlier=lambda record: earlier(record, rt),
        keep=rt.files.keep,
        waiting=lambda who: len(rt.lines.first(who, MOST_COUNTED + 1)),
    )


def _with(record: Record | None, entry: Entry) -> Record | None:
    return record and replace(record, entries=tuple(entry if one.key == entry.key else one for one in record.entries))


def _count(done: Drained, entry: Entry) -> Drained:
    if entry.status is Status.SENT:
        return replace(done, sent=done.sent + 1)
    if entry.status is Status.FAILED:
        return replace(done, failed=done.failed + 1)
    return replace(done, waiting=done.waiting + 1)
