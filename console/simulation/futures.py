"""Another future from the same moment: whatever nobody can know then is drawn anew, given what has been seen.

Known are all true parameters, desks, lines, and for how long each focus runs. Not known: who will ask, how long any answer
takes (also the rest of those being written), whether a focus that runs is being worked on, has been overlooked or lies
with somebody who fell ill without a word, who falls ill later, whether and when a shopper writes again.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import NormalDist

from undivided.promise.hours import working_between
from undivided.state import Conversation, State
from undivided.values import ConversationId

from console.simulation.setting import MOST_TURNS, START, Asking, Setting, fresh_askings, redrawn, reply, sick_days
from console.simulation.undivided import Mailbox, Undivided

_NORMAL = NormalDist()
_FAR = timedelta(days=15)
"""Nobody is promised more than 14 days, so that what happens later is not drawn."""


def another_future(run: Undivided, chance: Random) -> None:
    """Change a run that was forked: what follows is as likely as what really followed."""
    now, setting = run.engine.now, run.world.setting
    for key, conversation in run.table.all.items():
        if conversation.state is not State.ENDED:
            _shopper(run, key, conversation, chance)
    for box in run.mailboxes.values():
        _absences(run, box, chance)
        _desk(run, box, chance)
    last = min(now + _FAR, setting.end)
    later = Random(chance.random())  # noqa: S311 - repeatable
    run.replace_askings(fresh_askings(run.world, now, later, first=1_000_000, end=last))


# --- shoppers ---------------------------------------------------------------------------------------------------


def _shopper(run: Undivided, key: ConversationId, conversation: Conversation, chance: Random) -> None:
    asking, turn, setting = run.asking(key), run.turns.get(key, 0), run.world.setting
    if key in run.answered_at and conversation.state is State.WITH_SHOPPER:
        run.coming.pop(key, None)
        when = _writes_again(run.answered_at[key], turn, run.engine.now, setting, chance)
        if when is None:
            return
        run.writes_again(key, when)
    fresh = redrawn(asking, setting, chance)
    seen = turn + (conversation.state is State.FOCUS)
    overlooked = (*asking.overlooked[:seen], *fresh.overlooked[seen:])
    run.askings[key] = replace(fresh, replies=_replies(turn, setting, chance), overlooked=overlooked)


def _replies(turn: int, setting: Setting, chance: Random) -> tuple[timedelta, ...]:
    """Return the times to write again after each answer; those before `turn` are past and do not matter."""
    drawn = [timedelta(0)] * turn
    while len(drawn) < MOST_TURNS - 1 and chance.random() < setting.again:
        drawn.append(reply(chance))
    return tuple(drawn)


def _writes_again(answered: datetime, turn: int, now: datetime, setting: Setting, chance: Random) -> datetime | None:
    """Return when a shopper who has been silent since `answered` writes, drawn until it agrees with their silence."""
    while turn < MOST_TURNS and chance.random() < setting.again:
        if (when := answered + reply(chance)) > now:
            return when
    return None


# --- specialists ------------------------------------------------------------------------------------------------


def _absences(run: Undivided, box: Mailbox, chance: Random) -> None:
    """Draw sick days from tomorrow on; of today only what was said is known, see `_desk`."""
    today = run.engine.now.date()
    known = {day: says for day, says in run.world.sick[box.who].items() if day < today or (day == today and says)}
    later = {day: says for day, says in sick_days(run.world.setting, chance) if day > today}
    run.world = replace(run.world, sick={**run.world.sick, box.who: {**known, **later}})
    for day, says in later.items():
        run.falls_ill(box.who, datetime(day.year, day.month, day.day, 4, tzinfo=UTC), says_so=says)


def _desk(run: Undivided, box: Mailbox, chance: Random) -> None:
    """Draw what has become of what the specialist has before them."""
    held = [key for key in run.table.desk(box.who).focus if key in box.open]
    if box.working_on and box.working_on not in held:
        _goes_on(run, box, box.working_on, box.begun, chance)
        return  # a late answer; their focus comes after it
    if not held:
        if chance.random() < _ill(run, box):
            _stays_at_home(run, box)
        return
    key = held[0]
    since = run.table.desk(box.who).focus[key]
    box.working_on = None
    box.overlooked.discard(key)
    _become(run, box, key, since, chance)


def _become(run: Undivided, box: Mailbox, key: ConversationId, since: datetime, chance: Random) -> None:
    """Choose among the stories that end in no answer until now, by how likely each is."""
    setting, asking = run.world.setting, run.asking(key)
    hours, now = run.world.shop.specialists[box.who].hours, run.engine.now
    passed, remind = working_between(hours, since, now), timedelta(minutes=setting.patience / 2)
    midnight = datetime(now.year, now.month, now.day, tzinfo=UTC)
    ill, silent = _ill(run, box), setting.silent * (key not in {one for one, _ in run.overlooked_once})
    works = (1 - ill) * (1 - silent) * _alive(run, box, passed)
    found = (1 - ill) * silent / 2 * (_alive(run, box, passed - remind) if passed > remind else 0.0)
    overlooked = (1 - ill) * silent * (0.5 if passed > remind else 1.0)
    at_home = ill * _alive(run, box, working_between(hours, since, max(midnight, since)))
    story = chance.choices(("works", "found", "overlooked", "at home"), (works, found, overlooked, at_home))[0]
    if story == "overlooked":
        box.overlooked.add(key)
        run.overlooked_once.add((key, run.turns.get(key, 0)))
        run.askings[key] = replace(asking, heeds=passed <= remind and asking.heeds)
        return
    if story == "at home":
        _stays_at_home(run, box)
    _goes_on(run, box, key, since, chance, lost=remind if story == "found" else timedelta(0))


def _goes_on(
    run: Undivided, box: Mailbox, key: ConversationId, begun: datetime, chance: Random, lost: timedelta = timedelta(0)
) -> None:
    """Have an answer that was begun take longer than it has taken; `lost` of that they had not seen the mail."""
    passed = working_between(run.world.really(box.who), begun, run.engine.now)
    past = _NORMAL.cdf(_place(run, box, passed - lost))
    drawn = min(past + chance.random() * (1 - past), 1 - 1e-9)
    lucky = replace(run.asking(key), luck=(_NORMAL.inv_cdf(max(drawn, 1e-9)),))
    takes = run.world.answer_takes(box.who, lucky, 0, run.engine.now) + lost
    box.working_on, box.begun = key, begun
    run.finishes(box, key, max(takes, passed))


def _alive(run: Undivided, box: Mailbox, passed: timedelta) -> float:
    """Return the share of this specialist's answers that take longer than `passed`."""
    return 1 - _NORMAL.cdf(_place(run, box, passed))


def _place(run: Undivided, box: Mailbox, passed: timedelta) -> float:
    """Return where an answer of that length stands in the specialist's distribution, in standard deviations."""
    typical = run.world.answer_takes(box.who, _TYPICAL, 0, run.engine.now)
    sigma = math.sqrt(math.log1p(run.world.setting.cv**2))
    return math.log(passed / typical) / sigma if passed > timedelta(0) else -8.0


def _ill(run: Undivided, box: Mailbox) -> float:
    """Return how likely it is that they are at home without having said so."""
    now, sick = run.engine.now, run.world.setting.sick
    away = run.table.desk(box.who).away_until
    wrote = run.wrote_at.get(box.who, START)
    if (away and away > now) or wrote.date() == now.date():
        return 0.0
    return sick / 2 / (1 - sick / 2)


def _stays_at_home(run: Undivided, box: Mailbox) -> None:
    today = run.engine.now.date()
    days = {**run.world.sick[box.who], today: False}
    run.world = replace(run.world, sick={**run.world.sick, box.who: days})
    run.falls_ill(box.who, datetime(today.year, today.month, today.day, 4, tzinfo=UTC), says_so=False)


_TYPICAL = Asking(0, START, {}, (0.0,), (), ())
"""Luck 0: the median answer."""
