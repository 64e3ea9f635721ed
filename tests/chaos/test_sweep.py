"""The sweep always makes progress: what cannot be looked at keeps nobody back, however much of it there is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from chaos.harness import MINUTE, World, world
from undivided.aws.items import META, partition, shard
from undivided.aws.wire import update
from undivided.outbox import Kind
from undivided.state import State
from undivided.steps import clock
from undivided.values import ConversationId, stamp


def broken(made: World, number: int) -> None:
    """Put something under the index that no look can read, overdue for longer than everything else."""
    key = ConversationId(f"broken{number:06d}")
    item = {"pk": partition(key), "sk": META, "version": 1, "state": "waiting", "body": "{}", "due_shard": "0"}
    item["due_at"] = stamp(made.now - timedelta(days=1, seconds=number))
    wired = {name: {"N": str(one)} if isinstance(one, int) else {"S": one} for name, one in item.items()}
    made.stack.dynamodb.put_item(TableName="undivided", Item=wired)


def test_a_lost_timer_is_found_behind_any_number_of_broken_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "MOST_OVERDUE", 5)
    with world() as made:
        made.ask()
        made.settle()
        (key,) = made.conversations()
        at_the_end_of_the_line(made, key)
        for number in range(12):
            broken(made, number)
        made.schedules.clear()
        made.queues["timers"].waiting.clear()
        made.now += timedelta(hours=2, minutes=1)
        for _ in range(3):
            made.sweep()
            made.settle()
            made.now += MINUTE
        reminded = [entry.mail.kind for entry in made.record(key).entries]
        assert Kind.REMINDER in reminded, "the sweep never came past what is broken"


def at_the_end_of_the_line(made: World, key: ConversationId) -> None:
    """Have a conversation stand in the shard of the broken ones; they are overdue for longer."""
    assert made.conversation(key).state is State.FOCUS
    moved = update((partition(key), META), "SET due_shard = :shard", "attribute_exists(pk)", shard="0")
    made.stack.dynamodb.update_item(TableName="undivided", **moved)
    assert shard(key)


def test_a_sweep_asks_each_shard_once_and_looks_at_nothing_itself() -> None:
    with world() as made:
        made.ask()
        made.settle()
        made.schedules.clear()
        made.queues["timers"].waiting.clear()
        made.now += timedelta(hours=2, minutes=1)
        start = len(made.wire.calls)
        made.sweep()
        made.run("clock", made.queues["timers"].event(made.queues["timers"].next(made.now)))
        names = [call.name for call in made.wire.calls[start:] if not call.name.startswith(("s3", "ssm"))]
        assert names.count("dynamodb.Query") == 16
        assert names.count("sqs.SendMessage") == names.count("dynamodb.UpdateItem") == 1
        assert names.count("dynamodb.GetItem") == 1, "who is on the roster"
        assert len(names) == 19
