"""What a test of the deployed stack sees and does: ask, look into the table as its owner may, open pages."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from e2e import shop
from e2e.mail import PATIENCE, Post, holds
from undivided.aws.bucket import Bucket
from undivided.aws.dynamo import Store
from undivided.aws.received import Received
from undivided.aws.table import Conversations
from undivided.record import Received as Fated
from undivided.record import Record

from console.stack import Stack, local_stack

LOOK_EVERY = 0.3
BUSY = 502
"""What the fixed port answers when the emulator, which runs all functions of all tests, is silent for half a minute."""
CALLS = 5
T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    """What an HTTP call brought; `where` is the address after redirects within the shop's pages."""

    status: int
    text: str
    headers: Mapping[str, str]


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_opener = urllib.request.build_opener(_Stay)


def call(url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None, method: str = "") -> Answer:
    """Make one HTTP call, following no redirect; again where the emulator had no time for it, as callers of AWS do."""
    for _ in range(CALLS):
        got = _called(
            urllib.request.Request(url, body, dict(headers or {}), method=method or ("POST" if body else "GET"))
        )
        if got.status != BUSY:
            break
    return got


def _called(request: urllib.request.Request) -> Answer:
    try:
        with _opener.open(request, timeout=60) as got:
            return Answer(got.status, got.read().decode(), got.headers)
    except urllib.error.HTTPError as got:
        return Answer(got.code, got.read().decode(), got.headers)


def fill_in(url: str, **fields: str) -> Answer:
    """Send a form of a page, as a browser without JavaScript does."""
    body = urllib.parse.urlencode(fields).encode()
    return call(url, body, {"Content-Type": "application/x-www-form-urlencoded"})


def eventually(look: Callable[[], T | None], what: str, seconds: float = PATIENCE) -> T:
    """Return what `look` finds as soon as it finds something."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come about within {seconds} s")
        time.sleep(LOOK_EVERY)
    return found


@dataclass(frozen=True)
class Talk:
    """One question and all that follows, from its shopper's side; `mark` stands in every word of theirs."""

    world: World
    shopper: str
    mark: str
    id: str
    status_url: str

    @property
    def post(self) -> Post:
        return self.world.post

    def brought(self, specialist: str, *, said: str = "", count: int = 1) -> EmailMessage:
        """Return the mail that brings the shopper's words, or what else is `said`, to a specialist."""
        return self.post.wait(specialist, self.about(said or self.mark), count=count)

    def heard(self, said: str, *, count: int = 1) -> EmailMessage:
        """Return the mail that brings what was `said` to the shopper."""
        return self.post.wait(self.shopper, holds(said), count=count)

    def told(self, specialist: str, said: str, *, count: int = 1) -> EmailMessage:
        """Return a mail about this conversation, to a specialist, that says `said`."""
        return self.post.wait(specialist, self.about(said), count=count)

    def about(self, said: str) -> Callable[[EmailMessage], bool]:
        """Return a test for mails of this conversation that say `said`."""
        says = holds(said)
        return lambda mail: self.id in str(mail["Subject"]) + str(mail["References"]) and says(mail)

    def record(self) -> Record:
        """Return the conversation as the table has it."""
        return eventually(lambda: self.world.record(self.id), f"conversation {self.id}")

    def outcome(self) -> str:
        """Return how it ended, as soon as it has."""
        return eventually(lambda: str(self.record().conversation.outcome or ""), f"the end of {self.id}")

    def page(self) -> str:
        """Return the text of the status page."""
        return unescape(call(self.status_url).text)

    def read_by_shopper(self) -> list[EmailMessage]:
        return self.post.mails(self.shopper)


@dataclass(frozen=True)
class World:
    """The deployed stack: `told` is what stack.json says, `aws` makes boto3 clients of its owner."""

    told: Mapping[str, Any]
    post: Post
    aws: Callable[[str], Any]
    _one_at_a_time: Lock = field(default_factory=Lock, repr=False)
    """A dozen forms at once would start a dozen cold functions, and the emulator answers nobody meanwhile."""
    _preparing: Lock = field(default_factory=Lock, repr=False)
    _prepared: set[Callable[[World], None]] = field(default_factory=set, repr=False)
    _conversations: Conversations = field(init=False, repr=False)
    _received: Received = field(init=False, repr=False)

    def ask(self, team: str, words: str = "Which one fits?", *, language: str = "en", email: str = "") -> Talk:
        """Send the form about a team's article, as a script or an app does."""
        mark = f"mark{time.time_ns()}"
        email = email or f"anna-{mark}@mail.example"
        fields = {
            "name": "Anna Schmidt", "email": email, "question": f"{words} {mark}", "consent": "yes",
            "sku": shop.sku(team), "language": language, "token": mark, "zone": "Europe/Berlin",
        }  # fmt: skip
        sent = {"Content-Type": "application/json", "Accept": "application/json"}
        with self._one_at_a_time:
            got = call(f"{self.told['api_url']}/questions", json.dumps(fields).encode(), sent)
        assert got.status == 202, got.text
        said = json.loads(got.text)
        return Talk(self, email, mark, said["id"], said["status_url"])

    def once(self, prepare: Callable[[World], None]) -> None:
        """Do what several journeys need before they begin, for whichever comes first; the others wait for it."""
        with self._preparing:
            if prepare not in self._prepared:
                prepare(self)
                self._prepared.add(prepare)

    def record(self, conversation: str) -> Record | None:
        return self._conversations.record(conversation)

    def fated(self, ses_id: str) -> Fated:
        """Return what became of a received mail, as soon as it is known."""
        return eventually(lambda: self._received.fate(ses_id), f"the fate of mail {ses_id}")

    def is_fated(self, ses_id: str, fate: str) -> bool:
        known = self._received.fate(ses_id)
        return known is not None and known.fate == fate

    def stack(self) -> Stack:
        """Return what the console's commands work on."""
        return local_stack(Path(self.told["stack_file"]).parent)

    def __post_init__(self) -> None:
        """Make the clients now: boto3 makes none safely in two threads at once."""
        store = Store(self.aws("dynamodb"), self.told["outputs"]["TableName"])
        texts = Bucket(self.aws("s3"), self.told["outputs"]["MailBucket"])
        object.__setattr__(self, "_conversations", Conversations(store, texts))
        object.__setattr__(self, "_received", Received(store))
