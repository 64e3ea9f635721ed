"""Two corners of attention at once: each alone is in `test_corners.py`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from undivided.answering import specialist_writes
from undivided.closing import end
from undivided.conversation import shopper_writes, take
from undivided.handing_over import hand_over
from undivided.obey import Order, obey
from undivided.outbox import Kind
from undivided.parts import focus_timers
from undivided.promise.estimate import Promise
from undivided.question import CallBack
from undivided.revising import MOST_REVISIONS
from undivided.snoozing import snooze
from undivided.state import RESUME_LANE, Conversation, HandOver, Outcome, State, Timer
from undivided.timers import tick
from undivided.values import OWNER, SHOPPER, SpecialistId
from unit.attention.desk import (
    ANNA,
    FOCUS,
    KEVIN,
    LENA,
    MONDAY,
    OMAR,
    WAITING,
    WITH_SHOPPER,
    World,
    person,
    shop,
    words,
)

DAY = timedelta(days=1)


def holding(world: World) -> Conversation:
    """Have Anna's answer held for two minutes."""
    world.shop = replace(world.shop, pace=replace(world.shop.pace, hold=timedelta(minutes=2)))
    asked = world.ask("ida")
    return world.commit(specialist_writes(asked, ANNA, words(ANNA, "Two metres."), asked.said, world.given()))


def consulting(world: World, asked: SpecialistId = KEVIN, *, delivered: bool = True) -> Conversation:
    """Have Anna ask a colleague for an opinion."""
    one = world.ask("ida", [(ANNA, 1.0), (LENA, 0.9)])
    one = world.commit(obey(one, ANNA, words(ANNA, "Red?"), (Order("ask", to=asked),), one.said, world.given()))
    return world.commit(take(one, asked, world.given())) if delivered else one


def away(world: World, who: SpecialistId, until: timedelta = 3 * DAY) -> None:
    world.desks[who] = replace(world.given().desk(who), away_until=world.now + until)


def notices(world: World, conversation: Conversation) -> list[Kind]:
    return [kind for key, to, kind in world.mails if (key, to) == (conversation.id, OWNER)]


# --- a held answer ------------------------------------------------------------------------------------------------


def test_a_held_answer_goes_before_the_conversation_is_snoozed() -> None:
    world = World()
    held = holding(world)
    aside = world.commit(snooze(held, ANNA, world.now + DAY, world.given()))
    assert (aside.state, aside.held) == (State.SNOOZED, 0)
    assert world.kinds(SHOPPER).count(Kind.ANSWER) == 1
    assert not world.desks[ANNA].focus


def test_words_and_a_snooze_in_one_mail_reach_the_shopper_although_answers_are_held() -> None:
    world = World()
    world.shop = replace(world.shop, pace=replace(world.shop.pace, hold=timedelta(minutes=2)))
    one = world.ask("ida")
    order = Order("snooze", until=world.now + DAY)
    aside = world.commit(obey(one, ANNA, words(ANNA, "I will measure it."), (order,), one.said, world.given()))
    assert (aside.state, aside.held) == (State.SNOOZED, 0)
    assert world.kinds(SHOPPER).count(Kind.ANSWER) == 1


def test_a_colleague_is_not_asked_about_what_a_held_answer_settles() -> None:
    world = World()
    held = holding(world)
    order = (Order("ask", to=KEVIN),)
    assert obey(held, ANNA, words(ANNA, "Red?"), order, held.said, world.given()) is None
    world.wait(minutes=3)
    assert world.kinds(SHOPPER).count(Kind.ANSWER) == 1


def test_a_held_answer_goes_before_a_colleague_is_asked_about_later_words() -> None:
    world = World()
    held = holding(world)
    crossed = world.commit(shopper_writes(held, words(), world.given()))
    order = (Order("ask", to=KEVIN),)
    asked = world.commit(obey(crossed, ANNA, words(ANNA, "Red?"), order, held.said, world.given()))
    assert (asked.state, asked.held) == (State.CONSULTING, 0)
    assert world.kinds(SHOPPER).count(Kind.ANSWER) == 1


