"""The outbox in the table: each entry moves pending → sending → sent or failed, by conditional writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from secrets import token_hex

from undivided.attention.quiet import told
from undivided.aws import items
from undivided.aws.dynamo import Cancelled, Store
from undivided.aws.table import RETENTION, VERSION, once, refuse
from undivided.aws.wire import NEW, Item, Part, put, update
from undivided.commits import UNANSWERED, posted
from undivided.outbox import POST, Entry, EntryId, Post, Status, post_partition, sent_key
from undivided.record import MailRef, Received
from undivided.values import ConversationId, SpecialistId, stamp

CAP = "cap"
OPEN = {"pending": Status.PENDING, "sending": Status.SENDING}
_NOT_ENDED = "#status IN (:pending, :sending)"
_CLAIM = "SET #status = :sending, claimed_at = :now, claim = :claim, due_shard = :shard, due_at = :again, attempts = :next REMOVE resume, begun"
_CLAIMABLE = "attempts = :read AND (#status = :pending OR (#status = :sending AND claimed_at <= :old))"
_SENT = "SET #status = :sent, ses_id = :ses, sent_key = :key, resolved_by = :by REMOVE resume, due_shard, due_at"
_FAILED = "SET #status = :failed, reason = :reason REMOVE resume, due_shard, due_at"
_PUT_BACK = "SET #status = :pending, due_shard = :shard, due_at = :again, reason = :reason REMOVE resume, begun"

_PUT_OFF = "SET due_shard = :shard, due_at = :again, reason = :reason, faults = :faults REMOVE resume, begun"
_BEGIN = "SET due_shard = :shard, due_at = :again, begun = :begun REMOVE resume"
_AS_BEGUN = "attempts = :read AND (attribute_not_exists(begun) OR begun < :begun) AND "
_AS_READ = "attempts = :read AND (attribute_not_exists(faults) OR faults <= :faults) AND "


@dataclass(frozen=True, slots=True)
class Outbox:
    """The adapter behind the port of the same name."""

    store: Store
    retention: timedelta = RETENTION
    token: Callable[[], str] = field(default=lambda: token_hex(8), repr=False)

    def claim(self, entry: Entry, now: datetime) -> bool:
        """Claim with a token of this attempt's own: a claim whose answer was lost is known again by it."""
        token = self.token()
        body = update(
            items.entry_key(entry.key),
            _CLAIM,
            _CLAIMABLE,
            read=entry.attempts,
            next=entry.attempts + 1,
            now=stamp(now),
            old=stamp(now - UNANSWERED),
            again=stamp(now + UNANSWERED),
            shard=items.shard(entry.conversation),
            claim=token,
            pending=Status.PENDING,
            sending=Status.SENDING,
        )
        done, stands = self.store.update(body)
        return done or stands.get("claim") == token

    def begin(self, entry: Entry, due_at: datetime) -> bool:
        values: Item = {"shard": items.shard(entry.conversation), "again": stamp(due_at)}
        values |= {"read": entry.attempts, "begun": entry.begun + 1}
        body = update(items.entry_key(entry.key), _BEGIN, _AS_BEGUN + _NOT_ENDED, **OPEN, **values)
        done, _ = self.store.update(body)
        return done

    def sent(self, entry: Entry, ses_id: str, now: datetime, by: str = "answer") -> Entry:
        values = {"ses": ses_id, "key": sent_key(entry.id), "by": by}
        body = update(items.entry_key(entry.key), _SENT, _NOT_ENDED, sent=Status.SENT, **OPEN, **values)
        reference = self._reference(entry, ses_id, now)
        try:
            self.store.transact([Part("Update", body, VERSION), *reference])
        except Cancelled:
            for one in reference:
                self.store.attempt(one)
            item = self.store.get(items.entry_key(entry.key))
            return items.read_entry(item) if item else entry
        sent = replace(entry, status=Status.SENT, due_at=None, ses_id=ses_id)
        return replace(sent, sent_key=values["key"], resolved_by=by)

    def put_back(self, entry: Entry, due_at: datetime, reason: str = "") -> Entry:
        values = {"reason": items.clean(reason), "shard": items.shard(entry.conversation), "again": stamp(due_at)}
        return self._moved(entry, _PUT_BACK, "#status = :sending", values)

    def put_off(self, entry: Entry, due_at: datetime, reason: str, faults: int) -> Entry:
        values: Item = {"reason": items.clean(reason), "shard": items.shard(entry.conversation), "again": stamp(due_at)}
        values |= {"read": entry.attempts, "faults": faults}
        return self._moved(entry, _PUT_OFF, _AS_READ + _NOT_ENDED, values)

    def failed(self, entry: Entry, reason: str) -> Entry:
        return self._moved(entry, _FAILED, _NOT_ENDED, {"failed": Status.FAILED, "reason": items.clean(reason)})

    def _moved(self, entry: Entry, expression: str, condition: str, values: Mapping[str, str | int]) -> Entry:
        """Update, and return the entry as it stands; one that has expired meanwhile as it was."""
        _done, stands = self.store.update(update(items.entry_key(entry.key), expression, condition, **OPEN, **values))
        return items.read_entry(stands) if stands else entry

    def _reference(self, entry: Entry, ses_id: str, now: datetime) -> list[Part]:
        """Replies to a mail that belongs to no conversation have nowhere to go."""
        if entry.conversation.startswith(POST):
            return []
        reference = MailRef(ses_id, entry.conversation, entry.mail.to, entry=entry.id)
        return [put(items.reference(reference, items.expiry(now + self.retention)))]


@dataclass(frozen=True, slots=True)
class Entries:
    """The adapter behind the port of the same name."""

    store: Store
    retention: timedelta = RETENTION

    def entry(self, key: EntryId) -> Entry | None:
        item = self.store.get(items.entry_key(key))
        return items.read_entry(item) if item else None

    def entries(self, partition: ConversationId) -> tuple[Entry, ...]:
        values: Item = {":pk": items.partition(partition), ":out": "OUT#"}
        found = self.store.query("pk = :pk AND begins_with(sk, :out)", values)
        return tuple(items.read_entry(item) for item in found)

    def post(self, post: Post, now: datetime, received: Received | None = None) -> bool:
        expires = items.expiry(now + self.retention)
        entry = posted(post, now)
        parts = [
            put(items.entry(entry, expires), NEW, VERSION),
            _cap(post, now),
            *(put(items.turn(who, entry.conversation, expires)) for who in told((post.mail,))),
            *once(None, received, now, expires),
        ]
        try:
            self.store.transact(parts)
        except Cancelled as cancelled:
            refuse(cancelled.failed - {CAP})
            return False
        return True


@dataclass(frozen=True, slots=True)
class Turns:
    """The adapter behind the port of the same name."""

    store: Store

    def waiting(self, specialist: SpecialistId, limit: int) -> tuple[ConversationId, ...]:
        found = self.store.query("pk = :pk", {":pk": items.turns(specialist)}, limit=limit)
        return tuple(ConversationId(str(item["sk"])) for item in islice(found, limit))

    def done(self, specialist: SpecialistId, outbox: ConversationId) -> None:
        self.store.delete((items.turns(specialist), outbox))


def _cap(post: Post, now: datetime) -> Part:
    """Allow one of its kind until the time is over; the expiry alone is not enough, DynamoDB takes days over it."""
    until = now + post.every
    pk = items.partition(post_partition(post.address_hash))
    item: Item = {"pk": pk, "sk": f"CAP#{post.cap}", "free_at": stamp(until), "expires": items.expiry(until)}
    return put(item, f"{NEW} OR free_at <= :now", CAP, now=stamp(now))
