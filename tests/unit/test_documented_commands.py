"""Every `undivided …` and `make …` that README and docs name is there, with the options that they give it."""

from __future__ import annotations

import argparse
import re
import shlex
from pathlib import Path

import pytest

from console.main import SUBCOMMANDS

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
NAMED = re.compile(r"(?:^\$? ?|`)((?:undivided|make) [a-z][^`\n]*)", re.MULTILINE)
WORDS = {one.words: one for one in SUBCOMMANDS}
GROUPS = {one.words.split()[0] for one in SUBCOMMANDS}


def commands() -> list[tuple[str, str]]:
    found = (
        (page.name, line.partition("  #")[0].strip()) for page in PAGES for line in NAMED.findall(page.read_text())
    )
    return sorted(set(found))


def targets() -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def options(words: str) -> set[str]:
    parser = argparse.ArgumentParser()
    (WORDS[words].options or (lambda _: None))(parser)
    return {text for action in parser._actions for text in action.option_strings}


@pytest.mark.parametrize(("page", "command"), commands())
def test_what_the_docs_name_is_there(page: str, command: str) -> None:
    program, *rest = shlex.split(re.sub(r"[\[\]…]", " ", command))
    if program == "make":
        assert rest[0] in targets()
        return
    words = " ".join(rest[:2]) if " ".join(rest[:2]) in WORDS else rest[0]
    assert words in WORDS or (words in GROUPS and len(rest) == 1), f"{page} names `{command}`"
    if words in WORDS and WORDS[words].options is not None:
        assert {word for word in rest if word.startswith("--")} <= options(words), f"{page} names `{command}`"


def test_the_docs_name_commands() -> None:
    assert len(commands()) > 30
