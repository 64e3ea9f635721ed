"""A shop morning on the deployed stack: 40 questions by the real form, three specialists by mail, one who falls silent, one
whose mail program says that she is out of the office, one shopper whose address bounces.

Nobody may have two questions open, by the specialists' own mailboxes and by the table, and every shopper ends answered.
"""

from __future__ import annotations

import json
import random
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from e2e.localdemo import PORTS, ROOT, LocalDemo
from e2e.mail import Post, words
from undivided.values import moment

from console.stack import aws_client

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(700)]

SHOP = Path(__file__).parent / "morning.yaml"
QUESTIONS = 40
SECONDS = 400
"""After which the morning is over; on two cores with nothing else to do it takes less than half of it."""
TRIES = 8
"""A shopper's browser asks again where the form says so; the first functions start cold, all at once."""
BOUNCING = "bounce@simulator.amazonses.com"
"""SES's own address for a permanent bounce (SES developer guide, "Using the mailbox simulator")."""
ANNA, KEVIN, OMAR = (f"{who}@saws.example" for who in ("anna", "kevin", "omar"))
OUT_OF_OFFICE = "I am out of the office today and have no access to my mail. Anna\n"


@dataclass
class Desk:
    """A specialist at their mail program."""

    address: str
    post: Post
    chance: random.Random
    silent_after: int = QUESTIONS
    away_at: int = 0
    """Their mail program answers this question by itself; 0: none."""
    arrived: list[float] = field(default_factory=list)
    """When each question stood in the mailbox."""
    let_go: list[float] = field(default_factory=list)
    """When each answer was sent."""
    _due: list[tuple[float, EmailMessage]] = field(default_factory=list)
    _known: set[str] = field(default_factory=set)

    def look(self, now: float) -> None:
        """Take in what has come, and answer what has been thought about for long enough."""
        for when, name, mail in questions_in(self.post.maildir / self.address):
            if name not in self._known:
                self._known.add(name)
                self.arrived.append(when)
                if len(self.arrived) <= self.silent_after:
                    self._due.append((now + self.chance.uniform(0.1, 0.6), mail))
        for due in [one for one in self._due if one[0] <= now]:
            self._due.remove(due)
            self._answer(due[1])

    def _answer(self, mail: EmailMessage) -> None:
        self.let_go.append(time.time())
        if len(self.arrived) == self.away_at:
            self.post.send(out_of_office(mail, self.address))
        else:
            self.post.reply(mail, self.address, "The one with the blue handle.")

    def comes_back(self) -> None:
        """Write again, which ends an absence without a date."""
        *_, (_, _, last) = questions_in(self.post.maildir / self.address)
        self.post.reply(last, self.address, "/back\n")


def questions_in(folder: Path) -> Iterator[tuple[float, str, EmailMessage]]:
    """Yield when it came, name and mail of each question in a mailbox: a person's words, so not automatic; oldest first."""
    from email import message_from_bytes, policy

    files = sorted(
        (path for sub in ("new", "cur") for path in (folder / sub).glob("*")), key=lambda one: one.stat().st_mtime
    )
    for path in files:
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        if mail["Auto-Submitted"] is None:
            yield path.stat().st_mtime, path.name.partition(":")[0], mail


def out_of_office(mail: EmailMessage, sender: str) -> EmailMessage:
    """Write what a mail program answers by itself (RFC 3834)."""
    reply = EmailMessage()
    reply["From"], reply["To"] = sender, mail["Reply-To"]
    reply["Subject"] = f"Automatic reply: {mail['Subject']}"
    reply["Auto-Submitted"] = "auto-replied"
    reply["Message-ID"] = f"<oof-{time.time_ns()}@saws.example>"
    reply["In-Reply-To"] = mail["Message-ID"]
    reply.set_content(OUT_OF_OFFICE)
    return reply


@pytest.fixture(scope="module")
def morning() -> Iterator[dict[str, Any]]:
    """Start a stack of this shop's own, beside the session's."""
    with LocalDemo(folder=ROOT / ".local" / "morning", ports=PORTS + 20) as demo:
        demo.start("--fresh", "--shop", str(SHOP))
        yield demo.told()


def ask(told: dict[str, Any], number: int) -> str:
    """Ask by the form's API and return the conversation."""
    email = BOUNCING if number == 7 else f"shopper{number}@mail.example"
    asked = {
        "name": f"Shopper {number}", "email": email, "question": f"Which one is right for me? No. {number}",
        "token": f"{number:032x}",
        "sku": ("S-1", "D-1", "P-1")[number % 3], "consent": True,
    }  # fmt: skip
    body = json.dumps(asked).encode()
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    request = urllib.request.Request(f"{told['api_url']}/questions", body, headers)
    for _ in range(TRIES):
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                assert answer.status == 202
                return str(json.load(answer)["id"])
        except urllib.error.HTTPError as error:
            if error.code not in (502, 503):
                raise
            time.sleep(2)
    raise AssertionError(f"shopper {number} gave up")


