"""`explain`: one mail, its findings and the rules that decided, from Python and from the command line."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
import undivided.mail
from undivided.mail.explanation import RULES
from undivided.mail.fates import Fate

from console import mail as command
from console.main import main

MAIL = b"From: a@b.example\nTo: r-k@ask.example\nSubject: Re: x\nMessage-ID: <m@b>\nIn-Reply-To: <p@q>\n\nYes.\n\n/won 49.90\n\n> old\n"
KEYS = {
    "reply_text", "text", "subject", "is_auto", "is_bounce", "bounced_recipients", "attachments", "message_id", "in_reply_to", "references",
    "is_forward", "conversation", "party", "commands", "fate", "rule",
}  # fmt: skip


def test_it_says_all_that_was_asked_for() -> None:
    found = undivided.mail.explain(MAIL)
    assert set(found) >= KEYS
    assert (found["conversation"], found["party"]) == (None, None)
    assert found["commands"] == ["won"]
    assert (found["fate"], found["rule"]) == ("command", "a command at the top")
    assert undivided.mail.explain(MAIL) == found


def test_the_command_prints_the_same_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "one.eml"
    path.write_bytes(MAIL)
    assert command.explain(str(path)) == 0
    assert json.loads(capsys.readouterr().out) == undivided.mail.explain(MAIL)


def test_it_reads_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(MAIL)))
    assert main(["mail", "explain", "-"]) == 0
    assert json.loads(capsys.readouterr().out) == undivided.mail.explain(MAIL)


ODD = {
    "nothing": b"",
    "only headers": b"From: a@b.example\nSubject: x\n",
    "binary": bytes(range(256)) * 20,
    "a line of an mbox above": b"From a@b.example Mon Mar  2 09:41:00 2026\n" + MAIL,
    "line ends of the wire": MAIL.replace(b"\n", b"\r\n"),
    "old Macintosh line ends": MAIL.replace(b"\n", b"\r"),
    "half a surrogate pair": b"From: a@b.example\nContent-Type: text/plain; charset=utf-7\n\n+2AA- x\n",
}
TYPES = {
    str: ("reply_text", "text", "subject", "message_id", "fate", "rule"),
    bool: ("is_auto", "is_bounce", "is_forward"),
    list: ("bounced_recipients", "attachments", "in_reply_to", "references", "commands"),
    type(None): ("conversation", "party"),
}


@pytest.mark.parametrize("kind", ODD)
def test_odd_files_give_every_key_its_type(
    kind: str, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = tmp_path / "odd.eml"
    path.write_bytes(ODD[kind])
    assert command.explain(path) == 0
    found = json.loads(capsysbinary.readouterr().out)
    assert all(isinstance(found[key], wanted) for wanted, keys in TYPES.items() for key in keys)
    assert {key for keys in TYPES.values() for key in keys} == KEYS
    if "line" in kind:
        assert (found["commands"], found["reply_text"].split()[0]) == (["won"], "Yes.")


def test_a_folder_is_named_with_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.explain(tmp_path) == 1
    assert "give the path of a mail" in capsys.readouterr().err


def test_a_missing_file_is_named_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.explain("no/such.eml") == 1
    assert "no/such.eml" in capsys.readouterr().err


def test_every_rule_names_its_own_reason() -> None:
    assert len({why for why, _, _ in RULES}) == len(RULES)


def test_every_fate_says_in_one_line_what_it_means() -> None:
    for fate in Fate:
        assert fate.meaning.endswith(".")
        assert "\n" not in fate.meaning
        assert Fate(fate.value) is fate
