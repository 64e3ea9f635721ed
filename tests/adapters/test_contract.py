"""What undivided/ports/ promises of the table, held against its double in memory and against DynamoDB (moto) alike."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from chaos import stack as moto
from fakes import memory as fake
from fakes.outside import Texts
from undivided.aws import desks, due, outbox, publications, received, table
from undivided.aws.bucket import Bucket
from undivided.aws.dynamo import Store
from undivided.changes import Changes, Fact
from undivided.desk import Desk
from undivided.errors import Conflict, Duplicate, TooLarge
from undivided.expertise.asked import Reason
from undivided.knowledge.publishing import Decided, Proposal, Standing
from undivided.message import File, Message
from undivided.outbox import DAY, Entry, EntryId, Kind, Mail, Post, Status, post_partition
from undivided.question import About, Shopper
from undivided.record import MailRef, Received
from undivided.state import NEW_LANE, RESUME_LANE, Conversation, HandOver, Place, Ranked, State, Timer
from undivided.values import SHOPPER, Address, ConversationId, SpecialistId

if TYPE_CHECKING:
    from collections.abc import Iterator

    from undivided.ports.attention import Desks, Lines
    from undivided.ports.conversations import Conversations, Due, MailIndex
    from undivided.ports.learning import Publications
    from undivided.ports.objects import Received
    from undivided.ports.sending import Entries, Outbox

NOW = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
KEY = ConversationId("abcdefghijkl")
OTHER = ConversationId("mnopqrstuvwx")
ANNA, BOB, CLEO = SpecialistId("anna"), SpecialistId("bob"), SpecialistId("cleo")


@dataclass(frozen=True)
class World:
    conversations: Conversations
    desks: Desks
    lines: Lines
    outbox: Outbox
    entries: Entries
    received: Received
    index: MailIndex
    due: Due
    publications: Publications

    def overdue(self, now: datetime, limit: int = 100) -> list[ConversationId]:
        found = [one for shard in range(16) for one in self.due.overdue(shard, now, limit)]
        return [one for one in found if not isinstance(one, EntryId)]

    def resume(self, now: datetime) -> int:
        found = [one for shard in range(16) for one in self.due.overdue(shard, now, 100)]
        return sum(self.due.resume(one, now) for one in found if isinstance(one, EntryId))

    def record(self, key: ConversationId = KEY) -> Any:
        record = self.conversations.record(key)
        assert record is not None
        return record


def in_memory() -> World:
    held = fake.Memory()
    kinds = (
        fake.Conversations,
        fake.Desks,
        fake.Lines,
        fake.Outbox,
        fake.Entries,
        fake.Received,
        fake.MailIndex,
        fake.Due,
        fake.Publications,
    )
    return World(*(kind(held) for kind in kinds))


def in_dynamodb(stack: moto.Stack) -> World:
    store = Store(stack.dynamodb, moto.TABLE, pause=lambda _seconds: None)
    texts = Bucket(stack.s3, moto.BUCKET)
    kinds = (
        *(desks.Desks, desks.Lines, outbox.Outbox, outbox.Entries, received.Received, received.MailIndex, due.Due),
        publications.Publications,
    )
    return World(table.Conversations(store, texts), *(kind(store) for kind in kinds))


@pytest.fixture(params=["memory", "dynamodb"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "memory":
        yield in_memory()
        return
    with moto.stack() as stack:
        yield in_dynamodb(stack)


def new(key: ConversationId = KEY, **fields: Any) -> Conversation:
    shopper = Shopper("Ida", Address("ida@mail.example"), "de", zone="Europe/Berlin")
    return Conversation(key, shopper, About("S-1", "Saw"), asked_at=NOW, changed_at=NOW, **fields)


def question(key: ConversationId = KEY, **fields: Any) -> Changes:
    """A question that waits in two lines, with its acknowledgement."""
    places = (Place(ANNA, NEW_LANE, NOW), Place(BOB, NEW_LANE, NOW + MINUTE))
    after = new(key, **{"places": places, "timers": {Timer.WAKE: NOW + MINUTE}, **fields})
    return Changes(None, after, (Message(1, SHOPPER, NOW, "Which blade?"),), (Mail(SHOPPER, Kind.ACK),))


def taken(before: Conversation, desk: Desk) -> Changes:
    after = replace(before, state=State.FOCUS, specialist=desk.specialist, places=(), timers={})
    mail = Mail(desk.specialist, Kind.QUESTION, message=1, not_before=NOW + MINUTE)
    return Changes(before, after, mails=(mail,), desks=(desk.with_focus(before.id, NOW),))


# --- conversations ---------------------------------------------------------------------------------------------


def test_nothing_is_there_before_the_first_commit(world: World) -> None:
    assert world.conversations.conversation(KEY) is None
    assert world.conversations.record(KEY) is None
    assert world.entries.entry(EntryId(KEY, 1, 0)) is None
    assert world.entries.entries(KEY) == ()
    assert world.received.fate("none") is None
    assert world.index.find("<none@mail.example>") is None
    assert world.lines.first(ANNA, 5) == ()
    assert world.overdue(NOW + DAY) == []


def test_a_commit_is_read_back_whole(world: World) -> None:
    rich = question(
        ranking=(Ranked(ANNA, 0.1 + 0.2, (Reason("knows", {"word": "saws"}),), Reason("sku"), SpecialistId("ben")),),
        former={CLEO: HandOver.SILENT},
        parties=(CLEO, ANNA),
        fits=False,
    )
    after = world.conversations.commit(rich, NOW)
    assert after == replace(rich.after, version=1)
    assert world.conversations.conversation(KEY) == after
    entry = Entry(KEY, 1, 0, rich.mails[0], Status.PENDING, NOW, due_at=NOW)
    assert world.record() == world.record().__class__(after, rich.messages, (entry,))


def test_versions_count_and_messages_keep_their_order(world: World) -> None:
    after = world.conversations.commit(question(), NOW)
    for number in range(2, 13):
        said = Message(number, SHOPPER, NOW + number * MINUTE, f"word {number}")
        mails = (Mail(ANNA, Kind.FOLLOW_UP, number), Mail(SHOPPER, Kind.QUEUED))
        after = world.conversations.commit(Changes(after, replace(after, said=number), (said,), mails), NOW)
    record = world.record()
    assert record.conversation.version == 12
    assert [message.number for message in record.messages] == list(range(1, 13))
    assert [entry.id for entry in record.entries_to(ANNA)] == [f"{KEY}.{number}.0" for number in range(2, 13)]
    assert record.message(7).text == "word 7"
    assert record.message(0) is None


def test_a_version_that_moved_on_is_a_conflict(world: World) -> None:
    first = world.conversations.commit(question(), NOW)
    world.conversations.commit(Changes(first, replace(first, reason="a")), NOW)
    with pytest.raises(Conflict):
        world.conversations.commit(Changes(first, replace(first, reason="b"), mails=(Mail(ANNA, Kind.QUESTION),)), NOW)
    with pytest.raises(Conflict):
        world.conversations.commit(question(), NOW)
    assert world.record().conversation.reason == "a"
    assert len(world.record().entries) == 1


def test_a_desk_that_moved_on_refuses_the_whole_commit(world: World) -> None:
    """Count-then-claim is wrong: two conversations that saw the same free slot cannot both have it."""
    one, other = (world.conversations.commit(question(key), NOW) for key in (KEY, OTHER))
    seen = world.desks.desk(ANNA)
    world.conversations.commit(taken(one, seen), NOW)
    with pytest.raises(Conflict):
        world.conversations.commit(taken(other, seen), NOW)
    assert world.desks.desk(ANNA).focus == {KEY: NOW}
    assert world.desks.desk(ANNA).version == 1
    assert world.conversations.conversation(OTHER) == other
    assert [conversation for _, conversation in world.lines.first(ANNA, 5)] == [OTHER]


def test_an_event_is_dealt_with_once(world: World) -> None:
    after = world.conversations.commit(question(), NOW, seen="form:1")
    changes = Changes(after, replace(after, reason="again"))
    with pytest.raises(Duplicate):
        world.conversations.commit(changes, NOW, seen="form:1")
    mail = Received("ses-1", "relayed", NOW, "party", KEY, "received/1")
    assert world.conversations.commit(changes, NOW, received=mail).reason == "again"
    stale = Changes(after, replace(after, reason="third"))
    with pytest.raises(Duplicate):
        world.conversations.commit(stale, NOW, seen="mail:2", received=replace(mail, fate="other"))
    assert world.received.fate("ses-1") == mail
    assert world.conversations.conversation(KEY).reason == "again"  # type: ignore[union-attr]
    now = world.record().conversation
    world.conversations.commit(Changes(now, now), NOW, seen="mail:2")


def test_a_known_message_id_keeps_its_meaning_and_stops_no_mail(world: World) -> None:
    after = world.conversations.commit(question(), NOW, references=(MailRef("<a@x.example>", KEY, SHOPPER, message=1),))
    again = (
        MailRef("<a@x.example>", OTHER, ANNA, message=2),
        MailRef("b@x.example", KEY, SHOPPER, message=2),
        MailRef("<b@x.example>", KEY, ANNA, message=9),
        MailRef("", KEY, ANNA, message=9),
    )
    after = world.conversations.commit(Changes(after, after), NOW, seen="two", references=again)
    assert after.version == 2
    assert world.index.find(" a@x.example ") == MailRef("<a@x.example>", KEY, SHOPPER, message=1)
    assert world.index.find("<b@x.example>") == MailRef("b@x.example", KEY, SHOPPER, message=2)
    with pytest.raises(Duplicate):
        world.conversations.commit(Changes(after, after), NOW, seen="two", references=again)


@pytest.mark.parametrize("name", ["<" + "x" * 3000 + "@y.example>", "<é\udcff 木@z.example>", "<@>", "no-at-sign"])
def test_any_message_id_can_be_found(world: World, name: str) -> None:
    world.conversations.commit(question(), NOW, references=(MailRef(name, KEY, SHOPPER, message=1),))
    found = world.index.find(name)
    assert found
    assert (found.conversation, found.message) == (KEY, 1)
    assert world.index.find(name + "x") is None


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("ä" * 200_000, ""),
        ("short", "<p>" + "x" * 350_000),
        ("木" * 200_000, "y" * 500_000),
        ("half \udc80 character", ""),
    ],
)
def test_every_word_is_kept_however_long(world: World, text: str, html: str) -> None:
    files = (File("a.jpg", "image/jpeg", 5, 2, "cid"),)
    said = Message(1, SHOPPER, NOW, text, html, files=files, references=("<r@x.example>",))
    world.conversations.commit(replace(question(), messages=(said,)), NOW)
    assert world.record().messages == (said,)


def test_places_follow_the_conversation(world: World) -> None:
    after = world.conversations.commit(question(), NOW)
    moved = replace(after, places=(Place(BOB, NEW_LANE, NOW + MINUTE), Place(CLEO, RESUME_LANE, NOW)))
    after = world.conversations.commit(Changes(after, moved), NOW)
    assert world.lines.first(ANNA, 5) == ()
    assert world.lines.first(BOB, 5) == ((Place(BOB, NEW_LANE, NOW + MINUTE), KEY),)
    assert world.lines.first(CLEO, 5) == ((Place(CLEO, RESUME_LANE, NOW), KEY),)
    world.conversations.commit(taken(after, world.desks.desk(BOB)), NOW)
    assert world.lines.first(BOB, 5) == world.lines.first(CLEO, 5) == ()


def test_timers_are_found_by_the_sweep_until_they_have_passed(world: World) -> None:
    after = world.conversations.commit(question(), NOW)
    assert world.overdue(NOW) == []
    assert world.overdue(NOW + MINUTE) == [KEY]
    world.conversations.commit(Changes(after, replace(after, timers={})), NOW)
    assert world.overdue(NOW + DAY) == []


def test_the_sweep_sees_the_longest_overdue_first(world: World) -> None:
    for number in range(12):
        timers = {Timer.LAPSE: NOW + (11 - number) * MINUTE}
        world.conversations.commit(question(ConversationId(f"abcdefghij{number:02d}"), timers=timers), NOW)
    assert len(world.overdue(NOW + DAY)) == 12
    found = [world.due.overdue(shard, NOW + DAY, 1) for shard in range(16)]
    assert all(len(one) <= 1 for one in found)
    assert ConversationId("abcdefghij11") in {key for one in found for key in one}


def test_whoever_was_looked_at_makes_room_for_the_next(world: World) -> None:
    """The sweep always makes progress: what does not move by itself is seen again only after the others."""
    keys = {ConversationId(f"abcdefghij{number:02d}") for number in range(12)}
    for key in keys:
        world.conversations.commit(replace(question(key, timers={Timer.LAPSE: NOW}), mails=()), NOW)
    seen: list[ConversationId] = []
    for _ in range(12):
        for key in world.overdue(NOW + MINUTE, limit=1):
            world.due.put_off(key, NOW + MINUTE)
            seen.append(key)
    assert set(seen) == keys
    assert len(seen) == 12, "nobody is seen twice in five minutes"
    assert world.overdue(NOW + 5 * MINUTE) == []
    assert set(world.overdue(NOW + 6 * MINUTE)) == keys
    after = world.conversations.conversation(seen[0])
    assert after
    assert after.timers == {Timer.LAPSE: NOW}, "its own time stays"
    world.conversations.commit(Changes(after, after), NOW)
    assert world.overdue(NOW + MINUTE) == [seen[0]], "a commit says anew when it is due"
    world.due.put_off(ConversationId("nobodysquest"), NOW)


def test_what_cannot_be_committed_is_said_before_anything_is_written(world: World) -> None:
    with pytest.raises(ValueError, match="decided on version 3"):
        world.conversations.commit(Changes(None, new(version=3)), NOW)
    with pytest.raises(ValueError, match=r"messages \[2\] in version 1"):
        world.conversations.commit(replace(question(), messages=(Message(2, SHOPPER, NOW, "x"),)), NOW)
    assert world.conversations.conversation(KEY) is None


# --- desks and lines -------------------------------------------------------------------------------------------


def test_desks_exist_from_the_first_look(world: World) -> None:
    assert world.desks.desk(ANNA) == Desk(ANNA)
    saved = world.desks.save(Desk(ANNA, away_until=NOW + DAY), NOW)
    assert saved.version == 1
    assert world.desks.desks((ANNA, BOB, ANNA)) == {ANNA: saved, BOB: Desk(BOB)}
    assert world.desks.desks(()) == {}
    with pytest.raises(Conflict):
        world.desks.save(Desk(ANNA), NOW)
    handled = replace(saved, away_until=None, silent=True, handling=saved.handling.add(123.4))
    assert world.desks.save(handled, NOW) == world.desks.desk(ANNA) == replace(handled, version=2)


def test_many_desks_are_read_at_once(world: World) -> None:
    people = [SpecialistId(f"person-{number:03d}") for number in range(130)]
    for who in people[::10]:
        world.desks.save(Desk(who, silent=True), NOW)
    found = world.desks.desks(people)
    assert list(found) == people
    assert Counter(desk.version for desk in found.values()) == {0: 117, 1: 13}


def test_a_line_has_its_order(world: World) -> None:
    places = [(NEW_LANE, 3), (NEW_LANE, 1), (RESUME_LANE, 9), (NEW_LANE, 2), (RESUME_LANE, 8)]
    for number, (lane, minute) in enumerate(places):
        key = ConversationId(f"abcdefghijk{number}")
        world.conversations.commit(question(key, places=(Place(ANNA, lane, NOW + minute * MINUTE),)), NOW)
    order = [int(key[-1]) for _, key in world.lines.first(ANNA, 9)]
    assert order == [4, 2, 1, 3, 0]
    assert [int(key[-1]) for _, key in world.lines.first(ANNA, 2)] == [4, 2]
    assert world.lines.ahead(ANNA, NOW) == 2
    assert world.lines.ahead(ANNA, NOW + 3 * MINUTE) == 4
    assert world.lines.ahead(ANNA, NOW + DAY) == 5
    assert world.lines.ahead(ANNA, NOW + DAY, most=3) == 3
    assert world.lines.ahead(BOB, NOW + DAY) == 0
    (place, key), *_ = world.lines.first(ANNA, 1)
    for _ in range(2):
        world.lines.remove(place, key)
        assert [int(one[-1]) for _, one in world.lines.first(ANNA, 9)] == [2, 1, 3, 0]


# --- the outbox ------------------------------------------------------------------------------------------------


@pytest.fixture
def entry(world: World) -> Entry:
    world.conversations.commit(question(), NOW)
    return the_entry(world)


def the_entry(world: World) -> Entry:
    found = world.entries.entry(EntryId(KEY, 1, 0))
    assert found
    return found


def test_only_one_can_claim(world: World, entry: Entry) -> None:
    assert world.outbox.claim(entry, NOW)
    assert not world.outbox.claim(entry, NOW)
    claimed = the_entry(world)
    assert (claimed.status, claimed.claimed_at, claimed.attempts) == (Status.SENDING, NOW, 1)
    assert not world.outbox.claim(claimed, NOW + 14 * MINUTE)
    assert not world.outbox.claim(entry, NOW + 15 * MINUTE), "read before the first claim"
    assert world.outbox.claim(claimed, NOW + 15 * MINUTE)
    assert the_entry(world).attempts == 2


def test_sent_is_an_end_and_names_where_replies_belong(world: World, entry: Entry) -> None:
    assert world.outbox.claim(entry, NOW)
    sent = world.outbox.sent(the_entry(world), "0100-a", NOW)
    assert (sent.status, sent.ses_id, sent.resolved_by, sent.due_at) == (Status.SENT, "0100-a", "answer", None)
    assert sent.sent_key == f"sent/{KEY}.1.0"
    assert the_entry(world) == sent
    ref = MailRef("0100-a", KEY, SHOPPER, entry=entry.id)
    for name in ("0100-a", "<0100-a@eu-central-1.amazonses.com>", "<0100-a@email.amazonses.com>"):
        assert world.index.find(name) == ref
    assert not world.outbox.claim(sent, NOW + DAY)
    assert world.outbox.put_back(sent, NOW + DAY) == sent
    assert world.outbox.failed(sent, "late") == sent
    assert world.resume(NOW + DAY) == 0


def test_an_event_may_settle_it_first_and_a_second_copy_is_found_too(world: World, entry: Entry) -> None:
    assert world.outbox.claim(entry, NOW)
    by_event = world.outbox.sent(the_entry(world), "0100-a@email.amazonses.com", NOW, by="event")
    assert world.outbox.sent(by_event, "0100-a", NOW) == by_event
    assert world.outbox.sent(by_event, "0100-b", NOW + 20 * MINUTE) == by_event
    assert the_entry(world) == by_event
    for name in ("<0100-a@email.amazonses.com>", "<0100-b@eu-central-1.amazonses.com>"):
        ref = world.index.find(name)
        assert ref
        assert (ref.conversation, ref.party, ref.entry) == (KEY, SHOPPER, entry.id)


def test_put_back_waits_and_can_be_claimed_again(world: World, entry: Entry) -> None:
    assert world.outbox.put_back(entry, NOW + DAY) == entry, "only a claimed one"
    assert world.outbox.claim(entry, NOW)
    back = world.outbox.put_back(the_entry(world), NOW + MINUTE, "Throttling: wait \udcff" + "x" * 5000)
    assert (back.status, back.due_at, back.attempts) == (Status.PENDING, NOW + MINUTE, 1)
    assert back.reason.startswith("Throttling")
    assert not world.outbox.claim(entry, NOW + MINUTE), "read before the first claim"
    assert world.outbox.claim(back, NOW + MINUTE)


def test_what_cannot_be_written_waits_and_is_counted_once(world: World, entry: Entry) -> None:
    off = world.outbox.put_off(entry, NOW + MINUTE, "KeyError", 1)
    assert (off.status, off.due_at, off.attempts, off.faults) == (Status.PENDING, NOW + MINUTE, 0, 1)
    assert off.reason == "KeyError"
    assert world.outbox.put_off(entry, NOW + MINUTE, "KeyError", 1).faults == 1, "two that read the same count once"
    assert world.outbox.put_off(entry, NOW + DAY, "throttled", 0).due_at == NOW + MINUTE, "read before"
    assert world.resume(NOW + 2 * MINUTE) == 1
    assert world.outbox.claim(the_entry(world), NOW + 2 * MINUTE)
    claimed = the_entry(world)
    assert world.outbox.put_off(entry, NOW + DAY, "late", 2) == claimed, "read before the claim"
    assert world.outbox.put_off(claimed, NOW + DAY, "again", 2).status is Status.SENDING


def test_writing_that_was_begun_is_counted_until_somebody_comes_back(world: World, entry: Entry) -> None:
    assert world.outbox.begin(entry, NOW + MINUTE)
    assert not world.outbox.begin(entry, NOW + MINUTE), "two that read the same count once"
    begun = the_entry(world)
    assert (begun.status, begun.begun, begun.due_at, begun.faults) == (Status.PENDING, 1, NOW + MINUTE, 0)
    assert world.resume(NOW + 2 * MINUTE) == 1
    assert world.outbox.begin(the_entry(world), NOW + 9 * MINUTE)
    assert (the_entry(world).begun, the_entry(world).due_at) == (2, NOW + 9 * MINUTE)
    assert world.outbox.put_off(the_entry(world), NOW + MINUTE, "throttled", 0).begun == 0
    assert world.outbox.begin(the_entry(world), NOW + MINUTE)
    assert world.outbox.claim(the_entry(world), NOW + MINUTE)
    assert the_entry(world).begun == 0
    assert not world.outbox.begin(begun, NOW + DAY), "read before the claim"
    ended = world.outbox.failed(the_entry(world), "x")
    assert not world.outbox.begin(ended, NOW + DAY)


def test_failed_is_an_end(world: World, entry: Entry) -> None:
    failed = world.outbox.failed(entry, "superseded")
    assert (failed.status, failed.reason, failed.due_at) == (Status.FAILED, "superseded", None)
    assert the_entry(world) == failed
    assert failed.ended
    assert not world.outbox.claim(failed, NOW + DAY)
    assert world.resume(NOW + DAY) == 0


def test_the_sweep_resumes_what_was_left(world: World, entry: Entry) -> None:
    assert world.resume(NOW - MINUTE) == 0
    assert world.resume(NOW) == 1
    assert world.resume(NOW + 4 * MINUTE) == 0, "somebody may be at it"
    assert world.resume(NOW + 5 * MINUTE) == 1
    assert world.outbox.claim(entry, NOW + 6 * MINUTE), "the mark is in nobody's way"
    assert world.resume(NOW + 20 * MINUTE) == 0
    assert world.resume(NOW + 21 * MINUTE) == 1, "never answered"


def test_a_mail_that_was_put_back_is_due_once_the_sweep_has_marked_it(world: World, entry: Entry) -> None:
    assert world.outbox.claim(entry, NOW)
    assert world.outbox.put_back(the_entry(world), NOW + MINUTE).due_at == NOW + MINUTE
    assert world.resume(NOW + 2 * MINUTE) == 1
    assert the_entry(world).due_at == NOW + 2 * MINUTE, "whoever sends it must not wait for the next mark"
    assert world.outbox.claim(the_entry(world), NOW + 2 * MINUTE)
    assert the_entry(world).due_at == NOW + 17 * MINUTE


def test_quiet_mail_is_due_when_its_hours_begin(world: World) -> None:
    after = world.conversations.commit(question(), NOW)
    assert world.outbox.failed(the_entry(world), "not this one").ended
    world.conversations.commit(taken(after, world.desks.desk(ANNA)), NOW)
    assert world.resume(NOW) == 0
    assert world.resume(NOW + MINUTE) == 1


def test_an_entry_that_is_not_there_cannot_be_moved(world: World) -> None:
    ghost = Entry(KEY, 7, 0, Mail(SHOPPER, Kind.ACK), Status.PENDING, NOW)
    assert not world.outbox.claim(ghost, NOW)
    assert world.outbox.put_back(ghost, NOW) == ghost
    assert world.outbox.failed(ghost, "x") == ghost
    assert world.outbox.sent(ghost, "0100-z", NOW) == ghost
    assert world.entries.entry(ghost.key) is None


# --- mail outside of conversations, and fates ------------------------------------------------------------------


def stranger(kind: Kind = Kind.HOW_TO, cap: str = "how_to") -> Post:
    return Post("0f" * 16, Mail("who@else.example", kind), cap)


def test_a_stranger_gets_one_explanation_a_day(world: World) -> None:
    mail = Received("ses-1", "stranger", NOW, "unknown")
    assert world.entries.post(stranger(), NOW, mail)
    assert world.received.fate("ses-1") == mail
    assert not world.entries.post(stranger(), NOW + MINUTE, replace(mail, ses_id="ses-2"))
    assert world.received.fate("ses-2") is None
    assert world.entries.post(stranger(cap="welcome"), NOW + MINUTE)
    assert not world.entries.post(stranger(), NOW + DAY - MINUTE)
    assert world.entries.post(stranger(), NOW + DAY)
    entries = world.entries.entries(post_partition("0f" * 16))
    assert [entry.mail.to for entry in entries] == ["who@else.example"] * 3
    assert [entry.created_at for entry in entries] == [NOW, NOW + MINUTE, NOW + DAY]
    with pytest.raises(Duplicate):
        world.entries.post(stranger(cap="third"), NOW, mail)


def test_a_posted_mail_goes_the_way_of_every_mail(world: World) -> None:
    assert world.entries.post(stranger(), NOW)
    (entry,) = world.entries.entries(post_partition("0f" * 16))
    assert EntryId.read(entry.tag) == EntryId.read(entry.id) == entry.key
    assert world.resume(NOW) == 1
    assert world.outbox.claim(entry, NOW)
    sent = world.outbox.sent(entry, "0100-p", NOW)
    assert sent.status is Status.SENT
    assert world.index.find("0100-p") is None, "replies to it belong to no conversation"
    assert world.overdue(NOW + DAY) == []


def test_every_mail_has_one_fate(world: World) -> None:
    mail = Received("ses-1", "spam", NOW, "spam", None, "received/1")
    world.received.record(mail)
    with pytest.raises(Duplicate):
        world.received.record(replace(mail, fate="relayed"))
    assert world.received.fate("ses-1") == mail


# --- limits that only the real one has -------------------------------------------------------------------------


def test_too_large_is_said_before_anything_is_written() -> None:
    with moto.stack() as stack:
        world = in_dynamodb(stack)
        mails = tuple(Mail(SHOPPER, Kind.ACK) for _ in range(30))
        with pytest.raises(TooLarge, match="items in one transaction"):
            world.conversations.commit(replace(question(), mails=mails), NOW)
        with pytest.raises(TooLarge, match="bytes; DynamoDB takes"):
            world.conversations.commit(question(reason="x" * 500_000), NOW)
        assert world.conversations.conversation(KEY) is None


def test_facts_and_expiry_stand_where_stream_and_retention_find_them() -> None:
    with moto.stack() as stack:
        store = Store(stack.dynamodb, moto.TABLE)
        conversations = table.Conversations(store, Texts(), retention=timedelta(days=10))
        fact = Fact("question_accepted", {"source": "form"})
        after = conversations.commit(replace(question(), facts=(fact,)), NOW)
        item = store.get((f"CONV#{KEY}", "META"))
        assert item
        assert (table.items.facts(item), item.get("expires")) == ((fact,), None)
        ended = replace(after, state=State.ENDED, outcome="answered", timers={}, places=())
        after = conversations.commit(Changes(after, ended), NOW)
        item = store.get((f"CONV#{KEY}", "META"))
        assert item
        assert (table.items.facts(item), item["expires"]) == ((), int((NOW + timedelta(days=10)).timestamp()))
        conversations.commit(Changes(after, replace(after, state=State.WAITING, outcome=None)), NOW)
        item = store.get((f"CONV#{KEY}", "META"))
        assert item
        assert "expires" not in item


# --- published answers -----------------------------------------------------------------------------------------

PUBLISHED, DECLINED, TAKEN_BACK = Standing.PUBLISHED, Standing.DECLINED, Standing.TAKEN_BACK


def decided(standing: Standing = PUBLISHED, number: int = 2, sku: str = "S-1", minutes: int = 0) -> Decided:
    words = Proposal("Which blade fits? ß […]", "The fine one </script>.", "Anna", NOW, NOW, "en", sku, "name 1")
    return Decided(words, KEY, number, standing, NOW + minutes * MINUTE)


def test_a_decision_is_found_whole_and_only_where_it_belongs(world: World) -> None:
    assert world.publications.find("S-1", KEY, 2) is None
    assert world.publications.decide(decided(), None)
    assert world.publications.find("S-1", KEY, 2) == decided()
    assert world.publications.of_product("S-1", 20) == (decided(),)
    for sku, key, number in (("S-2", KEY, 2), ("S-1", OTHER, 2), ("S-1", KEY, 22), ("S", KEY, 2)):
        assert world.publications.find(sku, key, number) is None
    assert world.publications.of_product("S", 20) == ()


@pytest.mark.parametrize("stands", [None, PUBLISHED, DECLINED, TAKEN_BACK])
@pytest.mark.parametrize("believed", [None, PUBLISHED, DECLINED, TAKEN_BACK])
def test_a_decision_replaces_only_what_it_was_made_on(
    world: World, stands: Standing | None, believed: Standing | None
) -> None:
    if stands:
        assert world.publications.decide(decided(stands), None)
    new = decided(TAKEN_BACK, minutes=5)
    assert world.publications.decide(new, believed) is (stands is believed)
    found = world.publications.find("S-1", KEY, 2)
    assert found == (new if stands is believed else decided(stands) if stands else None)


def test_of_a_product_what_stands_published_is_shown_the_newest_first(world: World) -> None:
    for number, standing in enumerate((PUBLISHED, DECLINED, PUBLISHED, TAKEN_BACK, PUBLISHED), 1):
        assert world.publications.decide(decided(standing, number, minutes=-number), None)
    assert world.publications.decide(decided(number=9, sku="S-2"), None)
    assert [one.number for one in world.publications.of_product("S-1", 20)] == [1, 3, 5]
    assert [one.number for one in world.publications.of_product("S-1", 2)] == [1, 3]


def test_what_is_not_published_any_more_expires_and_what_is_does_not() -> None:
    with moto.stack() as stack:
        store = Store(stack.dynamodb, moto.TABLE)
        publications.Publications(store).decide(decided(), None)
        assert "expires" not in (store.get(("PUBLISHED#S-1", f"{KEY}.000002")) or {})
        publications.Publications(store).decide(decided(TAKEN_BACK), PUBLISHED)
        item = store.get(("PUBLISHED#S-1", f"{KEY}.000002")) or {}
        assert item["expires"] == int((NOW + timedelta(days=30)).timestamp())
