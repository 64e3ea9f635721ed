"""The corners of attention that DESIGN.md names, each by its name."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from undivided.answering import specialist_writes
from undivided.attention.ring import BACKSTOP
from undivided.closing import end
from undivided.conversation import shopper_writes, take
from undivided.desk import Desk
from undivided.handing_over import hand_over, undelivered
from undivided.obey import Order, obey
from undivided.outbox import Kind, Mail
from undivided.parts import focus_timers
from undivided.promise.estimate import Handling, Promise
from undivided.snoozing import snooze
from undivided.state import RESUME_LANE, Conversation, HandOver, Outcome, State, Timer
from undivided.timers import tick
from undivided.values import OWNER, SHOPPER, SpecialistId
from undivided.wanted import wanted
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


def test_a_second_shopper_waits_and_is_next_the_moment_the_first_is_answered() -> None:
    world = World()
    first = world.ask("sam")
    assert (first.state, first.specialist) == (FOCUS, ANNA)
    second = world.ask("tia", [(ANNA, 1.0), (KEVIN, 0.1)])
    assert second.state is WAITING, "the head start keeps it for the better match"
    answered = world.commit(specialist_writes(first, ANNA, words(ANNA, "The red one."), first.said, world.given()))
    assert answered.state is WITH_SHOPPER
    taken = world.pull(ANNA)
    assert taken is not None
    assert taken.id == second.id


def test_the_head_start_ends_and_whoever_is_free_takes_it() -> None:
    world = World()
    world.ask("sam")
    second = world.ask("tia", [(ANNA, 1.0), (KEVIN, 0.425)])
    assert world.pull(KEVIN) is None
    world.wait(minutes=29)
    assert world.conversations[second.id].state is WAITING
    world.wait(minutes=1)
    assert world.conversations[second.id].specialist == KEVIN, "0.425 is half of 0.85: two answers, thirty minutes"


def test_nobody_better_on_duty_means_no_head_start() -> None:
    world = World(
        shop(anna=replace(person(ANNA), hours=replace(person(ANNA).hours, vacations=((MONDAY.date(), MONDAY.date()),))))
    )
    assert world.ask("sam").specialist == KEVIN


def test_crossing_mails_keep_the_focus_until_all_words_are_settled() -> None:
    world = World()
    one = world.ask("sam")
    asked = one.said
    one = world.commit(shopper_writes(one, words(), world.given()))
    one = world.commit(specialist_writes(one, ANNA, words(ANNA, "To the first: yes."), asked, world.given()))
    assert one.state is FOCUS, "the answer was to the earlier mail"
    assert one.id in world.desks[ANNA].focus
    assert one.promise is not None, "whoever still waits has a time"
    assert one.promise.due > world.now
    one = world.commit(specialist_writes(one, ANNA, words(ANNA, "And yes."), one.said, world.given()))
    assert one.state is WITH_SHOPPER
    assert not world.desks[ANNA].focus


def test_silence_reminds_once_then_hands_over_and_brings_nothing_new_to_the_silent() -> None:
    world = World()
    one = world.ask("sam", [(ANNA, 1.0), (KEVIN, 0.9)])
    world.wait(hours=5)
    assert world.conversations[one.id].former[ANNA] is HandOver.SILENT
    assert world.kinds(ANNA).count(Kind.REMINDER) == 1
    assert world.desks[ANNA].silent
    assert world.ask("tia", [(ANNA, 1.0)]).state is WAITING


@pytest.mark.parametrize(
    ("answers", "due", "minutes"),
    [
        ([], 600, 60),  # nothing is known: four times the prior of 15 minutes
        ([5] * 100, 600, 17),  # quick and even
        ([3, 7, 2, 18] * 25, 600, 30),  # quick on the mean, but uneven
        ([100] * 100, 600, 120),  # slow: `remind_after` is the latest
        ([], 65, 37),  # one answer before the promise is looked at, after 52 of 65 minutes
        ([], 20, 30),  # it would be missed anyway: nobody is disturbed in the middle of an answer
    ],
)
def test_a_reminder_comes_when_an_answer_takes_longer_than_theirs_hardly_ever_do(
    answers: list[float], due: float, minutes: float
) -> None:
    world = World()
    handling = Handling()
    for one in answers:
        handling = handling.add(60 * one)
    world.desks[ANNA] = Desk(ANNA, handling=handling)
    asked = world.ask("sam")
    promised = replace(asked, promise=Promise(MONDAY + timedelta(minutes=due), MONDAY))
    reminded = focus_timers(promised, ANNA, world.given())[Timer.REMIND] - MONDAY
    assert reminded / timedelta(minutes=1) == pytest.approx(minutes, abs=1)


def test_a_late_answer_after_silence_is_relayed_until_the_successor_has_answered() -> None:
    world = World()
    one = world.commit(hand_over(world.ask("sam"), ANNA, HandOver.SILENT, world.given()))
    one = world.pull(KEVIN) or world.conversations[one.id]
    late = world.commit(specialist_writes(one, ANNA, words(ANNA, "Sorry, the red one."), one.said, world.given()))
    assert world.kinds(SHOPPER)[-1] is Kind.ANSWER
    assert late.state is WITH_SHOPPER
    assert late.specialist == ANNA
    assert not world.desks[KEVIN].focus, "the successor's slot is free"
    assert not world.desks[ANNA].silent, "she has written"
    assert Kind.LATE in world.kinds(KEVIN)


def test_a_late_answer_after_the_successor_answered_is_a_note() -> None:
    world = World()
    one = world.commit(hand_over(world.ask("sam"), ANNA, HandOver.SILENT, world.given()))
    one = world.pull(KEVIN) or one
    assert one.specialist == KEVIN
    one = world.commit(specialist_writes(one, KEVIN, words(KEVIN, "The blue one."), one.said, world.given()))
    changes = specialist_writes(one, ANNA, words(ANNA, "No, red."), one.said, world.given())
    assert changes is not None
    assert changes.messages[0].note
    assert not changes.mails


def test_after_passing_the_former_specialists_mail_is_a_note() -> None:
    world = World()
    one = world.ask("sam")
    one = world.commit(obey(one, ANNA, words(ANNA, ""), (Order("pass"),), one.said, world.given()))
    changes = specialist_writes(one, ANNA, words(ANNA, "By the way…"), one.said, world.given())
    assert changes is not None
    assert changes.messages[0].note
    assert not changes.mails


def test_passing_to_a_colleague_keeps_the_age_and_waits_for_them_alone() -> None:
    world = World()
    one = world.ask("sam")
    world.wait(minutes=3)
    one = world.commit(obey(one, ANNA, words(ANNA, ""), (Order("pass", to=LENA),), one.said, world.given()))
    assert [place.specialist for place in one.places] == [LENA]
    assert one.places[0].eligible_at == one.asked_at
    taken = world.pull(LENA)
    assert taken is not None
    assert taken.state is FOCUS


def test_away_in_the_middle_of_a_focus_hands_over_with_the_original_age() -> None:
    world = World()
    one = world.ask("sam")
    world.now += timedelta(minutes=30)
    moved = world.commit(hand_over(one, ANNA, HandOver.AWAY, world.given()))
    assert moved.asked_at == one.asked_at
    assert not world.desks[ANNA].focus
    assert not world.desks[ANNA].silent, "away is not silent"
    assert world.pull(KEVIN) is not None, "after thirty minutes everybody's head start is over"


def test_away_without_a_date_lasts_until_the_next_mail() -> None:
    world = World()
    one = world.ask("sam", [(ANNA, 1.0), (KEVIN, 0.9)])
    one = world.commit(obey(one, ANNA, words(ANNA, ""), (Order("away"),), one.said, world.given()))
    assert world.ask("tia", [(ANNA, 1.0)]).specialist == OMAR
    world.now += timedelta(days=7)
    assert world.pull(ANNA) is None, "no date ends it"
    world.commit(specialist_writes(one, ANNA, words(ANNA, "I am here."), 0, world.given()))
    assert world.ask("uma", [(ANNA, 1.0)]).specialist == ANNA


def test_focus_survives_the_end_of_a_shift() -> None:
    world = World(now=MONDAY.replace(hour=16, minute=50))
    one = world.ask("sam", [(ANNA, 1.0)])
    world.wait(hours=3)
    assert world.conversations[one.id].specialist == ANNA
    assert world.conversations[one.id].state is FOCUS


def test_follow_ups_outside_hours_wait_until_the_shift_begins() -> None:
    world = World()
    one = world.ask("sam")
    world.now = MONDAY.replace(hour=20)
    changes = shopper_writes(one, words(), world.given())
    assert changes is not None
    (mail,) = changes.mails
    assert mail.not_before == MONDAY.replace(day=5, hour=9)


def test_lowered_capacity_never_revokes() -> None:
    world = World(shop(anna=person(ANNA, capacity=2)))
    first, second = world.ask("sam"), world.ask("tia")
    assert first.specialist == second.specialist == ANNA
    world.shop = shop()
    assert len(world.desks[ANNA].focus) == 2
    world.commit(specialist_writes(first, ANNA, words(ANNA, "Yes."), first.said, world.given()))
    world.ask("uma", [(ANNA, 1.0)])
    assert world.pull(ANNA) is None, "one is still with her, and one is all she takes now"


def test_removed_from_the_roster_hands_over() -> None:
    world = World()
    one = world.ask("sam")
    rest = {who: one_ for who, one_ in world.shop.specialists.items() if who != ANNA}
    world.shop = replace(world.shop, specialists=rest)
    moved = world.commit(hand_over(one, ANNA, HandOver.REMOVED, world.given()))
    assert ANNA not in [place.specialist for place in moved.places]
    taken = world.pull(KEVIN)
    assert taken is not None
    assert taken.id == one.id


def without(world: World, *gone: SpecialistId) -> None:
    rest = {who: one for who, one in world.shop.specialists.items() if who not in gone}
    world.shop = replace(world.shop, specialists=rest)


def test_whoever_is_removed_in_the_middle_of_a_focus_loses_it_at_the_next_look() -> None:
    world = World()
    one = world.ask("sam")
    without(world, ANNA)
    changes = tick(one, world.given())
    assert changes is not None
    moved = world.commit(changes)
    assert (moved.state, moved.former) == (WAITING, {ANNA: HandOver.REMOVED})
    assert not world.desks[ANNA].focus
    assert not [mail for mail in changes.mails if mail.to == ANNA], "nobody of that name could be written to"


def test_a_removed_asker_and_a_removed_expert_end_a_consultation() -> None:
    for gone, after in ((KEVIN, WAITING), (ANNA, WAITING)):
        world = World()
        one = world.ask("sam")
        asked = world.commit(obey(one, ANNA, words(ANNA, "Is it red?"), (Order("ask", to=KEVIN),), 1, world.given()))
        asked = world.commit(take(asked, KEVIN, world.given()))
        assert asked.consult_delivered
        without(world, gone)
        back = world.commit(tick(asked, world.given()))
        assert back.state is after
        assert back.consulted is None
        assert not any(desk.focus for desk in world.desks.values())
        lanes = [(place.specialist, place.lane) for place in back.places]
        assert ((ANNA, RESUME_LANE) in lanes) == (gone == KEVIN)


def test_a_line_of_somebody_removed_strands_nobody() -> None:
    """Its places move at the next look, at the latest after the backstop: here to the fallback person."""
    world = World()
    world.ask("sam", [(ANNA, 1.0)])
    waits = world.ask("tia", [(ANNA, 1.0)])
    assert [place.specialist for place in waits.places] == [ANNA]
    without(world, ANNA)
    world.now += BACKSTOP
    world.tick_all()
    for key in (waits.id, "sam222222222"):
        assert [place.specialist for place in world.conversations[key].places] == [OMAR]


def test_a_shopper_who_comes_back_to_somebody_removed_goes_through_the_ring() -> None:
    world = World()
    one = world.ask("sam")
    one = world.commit(specialist_writes(one, ANNA, words(ANNA, "Red."), one.said, world.given()))
    world.ask("tia", [(ANNA, 1.0)])
    back = world.commit(shopper_writes(one, words(), world.given()))
    assert [(place.specialist, place.lane) for place in back.places] == [(ANNA, RESUME_LANE)]
    without(world, ANNA)
    world.now += BACKSTOP
    world.tick_all()
    assert {place.specialist for place in world.conversations[one.id].places} == {KEVIN, LENA}


def test_nobody_on_duty_means_lines_and_the_first_to_come_takes_it() -> None:
    world = World(now=MONDAY.replace(hour=6))
    one = world.ask("sam")
    assert one.state is WAITING
    world.wait(hours=3, minutes=1)
    assert world.conversations[one.id].state is FOCUS


def test_returning_shoppers_go_first() -> None:
    world = World()
    one = world.ask("sam")
    one = world.commit(specialist_writes(one, ANNA, words(ANNA, "Red."), one.said, world.given()))
    assert world.ask("tia", [(ANNA, 1.0)]).state is FOCUS
    assert world.ask("uma", [(ANNA, 1.0)]).state is WAITING
    back = world.commit(shopper_writes(one, words(), world.given()))
    assert back.state is WAITING
    assert back.places[0].lane == RESUME_LANE
    assert world.line(ANNA)[0][2] == back.id


def test_a_shopper_who_writes_again_has_waited_since_then_and_not_since_the_question() -> None:
    """In the lines of others they stand where somebody would who asks now, not before all who asked since the question."""
    world = World()
    one = world.ask("sam", [(ANNA, 1.0), (KEVIN, 1.0)])
    one = world.commit(specialist_writes(one, ANNA, words(ANNA, "Red."), one.said, world.given()))
    world.ask("tia", [(ANNA, 1.0)])
    world.ask("uma", [(KEVIN, 1.0)])
    world.now += timedelta(minutes=10)
    waits = world.ask("vic", [(KEVIN, 1.0)])
    world.now += timedelta(minutes=10)
    back = world.commit(shopper_writes(one, words(), world.given()))
    assert back.waits_since == world.now
    world.now += world.shop.pace.half_life
    world.tick_all()
    assert [key for _, _, key in world.line(KEVIN)] == [waits.id, one.id], "the ring has widened"
    answered = world.conversations[one.id]
    assert answered.places[-1].eligible_at >= back.waits_since


def test_a_shopper_who_writes_again_may_be_given_a_bounded_advance() -> None:
    world = World()
    world.shop = replace(world.shop, pace=replace(world.shop.pace, returning_ahead=timedelta(minutes=30)))
    one = world.ask("sam", [(ANNA, 1.0)])
    one = world.commit(specialist_writes(one, ANNA, words(ANNA, "Red."), one.said, world.given()))
    held = world.ask("tia", [(ANNA, 1.0)])
    old = world.ask("uma", [(ANNA, 1.0)])
    world.now += timedelta(minutes=20)
    young = world.ask("vic", [(ANNA, 1.0)])
    world.now += timedelta(minutes=15)
    back = world.commit(shopper_writes(one, words(), world.given()))
    assert [key for _, _, key in world.line(ANNA)] == [old.id, back.id, young.id]
    world.commit(specialist_writes(held, ANNA, words(ANNA, "Yes."), held.said, world.given()))
    next_one = world.pull(ANNA)
    assert next_one is not None
    assert next_one.id == old.id, "whoever has waited half an hour longer goes first"
    world.commit(specialist_writes(next_one, ANNA, words(ANNA, "Yes."), next_one.said, world.given()))
    assert world.pull(ANNA) is not None
    assert world.kinds(ANNA)[-1] is Kind.FOLLOW_UP, "she knows them, whatever the lane"


def test_ended_conversations_reopen_to_their_last_specialist() -> None:
    world = World()
    one = world.ask("sam")
    one = world.commit(obey(one, ANNA, words(ANNA, "Here."), (Order("close"),), one.said, world.given()))
    assert one.state is State.ENDED
    back = world.commit(shopper_writes(one, words(), world.given()))
    assert (back.state, back.specialist, back.outcome) == (FOCUS, ANNA, None)


def test_reopening_after_the_specialist_left_goes_through_the_ring() -> None:
    world = World()
    one = world.ask("sam")
    one = world.commit(end(one, Outcome.LOST, world.given(), by=ANNA))
    world.shop = replace(world.shop, specialists={who: p for who, p in world.shop.specialists.items() if who != ANNA})
    back = world.commit(shopper_writes(one, words(), world.given()))
    assert back.specialist != ANNA or back.state is WAITING
    assert ANNA not in [place.specialist for place in back.places]


def test_spam_and_erased_never_reopen() -> None:
    world = World()
    one = world.commit(end(world.ask("sam"), Outcome.SPAM, world.given(), by=OWNER))
    assert shopper_writes(one, words(), world.given()) is None
    assert specialist_writes(one, ANNA, words(ANNA, "Yes."), one.said, world.given()) is None


def test_everybody_tried_means_the_fallback_person_and_the_owner_is_told() -> None:
    world = World()
    one = world.ask("sam", [(ANNA, 1.0), (KEVIN, 0.9)])
    one = world.commit(hand_over(one, ANNA, HandOver.PASSED, world.given()))
    one = world.pull(KEVIN) or one
    one = world.commit(hand_over(one, KEVIN, HandOver.PASSED, world.given()))
    assert [place.specialist for place in one.places] == [OMAR]
    assert Kind.OWNER_NOTICE in world.kinds(OWNER)


def test_a_bare_thanks_opens_no_focus() -> None:
    world = World()
    one = world.ask("sam")
    one = world.commit(specialist_writes(one, ANNA, words(ANNA, "The red one."), one.said, world.given()))
    before = len(world.mails)
    thanked = world.commit(shopper_writes(one, words(text="Great, thank you so much!"), world.given()))
    assert thanked.state is WITH_SHOPPER
    assert thanked.timers == one.timers
    assert not world.desks[ANNA].focus
    assert len(world.mails) == before, "nobody is written to"
    more = world.commit(shopper_writes(thanked, words(text="Thanks! And in blue?"), world.given()))
    assert more.state is FOCUS


def test_thanks_reopen_nothing_that_has_ended() -> None:
    world = World()
    one = world.ask("sam")
    one = world.commit(specialist_writes(one, ANNA, words(ANNA, "The red one."), one.said, world.given()))
    one = world.commit(end(one, Outcome.ANSWERED, world.given(), by=ANNA))
    assert world.commit(shopper_writes(one, words(text="Danke!"), world.given())).outcome is Outcome.ANSWERED


def test_thanks_that_cross_the_answer_are_brought_with_the_rest() -> None:
    world = World()
    one = world.ask("sam")
    assert world.commit(shopper_writes(one, words(text="Thanks!"), world.given())).state is FOCUS
    assert world.kinds(ANNA).count(Kind.FOLLOW_UP) == 1


def test_a_snooze_frees_the_slot_and_comes_back_by_the_resume_lane() -> None:
    world = World()
    one = world.ask("sam")
    waits = world.ask("tia", [(ANNA, 1.0)])
    one = world.commit(snooze(one, ANNA, world.now + timedelta(hours=2), world.given()))
    assert one.state is State.SNOOZED
    assert not world.desks[ANNA].focus
    assert (world.pull(ANNA) or one).id == waits.id
    world.now += timedelta(hours=2, minutes=1)
    back = world.commit(tick(one, world.given()))
    assert back.state is WAITING, "never straight into a slot"
    assert [(place.specialist, place.lane) for place in back.places] == [(ANNA, RESUME_LANE)]


def overlooked(world: World) -> Conversation:
    """Have the fallback person hold a question for three days without a word."""
    one = world.ask("sam", [(ANNA, 1.0)])
    one = world.commit(hand_over(one, ANNA, HandOver.SILENT, world.given()))
    one = world.pull(OMAR) or one
    assert one.specialist == OMAR
    world.wait(days=8)
    return world.conversations[one.id]


def test_what_the_fallback_person_overlooks_frees_their_slot_and_goes_round_once_more() -> None:
    world = World()
    one = overlooked(world)
    assert one.state is WAITING
    assert {place.specialist for place in one.places} == {ANNA, OMAR}
    assert world.desks[OMAR].silent
    assert not world.desks[OMAR].focus
    assert 2 <= world.kinds(OMAR).count(Kind.REMINDER) <= 6, "reminded daily before"
    assert world.kinds(OWNER).count(Kind.OWNER_NOTICE) >= 3
    back = world.commit(obey(one, OMAR, words(OMAR, ""), (Order("back"),), 0, world.given()))
    assert not world.desks[OMAR].silent
    assert (world.pull(OMAR) or back).specialist == OMAR, "they may take it up again"


def test_whoever_was_silent_at_first_gets_it_again_once_they_write() -> None:
    world = World()
    one = overlooked(world)
    world.desks[ANNA] = replace(world.desks[ANNA], silent=False)
    again = world.pull(ANNA)
    assert again
    assert (again.id, again.specialist) == (one.id, ANNA)


def test_a_late_answer_counts_while_its_writer_stands_in_line_again() -> None:
    world = World()
    one = overlooked(world)
    answered = world.commit(specialist_writes(one, ANNA, words(ANNA, "The red one."), one.said, world.given()))
    assert answered.state is WITH_SHOPPER
    assert answered.places == ()


def test_the_second_revision_gives_it_to_the_fallback_person() -> None:
    busy = World(shop(omar=person(OMAR, capacity=2)))
    busy.ask("sam", [(ANNA, 1.0)])
    one = busy.ask("tia", [(ANNA, 1.0)])
    assert one.state is WAITING
    busy.wait(minutes=75)
    assert busy.kinds(SHOPPER).count(Kind.REVISED) >= 2
    assert busy.conversations[one.id].specialist == OMAR


def test_the_owner_can_pause_the_desk() -> None:
    world = World(replace(shop(), paused=True))
    assert world.ask("sam").state is WAITING


def test_whoever_was_told_that_there_is_no_time_yet_hears_one_when_somebody_has_their_question() -> None:
    world = World(replace(shop(), paused=True))
    world.promise = lambda: None
    one = world.ask("sam")
    assert (one.promise, world.kinds(SHOPPER)) == (None, [Kind.NO_TIME_YET])
    world.shop = shop()
    taken = world.pull(ANNA)
    assert taken is not None
    assert taken.promise is not None
    assert world.kinds(SHOPPER) == [Kind.NO_TIME_YET, Kind.REVISED]


def test_a_bounce_tells_the_specialist_once() -> None:
    world = World()
    one = world.commit(undelivered(world.ask("sam"), SHOPPER, "550 no such user", world.given()))
    assert one.unreachable == "550 no such user"
    assert undelivered(one, SHOPPER, "550 no such user", world.given()) is None
    assert world.kinds(ANNA).count(Kind.UNREACHABLE) == 1


def test_an_unreachable_specialist_is_replaced_and_hears_nothing() -> None:
    world = World()
    one = world.commit(undelivered(world.ask("sam"), ANNA, "550", world.given()))
    assert one.state is WAITING
    assert Kind.HANDED_OVER not in world.kinds(ANNA)
    assert Kind.OWNER_NOTICE in world.kinds(OWNER)


def test_one_gentle_question_then_lapsed() -> None:
    world = World()
    one = world.ask("sam")
    world.commit(specialist_writes(one, ANNA, words(ANNA, "Red."), one.said, world.given()))
    world.wait(days=8)
    assert world.kinds(SHOPPER).count(Kind.NUDGE) == 1
    assert world.conversations[one.id].outcome is Outcome.LAPSED


def test_the_gentle_question_is_asked_once_in_the_life_of_a_conversation() -> None:
    world = World()
    one = world.ask("sam")
    for _ in range(2):
        world.commit(specialist_writes(one, ANNA, words(ANNA, "Red."), one.said, world.given()))
        world.wait(days=4)
        one = world.commit(shopper_writes(world.conversations[one.id], words(), world.given()))
        assert one.state is FOCUS
    assert world.kinds(SHOPPER).count(Kind.NUDGE) == 1


def test_a_mail_decided_for_a_focus_that_has_gone_is_not_wanted_any_more() -> None:
    world = World()
    one = world.ask("sam")
    mail = Mail(ANNA, Kind.REMINDER, upto=one.said)
    assert wanted(mail, one)
    moved = world.commit(hand_over(one, ANNA, HandOver.PASSED, world.given()))
    assert not wanted(mail, moved)


def test_nothing_is_taken_past_somebody_who_stands_before() -> None:
    world = World()
    world.ask("sam", [(ANNA, 1.0)])
    world.ask("tia", [(ANNA, 1.0)])
    world.desks[ANNA] = replace(world.desks[ANNA], focus={})
    third = world.ask("uma", [(ANNA, 1.0)])
    assert third.state is WAITING, "tia stands before her although the desk is free"
    assert take(world.conversations["tia".ljust(12, "2")], ANNA, world.given()) is not None


def lingering() -> tuple[World, Conversation]:
    world = World(replace(shop(), pace=replace(shop().pace, linger=timedelta(minutes=5))))
    one = world.ask("sam")
    world.ask("tia", [(ANNA, 1.0)])
    return world, world.commit(specialist_writes(one, ANNA, words(ANNA, "The red one."), one.said, world.given()))


def test_a_shopper_who_writes_back_at_once_still_has_the_specialist() -> None:
    world, one = lingering()
    assert world.pull(ANNA) is None, "the slot is kept"
    world.now += timedelta(minutes=4)
    back = world.commit(shopper_writes(one, words(), world.given()))
    assert (back.state, back.specialist) == (FOCUS, ANNA)
    assert not world.desks[ANNA].lingering


def test_after_the_linger_the_next_in_line_has_the_specialist() -> None:
    world, one = lingering()
    world.wait(minutes=6)
    (held,) = world.desks[ANNA].focus
    assert world.conversations[held].shopper.name == "tia"
    assert not world.desks[ANNA].lingering
    back = world.commit(shopper_writes(world.conversations[one.id], words(), world.given()))
    assert back.state is WAITING


def test_an_answer_that_ends_the_conversation_keeps_nothing_free() -> None:
    world = World(replace(shop(), pace=replace(shop().pace, linger=timedelta(minutes=5))))
    one = world.ask("sam")
    world.commit(obey(one, ANNA, words(ANNA, "Thanks for buying!"), (Order("won"),), one.said, world.given()))
    assert world.ask("tia", [(ANNA, 1.0)]).state is FOCUS


def test_a_linger_keeps_one_slot_and_not_the_whole_desk() -> None:
    two = replace(shop(anna=person(ANNA, capacity=2)), pace=replace(shop().pace, linger=timedelta(minutes=5)))
    world = World(two)
    one = world.ask("sam")
    world.commit(specialist_writes(one, ANNA, words(ANNA, "Red."), one.said, world.given()))
    assert world.ask("tia", [(ANNA, 1.0)]).state is FOCUS
    assert world.ask("uma", [(ANNA, 1.0)]).state is WAITING


def test_whoever_asks_and_then_answers_without_waiting_ends_the_consultation() -> None:
    world = World()
    one = world.ask("sam")
    one = world.commit(obey(one, ANNA, words(ANNA, "Red?"), (Order("ask", to=KEVIN),), one.said, world.given()))
    one = world.commit(take(one, KEVIN, world.given()))
    answered = world.commit(specialist_writes(one, ANNA, words(ANNA, "The red one."), one.said, world.given()))
    assert (answered.state, answered.consulted) == (WITH_SHOPPER, None)
    assert not world.desks[KEVIN].focus
    assert world.desks[KEVIN].handling.n == 0, "it was not hers to answer"
    late = world.commit(specialist_writes(answered, KEVIN, words(KEVIN, "Blue!"), answered.said, world.given()))
    assert late.answered_by == ANNA


# --- undo and the words below it -------------------------------------------------------------------------------


def held_by_anna(world: World) -> Conversation:
    world.shop = replace(world.shop, pace=replace(world.shop.pace, hold=timedelta(minutes=2)))
    asked = world.ask("ida")
    return world.commit(specialist_writes(asked, ANNA, words(ANNA, "Two metres."), asked.said, world.given()))


@pytest.mark.parametrize("note", [False, True])
def test_words_below_undo_replace_the_held_answer_and_a_note_only_takes_it_back(note: bool) -> None:
    world = World()
    held = held_by_anna(world)
    said = words(ANNA, "Three metres.", note=note)
    after = world.commit(obey(held, ANNA, said, (Order("undo"),), held.said, world.given()))
    assert after.taken_back == (held.held,)
    assert after.held == (0 if note else after.version)
    world.wait(minutes=5)
    assert world.kinds(SHOPPER).count(Kind.ANSWER) == (0 if note else 1)


def test_words_below_undo_wait_when_there_is_nothing_to_take_back_any_more() -> None:
    world = World()
    held = held_by_anna(world)
    world.wait(minutes=5)
    left = world.conversations[held.id]
    assert obey(left, ANNA, words(ANNA, "Three metres."), (Order("undo"),), left.said, world.given()) is None


def test_whoever_an_answered_conversation_was_passed_to_gets_what_the_shopper_writes_next() -> None:
    """ "Lena will help you further": the ring would have brought it to Kevin."""
    world = World()
    asked = world.ask("ida")
    passed = world.commit(obey(asked, ANNA, words(ANNA), (Order("pass", to=LENA),), asked.said, world.given()))
    assert (passed.state, passed.specialist, passed.next_to) == (WITH_SHOPPER, None, LENA)
    back = world.commit(shopper_writes(passed, words(text="And for oak?"), world.given()))
    assert (back.state, back.specialist) == (FOCUS, LENA)
