"""The simulator: its own machinery, and what must hold in every run of the real decisions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from undivided.attention import ring
from undivided.changes import Changes
from undivided.errors import Conflict
from undivided.state import State

from console.simulation import plots, report
from console.simulation.beside import Beside, over_oracle
from console.simulation.engine import Engine
from console.simulation.estimators import PRODUCT, Shadows, all_estimators, look_at, pinball
from console.simulation.experiments import PUSHED, Drift, Ring, Score, assignment, rings, score, together
from console.simulation.known import Knowing, custom
from console.simulation.measure import Log, Story, figures, quantile
from console.simulation.oracle import own_losses, replica
from console.simulation.push import others, rules
from console.simulation.setting import START, Asking, Setting, World, world
from console.simulation.table import Table
from console.simulation.undivided import Undivided

SMALL = Setting(weeks=2, people=3, load=0.5, seed=11, silent=0.02, sick=0.08)


@pytest.fixture(scope="module")
def small() -> World:
    return world(SMALL)


@pytest.fixture(scope="module")
def one_each(small: World) -> Undivided:
    run = Undivided(small)
    run.run()
    return run


@pytest.fixture(scope="module")
def two_each() -> Undivided:
    run = Undivided(world(replace(SMALL, weeks=1, capacity=2)))
    run.run()
    return run


@pytest.fixture(params=["one_each", "two_each"])
def ended(request: pytest.FixtureRequest) -> Undivided:
    run: Undivided = request.getfixturevalue(request.param)
    return run


def test_nobody_ever_has_more_than_their_capacity(ended: Undivided) -> None:
    assert ended.log.most_open == ended.world.setting.capacity


def test_nobody_hears_of_another_shopper_while_one_is_open(one_each: Undivided) -> None:
    assert one_each.log.interruptions == {}
    assert len(one_each.log.stories) == len(one_each.world.askings) > 100


def test_desks_lines_and_conversations_agree_at_the_end(ended: Undivided) -> None:
    """Nobody is lost: whoever waits stands in a line, whoever is in focus is with exactly one desk."""
    desks = {who: ended.table.desk(who) for who in ended.mailboxes}
    for conversation in ended.table.all.values():
        holding = [who for who, desk in desks.items() if conversation.id in desk.focus]
        standing = {place for who in desks for place, key in ended.table.first(who, 10_000) if key == conversation.id}
        assert holding == ([conversation.specialist] if conversation.state is State.FOCUS else [])
        assert standing == (set(conversation.places) if conversation.state is State.WAITING else set())
        assert conversation.state is not State.WAITING or standing
    assert set(ended.table.all) == {key for key in ended.askings if ended.askings[key].at <= ended.engine.now}


def test_a_run_is_the_same_again(one_each: Undivided, small: World) -> None:
    assert figures(Undivided(small).run(), small) == figures(one_each.log, small)


def test_promises_of_a_run_are_kept_and_told_in_time(one_each: Undivided, small: World) -> None:
    log = one_each.log
    found = figures(log, small)
    assert found.kept is not None
    assert found.kept > 0.8
    assert found.kept_told is not None
    assert found.kept_told >= found.kept
    assert all(story.told_in_time for story in log.stories.values())


def test_pushing_answers_everybody_too_and_interrupts(small: World) -> None:
    for other in others(small):
        log = other.run()
        answered = [story for story in log.stories.values() if story.first_answer]
        assert len(answered) > 0.8 * len(small.askings)
        assert figures(log, small).interruptions > 0


def test_estimators_are_scored_on_the_same_answers(one_each: Undivided, small: World) -> None:
    shadows = Shadows(all_estimators(0.9))
    run = Undivided(small, shadow=shadows.ask)
    run.run()
    shadows.overdue(run.engine.now)
    moments = {one.number: one.at for one in small.askings}
    scores = {one.name: score(one, moments, 0.9) for one in shadows.estimators}
    assert scores[PRODUCT].kept > scores["moving average"].kept
    assert scores[PRODUCT].loss < scores["head of line"].loss
    assert figures(run.log, small) == figures(one_each.log, small), "a shadow must not act on the run"


def test_the_oracle_sees_no_future(small: World) -> None:
    """The same question played out again takes another time, also if somebody is free for it."""
    played: dict[int, set[float | None]] = {}

    def ask(run: Undivided, asking: Asking, now: datetime) -> None:
        if asking.number > 20:
            seen = look_at(run, asking, now)
            played[asking.number] = {replica(run, asking, seen, number) for number in range(3)}

    Undivided(replace(small, askings=small.askings[:24]), shadow=ask).run()
    assert len(played) == 4
    assert all(len(waits) == 3 for waits in played.values())


def test_work_is_shared_and_nobody_waits_for_ever(one_each: Undivided, small: World) -> None:
    """Bounds for this small desk with sick days, far from what chance makes of them."""
    ours, least_loaded = figures(one_each.log, small), figures(others(small)[1].run(), small)
    assert 0.4 < ours.least_busy <= ours.most_busy < 1.9
    assert ours.longest <= 1.2 * least_loaded.longest
    assert ours.match > least_loaded.match - 0.02
    assert ours.worth > 0.8 * least_loaded.worth


def test_who_knows_best_gets_it_under_one_rule_and_waits(small: World, one_each: Undivided) -> None:
    """The ring is worth more than taking turns, and of all answers not less than giving each to the best who is idle."""
    found = {rule.log.name: figures(rule.run(), small) for rule in rules(small)}
    ours = figures(one_each.log, small)
    assert found["always the best"].best_matched == 1
    assert found["best idle"].match > found["round robin"].match
    assert found["always the best"].p90 > found["best idle"].p90
    assert ours.worth > 1.1 * found["round robin"].worth
    assert ours.worth_all > 0.9 * found["best idle"].worth_all


def test_rules_are_compared_seed_by_seed() -> None:
    found = assignment(replace(SMALL, people=2, load=0.1), seeds=2)
    assert [len(several) for several in found.values()] == [2] * 5
    head, _, ours, turns, *_ = report.assignment(SMALL, found).splitlines()[2:]
    assert head.count("|") == ours.count("|") == turns.count("|")
    times = [mine.worth / one.worth for mine, one in zip(found["undivided"], found["round robin"], strict=True)]
    assert min(times) < max(times)
    assert f"({min(times):.2f} to {max(times):.2f})" in turns


def test_an_answer_is_worth_the_writers_estimate_halved_for_each_four_open_hours() -> None:
    """The question from nine to two, an hour's break between; to what is written again at once."""
    drawn = world(replace(SMALL, people=1))
    who, monday = next(iter(drawn.shop.specialists)), START + timedelta(days=7, hours=8)
    asking = replace(drawn.askings[0], at=monday, estimates={who: 0.8})
    log = Log("by hand", {1: Story(asking, first_answer=monday + timedelta(hours=5), answered_by=who)})
    log.answer(1, who, monday, monday + timedelta(hours=5), again=False)
    log.answer(1, who, monday, monday, again=True)
    found = figures(log, drawn)
    assert (found.worth, found.worth_all) == (pytest.approx(0.4), pytest.approx(0.6))


