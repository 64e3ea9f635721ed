"""A mail over which `email_out` dies each time, as when it runs out of memory: everybody else's goes, and the owner hears of it."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

from chaos.harness import world
from chaos.wire import Killed
from undivided.mail.compose import Composed, Context, compose
from undivided.outbox import Entry, Kind, Status
from undivided.record import Record
from undivided.steps import send
from undivided.steps.send import MOST_BACK_OFF, MOST_FAULTS, STALE
from undivided.values import SHOPPER

OWNER = "owner@people.example"


def test_a_mail_that_kills_its_function_ends_and_the_owner_is_told_once() -> None:
    deaths = []

    with world() as made:

        def deadly(entry: Entry, record: Record | None, context: Context) -> Composed:
            if entry.conversation == poisoned and entry.mail.kind is Kind.ACK:
                deaths.append(made.now)
                raise Killed("out of memory")
            return compose(entry, record, context)

        with mock.patch.object(send, "compose", deadly):
            poisoned = made.ask("Which blade?")
            made.settle()
            other = made.ask("Which belt?", name="eva")
            made.settle()
            for _ in range(MOST_FAULTS + 2):
                made.advance(MOST_BACK_OFF + timedelta(minutes=1))
                made.sweep()
                made.settle()
            late = made.ask("Which bit?", name="tim")
            made.settle()
        acks = {entry.conversation: entry for entry in made.entries() if entry.mail.kind is Kind.ACK}
        assert acks[poisoned].status is Status.FAILED
        assert "died" in acks[poisoned].reason
        assert acks[other].status is acks[late].status is Status.SENT
        assert len([at for at in deaths if at >= acks[poisoned].created_at + STALE]) == MOST_FAULTS
        assert sum(acks[poisoned].id in one.text for one in made.to(OWNER)) == 1
        assert all(one.ended for one in made.entries() if one.conversation == poisoned and one.mail.to == SHOPPER)
