"""docs/mail-in.md lists the fates as they are."""

from __future__ import annotations

import os
import re
from pathlib import Path

from undivided.mail.fates import Fate

PAGE = Path(__file__).parents[3] / "docs" / "mail-in.md"
_TABLE = re.compile(r"(<!-- fates: [^\n]*-->\n)(.*?)(<!-- /fates -->)", re.DOTALL)


def table() -> str:
    rows = "".join(f"| `{one}` | {one.meaning} |\n" for one in Fate)
    return f"\n| fate | what became of the mail |\n|---|---|\n{rows}\n"


def test_the_page_has_every_fate_with_its_meaning() -> None:
    page = PAGE.read_text("utf-8")
    if os.environ.get("UPDATE_GOLDEN"):
        page = _TABLE.sub(lambda found: found[1] + table() + found[3], page)
        PAGE.write_text(page, "utf-8")
    found = _TABLE.search(page)
    assert found
    assert found[2] == table()


def test_no_two_fates_say_the_same() -> None:
    assert len({one.meaning for one in Fate}) == len(Fate)
    assert all(one.meaning.endswith(".") for one in Fate)
