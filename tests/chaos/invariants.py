"""What must hold in the end, whatever happened on the way (DESIGN.md, "What always holds", 1 to 5)."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from chaos.harness import World
from undivided.aws.items import place_key
from undivided.outbox import POST, Status
from undivided.state import State

if TYPE_CHECKING:
    from datetime import datetime

    from undivided.desk import Desk
    from undivided.outbox import EntryId
    from undivided.record import Record


def all_hold(world: World) -> None:
    """Check the invariants that need no comparison."""
    undivided(world)
    nobody_lost(world)
    every_word_has_a_fate(world)
    nothing_left_over(world)
    in_order(world)
    assert not world.interruptions, world.interruptions[0]


def undivided(world: World, slots: int = 1) -> None:
    """1: a desk and its conversations agree, and nobody has more in focus than there are slots."""
    held = {(key, who) for who, desk in world.desks().items() for key in desk.focus}
    known = {(key, one.specialist) for key, one in world.conversations().items() if one.state is State.FOCUS}
    assert held == known
    most = Counter(who for _, who in held)
    assert all(number <= slots for number in most.values()), f"more in focus than {slots}: {most}"


def nobody_lost(world: World) -> None:
    """2: who waits stands in a line, and the lines hold nothing else; nobody waits for somebody who is free."""
    conversations = world.conversations()
    known = {place_key(place, key) for key, one in conversations.items() for place in one.places}
    held = {(one["pk"], one["sk"]) for one in world.items("LINE#")}
    assert held == known
    for queue in world.queues.values():
        assert not queue.dead, f"dead letters in {queue.name}: {[one.body for one in queue.dead]}"
    for key, one in conversations.items():
        assert (one.state is State.WAITING) == bool(one.places), f"{key} is {one.state} with {one.places}"
    free = [who for who, desk in world.desks().items() if _free(desk, world.now)]
    missed = [place for one in conversations.values() for place in one.places if place.specialist in free]
    assert not [place for place in missed if place.eligible_at <= world.now], f"free, and somebody waits: {missed}"


def _free(desk: Desk, now: datetime) -> bool:
    return not desk.focus and not desk.silent and not (desk.away_until and desk.away_until > now)


def every_word_has_a_fate(world: World) -> None:
    """3: each received mail has one fate, and its bytes are kept."""
    fates = {str(one["pk"]).removeprefix("RECEIVED#") for one in world.items("RECEIVED#")}
    assert fates == set(world.notices)
    for ses_id in world.notices:
        assert world.runtime.mails.raw(f"received/{ses_id}")


def nothing_left_over(world: World) -> None:
    """4, from the side of the outbox: every entry has ended, or waits for its hour; what was sent was taken by SES."""
    taken = Counter(one.entry for one in world.sent)
    for entry in world.entries():
        waits = (entry.mail.not_before is not None and entry.mail.not_before > world.now) or world.waits(entry)
        assert entry.ended or waits, f"{entry.id} is {entry.status} in the end"
        assert bool(taken[entry.key]) == (entry.status is Status.SENT), f"{entry.id}: {entry.status}, {entry.reason}"
    for reader in world.readers:
        assert not reader.dead, f"{reader.function} gave up {len(reader.dead)} records"


def in_order(world: World) -> None:
    """5: to one addressee, the mails of one conversation leave in the order in which they were decided."""
    by_reader: dict[tuple[str, str], list[EntryId]] = {}
    for one in world.sent:
        by_reader.setdefault((one.entry.conversation, one.to), []).append(one.entry)
    for (conversation, to), entries in by_reader.items():
        order = [(entry.number, entry.index) for entry in dict.fromkeys(entries)]
        assert conversation.startswith(POST) or order == sorted(order), f"{to} got {order}"


def twice(world: World) -> list[EntryId]:
    """Return the entries that SES took more than once."""
    return [entry for entry, times in Counter(one.entry for one in world.sent).items() if times > 1]


def summary(world: World) -> dict[str, Any]:
    """Return what came of it, without times: the same in every run, if everything happens once."""
    return {
        "conversations": [_conversation(world.record(key)) for key in world.conversations()],
        "desks": [(who, sorted(desk.focus), desk.silent, desk.handling.n) for who, desk in world.desks().items()],
        "fates": sorted((str(one["pk"]), str(one["fate"])) for one in world.items("RECEIVED#")),
        "mails": [_mails(world.record(key), world) for key in world.conversations()],
        "facts": _facts(world),
    }


def _facts(world: World) -> list[tuple[str, str]]:
    """Return what was told of each conversation, each event once: a mail that came late is reminded of after a promise is revised."""
    told = {(one["DetailType"], json.loads(one["Detail"])["id"]) for one in world.told}
    return sorted((name, one.split(".")[0]) for name, one in told)


def _conversation(record: Record) -> tuple[Any, ...]:
    found = record.conversation
    said = [(one.author, one.text, one.note) for one in record.messages]
    entries = Counter((one.mail.to, one.mail.kind, one.status) for one in record.entries)
    standing = (found.state, found.outcome, found.specialist, found.parties, sorted(found.former.items()))
    return (found.id, *standing, found.version, said, sorted(entries.items()))


def _mails(record: Record, world: World) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return each mail that SES took, once: to whom, of what kind, and whose words it carries."""
    kinds = {entry.key: entry.mail.kind for entry in record.entries}
    taken = {one.entry: one for one in world.sent if one.entry in kinds}
    said = [message.text for message in record.messages]
    return sorted((one.to, kinds[key], tuple(text for text in said if text in one.text)) for key, one in taken.items())
