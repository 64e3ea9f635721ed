"""The people of a busy morning: shoppers who ask by the form one after the other, and specialists at their mail programs."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import make_msgid
from itertools import pairwise
from pathlib import Path
from typing import Any

from e2e.mail import Post, answer, holds
from e2e.world import call

ANSWER = "The one with the blue handle."
BOUNCING = "bounce@simulator.amazonses.com"
"""SES's own address for a permanent bounce (SES developer guide, "Using the mailbox simulator")."""
OUT_OF_OFFICE = "I am out of the office today and have no access to my mail. Anna\n"


@dataclass
class Shopper:
    number: int
    sku: str
    comes_at: float
    """Seconds after the shop has opened."""
    email: str
    conversation: str = ""
    status_url: str = ""
    asked_at: float = 0.0
    answered_at: float = 0.0

    def ask(self, told: Mapping[str, Any], opened: float) -> None:
        """Come, and ask by the form's API; again where the busy emulator gave no answer, as a browser's user does."""
        time.sleep(max(0.0, opened + self.comes_at - time.time()))
        fields = {
            "name": f"Shopper {self.number}", "email": self.email, "consent": True, "sku": self.sku,
            "question": f"Which one is right for me? No. {self.number}", "token": f"{self.number:032x}",
        }  # fmt: skip
        sent = {"Content-Type": "application/json", "Accept": "application/json"}
        got = call(f"{told['api_url']}/questions", json.dumps(fields).encode(), sent)
        assert got.status == 202, f"shopper {self.number}: {got.status} {got.text}"
        said = json.loads(got.text)
        self.conversation, self.status_url, self.asked_at = said["id"], said["status_url"], time.time()

    def look(self, post: Post) -> None:
        """See whether the answer has come; whoever cannot be reached by mail reads it on the status page."""
        if self.answered_at or not self.asked_at:
            return
        by_mail = self.email != BOUNCING
        if any(map(holds(ANSWER), post.mails(self.email))) if by_mail else ANSWER in call(self.status_url).text:
            self.answered_at = time.time()

    @property
    def waited(self) -> float:
        return self.answered_at - self.asked_at


def shoppers(most: int, gap: float, skus: Iterable[str], chance: random.Random) -> list[Shopper]:
    """Return who comes that morning: Poisson arrivals with a mean of `gap` seconds between them; one mistyped the address."""
    articles, came, coming = tuple(skus), 0.0, []
    for number in range(most):
        email = BOUNCING if number == most // 5 else f"shopper{number}@mail.example"
        coming.append(Shopper(number, articles[number % len(articles)], came, email))
        came += chance.expovariate(1 / gap)
    return coming


@dataclass
class Desk:
    """A specialist at their mail program; thinks for a second or so."""

    address: str
    post: Post
    chance: random.Random
    silent_after: int = 10**6
    """Questions that they answer; nothing after those."""
    away_at: int = 0
    """Their mail program answers this question by itself; 0: none."""
    arrived: list[float] = field(default_factory=list)
    """When each question stood in the mailbox."""
    let_go: list[float] = field(default_factory=list)
    """When each was answered, by them or by their mail program."""
    _due: list[tuple[float, EmailMessage]] = field(default_factory=list)
    _seen: int = 0
    _last: EmailMessage | None = None

    def look(self, now: float) -> None:
        """Take in what has come, and answer what has been thought about for long enough."""
        mails = self.post.mails(self.address)
        for mail in mails[self._seen :]:
            if mail["Auto-Submitted"] is None:  # a person's words: all else is news
                self._take_in(mail, now)
        self._seen = len(mails)
        for due in [one for one in self._due if one[0] <= now]:
            self._due.remove(due)
            self._answer(due[1])

    def _take_in(self, mail: EmailMessage, now: float) -> None:
        self.arrived.append(now)
        self._last = mail
        if len(self.arrived) <= self.silent_after:
            self._due.append((now + self.chance.uniform(0.5, 2.0), mail))

    def _answer(self, mail: EmailMessage) -> None:
        self.let_go.append(time.time())
        if len(self.arrived) == self.away_at:
            self.post.send(out_of_office(mail, self.address))
        else:
            self.post.reply(mail, self.address, ANSWER)

    def comes_back(self) -> None:
        """Write again, which ends an absence without a date."""
        assert self._last
        self.post.send(answer(self._last, self.address, "/back\n"))

    def two_at_once(self) -> bool:
        """Say whether two questions ever came with no answer between them."""
        pairs = pairwise(self.arrived)
        return any(not any(earlier <= sent <= later for sent in self.let_go) for earlier, later in pairs)


def out_of_office(mail: EmailMessage, sender: str) -> EmailMessage:
    """Write what a mail program answers by itself (RFC 3834)."""
    reply = EmailMessage()
    reply["From"], reply["To"] = sender, mail["Reply-To"]
    reply["Subject"] = f"Automatic reply: {mail['Subject']}"
    reply["Auto-Submitted"] = "auto-replied"
    reply["Message-ID"] = make_msgid(domain="saws.example")
    reply["In-Reply-To"] = mail["Message-ID"]
    reply.set_content(OUT_OF_OFFICE)
    return reply


def mailboxes(told: Mapping[str, Any]) -> Post:
    return Post(told["smtp_host"], told["smtp_port"], Path(told["maildir"]))
