"""The experiments' results as tables that a person reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from console.simulation import plots
from console.simulation.experiments import Drift, Score
from console.simulation.known import Outcome
from console.simulation.measure import Figures
from console.simulation.setting import Setting

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


def head_starts(setting: Setting, found: Sequence[tuple[str, Figures]]) -> str:
    """Compare half-lives of the head start, and capacities."""
    head = ["| half-life | worth | match | median | p90 | all p90 | longest | interruptions |", "|" + "---|" * 8]
    rows = [
        f"| {name} | {one.worth:.2f} | {one.match:.2f} | {one.median:.1f} h | {one.p90:.1f} h | {one.reply_p90:.1f} h "
        f"| {one.longest:.1f} h | {one.interruptions:.2f} |"
        for name, one in found
    ]
    return "\n".join([_setting(setting), "", *head, *rows]) + "\n"


def assignment(setting: Setting, questions: int, rows: Sequence[Figures]) -> str:
    """Compare the rules of who gets a question."""
    head = ["| rule | worth | match | best matched | median | p90 | longest | least busy | busiest |", "|" + "---|" * 9]
    lines = [
        f"| {one.name} | {one.worth:.2f} | {one.match:.2f} | {one.best_matched:.0%} | {one.median:.1f} h | {one.p90:.1f} h "
        f"| {one.longest:.1f} h | {one.least_busy:.2f} | {one.most_busy:.2f} |"
        for one in rows
    ]
    return "\n".join([_setting(setting, questions), "", *head, *lines]) + "\n"


def known(setting: Setting, questions: int, found: Sequence[Outcome]) -> str:
    """Show what it brings to know who answered a shopper before, and whose answers sell."""
    head = (
        "| what counts besides the match | match | worth | worth × sales | same specialist | p90 | busiest ÷ mean |",
        "|" + "---|" * 7,
    )
    rows = [
        f"| {one.name} | {one.figures.match:.3f} | {one.figures.worth:.3f} | {one.sold:.3f} | {one.same:.0%} "
        f"| {one.figures.p90:.1f} h | {one.figures.most_busy:.2f} |"
        for one in found
    ]
    return "\n".join([_setting(setting, questions), "", *head, *rows]) + "\n"


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


def promises(setting: Setting, everything: Sequence[Score], asked: Sequence[Score]) -> str:
    """Compare the estimators, and beside the oracle where it was asked."""
    words = f"{_setting(setting)}\n\nAll questions, target 90 %, unrounded, in open time.\n\n{_scores(everything)}\n"
    if asked:
        words += f"\nThe questions at which the oracle was asked.\n\n{_scores(asked)}\n"
    return words


def _scores(rows: Sequence[Score]) -> str:
    head = ["| estimator | kept | worst week | pinball loss | median overshoot |", "|---|---|---|---|---|"]
    return "\n".join([*head, *(_score(one) for one in rows)])


def _score(one: Score) -> str:
    return f"| {one.name} | {one.kept:.1%} | {one.worst_week:.0%} | {one.loss:.1f} min | {one.overshoot:+.2f} |"


def drift(setting: Setting, found: Drift) -> str:
    lines = [_setting(setting), "", "| week | first promise kept | last promise told kept |", "|---|---|---|"]
    for week, kept in found.by_week.items():
        lines.append(f"| {week + 1} | {kept:.1%} | {found.by_week_last[week]:.1%} |")
    return "\n".join(lines) + "\n"


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


def _setting(setting: Setting, questions: int | None = None) -> str:
    asked = f", {questions} questions" if questions else ""
    drifting = f", handling × {setting.drift:g} from the middle on" if setting.drift != 1 else ""
    return (
        f"{setting.people} specialists (capacity {setting.capacity}), {setting.weeks} weeks{asked}, load {setting.load:.0%}, "
        f"answers {setting.mean:g} min (cv {setting.cv:g}), overlooked {setting.silent:.1%}, sick {setting.sick:.0%}, "
        f"seed {setting.seed}{drifting}."
    )


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"
