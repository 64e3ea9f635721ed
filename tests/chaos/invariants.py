"""What must hold in the end, whatever happened on the way (DESIGN.md, "What always holds", 1 to 5)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from chaos.harness import PEOPLE, World
from undivided.aws.items import place_key
from undivided.record import POST
from undivided.state import State, Status
from undivided.values import SpecialistId

if TYPE_CHECKING:
    from undivided.record import EntryId


def all_hold(world: World) -> None:
    """Check the invariants that need no comparison."""
    undivided(world)
    nobody_lost(world)
    every_word_has_a_fate(world)
    nothing_left_over(world)
    in_order(world)


def undivided(world: World) -> None:
    """1: a desk and its conversations agree, and nobody has more than one in focus."""
    for desk in world.desks():
        assert len(desk.focus) <= 1, f"{desk.specialist} has {len(desk.focus)} conversations in focus"
        for key in desk.focus:
            found = world.conversation(key)
            assert (found.state, found.specialist) == (State.FOCUS, desk.specialist)
    for key in world.conversations():
        found = world.conversation(key)
        if found.state is State.FOCUS:
            assert key in world.runtime.desks.desk(found.specialist).focus


def nobody_lost(world: World) -> None:
    """2: the lines hold exactly the places that the conversations know of, and nobody waits for somebody who is free."""
    known = {place_key(place, key) for key in world.conversations() for place in world.conversation(key).places}
    held = {(one["pk"]["S"], one["sk"]["S"]) for one in world.items("LINE#")}
    assert held == known
    for queue in world.queues.values():
        assert not queue.dead, f"dead letters in {queue.name}: {[one.body for one in queue.dead]}"
    for key in world.conversations():
        found = world.conversation(key)
        assert (found.state is State.WAITING) == bool(found.places), f"{key} is {found.state} with {found.places}"
    for who, _ in PEOPLE:
        desk = world.runtime.desks.desk(SpecialistId(who))
        ready = not desk.focus and not desk.silent and not (desk.away_until and desk.away_until > world.now)
        waiting = [place for place, _ in world.runtime.lines.first(SpecialistId(who), 1)]
        assert not (ready and waiting and waiting[0].eligible_at <= world.now), f"{who} is free, and somebody waits"


def every_word_has_a_fate(world: World) -> None:
    """3: each received mail has one fate, and its bytes are kept."""
    fates = {one["pk"]["S"].removeprefix("RECEIVED#") for one in world.items("RECEIVED#")}
    assert fates == set(world.notices)
    for ses_id in world.notices:
        assert world.runtime.mails.raw(f"received/{ses_id}")


def nothing_left_over(world: World) -> None:
    """4, from the side of the outbox: every entry has ended, or waits for its hour; what was sent was taken by SES."""
    taken = Counter(one.entry for one in world.sent)
    for entry in world.entries():
        waits = entry.mail.not_before is not None and entry.mail.not_before > world.now
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
        "conversations": [_conversation(world, key) for key in world.conversations()],
        "desks": [(desk.specialist, sorted(desk.focus), desk.silent, desk.handling.n) for desk in world.desks()],
        "fates": sorted((one["pk"]["S"], one["fate"]["S"]) for one in world.items("RECEIVED#")),
        "mails": sorted({(one.to, str(one.mail["Subject"]), _words(one.text)) for one in world.sent}),
        "facts": sorted({one["Detail"] for one in world.told}),
    }


def _conversation(world: World, key: Any) -> tuple[Any, ...]:
    record = world.record(key)
    found = record.conversation
    said = [(one.author, one.text, one.note) for one in record.messages]
    entries = Counter((one.mail.to, one.mail.kind, one.status) for one in record.entries)
    standing = (found.state, found.outcome, found.specialist, found.parties, sorted(found.former.items()))
    return (key, *standing, found.version, said, sorted(entries.items()))


def _words(text: str) -> str:
    """Leave out the lines that name a time: trouble takes time."""
    return "\n".join(line for line in text.splitlines() if not any(mark in line for mark in (":", "about ")))
