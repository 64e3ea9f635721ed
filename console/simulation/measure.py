"""What is written down during a run, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import fmean

from undivided.promise.estimate import Promise
from undivided.promise.hours import Duty, open_between
from undivided.values import SpecialistId

from console.simulation.setting import START, Asking, World, duty_hours

WARM_UP = timedelta(weeks=1)
"""Left out of the figures of waiting; promises are scored from the first day, when nothing is known yet."""
HALVES = 4.0
"""Open hours of waiting that halve what an answer is worth."""


@dataclass(slots=True)
class Story:
    """One question's fate in one run."""

    asking: Asking
    promise: Promise | None = None
    """The first one told."""
    first_answer: datetime | None = None
    answered_by: SpecialistId | None = None
    answered_last: SpecialistId | None = None
    revisions: int = 0
    told_in_time: bool = True
    """The shopper was told a new time before the old one had passed."""
    last_due: datetime | None = None
    """The promise that stood last before the first answer."""
    turns: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer to what a shopper wrote: the question or, `again`, more."""

    wrote: datetime
    answered: datetime
    estimate: float
    """Of whoever answered."""
    again: bool
    same: bool
    """The specialist was the one before."""


@dataclass(slots=True)
class Log:
    """Everything measured in one run of one way of working."""

    name: str
    stories: dict[int, Story] = field(default_factory=dict)
    interruptions: dict[SpecialistId, int] = field(default_factory=dict)
    """Mails about another shopper while one is open, by specialist."""
    replies: list[Reply] = field(default_factory=list)
    most_open: int = 0
    """The most conversations that were ever unanswered with one specialist at once."""
    reminders: int = 0
    needless: int = 0
    """Reminders of what was being answered already."""
    commits: int = 0

    def answer(self, number: int, who: SpecialistId, wrote: datetime, now: datetime, *, again: bool) -> None:
        """Note an answer of `who` to what a shopper wrote, the question or, `again`, more."""
        story = self.stories[number]
        self.replies.append(Reply(wrote, now, story.asking.estimates[who], again, story.answered_last == who))
        story.answered_last = who

    def interrupt(self, who: SpecialistId) -> None:
        self.interruptions[who] = self.interruptions.get(who, 0) + 1


@dataclass(frozen=True, slots=True)
class Figures:
    """One row of the comparison; times in hours of open time (somebody is on duty)."""

    name: str
    questions: int
    unanswered: int
    median: float
    p90: float
    longest: float
    reply_p90: float
    """Of all answers, those to follow-ups included."""
    again_median: float
    """Of the answers to who writes again."""
    again_p90: float
    same: float
    """Share of those that the specialist of the answer before gave."""
    reminders: float
    """For each hundred answers."""
    needless: float
    """Those of them about what was being answered already."""
    best_matched: float
    """Share of first answers by the specialist with the highest estimate."""
    match: float
    """Mean of the answering specialist's estimate ÷ the best estimate."""
    worth: float
    """Mean of the answering specialist's estimate, halved for each four open hours of waiting; nothing if unanswered."""
    worth_all: float
    """The same of all answers, those to follow-ups included."""
    interruptions: float
    """For each hour of duty."""
    least_busy: float
    """Answers of the least busy specialist for each hour of duty ÷ the mean."""
    most_busy: float
    most_open: int
    kept: float | None = None
    kept_told: float | None = None
    revised: float | None = None


def figures(log: Log, world: World) -> Figures:
    """Sum up one run; questions of the first week and of the last two days are left out of the waits."""
    last = world.setting.end - timedelta(days=2)
    stories = [one for one in log.stories.values() if START + WARM_UP <= one.asking.at < last]
    answered = [one for one in stories if one.first_answer]
    waits = sorted(wait(one, world, world.setting.end) for one in stories)
    shares = busy(answered, world)
    replies = [one for one in log.replies if one.wrote >= START + WARM_UP]
    again = sorted(_replied(one, world) for one in replies if one.again)
    return Figures(
        name=log.name,
        questions=len(stories),
        unanswered=len(stories) - len(answered),
        median=quantile(waits, 0.5),
        p90=quantile(waits, 0.9),
        longest=waits[-1],
        reply_p90=quantile(sorted(_replied(one, world) for one in replies), 0.9),
        again_median=quantile(again, 0.5),
        again_p90=quantile(again, 0.9),
        same=fmean([one.same for one in log.replies if one.again] or [1]),
        reminders=100 * log.reminders / len(log.replies),
        needless=100 * log.needless / len(log.replies),
        best_matched=fmean(one.answered_by == one.asking.best for one in answered),
        match=fmean(_match(one) for one in answered),
        worth=sum(worth(one, world) for one in answered) / len(stories),
        worth_all=fmean(_halved(one.estimate, _replied(one, world)) for one in replies),
        interruptions=sum(log.interruptions.values()) / duty_hours(world),
        least_busy=min(shares),
        most_busy=max(shares),
        most_open=log.most_open,
        **_promises(stories, world.setting.end),
    )


def wait(story: Story, world: World, end: datetime) -> float:
    """Return the open hours to the first answer, up to `end` if there is none yet."""
    return _open_hours(story.asking.at, story.first_answer or end, world)


def _replied(reply: Reply, world: World) -> float:
    return _open_hours(reply.wrote, reply.answered, world)


def _open_hours(start: datetime, end: datetime, world: World) -> float:
    duties = [Duty(one.hours) for one in world.shop.specialists.values()]
    return open_between(duties, start, end).total_seconds() / 3600


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` of the sorted `values` do not exceed; nothing of none."""
    return values[min(int(share * len(values)), len(values) - 1)] if values else 0.0


def busy(stories: Iterable[Story], world: World) -> list[float]:
    """Return each specialist's answers for each hour of duty ÷ the mean of all."""
    counts = dict.fromkeys(world.shop.specialists, 0)
    for one in stories:
        if one.answered_by:
            counts[one.answered_by] += 1
    hours = {who: open_between([Duty(world.really(who))], START, world.setting.end).total_seconds() for who in counts}
    rates = [counts[who] / hours[who] for who in counts]
    return [rate / fmean(rates) for rate in rates]


def _match(story: Story) -> float:
    estimates = story.asking.estimates
    return estimates[story.answered_by] / max(estimates.values()) if story.answered_by else 0.0


def worth(story: Story, world: World) -> float:
    """Return what an answer is worth: its writer's estimate, halved for each four open hours of waiting."""
    know = story.asking.estimates[story.answered_by] if story.answered_by else 0.0
    return _halved(know, wait(story, world, world.setting.end))


def _halved(estimate: float, hours: float) -> float:
    return float(estimate * 0.5 ** (hours / HALVES))


def _promises(stories: Sequence[Story], end: datetime) -> dict[str, float]:
    """Return the kept-rates: of the first promise, and of the one that stood last; overdue is missed at once."""
    promised = [one for one in stories if one.promise and (one.first_answer or one.promise.due < end)]
    if not promised:
        return {}
    return {
        "kept": fmean(
            bool(one.promise and one.first_answer and one.first_answer <= one.promise.due) for one in promised
        ),
        "kept_told": fmean(
            bool(one.last_due and one.first_answer and one.first_answer <= one.last_due) for one in promised
        ),
        "revised": fmean(one.revisions > 0 for one in promised),
    }
