"""A shop morning on a stack of its own: forty questions by the real form, three specialists by mail, one who falls silent,
one whose mail program says that she is out of the office, one shopper whose address bounces, and a webhook that hears it all.

Nobody may have two questions open, by their mailboxes and by every version of every desk, and every shopper ends answered.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from statistics import median, quantiles
from typing import Any

import pytest
from e2e.hooks import FAILED, OK, Hooks
from e2e.ledger import Ledger
from e2e.localdemo import ROOT, LocalDemo
from e2e.morning import BOUNCING, Desk, Shopper, mailboxes, shoppers
from e2e.world import eventually
from jsonschema import Draft202012Validator

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]

QUESTIONS = 40
GAP = 2.0
"""Seconds between two shoppers, on average."""
AT_ONCE = 2
"""Forms that are filled in at the same time: where the machine is slow the others come later, as before a busy counter."""
SECONDS = 900
"""After which the morning is over, however busy the machine is; it ends as soon as everybody is answered."""
AWAY_SECONDS = 20
TOLERANCE = 300
"""Seconds that a receiver should allow between signing and arrival (Standard Webhooks, "Verifying webhook authenticity")."""


@dataclass(frozen=True)
class Morning:
    coming: list[Shopper]
    anna: Desk
    kevin: Desk
    omar: Desk
    seconds: float
    ledger: Ledger

    @property
    def desks(self) -> dict[str, Desk]:
        return {"anna": self.anna, "kevin": self.kevin, "omar": self.omar}

    def report(self) -> str:
        waited = sorted(one.waited for one in self.coming if one.answered_at)
        answers = ", ".join(f"{who} {len(desk.let_go)}" for who, desk in self.desks.items())
        return (
            f"\n{len(waited)} of {len(self.coming)} answered in {self.seconds:.0f} s by {answers}; "
            f"waited {median(waited):.0f} s (median), {quantiles(waited, n=10)[-1]:.0f} s (nine in ten); "
            f"most open at once: {max(map(self.ledger.most_open, self.desks))}; "
            f"handed over: {sorted(self.ledger.handed_over())}"
        )


@pytest.fixture(scope="module")
def secret(saws: LocalDemo) -> bytes:
    """Make the webhook's secret as its owner does, and return the key in it: what follows `whsec_`, in base64."""
    printed = saws.command("webhook", "secret").stdout.strip()
    assert printed.startswith("whsec_")
    return base64.b64decode(printed.removeprefix("whsec_"))


@pytest.fixture(scope="module")
def morning(saws: LocalDemo, secret: bytes) -> Morning:
    told, chance = saws.told(), random.Random(4)
    post = mailboxes(told)
    people = [Desk(f"{who}@saws.example", post, chance) for who in ("anna", "kevin", "omar")]
    anna, kevin, omar = people
    anna.away_at, kevin.silent_after = 3, 2
    coming = shoppers(QUESTIONS, GAP, ("S-1", "D-1", "P-1"), chance)
    opened, back = time.time(), False
    with ThreadPoolExecutor(AT_ONCE) as forms:
        asking = [forms.submit(one.ask, told, opened) for one in coming]
        while not all(one.answered_at for one in coming) and time.time() < opened + SECONDS:
            for desk in people:
                desk.look(time.time())
            for one in coming:
                one.look(post)
            if not back and len(anna.let_go) == anna.away_at and time.time() > anna.let_go[-1] + AWAY_SECONDS:
                anna.comes_back()
                back = True
            time.sleep(0.1)
        for form in asking:
            form.result(timeout=1)
    return Morning(coming, anna, kevin, omar, time.time() - opened, Ledger.read(told))


def test_every_shopper_ends_answered(morning: Morning) -> None:
    print(morning.report())
    left = [one.conversation for one in morning.coming if not one.answered_at]
    assert not left, [f"{key} {morning.ledger.conversations[key]}" for key in left]
    assert {one.conversation for one in morning.coming} == set(morning.ledger.conversations)


