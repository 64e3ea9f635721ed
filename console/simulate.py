"""`undivided simulate`: play weeks of the shop on the real decisions, and measure waiting, match, interruptions, promises."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import fmean

from console.simulation import experiments, known, plots, report
from console.simulation.experiments import Ring
from console.simulation.known import Outcome
from console.simulation.measure import Figures
from console.simulation.setting import Setting

PATIENCE = (60.0, 90.0, 120.0, 240.0)
RINGS = (Ring(), Ring(half_life=8.0), Ring(half_life=60.0), Ring(capacity=2))
RETURNING = (Ring(), *(Ring(returning=60.0 * hours) for hours in (8, 4, 0)))
AIMS = (0.5, 0.6, 0.7, 0.8, 0.87, 0.9, 0.95)


def main(rest: Sequence[str]) -> int:
    """Run the experiments that were asked for; print tables, and with `--out` write them, plots and figures to files."""
    given = _parser().parse_args(rest)
    setting = Setting(**{name: getattr(given, name) for name in _NUMBERS})
    out: Path | None = given.out
    if out:
        out.mkdir(parents=True, exist_ok=True)
    for name in given.what or ["ways"]:
        words, figures, drawings = _EXPERIMENTS[name](setting, given)
        print(words)
        if out:
            _write(out, name, words, figures, drawings)
    return 0


def _write(out: Path, name: str, words: str, figures: object, drawings: dict[str, str]) -> None:
    (out / f"{name}.md").write_text(words, encoding="utf-8")
    (out / f"{name}.json").write_text(json.dumps(figures, indent=1, default=str), encoding="utf-8")
    for title, drawing in drawings.items():
        (out / f"{title}.svg").write_text(drawing, encoding="utf-8")


def _ways(setting: Setting, _: argparse.Namespace) -> tuple[str, object, dict[str, str]]:
    drawn, rows, waits = experiments.compare(setting)
    words = report.ways(setting, len(drawn.askings), rows)
    return words, [asdict(row) for row in rows], report.ways_plots(rows, waits)


def _assignment(setting: Setting, given: argparse.Namespace) -> tuple[str, object, dict[str, str]]:
    found = experiments.assignment(setting, given.seeds)
    worths = [(name, fmean(one.worth for one in several)) for name, several in found.items()]
    drawing = plots.bars("Worth of an answer", "estimate, halved each 4 h", worths)
    title = f"assignment_{setting.people}_{setting.load:.0%}".removesuffix("%")
    return report.assignment(setting, found), _by_name(found), {title: drawing}


def _ring(setting: Setting, given: argparse.Namespace) -> tuple[str, object, dict[str, str]]:
    found = experiments.rings(setting, RINGS, given.seeds)
    points = [
        (name, [(fmean(one.p90 for one in some), fmean(one.match for one in some))]) for name, some in found.items()
    ]
    drawing = plots.lines("Rings, and least-loaded push", "open hours to the answer, p90", "match", points, dots=True)
    return report.rings(setting, found), _by_name(found), {f"ring_{setting.people}": drawing}


def _returning(setting: Setting, given: argparse.Namespace) -> tuple[str, object, dict[str, str]]:
    found = experiments.rings(setting, RETURNING, given.seeds)
    points = [
        (name, [(fmean(one.p90 for one in some), fmean(one.again_p90 for one in some))]) for name, some in found.items()
    ]
    drawing = plots.lines("Who goes first", "p90 of first answers, open hours", "p90 of later ones", points, dots=True)
    return report.rings(setting, found), _by_name(found), {f"returning_{setting.people}": drawing}


def _by_name(found: Mapping[str, Sequence[Figures | Outcome]]) -> object:
    return {name: [asdict(one) for one in several] for name, several in found.items()}


def _promises(setting: Setting, given: argparse.Namespace) -> tuple[str, object, dict[str, str]]:
    everything, asked = experiments.estimators(setting, given.seeds, every=given.oracle)
    shares = [(one.name, 100 * one.kept) for one in experiments.together(everything)]
    drawing = plots.bars("Promises kept (target 90 %)", "%", shares, mark=90, digits=1)
    figures = {
        name: [[asdict(one) for one in rows] for rows in some]
        for name, some in (("all", everything), ("oracle", asked))
    }
    return report.promises(setting, everything, asked), figures, {"promises_kept": drawing}


def _drift(setting: Setting, given: argparse.Namespace) -> tuple[str, object, dict[str, str]]:
    found = experiments.drift(setting, given.seeds)
    series = [(f"seed {setting.seed + number}", list(one.by_week.items())) for number, one in enumerate(found)]
    title = f"Kept by week; answers take {setting.drift - 1:+.0%} from week {setting.weeks // 2} on"
    drawing = plots.lines(title, "week", "share kept", series, mark=report.GOAL)
    return report.drift(setting, found), [asdict(one) for one in found], {"drift": drawing}


def _trade_off(setting: Setting, _: argparse.Namespace) -> tuple[str, object, dict[str, str]]:
    found = experiments.trade_off(setting, AIMS)
    points = [("", [(one.overshoot, one.kept)]) for _, one in found]
    named = [(f"{aim:.0%}", series) for (aim, _), (_, series) in zip(found, points, strict=True)]
    drawing = plots.lines(
        "What a safer promise costs", "median overshoot ÷ real", "share kept", named, mark=0.9, dots=True
    )
    figures = [{"aim": aim, **asdict(one)} for aim, one in found]
    return report.trade_off(setting, found), figures, {"trade_off": drawing}


def _patience(setting: Setting, _: argparse.Namespace) -> tuple[str, object, dict[str, str]]:
    found = experiments.patience(setting, PATIENCE)
    curves = [("p90", [(one, row.p90) for one, row in found]), ("median", [(one, row.median) for one, row in found])]
    drawing = plots.lines(
        "Time until a silent specialist loses it", "working minutes", "open hours to the answer", curves
    )
    figures = [{"patience": one, **asdict(row)} for one, row in found]
    return report.patience(setting, found), figures, {"patience": drawing}


def _known(setting: Setting, given: argparse.Namespace) -> tuple[str, object, dict[str, str]]:
    found = known.known(experiments.seeded(setting, given.seeds))
    return report.known(setting, found), _by_name(found), {}


_EXPERIMENTS = {
    "ways": _ways,
    "assignment": _assignment,
    "ring": _ring,
    "returning": _returning,
    "patience": _patience,
    "known": _known,
    "promises": _promises,
    "drift": _drift,
    "trade-off": _trade_off,
}
_NUMBERS = {
    "seed": int,
    "weeks": int,
    "people": int,
    "capacity": int,
    "load": float,
    "silent": float,
    "sick": float,
    "drift": float,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="undivided simulate", description=__doc__)
    parser.add_argument("what", nargs="*", choices=[*_EXPERIMENTS, []], help="default: ways (of working)")
    for name, kind in _NUMBERS.items():
        parser.add_argument(f"--{name}", type=kind, default=getattr(Setting(), name), help="default: %(default)s")
    parser.add_argument("--oracle", type=int, default=0, metavar="N", help="ask an oracle at every Nth question (slow)")
    parser.add_argument(
        "--seeds",
        type=int,
        default=1,
        help="run all but ways, patience and trade-off with so many seeds, from --seed on",
    )
    parser.add_argument("--out", type=Path, help="folder for tables, figures and plots")
    return parser