@pytest.mark.parametrize("why", [HandOver.AWAY, HandOver.REMOVED, HandOver.BOUNCED, HandOver.PASSED])
def test_a_held_answer_goes_before_the_conversation_is_handed_over(why: HandOver) -> None:
    world = World()
    held = holding(world)
    crossed = world.commit(shopper_writes(held, words(), world.given()))
    moved = world.commit(hand_over(crossed, ANNA, why, world.given()))
    assert (moved.state, moved.held) == (WAITING, 0)
    assert world.kinds(SHOPPER).count(Kind.ANSWER) == 1


# --- consulting ---------------------------------------------------------------------------------------------------


def test_asking_a_colleague_and_going_away_in_one_mail_does_both() -> None:
    world = World()
    one = world.ask("ida", [(ANNA, 1.0), (LENA, 0.9)])
    orders = (Order("ask", to=KEVIN), Order("away", until=world.now + DAY))
    asked = world.commit(obey(one, ANNA, words(ANNA, "Red?"), orders, one.said, world.given()))
    assert (asked.state, asked.consulted) == (State.CONSULTING, KEVIN)
    assert world.desks[ANNA].away_until == world.now + DAY
    assert not world.desks[ANNA].focus


def test_whoever_asks_and_goes_away_is_not_waited_for_when_the_opinion_is_there() -> None:
    world = World()
    asked = consulting(world)
    away(world, ANNA)
    world.commit(specialist_writes(asked, KEVIN, words(KEVIN, "Red."), asked.said, world.given()))
    world.wait(minutes=30)
    assert world.conversations[asked.id].specialist == LENA


def test_whoever_is_asked_and_away_keeps_the_question_until_the_deadline_at_most() -> None:
    """Both are away in the end: the opinion does not come, the asker is not there, and the next best has it."""
    world = World()
    asked = consulting(world, delivered=False)
    away(world, KEVIN, 10 * DAY)
    away(world, ANNA, 10 * DAY)
    world.wait(hours=7)
    assert world.conversations[asked.id].specialist in (LENA, OMAR)


def test_the_asked_one_hands_the_opinion_back_by_going_away() -> None:
    world = World()
    asked = consulting(world)
    order = Order("away", until=world.now + DAY)
    back = world.commit(obey(asked, KEVIN, words(KEVIN, ""), (order,), 0, world.given()))
    assert [(place.specialist, place.lane) for place in back.places] == [(ANNA, RESUME_LANE)]
    assert not world.desks[KEVIN].focus
    assert world.desks[KEVIN].away_until


def test_an_opinion_about_a_call_may_come_after_the_time_of_the_call() -> None:
    world = World()
    one = replace(world.ask("ida"), call_back=CallBack(world.now, world.now + timedelta(minutes=30)))
    world.conversations[one.id] = one
    asked = world.commit(obey(one, ANNA, words(ANNA, "Red?"), (Order("ask", to=KEVIN),), one.said, world.given()))
    world.now += timedelta(hours=1)
    assert world.commit(take(asked, KEVIN, world.given())).consult_delivered


@pytest.mark.parametrize("ending", ["answer", "won", "withdrawn", "deadline", "removed", "fallback"])
def test_whoever_is_asked_hears_that_the_opinion_is_not_needed_any_more(ending: str) -> None:
    world = World()
    asked = consulting(world)
    before = len(world.mails)
    if ending == "answer":
        world.commit(specialist_writes(asked, ANNA, words(ANNA, "Red."), asked.said, world.given()))
    elif ending == "won":
        world.commit(end(asked, Outcome.WON, world.given(), by=ANNA))
    elif ending == "withdrawn":
        world.commit(end(asked, Outcome.WITHDRAWN, world.given(), by=SHOPPER))
    elif ending == "deadline":
        world.now = asked.timers[Timer.CONSULT]
        world.commit(tick(replace(asked, timers={Timer.CONSULT: world.now}), world.given()))
    elif ending == "removed":
        world.commit(hand_over(asked, ANNA, HandOver.REMOVED, world.given()))
    else:
        world.commit(tick(overdue(asked, world), world.given()))
    assert not world.desks[KEVIN].focus
    told = [kind for _, to, kind in world.mails[before:] if to == KEVIN]
    assert told == [Kind.HANDED_OVER]


