"""The experiments' results as tables that a person reads."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import fmean

from console.simulation import plots
from console.simulation.beside import Beside, joined, over_oracle
from console.simulation.experiments import PUSHED, Drift, Score, together
from console.simulation.known import Outcome
from console.simulation.measure import Figures
from console.simulation.setting import Setting

GOAL = 0.85
"""Of the promises of any week, under drift."""
_POINTS = 120
"""Points of a curve: enough for the eye."""


def ways(setting: Setting, questions: int, rows: Sequence[Figures]) -> str:
    """Compare the ways of working."""
    head = "| way of working | median | p90 | longest | all p90 | best matched | match | interruptions | most open | kept | last kept |"
    lines = [_setting(setting, questions), "", head, "|" + "---|" * 11]
    for one in rows:
        waits = f"{one.median:.1f} h | {one.p90:.1f} h | {one.longest:.1f} h | {one.reply_p90:.1f} h"
        promises = f"{_share(one.kept)} | {_share(one.kept_told)}"
        open_ = str(one.most_open or "-")
        lines.append(
            f"| {one.name} | {waits} | {one.best_matched:.0%} | {one.match:.2f} | {one.interruptions:.2f} | {open_} | {promises} |"
        )
    lines += [
        "",
        "Waits to the first answer, in open hours (somebody is on duty); all p90: of all answers, those to follow-ups included. Match: the answering specialist's estimate ÷ the best.",
        "Interruptions: mails about another shopper while one is open, for each hour of duty. Kept: of the first promise; last: of the one that stood.",
        f"Answers for each hour of duty, least and most busy specialist ÷ the mean: {_fairness(rows)}.",
    ]
    return "\n".join(lines) + "\n"


def _fairness(rows: Sequence[Figures]) -> str:
    return "; ".join(f"{one.name} {one.least_busy:.2f} to {one.most_busy:.2f}" for one in rows)


def rings(setting: Setting, found: Mapping[str, Sequence[Figures]]) -> str:
    """Compare rings with least-loaded push: means over seeds, and the p90 ÷ that of the push from the least to the most."""
    head = [
        "| half-life, at once from, at a time | match | worth | median | p90 | ÷ push | all p90 | again median | again p90 | same | longest | reminders | interruptions |",
        "|" + "---|" * 13,
    ]
    rows = [_ring(name, several, found[PUSHED]) for name, several in found.items()]
    return "\n".join([_setting(setting, seeds=len(found[PUSHED])), "", *head, *rows]) + "\n"


def _ring(name: str, several: Sequence[Figures], pushed: Sequence[Figures]) -> str:
    mean = _means(several)
    times = [one.p90 / push.p90 for one, push in zip(several, pushed, strict=True)]
    return (
        f"| {name} | {mean(lambda one: one.match):.2f} | {mean(lambda one: one.worth):.2f} "
        f"| {mean(lambda one: one.median):.1f} h | {mean(lambda one: one.p90):.1f} h "
        f"| {_ratio(times)} "
        f"| {mean(lambda one: one.reply_p90):.1f} h | {mean(lambda one: one.again_median):.1f} h "
        f"| {mean(lambda one: one.again_p90):.1f} h | {mean(lambda one: one.same):.0%} | {max(one.longest for one in several):.1f} h "
        f"| {mean(lambda one: one.reminders):.1f} ({mean(lambda one: one.needless):.1f}) | {mean(lambda one: one.interruptions):.2f} |"
    )


def assignment(setting: Setting, found: Mapping[str, Sequence[Figures]]) -> str:
    """Compare the rules of who gets a question: means over seeds, and what ours is worth ÷ each rule, least to most."""
    head = [
        "| rule | worth | ours ÷ it | of all answers | ours ÷ it | match | best matched | median | p90 | longest | least busy | busiest |",
        "|" + "---|" * 12,
    ]
    ours = next(iter(found.values()))
    rows = [_rule(name, several, ours) for name, several in found.items()]
    asked = sum(one.questions for one in ours)
    return "\n".join([_setting(setting, asked, len(ours)), "", *head, *rows]) + "\n"


def _rule(name: str, several: Sequence[Figures], ours: Sequence[Figures]) -> str:
    mean = _means(several)
    times = [mine.worth / one.worth for mine, one in zip(ours, several, strict=True)]
    all_times = [mine.worth_all / one.worth_all for mine, one in zip(ours, several, strict=True)]
    return (
        f"| {name} | {mean(lambda one: one.worth):.2f} | {_ratio(times)} "
        f"| {mean(lambda one: one.worth_all):.2f} | {_ratio(all_times)} | {mean(lambda one: one.match):.2f} "
        f"| {mean(lambda one: one.best_matched):.0%} | {mean(lambda one: one.median):.1f} h | {mean(lambda one: one.p90):.1f} h "
        f"| {max(one.longest for one in several):.1f} h | {mean(lambda one: one.least_busy):.2f} "
        f"| {mean(lambda one: one.most_busy):.2f} |"
    )


def _means(several: Sequence[Figures]) -> Callable[[Callable[[Figures], float]], float]:
    return lambda value: fmean(value(one) for one in several)


def _ratio(times: Sequence[float]) -> str:
    return f"{fmean(times):.2f} ({min(times):.2f} to {max(times):.2f})"


def known(setting: Setting, found: Mapping[str, Sequence[Outcome]]) -> str:
    """Show what it brings to know who answered a shopper before, and whose answers sell: means over seeds."""
    head = (
        "| what counts besides the match | match | worth | worth × sales | ÷ match alone | same specialist | p90 | busiest ÷ mean |",
        "|" + "---|" * 8,
    )
    plain = next(iter(found.values()))
    rows = [_outcome(name, several, plain) for name, several in found.items()]
    asked = sum(one.figures.questions for one in plain)
    return "\n".join([_setting(setting, asked, len(plain)), "", *head, *rows]) + "\n"


def _outcome(name: str, several: Sequence[Outcome], plain: Sequence[Outcome]) -> str:
    mean = _means([one.figures for one in several])
    times = [one.sold / other.sold for one, other in zip(several, plain, strict=True)]
    return (
        f"| {name} | {mean(lambda one: one.match):.3f} | {mean(lambda one: one.worth):.3f} "
        f"| {fmean(one.sold for one in several):.3f} | {_ratio(times)} | {fmean(one.same for one in several):.0%} "
        f"| {mean(lambda one: one.p90):.1f} h | {mean(lambda one: one.most_busy):.2f} |"
    )


def ways_plots(rows: Sequence[Figures], waits: Mapping[str, Sequence[float]]) -> dict[str, str]:
    curves = [(name, _curve(several)) for name, several in waits.items()]
    return {
        "first_reply": plots.lines("Time to the first answer", "open hours", "share answered", curves, mark=0.9),
        "interruptions": plots.bars(
            "Interruptions", "an hour of duty", [(one.name, one.interruptions) for one in rows]
        ),
        "match": plots.bars("Match of who answered", "of the best", [(one.name, one.match) for one in rows]),
    }


def _curve(waits: Sequence[float]) -> list[tuple[float, float]]:
    step = max(len(waits) // _POINTS, 1)
    return [(wait, (number + 1) / len(waits)) for number, wait in enumerate(waits) if number % step == 0]


def promises(setting: Setting, everything: Sequence[Sequence[Score]], asked: Sequence[Sequence[Beside]]) -> str:
    """Compare the estimators, and beside the oracle where it was asked; the oracle comes last."""
    head = ["| estimator | kept | worst week | pinball loss | median overshoot |", "|---|---|---|---|---|"]
    lines = [_setting(setting, seeds=len(everything)), "", "All questions, target 90 %, unrounded, in open time.", ""]
    lines += [*head, *(_score(one) for one in together(everything))]
    if asked:
        columns = ("estimator", "kept", "pinball loss", "median overshoot", "loss ÷ oracle's", "overshoot ÷ oracle's")
        beside = [f"| {' | '.join(columns)} |", "|" + "---|" * len(columns)]
        many = sum(len(rows[-1].losses) for rows in asked)
        lines += ["", f"The {many} questions at which the oracle was asked, in all of its futures.", ""]
        lines += [*beside, *_beside(joined(asked))]
    return "\n".join(lines) + "\n"


def _beside(asked: Sequence[Beside]) -> Iterator[str]:
    oracle = asked[-1]
    for one in asked:
        loss, least, most = over_oracle(one, oracle)
        yield (
            f"| {one.name} | {one.kept:.1%} | {fmean(loss for _, loss in one.losses):.1f} min | {one.overshoot:+.2f} "
            f"| {loss:.2f} ({least:.2f} to {most:.2f}) | {one.overshoot / oracle.overshoot:.2f} |"
        )


def _score(one: Score) -> str:
    worst = "-" if math.isnan(one.worst_week) else f"{one.worst_week:.0%}"  # no week had enough of them
    return f"| {one.name} | {one.kept:.1%} | {worst} | {one.loss:.1f} min | {one.overshoot:+.2f} |"


def drift(setting: Setting, found: Sequence[Drift]) -> str:
    """Show each week's kept-rate, over seeds: the mean and the worst."""
    head = ["| week | first promise kept | worst seed | seeds under 85 % | last promise told kept |", "|" + "---|" * 5]
    rows = []
    for week in sorted(set[int]().union(*(one.by_week for one in found))):
        first = [one.by_week[week] for one in found if week in one.by_week]
        last = fmean(one.by_week_last[week] for one in found if week in one.by_week_last)
        under = sum(one < GOAL for one in first)
        rows.append(f"| {week + 1} | {fmean(first):.1%} | {min(first):.1%} | {under} of {len(first)} | {last:.1%} |")
    return "\n".join([_setting(setting, seeds=len(found)), "", *head, *rows]) + "\n"


