"""The `undivided` command. Each subcommand is one line in `SUBCOMMANDS`; its module is imported when it is called."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Options = Callable[[argparse.ArgumentParser], Any]
Run = Callable[[Any, argparse.Namespace], int | None]


@dataclass(frozen=True, slots=True)
class Subcommand:
    """`words` typed by the user; `run` gets the imported module and the parsed arguments, returns the exit status."""

    words: str
    help: str
    module: str
    run: Run
    options: Options | None = None
    """Adds the arguments; None: the rest of the command line goes to `arguments.rest`, for the module to parse."""


def _nothing(_: argparse.ArgumentParser) -> None:
    """Take no arguments."""


def _file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)


def _shop_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, nargs="?", default=Path("undivided.yaml"), help="default: undivided.yaml")


def _shop_and_stack(parser: argparse.ArgumentParser) -> None:
    _shop_file(parser)
    _stack(parser)


def _stack(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--stack", help="name of the deployed stack; without it: the running demo")
    parser.add_argument("--region", help="default: AWS_REGION, then us-east-1")


def _evaluate(parser: argparse.ArgumentParser) -> None:
    _file(parser)
    parser.add_argument("--seeds", type=int, default=1, help="repetitions with other random numbers (default 1)")
    parser.add_argument(
        "--points", help="answered questions at which to measure, like 0,50,200 (default: the usual five)"
    )


def _demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--fresh", action="store_true", help="forget everything that earlier runs left")
    parser.add_argument("--shop", type=Path, help="default: the project's undivided.yaml")
    parser.add_argument("--no-open", action="store_true", help="open no browser (as OPEN=0 does)")


def _file_and_stack(parser: argparse.ArgumentParser) -> None:
    _file(parser)
    _stack(parser)


def _ses_id_and_stack(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ses_id", help="SES's id of the mail, as the owner's notice names it")
    _stack(parser)


def _answer_and_stack(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", help="of the answer, as `undivided answers list` and `/answers` show it")
    _stack(parser)


def _source(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", help="shopify, woocommerce or generic")
    _stack(parser)


def _on_stack(function: str, *arguments: str) -> Run:
    """Return what calls a function of the module with these arguments, and the stack that was named last."""

    def run(module: Any, given: argparse.Namespace) -> int | None:
        from console.stack import find_stack  # noqa: PLC0415 - subcommands import what they need when they run

        values = [getattr(given, name) for name in arguments]
        result: int | None = getattr(module, function)(*values, find_stack(given.stack, given.region))
        return result

    return run


SUBCOMMANDS: tuple[Subcommand, ...] = (
    Subcommand("demo", "run the whole thing on this machine", "console.local.demo", lambda m, a: m.run(a), _demo),
    Subcommand("demo-down", "end the demo that runs elsewhere", "console.local.demo", lambda m, _: m.down(), _nothing),
    Subcommand(
        "replay", "run one handler on a sample event", "console.replay", _on_stack("replay", "file"), _file_and_stack
    ),
    Subcommand("roster check", "check undivided.yaml", "console.roster", lambda m, a: m.check(a.file), _shop_file),
    Subcommand(
        "roster apply",
        "load undivided.yaml into the stack",
        "console.roster",
        _on_stack("apply", "file"),
        _shop_and_stack,
    ),
    Subcommand("roster welcome", "welcome who has not answered yet", "console.roster", _on_stack("welcome"), _stack),
    Subcommand("explain", "who would get this question, and why", "console.explain", lambda m, a: m.main(a.rest)),
    Subcommand("report promises", "promises kept, missed and revised", "console.report", _on_stack("promises"), _stack),
    Subcommand("report routing", "who answered what came to whom", "console.routing", _on_stack("routing"), _stack),
    Subcommand("simulate", "play a day of the shop", "console.simulate", lambda m, a: m.main(a.rest)),
    Subcommand("mail explain", "what would become of a mail", "console.mail", lambda m, a: m.explain(a.file), _file),
    Subcommand(
        "mail reprocess",
        "take a mail through again",
        "console.mail",
        _on_stack("reprocess", "ses_id"),
        _ses_id_and_stack,
    ),
    Subcommand(
        "expertise evaluate",
        "measure routing on a task file",
        "console.expertise",
        lambda m, a: m.evaluate(a.file, seeds=a.seeds, points=a.points),
        _evaluate,
    ),
    Subcommand(
        "expertise history", "the shop's past questions as a task file", "console.history", _on_stack("history"), _stack
    ),
    Subcommand(
        "expertise rebuild", "learn anew from all conversations", "console.history", _on_stack("rebuild"), _stack
    ),
    Subcommand(
        "webhook secret", "make a secret for the webhook of events", "console.webhook", _on_stack("secret"), _stack
    ),
    Subcommand(
        "orders secret",
        "store the secret of a shop system's webhook",
        "console.orders",
        _on_stack("secret", "source"),
        _source,
    ),
    Subcommand("answers list", "published answers", "console.answers", _on_stack("listed"), _stack),
    Subcommand(
        "answers take-back",
        "take a published answer off the product page",
        "console.answers",
        _on_stack("take_back", "id"),
        _answer_and_stack,
    ),
    Subcommand("doctor", "what is missing before the first mail", "console.doctor", lambda m, a: m.main(a.rest)),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit status; an expected failure is one line on standard error."""
    parser = build_parser([one for one in SUBCOMMANDS if exists(one.module)])
    given, rest = parser.parse_known_args(argv)
    subcommand: Subcommand = given.subcommand
    if subcommand.options is None:
        given.rest = rest
    elif rest:
        parser.error(f"unknown arguments: {' '.join(rest)}")
    try:
        return subcommand.run(importlib.import_module(subcommand.module), given) or 0
    except expected_failures() as failure:
        print(f"undivided: {failure}", file=sys.stderr)
        return 1


def exists(module: str) -> bool:
    """Say whether `module` can be imported, without importing it."""
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def build_parser(subcommands: Sequence[Subcommand]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="undivided", description="Ask an expert, and one expert answers you.")
    groups = {"": parser.add_subparsers(required=True, metavar="SUBCOMMAND")}
    for one in subcommands:
        group, _, word = one.words.rpartition(" ")
        if group not in groups:
            inside = ", ".join(other.words for other in subcommands if other.words.startswith(f"{group} "))
            inner = groups[""].add_parser(group, help=inside)
            groups[group] = inner.add_subparsers(required=True, metavar="WHAT")
        own = groups[group].add_parser(word, help=one.help, description=one.help, add_help=one.options is not None)
        (one.options or _nothing)(own)
        own.set_defaults(subcommand=one)
    return parser


def expected_failures() -> tuple[type[Exception], ...]:
    """Return the errors whose message is meant for the user; all others are bugs and show their traceback."""
    from undivided.values import Unusable  # noqa: PLC0415

    from console.local.failures import DemoFailure  # noqa: PLC0415 - as above
    from console.stack import NoStack  # noqa: PLC0415

    return (NoStack, DemoFailure, Unusable)


if __name__ == "__main__":
    sys.exit(main())
