"""Machines and people who sound like them, form by form: `tests/golden/machines/` says which mail stands for what."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from undivided.mail import explain
from undivided.mail.parse import Mail, read

ROWS = Path(__file__).parents[2] / "golden" / "machines"
MACHINES: dict[str, dict[str, Any]] = tomllib.loads((ROWS / "automatic.toml").read_text(encoding="utf-8"))
PEOPLE: dict[str, dict[str, Any]] = tomllib.loads((ROWS / "people.toml").read_text(encoding="utf-8"))
ANSWERS = "In-Reply-To: <0100018f-1@email.amazonses.com>"
ON_THE_WAY = {
    "straight": [],
    "no answer to anything": [""],
    "a mailing list": ["List-Id: <tools.example.net>", "List-Post: <mailto:tools@example.net>", "Precedence: list"],
    "a bulk list": ["List-Id: <tools.example.net>", "Precedence: bulk", "Sender: tools-bounces@example.net"],
    "a forwarding rule": ["X-Forwarded-For: anna@example.net shop@example.net", "Delivered-To: shop@example.net"],
    "a person's Outlook": [
        "X-Auto-Response-Suppress: DR, RN, OOF, AutoReply", "References: <1@example.net>", "Thread-Topic: x", "Thread-Index: y",
    ],
    "said to be a person": ["Auto-Submitted: no", "X-Autoreply: no"],
}  # fmt: skip
"""What may be added to a person's mail; an empty line takes the place of the reference to ours."""


def raw(row: dict[str, Any], headers: list[str]) -> bytes:
    sender = row.get("sender", "Anna Berg <anna@example.net>")
    head = [
        f"From: {sender}",
        "To: Workshop <r-k3y@ask.shop.example>",
        f"Subject: {row['subject']}",
        "Date: Mon, 02 Mar 2026 10:15:00 +0100",
        "Message-ID: <1@example.net>",
        "MIME-Version: 1.0",
        f"Content-Type: {row.get('type', 'text/plain; charset=utf-8')}",
        *headers,
    ]
    return ("\n".join(line for line in head if line) + f"\n\n{row['body']}").encode()


def mail(row: dict[str, Any], headers: list[str]) -> Mail:
    return read(raw(row, headers))


@pytest.mark.parametrize("name", MACHINES)
def test_a_machine_is_known_by_what_it_documents(name: str) -> None:
    row = MACHINES[name]
    found = explain(raw(row, [ANSWERS, *row["headers"]]))
    away = row.get("away", False)
    assert found["is_auto"]
    assert found["fate"] == row.get("fate", "away" if away else "automatic")
    assert found["away_until"] == row.get("until")


@pytest.mark.parametrize("name", MACHINES)
def test_a_machine_whose_headers_were_lost_is_known_by_its_words(name: str) -> None:
    row = MACHINES[name]
    found = mail(row, [ANSWERS])
    assert bool(found.automatic) == row.get("bare", True)
    if found.automatic and row.get("away"):
        assert found.out_of_office
        assert found.away_until == (date.fromisoformat(row["until"]) if "until" in row else None)


@pytest.mark.parametrize("way", ON_THE_WAY)
@pytest.mark.parametrize("name", PEOPLE)
def test_a_person_is_never_taken_for_a_machine(name: str, way: str) -> None:
    added = ON_THE_WAY[way]
    headers = [line for line in added if line] if "" in added else [ANSWERS, *added]
    assert mail(PEOPLE[name], headers).automatic == ""


def test_a_bulk_mark_that_a_server_set_on_the_way_does_not_make_a_mail_a_machines() -> None:
    row = {"subject": "Re: Which drill?", "body": "The second one."}
    hop = "Received: from mx.example.net by mx.shop.example; Mon, 2 Mar 2026 10:15:01 +0100"
    written, forwarded = raw(row, ["Precedence: bulk"]), raw(row, [])
    assert read(f"{hop}\n".encode() + written).automatic == "precedence: bulk"
    assert read(f"Precedence: bulk\n{hop}\n".encode() + forwarded).automatic == ""
    assert read(f"{hop}\nPrecedence: bulk\n{hop}\n".encode() + forwarded).automatic == ""
    assert read(b"Precedence: bulk\n" + forwarded).automatic == "precedence: bulk"


def test_the_forms_are_many_and_each_says_where_it_is_written_down() -> None:
    assert len(MACHINES) >= 60
    assert all(row["source"] for row in MACHINES.values())
    known = sum(bool(mail(row, [ANSWERS, *row["headers"]]).automatic) for row in MACHINES.values())
    bare = sum(row.get("bare", True) for row in MACHINES.values())
    assert known / len(MACHINES) >= 0.95
    assert bare / len(MACHINES) >= 0.85