def trade_off(setting: Setting, found: Sequence[tuple[float, Score]]) -> str:
    lines = [_setting(setting), "", "| quantile | kept | median overshoot | pinball loss |", "|---|---|---|---|"]
    for aim, one in found:
        lines.append(f"| {aim:.0%} | {one.kept:.1%} | {one.overshoot:+.2f} | {one.loss:.1f} min |")
    return "\n".join(lines) + "\n"


def patience(setting: Setting, found: Sequence[tuple[float, Figures]]) -> str:
    head = ["| hand-over after | median | p90 | longest | match | interruptions | kept |", "|" + "---|" * 7]
    rows = [
        f"| {minutes:g} min | {one.median:.1f} h | {one.p90:.1f} h | {one.longest:.1f} h | {one.match:.2f} "
        f"| {one.interruptions:.2f} | {_share(one.kept)} |"
        for minutes, one in found
    ]
    return "\n".join([_setting(setting), "", *head, *rows]) + "\n"


def _setting(setting: Setting, questions: int | None = None, seeds: int = 1) -> str:
    asked = f", {questions} questions" if questions else ""
    drifting = f", handling × {setting.drift:g} from the middle on" if setting.drift != 1 else ""
    which = f"seed {setting.seed}" if seeds == 1 else f"seeds {setting.seed} to {setting.seed + seeds - 1}"
    return (
        f"{setting.people} specialists (capacity {setting.capacity}), {setting.weeks} weeks{asked}, load {setting.load:.0%}, "
        f"answers {setting.mean:g} min (cv {setting.cv:g}), overlooked {setting.silent:.1%}, sick {setting.sick:.0%}, "
        f"{which}{drifting}."
    )


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"