def test_pinball_loss_is_least_at_the_quantile() -> None:
    waits = [float(number) for number in range(1, 101)]
    losses = {guess: sum(pinball(guess, wait, 0.9) for wait in waits) for guess in waits}
    assert min(losses, key=lambda guess: losses[guess]) in (90.0, 91.0)


def test_rings_are_bent_for_one_run_only_and_stand_beside_the_push_of_the_same_seed() -> None:
    setting = replace(SMALL, people=2, seed=5)
    found = rings(setting, [Ring(), Ring(half_life=240.0, width=1.0, step=1)], seeds=1)
    assert (ring.AT_ONCE, ring.STEP) == (0.85, 3)
    (pushed,), (usual,), (strict,) = found.values()
    assert next(iter(found)) == PUSHED
    assert pushed.interruptions > 0 == usual.interruptions
    assert strict.match > usual.match, "whoever waits for the best gets them more often"
    row = report.rings(setting, found).splitlines()[-1]
    assert f"| {strict.p90 / pushed.p90:.2f} (" in row


def test_seeds_are_summed_up_as_mean_and_worst() -> None:
    one, other = Score("a", 0.9, 0.8, 20.0, 1.0), Score("a", 0.8, 0.7, 10.0, 2.0)
    assert together([[one], [other]]) == [Score("a", pytest.approx(0.85), 0.7, 15.0, 1.5)]
    found = [Drift({0: 0.9, 1: 0.8}, {0: 1.0, 1: 1.0}), Drift({0: 0.9, 1: 0.9}, {0: 1.0, 1: 0.9})]
    assert report.drift(SMALL, found).splitlines()[-1] == "| 2 | 85.0% | 80.0% | 1 of 2 | 95.0% |"


