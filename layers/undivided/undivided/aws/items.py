"""What stands in which item: the one place that knows keys and attributes (docs/architecture.md, "The table").

What conditions, indexes and stream filters need are attributes; the rest is one text of JSON, `body`.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from zlib import crc32

from undivided.aws.wire import Item, Key
from undivided.changes import Fact
from undivided.commits import bare_id
from undivided.desk import Desk
from undivided.message import Message
from undivided.outbox import POST, Entry, EntryId, Mail, Status
from undivided.plain import dumped, from_plain, from_text, to_plain, to_text
from undivided.record import MailRef, Received
from undivided.state import Conversation, Place
from undivided.values import AddressHash, ConversationId, Money, SpecialistId, moment, stamp

SHARDS = 16
META = "META"
DESK = "DESK"
ONLY = "-"
"""Sort key of a partition that has one item."""
_LONGEST_ID = 900
"""Bytes of a Message-ID that may stand in a key (DynamoDB: 2,048); a longer one is known by its hash."""


def partition(conversation: ConversationId) -> str:
    """Return the partition of a conversation, or of an address's own outbox (`outbox.post_partition`)."""
    if conversation.startswith(POST):
        return f"POST#{conversation.removeprefix(POST)}"
    return f"CONV#{conversation}"


def owner(pk: str) -> ConversationId:
    """Return what `partition` was made from."""
    kind, _, name = pk.partition("#")
    return ConversationId(f"{POST}{name}" if kind == "POST" else name)


def shard(conversation: ConversationId) -> str:
    return str(crc32(conversation.encode()) % SHARDS)


def due(conversation: ConversationId, when: datetime | None) -> Item:
    """Return the attributes by which the sweep finds an item; none when there is nothing to find."""
    return {"due_shard": shard(conversation), "due_at": stamp(when)} if when else {}


def expiry(when: datetime) -> int:
    return int(when.timestamp())


def meta(conversation: Conversation, facts: tuple[Fact, ...], retention: timedelta) -> Item:
    """Write a conversation, with the facts of its last commit for the readers of the stream.

    It expires once it has ended for as long as the retention; one that is opened again loses its expiry.
    """
    plain = to_plain(conversation)
    for name in ("version", "state"):
        plain.pop(name, None)
    return {
        "pk": partition(conversation.id),
        "sk": META,
        "version": conversation.version,
        "state": str(conversation.state),
        "body": dumped(plain),
        **({"facts": dumped([to_plain(fact) for fact in facts])} if facts else {}),
        **due(conversation.id, conversation.due_at),
        **({"expires": expiry(conversation.changed_at + retention)} if conversation.outcome else {}),
    }


def conversation(item: Item) -> Conversation:
    body = json.loads(_str(item, "body"))
    return from_plain(Conversation, {**body, "version": item["version"], "state": item["state"]})


def facts(item: Item) -> tuple[Fact, ...]:
    """Return what happened in the commit that wrote this META item."""
    return tuple(from_plain(Fact, one) for one in json.loads(_str(item, "facts") or "[]"))


def desk_key(specialist: SpecialistId) -> Key:
    return f"SPEC#{specialist}", DESK


def desk(one: Desk) -> Item:
    pk, sk = desk_key(one.specialist)
    plain = to_plain(one)
    plain.pop("version", None)
    return {"pk": pk, "sk": sk, "version": one.version, "body": dumped(plain)}


def read_desk(item: Item) -> Desk:
    return from_plain(Desk, {**json.loads(_str(item, "body")), "version": item["version"]})


def message_key(conversation: ConversationId, number: int) -> Key:
    return partition(conversation), f"MSG#{number:06d}"


def message(conversation: ConversationId, one: Message, texts: str, expires: int) -> Item:
    """Write a message; `texts` is the key under which its text and html stand elsewhere, empty when they stand here."""
    pk, sk = message_key(conversation, one.number)
    kept = {"texts": texts} if texts else {}
    return {"pk": pk, "sk": sk, "body": to_text(one), **kept, "expires": expires}


def read_message(item: Item) -> Message:
    return from_text(Message, _str(item, "body"))


def entry_key(key: EntryId) -> Key:
    return partition(key.conversation), f"OUT#{key.number:06d}.{key.index:02d}"


def entry_id(owner: ConversationId, sk: str) -> EntryId:
    """Return what `entry_key` was made from."""
    number, _, index = sk.removeprefix("OUT#").partition(".")
    return EntryId(owner, int(number), int(index))


def entry(one: Entry, expires: int) -> Item:
    pk, sk = entry_key(one.key)
    return {
        "pk": pk,
        "sk": sk,
        "status": str(one.status),
        "attempts": one.attempts,
        "created_at": stamp(one.created_at),
        "body": to_text(one.mail),
        **due(one.conversation, one.due_at),
        "expires": expires,
    }