def test_every_shopper_ends_answered_and_nobody_has_two_open(morning: dict[str, Any]) -> None:
    chance = random.Random(4)
    post = Post(morning["smtp_host"], morning["smtp_port"], Path(morning["maildir"]))
    desks = [
        Desk(ANNA, post, chance, away_at=3),
        Desk(KEVIN, post, chance, silent_after=2),
        Desk(OMAR, post, chance),
    ]
    began = time.time()
    with ThreadPoolExecutor(2) as shoppers:
        asking = [shoppers.submit(ask, morning, number) for number in range(QUESTIONS)]
        left, back = QUESTIONS, False
        while left and time.time() < began + SECONDS:
            for desk in desks:
                desk.look(time.time())
            if not back and len(desks[0].let_go) == 3 and time.time() > desks[0].let_go[-1] + 20:
                desks[0].comes_back()
                back = True
            left = sum(not answered(post, number) for number in range(QUESTIONS))
            time.sleep(0.1)
    print(f"{QUESTIONS - left} answered in {time.time() - began:.0f} s: {[len(desk.let_go) for desk in desks]}")
    keys = [one.result() for one in asking]
    record = Table.read(morning)
    assert not left, f"{left} shoppers were not answered; {record.standing()}"
    for desk in desks:
        one_at_a_time(desk)
    record.one_at_a_time()
    assert len(desks[1].arrived) == 3, "nothing new comes to somebody silent"
    assert len(desks[0].arrived) > 3, "she is back, and has questions again"
    handed_over = [why for body in record.bodies.values() for why in body.get("former", {}).values()]
    assert {"silent", "away"} <= set(handed_over)
    assert set(keys) == set(record.bodies)
    (bounced,) = [body for body in record.bodies.values() if body["shopper"]["email"] == BOUNCING]
    assert bounced["unreachable"], "the conversation does not show that its shopper cannot be reached"


def answered(post: Post, number: int) -> bool:
    """Say whether a shopper has the answer; the one who cannot be reached reads it on the status page."""
    email = BOUNCING if number == 7 else f"shopper{number}@mail.example"
    return any("blue handle" in words(mail) for mail in post.mails(email))


def one_at_a_time(desk: Desk) -> None:
    """In the mailbox: between two questions that came, an answer has left."""
    for earlier, later in pairwise(desk.arrived):
        assert any(earlier <= sent <= later for sent in desk.let_go), f"{desk.address} had two questions open"


@dataclass(frozen=True)
class Table:
    """What the table holds in the end."""

    bodies: dict[str, dict[str, Any]]
    delivered: dict[str, list[tuple[datetime, str]]]
    """Specialist -> when each conversation was delivered, in order."""
    said: dict[tuple[str, str], list[datetime]]
    """Conversation and author -> when they wrote."""

    @classmethod
    def read(cls, told: dict[str, Any]) -> Table:
        client = aws_client("dynamodb", told["region"], told["endpoint_url"], told["credentials"])
        table = cls({}, {}, {})
        for page in client.get_paginator("scan").paginate(TableName=told["outputs"]["TableName"], ConsistentRead=True):
            for item in page["Items"]:
                table._add({name: next(iter(value.values())) for name, value in item.items()})
        return table

    def _add(self, item: dict[str, str]) -> None:
        kind, _, key = item["pk"].partition("#")
        if kind != "CONV":
            return
        body = json.loads(item["body"])
        if item["sk"] == "META":
            self.bodies[key] = {**body, "state": item["state"]}
        elif item["sk"].startswith("MSG#"):
            self.said.setdefault((key, body["author"]), []).append(moment(body["at"]))
        elif body["kind"] in ("question", "follow_up"):
            self.delivered.setdefault(body["to"], []).append((moment(item["created_at"]), key))

    def one_at_a_time(self) -> None:
        """Between two deliveries to one specialist, the first was answered by them, or taken from them."""
        for who, deliveries in self.delivered.items():
            for (_, first), (later, _) in pairwise(sorted(deliveries)):
                wrote = any(at <= later for at in self.said.get((first, who), ()))
                assert wrote or who in self.bodies[first].get("former", {}), f"{who} got a second beside {first}"

    def standing(self) -> list[str]:
        return [f"{key} {body['state']} {body.get('specialist')}" for key, body in self.bodies.items()]