def test_an_estimator_stands_beside_the_oracle_with_the_chance_of_its_days() -> None:
    oracle = Beside("oracle", (("5 03-09", 10.0), ("5 03-09", 10.0), ("5 03-10", 10.0)), 0.9, 0.5)
    mean = Beside("a", (("5 03-09", 10.0), ("5 03-09", 10.0), ("5 03-10", 40.0)), 0.8, 1.0)
    ratio, least, most = over_oracle(mean, oracle)
    assert (ratio, least, most) == (2.0, 1.0, 4.0)
    assert over_oracle(oracle, oracle) == (1.0, 1.0, 1.0)
    row = report.promises(SMALL, [[Score("a", 0.9, 0.8, 20.0, 1.0)]], [[mean, oracle], [mean, oracle]]).splitlines()[-2]
    assert row == "| a | 80.0% | 20.0 min | +1.00 | 2.00 (1.00 to 4.00) | 2.00 |"


def test_the_oracle_is_scored_in_futures_that_its_own_quantile_has_not_seen() -> None:
    waits = [float(one) for one in range(0, 6000, 60)]
    inside = [pinball(quantile(waits, 0.9), one, 0.9) for one in waits]
    outside = own_losses(waits, 0.9)
    assert 1 < sum(outside) / sum(inside) < 1.1


def test_the_load_is_what_was_asked_for() -> None:
    drawn = world(Setting(weeks=12, people=6, load=0.5, seed=3))
    work = sum((1 + len(one.replies)) for one in drawn.askings) * sum(drawn.pace.values()) / len(drawn.pace) / 3600
    hours = 12 * sum(sum(w.end - w.start for w in one.hours.windows) for one in drawn.shop.specialists.values()) / 60
    assert work / hours == pytest.approx(0.5, rel=0.1)


def test_things_happen_in_order_and_once() -> None:
    engine, seen = Engine(START), []
    engine.at(START + timedelta(hours=2), lambda: seen.append("later"))
    engine.at(START + timedelta(hours=1), lambda: engine.at(START, lambda: seen.append("late: done now")))
    engine.at(START + timedelta(hours=1), lambda: seen.append("second"))
    engine.run(START + timedelta(hours=3))
    assert seen == ["second", "late: done now", "later"]


def test_the_table_refuses_what_had_moved_on(two_each: Undivided) -> None:
    run = two_each
    conversation = next(iter(run.table.all.values()))
    stale = replace(conversation, version=conversation.version - 1)
    with pytest.raises(Conflict):
        run.table.commit(Changes(stale, stale), run.engine.now)
    desk = run.table.desk(next(iter(run.mailboxes)))
    table: Table = run.table
    with pytest.raises(Conflict):
        table.save(replace(desk, version=desk.version + 1), run.engine.now)


@pytest.mark.parametrize(
    "drawing",
    [
        plots.lines("Lines & <more>", "x", "y", [("a", [(0, 0), (1, 2)]), ("b", [(0, 1), (1, 0)])], mark=0.5),
        plots.lines("Dots", "x", "y", [("a", [(1, 1)]), ("b", [(3, 9000)])], dots=True),
        plots.bars("Bars", "h", [("one", 0.0), ("two", 3.5)], mark=3),
    ],
)
def test_plots_are_drawn_inside_their_frame(drawing: str) -> None:
    root = ET.fromstring(drawing)
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for point in (pair for line in root.iter("{*}polyline") for pair in line.attrib["points"].split()):
        x, y = (float(one) for one in point.split(","))
        assert 0 <= x <= width
        assert 0 <= y <= height
    for circle in root.iter("{*}circle"):
        assert 0 <= float(circle.attrib["cx"]) <= width


def test_who_goes_by_the_match_alone_works_as_ever(small: World, one_each: Undivided) -> None:
    run = Knowing(small, custom(small), ())
    assert figures(run.run(), small) == figures(one_each.log, small)


def test_a_former_specialist_and_a_good_seller_count_for_more_but_not_in_what_is_measured(small: World) -> None:
    """The real factors, on what the run has learned: 1.3 for a shopper's own, and sales within their bounds."""
    drawn = custom(small)
    run = Knowing(small, drawn, ("returning", "sales"))
    log = run.run()
    assert run.former
    assert all(one.asking is small.askings[number - 1] for number, one in log.stories.items())
    number, former = next(iter(run.former.items()))
    asking = small.askings[number - 1]
    seen = run._seen(asking)
    plain = run._seen(replace(asking, number=-1))
    assert {who: seen[who] / plain[who] for who in seen} == pytest.approx(
        {who: 1.0 + 0.3 * (who == former) for who in seen}
    )
    counted = {who: plain[who] / asking.estimates[who] for who in plain}
    assert all(0.85 <= one <= 1.2 for one in counted.values())
    assert max(counted.values()) > 1 > min(counted.values())