@pytest.mark.parametrize("who", ["anna", "kevin", "omar"])
def test_nobody_ever_had_two_questions_open(morning: Morning, who: str) -> None:
    assert morning.ledger.most_open(who) == 1, "by the record"
    assert not morning.desks[who].two_at_once(), "by the mailbox"


def test_what_went_wrong_is_in_the_record(morning: Morning) -> None:
    assert len(morning.kevin.arrived) == 3, "nothing new comes to somebody silent"
    assert len(morning.anna.arrived) > 3, "she is back, and has questions again"
    assert morning.ledger.handed_over() >= {("kevin", "silent"), ("anna", "away")}
    unreachable = [one for one in morning.ledger.conversations.values() if one.get("unreachable")]
    assert [one["shopper"]["email"] for one in unreachable] == [BOUNCING]


def test_every_event_reaches_the_webhook(morning: Morning, hooks: Hooks) -> None:
    """One was refused, and comes again after a minute."""
    eventually(lambda: morning.ledger.events.keys() <= hooks.taken, "the last event")
    names = {one.id: one.said["type"] for one in hooks.calls}
    assert {key: names[key] for key in morning.ledger.events} == morning.ledger.events
    assert {"question_accepted", "delivered", "answered", "handed_over", "shopper_unreachable"} <= set(names.values())


def test_a_refused_event_comes_again_by_the_same_name_and_newly_signed(morning: Morning, hooks: Hooks) -> None:
    (refused,) = [one for one in hooks.calls if one.answered == FAILED]
    again = eventually(
        lambda: next((one for one in hooks.calls if one.id == refused.id and one.answered == OK), None), "another try"
    )
    assert again.body == refused.body
    assert int(again.headers["webhook-timestamp"]) >= int(refused.headers["webhook-timestamp"]) + 50


def test_every_call_is_signed_as_standard_webhooks_describe(morning: Morning, hooks: Hooks, secret: bytes) -> None:
    for one in hooks.calls:
        sent = one.headers["webhook-timestamp"]
        made = hmac.new(secret, f"{one.id}.{sent}.".encode() + one.body, hashlib.sha256).digest()
        assert f"v1,{base64.b64encode(made).decode()}" in one.headers["webhook-signature"].split(" ")
        assert abs(one.at - int(sent)) < TOLERANCE
        assert one.headers["content-type"] == "application/json"


def test_every_call_is_what_the_docs_say_and_holds_nobodys_words(morning: Morning, hooks: Hooks) -> None:
    schemas = {path.stem: json.loads(path.read_text()) for path in (ROOT / "schema" / "events").glob("*.json")}
    checks = {name: Draft202012Validator(schema) for name, schema in schemas.items()}
    for one in hooks.calls:
        assert one.said.keys() == {"type", "timestamp", "data"}
        checks[one.said["type"]].validate(one.said["data"])
        assert one.said["data"]["id"] == one.id
    everything = b"\n".join(one.body for one in hooks.calls).decode()
    private = ["blue handle", "right for me", "Shopper ", *(one.email for one in morning.coming)]
    assert not [one for one in private if one in everything]


def test_events_of_a_conversation_can_be_put_in_order(morning: Morning, hooks: Hooks) -> None:
    """By the number in the id alone: a question is accepted before it is delivered, and delivered before it is answered."""
    told: dict[str, dict[tuple[int, ...], Any]] = {}
    for one in hooks.calls:
        key, *number = one.id.split(".")
        told.setdefault(key, {})[tuple(map(int, number))] = one.said["type"]
    for shopper in morning.coming:
        names = [name for _, name in sorted(told[shopper.conversation].items())]
        places = [names.index(name) for name in ("question_accepted", "delivered", "answered")]
        assert all(earlier < later for earlier, later in pairwise(places)), names