def read_entry(item: Item) -> Entry:
    """Read an outbox entry; one that the sweep has marked was due then, whatever the index now says of it."""
    key = entry_id(owner(_str(item, "pk")), _str(item, "sk"))
    return Entry(
        conversation=key.conversation,
        number=key.number,
        index=key.index,
        mail=from_text(Mail, _str(item, "body")),
        status=Status(_str(item, "status")),
        created_at=moment(_str(item, "created_at")),
        due_at=_moment(item, "resume") or _moment(item, "due_at"),
        claimed_at=_moment(item, "claimed_at"),
        attempts=int(item["attempts"]),
        ses_id=_str(item, "ses_id"),
        sent_key=_str(item, "sent_key"),
        resolved_by=_str(item, "resolved_by"),
        reason=_str(item, "reason"),
        faults=int(item.get("faults", 0)),
        begun=int(item.get("begun", 0)),
    )


def turns(specialist: SpecialistId) -> str:
    """Return the partition that names the outboxes in which mail may wait for this specialist's turn."""
    return f"TURN#{specialist}"


def turn(specialist: str, outbox: ConversationId, expires: int) -> Item:
    return {"pk": turns(SpecialistId(specialist)), "sk": outbox, "expires": expires}


def line(specialist: SpecialistId) -> str:
    return f"LINE#{specialist}"


def place_key(place: Place, conversation: ConversationId) -> Key:
    return line(place.specialist), f"{place.lane}#{stamp(place.eligible_at)}#{conversation}"


def read_place(item: Item) -> tuple[Place, ConversationId]:
    lane, when, conversation = _str(item, "sk").split("#")
    specialist = SpecialistId(_str(item, "pk").removeprefix("LINE#"))
    return Place(specialist, lane, moment(when)), ConversationId(conversation)


def reference_key(message_id: str) -> Key:
    held = bare_id(message_id).encode("utf-8", "backslashreplace")
    return f"MAIL#{held.decode() if len(held) <= _LONGEST_ID else sha256(held).hexdigest()}", ONLY


def reference(one: MailRef, expires: int) -> Item:
    pk, sk = reference_key(one.message_id)
    return {"pk": pk, "sk": sk, "conversation": one.conversation, "body": to_text(one), "expires": expires}


def read_reference(item: Item) -> MailRef:
    return from_text(MailRef, _str(item, "body"))


def asker(address_hash: AddressHash) -> str:
    return f"ADDR#{address_hash}"


def asked(address_hash: AddressHash, one: Conversation, expires: int) -> Item:
    """Write that an address has asked; an address itself never stands in a key."""
    return {"pk": asker(address_hash), "sk": f"{stamp(one.asked_at)}#{one.id}", "expires": expires}


def read_asked(item: Item) -> ConversationId:
    return ConversationId(_str(item, "sk").partition("#")[2])


EARLY = "EARLY#"


def order_key(order: str) -> Key:
    return f"ORDER#{order}", ONLY


def order(name: str, one: ConversationId | None, expires: int) -> Item:
    """Write whose sale an order is; nobody's, and never to be anybody's, without a conversation."""
    pk, sk = order_key(name)
    return {"pk": pk, "sk": sk, **({"conversation": one} if one else {}), "expires": expires}


def early_refund(order: str, refund: str, back: Money, expires: int) -> Item:
    """Write a refund that came before its order was credited."""
    pk, _ = order_key(order)
    said: Item = {"amount": str(back.amount), "currency": back.currency}
    return {"pk": pk, "sk": f"{EARLY}{refund}", "expires": expires, **said}


def read_early(item: Item) -> tuple[str, Money]:
    return str(item["sk"]).removeprefix(EARLY), Money(Decimal(str(item["amount"])), str(item["currency"]))


def read_order(item: Item) -> ConversationId | None:
    return ConversationId(_str(item, "conversation")) if item.get("conversation") else None


def received_key(ses_id: str) -> Key:
    return f"RECEIVED#{ses_id}", ONLY


def received(one: Received, expires: int) -> Item:
    pk, sk = received_key(one.ses_id)
    item: Item = {"pk": pk, "sk": sk, "fate": one.fate, "at": stamp(one.at), "expires": expires}
    named = {"rule": one.rule, "conversation": one.conversation or "", "raw": one.raw, "notice": one.notice}
    return {**item, **{name: value for name, value in named.items() if value}}


def read_received(item: Item) -> Received:
    return Received(
        ses_id=_str(item, "pk").removeprefix("RECEIVED#"),
        fate=_str(item, "fate"),
        at=moment(_str(item, "at")),
        rule=_str(item, "rule"),
        conversation=ConversationId(_str(item, "conversation")) if item.get("conversation") else None,
        raw=_str(item, "raw"),
        notice=_str(item, "notice"),
    )


def clean(text: str, most: int = 1000) -> str:
    """Cut a text from outside, and replace half characters, so that any attribute can hold it."""
    return text[:most].encode("utf-8", "replace").decode()


def _str(item: Item, name: str) -> str:
    return str(item.get(name, ""))


def _moment(item: Item, name: str) -> datetime | None:
    return moment(_str(item, name)) if item.get(name) else None
