"""`undivided doctor`: what is missing before the first real mail, and what to do about it. Reads only."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterator, Sequence

from console.checkups import ALL, ERROR, WARNING, Checkup, Finding
from console.stack import Stack, find_stack


def main(argv: Sequence[str] | None = None) -> int:
    """Examine the stack and print the findings; return 1 if something that is needed is missing."""
    parser = argparse.ArgumentParser(prog="undivided doctor", description="What is missing before the first real mail.")
    parser.add_argument("--stack", help="name of the deployed stack; without it: the running demo")
    parser.add_argument("--region", help="default: AWS_REGION, then us-east-1")
    given = parser.parse_args(argv)
    findings = list(examine(find_stack(given.stack, given.region)))
    print(report(findings))
    return 1 if any(one.level == ERROR for one in findings) else 0


def examine(stack: Stack, checkups: Sequence[Checkup] = ALL) -> Iterator[Finding]:
    """Yield what every checkup finds; one that cannot look is a finding too."""
    for checkup in checkups:
        yield from _carefully(checkup, stack)


def _carefully(checkup: Checkup, stack: Stack) -> Iterator[Finding]:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - imported with the first client anyway

    try:
        yield from checkup(stack)
    except (BotoCoreError, ClientError) as error:
        subject = checkup.__name__.replace("_", " ")
        yield Finding(
            WARNING, f"cannot look at the {subject}: {error}", "try again as a user with the right ReadOnlyAccess"
        )


def report(findings: Sequence[Finding]) -> str:
    """Return the findings one a line, what to do below each, and a last line that sums up."""
    lines = []
    for one in findings:
        lines.append(f"{one.level:>8}  {one.what}")
        if one.do:
            lines.append(textwrap.indent(one.do, " " * 10 + "→ ").replace("\n          → ", "\n            "))
    errors = sum(one.level == ERROR for one in findings)
    warnings = sum(one.level == WARNING for one in findings)
    said = f"{errors} missing, {warnings} to look at" if errors or warnings else "all is well"
    return "\n".join([*lines, "", said])
