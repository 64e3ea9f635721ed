"""Every mail of the golden corpus reads as its index says; each stands for one program or one fault."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from undivided.mail import explain
from undivided.mail.fates import Fate
from undivided.mail.parse import read

CORPUS = Path(__file__).parents[2] / "golden" / "mail"
INDEX: dict[str, dict[str, Any]] = tomllib.loads((CORPUS / "index.toml").read_text(encoding="utf-8"))
SAME_NAME = (
    "fate",
    "is_auto",
    "is_bounce",
    "is_forward",
    "subject",
    "sender",
    "attachments",
    "message_id",
    "in_reply_to",
    "references",
    "commands",
    "away_until",
    "complaint",
)


NOT_ALONE = ("about", "party", "party_by_thread")
"""What the mail alone does not say: see `tests/unit/rules/test_golden_parties.py`."""


def raw(name: str) -> bytes:
    return (CORPUS / f"{name}.eml").read_bytes()


@pytest.mark.parametrize("name", INDEX)
def test_a_golden_mail_reads_as_its_index_says(name: str) -> None:
    wanted, found, mail = INDEX[name], explain(raw(name)), read(raw(name))
    shown = {key: found[key] for key in SAME_NAME} | {
        "reply_text": mail.reply_text.strip(),
        "bounced": found["bounced_recipients"],
        "permanent": found["bounce_permanent"],
        "original_message_id": mail.bounce.original_message_id if mail.bounce else "",
        "sender_name": mail.sender_name,
    }
    for key, value in wanted.items():
        if key == "reply_contains":
            assert value in mail.reply_text
        elif key == "reply_html_contains":
            assert value in mail.reply_html
        elif key == "fault":
            assert any(value in fault for fault in mail.faults)
        elif key not in NOT_ALONE:
            assert shown[key] == (value.strip() if key == "reply_text" else value), key


def test_the_index_and_the_mails_are_the_same_set() -> None:
    assert {path.stem for path in CORPUS.glob("*.eml")} == set(INDEX)
    assert len(INDEX) >= 150
    assert all(entry["about"] for entry in INDEX.values())


def test_every_fate_that_a_mail_alone_can_have_stands_in_the_corpus() -> None:
    alone = {
        "relayed",
        "command",
        "question",
        "away",
        "automatic",
        "bounce",
        "delayed",
        "complaint",
        "bulk",
        "loop",
        "unparsable",
        "encrypted",
        "empty",
    }
    assert alone == {entry["fate"] for entry in INDEX.values() if "fate" in entry}
    assert alone <= {fate.value for fate in Fate}
