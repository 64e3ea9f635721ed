from __future__ import annotations

import undivided.expertise.memory as module
from undivided.expertise.memory import Memory

EAST, NORTH = [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]


def test_the_nearest_come_first_with_their_weight() -> None:
    memory = Memory(3)
    memory.add(1, EAST, 0, 100)
    memory.add(2, NORTH, 1, 200)
    memory.add(3, [0.9, 0.436, 0.0], 1, 30)
    assert [(vote.who, vote.weight) for vote in memory.nearest(EAST, 2, None)] == [(0, 1.0), (1, 0.3)]


def test_only_the_panel_votes() -> None:
    memory = Memory(3)
    memory.add(1, EAST, 0, 100)
    memory.add(2, [0.9, 0.436, 0.0], 1, 100)
    assert [vote.who for vote in memory.nearest(EAST, 5, {1})] == [1]
    assert memory.nearest(EAST, 5, {7}) == []


def test_what_is_taken_back_is_gone_at_once_and_from_the_bytes() -> None:
    memory = Memory(3)
    memory.add(1, EAST, 0, 100)
    memory.add(2, NORTH, 1, 100)
    memory.take_back(1, 0, 100)
    assert len(memory) == 1
    assert [vote.who for vote in memory.nearest(EAST, 5, None) if vote.cosine > 0.5] == []
    only = Memory(3)
    only.add(2, NORTH, 1, 100)
    assert memory.dump() == only.dump()


def test_a_busy_colleague_crowds_nobody_out(monkeypatch) -> None:
    monkeypatch.setattr(module, "LIMIT", 10)
    monkeypatch.setattr(module, "_SLACK", 5)
    memory = Memory(3)
    for mark in range(3):
        memory.add(mark, EAST, 1, 100)
    for mark in range(100, 200):
        memory.add(mark, NORTH, 0, 100)
    kept = Memory.load(memory.dump())
    whose = [vote.who for vote in kept.nearest(EAST, 99, {1})] + [vote.who for vote in kept.nearest(NORTH, 99, {0})]
    assert (whose.count(1), len(kept)) == (3, 10)


def test_reading_back_keeps_the_marks() -> None:
    memory = Memory(3)
    memory.add(5, EAST, 0, 100)
    read = Memory.load(memory.dump())
    read.take_back(5, 0, 100)
    assert len(read) == 0


def test_the_nearest_of_a_newcomer_are_heard_after_all_others() -> None:
    memory = Memory(3)
    for mark in range(20):
        memory.add(mark, EAST, 0, 100)
    for mark in range(30, 35):
        memory.add(mark, NORTH, 1, 100)
    assert [vote.who for vote in memory.nearest(EAST, 10, None, {1})] == [0] * 10 + [1] * 3
    assert [vote.who for vote in memory.nearest(NORTH, 10, None, {1})].count(1) == 5, "nobody is heard twice"
    assert [vote.who for vote in memory.nearest(EAST, 10, {0}, {1})] == [0] * 10
