"""What undivided/ports/ promises of `Quiet`, `Rosters` and `Turns`, held against the doubles in memory and DynamoDB (moto) alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from chaos import stack as moto
from fakes import memory as fake
from fakes.outside import Texts
from undivided.aws import desks, outbox, quiet, table
from undivided.aws.dynamo import Store
from undivided.changes import Changes
from undivided.config import Cap
from undivided.errors import Conflict
from undivided.outbox import Kind, Mail, Post, post_partition
from undivided.question import About, Shopper
from undivided.record import Roster
from undivided.state import Conversation
from undivided.values import OWNER, SHOPPER, Address, ConversationId, SpecialistId

if TYPE_CHECKING:
    from collections.abc import Iterator

    from undivided.ports.attention import Rosters
    from undivided.ports.conversations import Conversations
    from undivided.ports.sending import Entries, Quiet, Turns

NOW = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CAPS = (Cap(2, 10 * MINUTE), Cap(3, 60 * MINUTE))
OLD, NEW, ELSE = ("0" * 32, "1" * 32, "2" * 32)
ANNA, BOB = SpecialistId("anna"), SpecialistId("bob")
KEY = ConversationId("abcdefghijkl")


@dataclass(frozen=True)
class World:
    quiet: Quiet
    turns: Turns
    conversations: Conversations
    entries: Entries
    rosters: Rosters


@pytest.fixture(params=["memory", "dynamodb"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "memory":
        held = fake.Memory()
        yield World(
            fake.Quiet(held), fake.Turns(held), fake.Conversations(held), fake.Entries(held), fake.Rosters(held)
        )
        return
    with moto.stack() as stack:
        store = Store(stack.dynamodb, moto.TABLE)
        conversations = table.Conversations(store, Texts())
        yield World(quiet.Quiet(store), outbox.Turns(store), conversations, outbox.Entries(store), desks.Rosters(store))


# --- Quiet -----------------------------------------------------------------------------------------------------


def test_mails_are_counted_in_each_window_and_a_full_one_says_so(world: World) -> None:
    said = [world.quiet.allow((NEW,), CAPS, f"mail-{number}", NOW + number * MINUTE) for number in range(3)]
    assert said == ["", "", "capped"]
    assert world.quiet.allow((NEW,), CAPS, "mail-3", NOW + 10 * MINUTE) == "", "the short window has begun anew"
    assert world.quiet.allow((NEW,), CAPS, "mail-4", NOW + 11 * MINUTE) == "capped", "the long one is full"
    assert world.quiet.allow((NEW,), CAPS, "mail-4", NOW + 60 * MINUTE) == ""


def test_a_refused_mail_is_not_counted(world: World) -> None:
    for number in range(9):
        world.quiet.allow((NEW,), CAPS[:1], f"mail-{number}", NOW)
    assert world.quiet.allow((NEW,), CAPS, "later", NOW + 10 * MINUTE) == ""


def test_one_mail_counts_once_however_often_it_is_tried(world: World) -> None:
    assert [world.quiet.allow((NEW,), CAPS, "mail-1", NOW) for _ in range(5)] == [""] * 5
    assert world.quiet.allow((NEW,), CAPS, "mail-2", NOW) == ""
    assert world.quiet.allow((NEW,), CAPS, "mail-3", NOW) == "capped"
    assert world.quiet.allow((NEW,), CAPS, "mail-1", NOW) == "", "it has been allowed before"


def test_addresses_are_counted_apart(world: World) -> None:
    assert [world.quiet.allow((one,), CAPS[:1], f"{one}-{n}", NOW) for n in range(2) for one in (NEW, ELSE)] == [""] * 4
    assert world.quiet.allow((NEW,), CAPS[:1], "third", NOW) == "capped"


def test_a_complaint_stops_all_mail_whatever_secret_the_address_was_hashed_with(world: World) -> None:
    world.quiet.hush(OLD, NOW)
    world.quiet.hush(OLD, NOW + MINUTE)
    assert world.quiet.allow((NEW, OLD), CAPS, "mail-1", NOW) == "complaint"
    assert world.quiet.allow((OLD,), CAPS, "mail-1", NOW + timedelta(days=300)) == "complaint"
    assert world.quiet.allow((NEW,), CAPS, "mail-1", NOW) == ""


def test_a_complaint_keeps_the_counts_and_is_kept_by_them(world: World) -> None:
    assert world.quiet.allow((NEW,), CAPS[:1], "mail-1", NOW) == ""
    world.quiet.hush(NEW, NOW)
    assert world.quiet.allow((NEW,), CAPS[:1], "mail-2", NOW) == "complaint"


def test_whoever_writes_lifts_their_complaint(world: World) -> None:
    assert not world.quiet.lift((NEW, OLD), NOW), "there was none"
    world.quiet.hush(OLD, NOW)
    world.quiet.hush(ELSE, NOW)
    assert world.quiet.lift((NEW, OLD), NOW)
    assert not world.quiet.lift((NEW, OLD), NOW)
    assert world.quiet.allow((NEW, OLD), CAPS[:1], "mail-1", NOW) == ""
    assert world.quiet.allow((ELSE,), CAPS, "mail-1", NOW) == "complaint"


def test_lifting_a_complaint_keeps_the_counts(world: World) -> None:
    for number in range(2):
        assert world.quiet.allow((NEW,), CAPS[:1], f"mail-{number}", NOW) == ""
    world.quiet.hush(NEW, NOW)
    world.quiet.lift((NEW,), NOW)
    assert world.quiet.allow((NEW,), CAPS[:1], "mail-9", NOW) == "capped"


def test_no_caps_count_nothing(world: World) -> None:
    assert [world.quiet.allow((NEW,), (), f"mail-{number}", NOW) for number in range(5)] == [""] * 5


def test_two_that_count_at_once_do_not_lose_a_mail() -> None:
    """Only the real one has others: the second to write is told, and counts again."""
    with moto.stack() as stack:
        ours = quiet.Quiet(Store(stack.dynamodb, moto.TABLE))
        read = Store.get

        def overtaken(store: Store, where: tuple[str, str]) -> object:
            found = read(store, where)
            if not hasattr(overtaken, "once"):
                overtaken.once = True  # type: ignore[attr-defined]
                assert quiet.Quiet(Store(stack.dynamodb, moto.TABLE)).allow((NEW,), CAPS, "theirs", NOW) == ""
            return found

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Store, "get", overtaken)
            with pytest.raises(Conflict):
                ours.allow((NEW,), CAPS, "ours", NOW)
        assert ours.allow((NEW,), CAPS, "ours", NOW) == ""
        assert ours.allow((NEW,), CAPS, "third", NOW) == "capped"


# --- Rosters ---------------------------------------------------------------------------------------------------


def test_the_roster_is_remembered_once(world: World) -> None:
    assert world.rosters.known() == Roster()
    world.rosters.save(Roster(coming="2", seen_at=NOW))
    known = world.rosters.known()
    assert known == Roster(1, coming="2", seen_at=NOW)
    world.rosters.save(replace(known, shop="2", people=(ANNA, BOB)))
    assert world.rosters.known() == Roster(2, "2", (ANNA, BOB), "2", NOW)
    with pytest.raises(Conflict):
        world.rosters.save(known)


# --- Turns -----------------------------------------------------------------------------------------------------


def news(to: str = ANNA, kind: Kind = Kind.UNREACHABLE, **data: str) -> Mail:
    return Mail(to, kind, data=data)


def commit(world: World, *mails: Mail, key: ConversationId = KEY) -> None:
    shopper = Shopper("Ida", Address("ida@mail.example"), "de")
    fresh = Conversation(key, shopper, About(), NOW, NOW)
    world.conversations.commit(Changes(None, fresh, mails=mails), NOW)


def test_an_outbox_is_named_when_news_is_put_into_it(world: World) -> None:
    commit(world, news(), news(), news(BOB, Kind.LATE), news(SHOPPER, Kind.ACK), news(OWNER, Kind.OWNER_NOTICE))
    assert world.turns.waiting(ANNA, 9) == world.turns.waiting(BOB, 9) == (KEY,)
    assert world.turns.waiting(SpecialistId(SHOPPER), 9) == world.turns.waiting(SpecialistId(OWNER), 9) == ()


@pytest.mark.parametrize("kind", [Kind.QUESTION, Kind.FOLLOW_UP, Kind.REMINDER, Kind.CONSULT, Kind.UNDERSTOOD])
def test_work_and_answers_wait_for_no_turn(world: World, kind: Kind) -> None:
    commit(world, news(kind=kind))
    assert world.turns.waiting(ANNA, 9) == ()


def test_a_posted_mail_may_wait_for_a_turn_too(world: World) -> None:
    assert world.entries.post(Post("0f" * 16, news(kind=Kind.WELCOME), "welcome"), NOW)
    assert world.turns.waiting(ANNA, 9) == (post_partition("0f" * 16),)
    assert world.entries.post(Post("1f" * 16, news(BOB, Kind.HOW_TO), "a"), NOW)
    assert world.entries.post(Post("2f" * 16, news("bob@people.example", Kind.HOW_TO), "a"), NOW)
    assert world.turns.waiting(BOB, 9) == (post_partition("1f" * 16),)


def test_what_is_done_is_forgotten_and_may_be_named_again(world: World) -> None:
    keys = [ConversationId(f"abcdefghij{number:02d}") for number in range(12)]
    for key in keys:
        commit(world, news(), key=key)
    assert len(world.turns.waiting(ANNA, 5)) == 5
    for key in keys[:-1] * 2:
        world.turns.done(ANNA, key)
    assert world.turns.waiting(ANNA, 5) == (keys[-1],)
    world.turns.done(BOB, keys[-1])
    assert world.turns.waiting(ANNA, 5) == (keys[-1],)