def test_an_opinion_that_came_is_thanked_by_no_mail() -> None:
    world = World()
    asked = consulting(world)
    before = len(world.mails)
    world.commit(specialist_writes(asked, KEVIN, words(KEVIN, "Red."), asked.said, world.given()))
    assert KEVIN not in [to for _, to, _ in world.mails[before:]]


def test_the_asker_hears_that_the_shopper_has_taken_the_question_back() -> None:
    world = World()
    asked = consulting(world, delivered=False)
    world.commit(end(asked, Outcome.WITHDRAWN, world.given(), by=SHOPPER))
    assert world.kinds(ANNA)[-1] is Kind.WITHDRAWN


# --- passing ------------------------------------------------------------------------------------------------------


def test_passed_to_somebody_who_is_away_it_waits_for_them_and_for_everybody_else() -> None:
    world = World()
    one = world.ask("ida", [(ANNA, 1.0), (KEVIN, 0.9)])
    away(world, LENA)
    world.commit(obey(one, ANNA, words(ANNA, ""), (Order("pass", to=LENA),), one.said, world.given()))
    world.wait(minutes=1)
    assert world.conversations[one.id].specialist == KEVIN


def test_passed_to_somebody_who_is_removed_it_goes_through_the_ring() -> None:
    world = World()
    one = world.ask("ida", [(ANNA, 1.0), (KEVIN, 0.9)])
    moved = world.commit(obey(one, ANNA, words(ANNA, ""), (Order("pass", to=LENA),), one.said, world.given()))
    world.shop = replace(world.shop, specialists={who: p for who, p in world.shop.specialists.items() if who != LENA})
    world.tick_all()
    assert [place.specialist for place in world.conversations[moved.id].places] == [KEVIN]


def test_passed_back_and_snoozed_it_comes_back_to_whoever_snoozed_it() -> None:
    world = World()
    one = world.ask("ida", [(ANNA, 1.0), (LENA, 0.9)])
    one = world.commit(obey(one, ANNA, words(ANNA, ""), (Order("pass", to=KEVIN),), one.said, world.given()))
    one = world.commit(take(one, KEVIN, world.given()))
    one = world.commit(obey(one, KEVIN, words(KEVIN, ""), (Order("pass", to=ANNA),), one.said, world.given()))
    one = world.commit(take(one, ANNA, world.given()))
    one = world.commit(snooze(one, ANNA, world.now + timedelta(hours=1), world.given()))
    world.now += timedelta(hours=1)
    back = world.commit(tick(one, world.given()))
    assert [(place.specialist, place.lane) for place in back.places] == [(ANNA, RESUME_LANE)]


# --- the second revision ------------------------------------------------------------------------------------------


def overdue(one: Conversation, world: World) -> Conversation:
    """Have the promise of a conversation be due for its second revision."""
    due = Promise(world.now + timedelta(minutes=1), world.now - timedelta(hours=1), revision=MOST_REVISIONS - 1)
    return replace(one, promise=due, timers={**one.timers, Timer.PROMISE: world.now})


def second(one: Conversation, world: World) -> Conversation:
    late = world.conversations[one.id] = overdue(one, world)
    return world.commit(tick(late, world.given()))


def test_the_second_revision_leaves_it_where_it_is_while_the_fallback_person_is_away() -> None:
    world = World()
    away(world, OMAR)
    one = second(world.ask("ida"), world)
    assert (one.state, one.specialist) == (FOCUS, ANNA)
    assert world.kinds(SHOPPER)[-1] is Kind.REVISED
    assert notices(world, one) == [Kind.OWNER_NOTICE]


def test_the_second_revision_takes_nobody_out_of_line_while_the_fallback_person_is_away() -> None:
    world = World()
    world.ask("sam", [(ANNA, 1.0)])
    waits = world.ask("tia", [(ANNA, 1.0)])
    away(world, OMAR)
    one = second(waits, world)
    assert {place.specialist for place in one.places} == {ANNA, OMAR}
    assert notices(world, one) == [Kind.OWNER_NOTICE]


def test_the_second_revision_gives_it_to_the_fallback_person_alone_when_they_are_there() -> None:
    world = World()
    world.ask("sam", [(ANNA, 1.0)])
    one = second(world.ask("tia", [(ANNA, 1.0)]), world)
    assert {place.specialist for place in one.places} == {OMAR}


