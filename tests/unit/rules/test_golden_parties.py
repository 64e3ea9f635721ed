"""Who speaks in each golden mail, given a table: by the signed address that it is sent to, and by the Message-ID that it answers."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from undivided.commits import bare_id
from undivided.mail.parse import read
from undivided.record import MailRef
from undivided.steps.receive import arrive
from undivided.values import SHOPPER, Address

from .mailroom import ANNA, CONVERSATION, DOMAIN, KEY, PASS, Notice, address, runtime

CORPUS = Path(__file__).parents[2] / "golden" / "mail"
INDEX: dict[str, dict[str, Any]] = tomllib.loads((CORPUS / "index.toml").read_text(encoding="utf-8"))
PLACEHOLDER = b"r-k3y@ask.shop.example"
"""Stands in the mails for the signed address of their writer."""
BERG = replace(CONVERSATION, shopper=replace(CONVERSATION.shopper, email=Address("anna.berg@example.net")))


def speaker(name: str, key: str) -> str:
    """Return who speaks if `key` stands in the place of the signed address; "" for nobody whom the table knows."""
    raw = (CORPUS / f"{name}.eml").read_bytes()
    rt = runtime(BERG)
    mail = read(raw.replace(PLACEHOLDER, key.encode()))
    answered = [bare_id(one) for one in (*mail.in_reply_to, *mail.references)]
    rt.memory.references |= {one: MailRef(one, KEY, ANNA, entry="x") for one in answered}
    to = (key,) if PLACEHOLDER in raw else (f"desk@{DOMAIN}",)
    arrival = arrive(Notice("in-1", "received/in-1", to, mail.sender, PASS), mail, (), rt)
    return arrival.party or ""


@pytest.mark.parametrize("name", INDEX)
def test_the_table_says_who_speaks(name: str) -> None:
    wanted = INDEX[name]
    assert speaker(name, address(0)) == wanted["party"], "by the signed address"
    assert speaker(name, f"desk@{DOMAIN}") == wanted["party_by_thread"], "by the Message-ID that it answers"


def test_the_address_decides_against_the_sender() -> None:
    assert speaker("gmail-plain-en", address(0)) == SHOPPER
    assert speaker("gmail-plain-en", address(1)) == ANNA