@pytest.mark.parametrize("reminded", [True, False])
def test_whoever_was_never_reminded_is_not_silent_when_a_promise_has_run_out(reminded: bool) -> None:
    world = World()
    one = world.ask("ida")
    if reminded:
        one = replace(one, timers={what: at for what, at in one.timers.items() if what is not Timer.REMIND})
    moved = second(one, world)
    assert moved.former == {ANNA: HandOver.SILENT if reminded else HandOver.OVERDUE}
    assert world.desks[ANNA].silent is reminded
    assert world.kinds(ANNA)[-1] is Kind.HANDED_OVER


def test_whoever_has_asked_a_colleague_is_not_silent_when_a_promise_has_run_out() -> None:
    world = World()
    moved = second(consulting(world), world)
    assert not world.desks[ANNA].silent
    late = world.commit(specialist_writes(moved, ANNA, words(ANNA, "Red."), moved.said, world.given()))
    assert (late.state, late.answered_by) == (WITH_SHOPPER, ANNA), (
        "their answer counts until somebody else has answered"
    )


@pytest.mark.parametrize("how", ["away", "silent"])
def test_after_the_second_revision_a_fallback_person_who_leaves_strands_nobody(how: str) -> None:
    world = World()
    world.ask("sam", [(ANNA, 1.0)])
    world.ask("uma", [(OMAR, 1.0)])
    one = second(world.ask("tia", [(ANNA, 1.0), (KEVIN, 0.1)]), world)
    assert {place.specialist for place in one.places} == {OMAR}
    if how == "away":
        away(world, OMAR)
    else:
        world.desks[OMAR] = replace(world.desks[OMAR], silent=True)
    world.tick_all()
    world.wait(minutes=94)
    assert world.conversations[one.id].specialist == KEVIN


@pytest.mark.parametrize("left", [0, 1])
def test_passed_to_a_fallback_person_who_is_away_it_goes_on_if_anybody_is_left(left: int) -> None:
    world = World()
    away(world, OMAR)
    one = world.ask("ida", [(ANNA, 1.0), (KEVIN, 0.9)][: 1 + left])
    world.commit(obey(one, ANNA, words(ANNA, ""), (Order("pass", to=OMAR),), one.said, world.given()))
    world.tick_all()
    world.pull(KEVIN)
    assert world.conversations[one.id].specialist == (KEVIN if left else None)


def test_an_answer_in_the_time_of_a_revised_promise_has_missed_the_one_told_first() -> None:
    """The event says how the last one ended; what is published, and calibrates the next ones, is the first."""
    world = World()
    one = world.ask("ida")
    first = Promise(world.now + timedelta(minutes=20), world.now)
    revised = Promise(world.now + timedelta(hours=2), world.now, revision=1)
    late = replace(one, promise=revised, told_first=first)
    world.now += timedelta(hours=1)
    changes = specialist_writes(late, ANNA, words(ANNA, "Red."), one.said, world.given())
    assert changes
    (fact,) = [fact for fact in changes.facts if fact.name.startswith("promise")]
    assert (fact.name, fact.data["kept"], fact.data["revisions"]) == ("promise_kept", "no", "1")


# --- the fallback person ------------------------------------------------------------------------------------------


def test_a_fallback_person_on_holiday_overlooks_nothing() -> None:
    """In the last hour before a week without work: the clock of silence stands still."""
    year = datetime(2026, 12, 23, 15, 30, tzinfo=MONDAY.tzinfo)
    off = frozenset((year + DAY * ahead).date() for ahead in range(1, 12))
    world = World(shop(omar=person(OMAR, hours=replace(person(OMAR).hours, holidays=off))), now=year)
    one = world.commit(hand_over(world.ask("sam", [(ANNA, 1.0)]), ANNA, HandOver.PASSED, world.given()))
    one = world.pull(OMAR) or one
    told = world.kinds(OWNER).count(Kind.OWNER_NOTICE)
    world.wait(days=11, hours=21)
    assert world.conversations[one.id].specialist == OMAR
    assert not world.desks[OMAR].silent
    assert world.kinds(OWNER).count(Kind.OWNER_NOTICE) <= told + 2, "of the promise and of the silence, each once"


def test_a_question_in_the_last_minute_before_a_holiday_is_late_for_nobody_on_their_return() -> None:
    """Most of the time until the promise lies in the holiday; the reminder comes after half an hour of working time."""
    last = datetime(2026, 12, 23, 16, 59, tzinfo=MONDAY.tzinfo)
    off = replace(person(ANNA).hours, holidays=frozenset((last + DAY * ahead).date() for ahead in range(1, 12)))
    world = World(shop(anna=person(ANNA, hours=off)), now=last)
    one = world.ask("sam", [(ANNA, 1.0)])
    back = datetime(2027, 1, 4, 9, 0, tzinfo=last.tzinfo)
    told = replace(one, promise=Promise(back + timedelta(hours=1), last))
    timers = focus_timers(told, ANNA, world.given())
    assert timers[Timer.REMIND] == back + timedelta(minutes=29)
    assert timers[Timer.HAND_OVER] == back + timedelta(hours=3, minutes=59)


def test_behind_whoever_has_gone_the_fallback_person_gets_it_with_its_age() -> None:
    world = World()
    world.ask("sam", [(ANNA, 1.0)])
    waits = world.ask("tia", [(ANNA, 1.0)])
    world.now += timedelta(minutes=20)
    away(world, ANNA)
    world.tick_all()
    place = world.conversations[waits.id].place_of(OMAR)
    assert place
    assert place.eligible_at == waits.asked_at, "before everybody who asked in these twenty minutes"


def test_whoever_was_silent_about_one_shopper_and_answers_another_is_silent_no_more() -> None:
    world = World(shop(anna=person(ANNA, capacity=2)))
    first, second = world.ask("sam"), world.ask("tia", [(ANNA, 1.0)])
    world.commit(hand_over(first, ANNA, HandOver.SILENT, world.given()))
    assert world.desks[ANNA].silent
    world.now += timedelta(minutes=10)
    world.commit(specialist_writes(second, ANNA, words(ANNA, "Red."), second.said, world.given()))
    desk = world.desks[ANNA]
    assert (desk.silent, dict(desk.focus), desk.handling.n) == (False, {}, 1)


# --- a snooze -----------------------------------------------------------------------------------------------------


def test_words_that_cross_a_snooze_end_it() -> None:
    world = World()
    one = world.ask("ida")
    one = world.commit(snooze(one, ANNA, world.now + DAY, world.given()))
    back = world.commit(shopper_writes(one, words(), world.given()))
    assert (back.state, back.specialist) == (FOCUS, ANNA)


def test_a_snooze_hides_no_promise_that_was_told_first() -> None:
    world = World()
    one = world.ask("ida")
    told = one.promise
    aside = world.commit(snooze(one, ANNA, world.now + DAY, world.given()))
    assert aside.promise is not None
    assert aside.promise.due > world.now + DAY
    assert aside.told_first == told


def test_snoozing_again_and_again_starts_no_count_of_revisions_anew() -> None:
    world = World()
    one = world.ask("ida")
    assert one.promise
    one = world.conversations[one.id] = replace(one, promise=replace(one.promise, revision=1))
    aside = world.commit(snooze(one, ANNA, world.now + DAY, world.given()))
    assert aside.promise is not None
    assert aside.promise.revision == 1


def test_a_snooze_beyond_all_hours_promises_nothing() -> None:
    world = World()
    one = world.ask("ida")
    until = world.now + 30 * DAY
    off = ((world.now.date() + DAY, (until + 90 * DAY).date()),)
    world.shop = shop(anna=person(ANNA, hours=replace(person(ANNA).hours, vacations=off)))
    aside = world.commit(snooze(one, ANNA, until, world.given()))
    assert aside.promise is None
    assert world.kinds(SHOPPER)[-1] is Kind.NO_TIME_YET


# --- coming back --------------------------------------------------------------------------------------------------


def answered(world: World) -> Conversation:
    one = world.ask("ida", [(ANNA, 1.0), (KEVIN, 0.9)])
    return world.commit(specialist_writes(one, ANNA, words(ANNA, "Red."), one.said, world.given()))


def test_reopened_to_a_specialist_who_is_away_it_waits_for_them_and_for_everybody_else() -> None:
    world = World()
    one = answered(world)
    away(world, ANNA)
    world.commit(shopper_writes(one, words(), world.given()))
    world.wait(minutes=20)
    assert world.conversations[one.id].specialist == KEVIN
