"""A whole stack in one process: the real handlers on moto, fed as Lambda feeds them, with the clock in the test's hands."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from types import MappingProxyType
from typing import Any
from unittest import mock

import boto3
from chaos import stack as moto
from chaos.delivery import Delivery, Sent
from chaos.lambdas import MOST_RECEIVES, Queue, Reader
from chaos.shop import (
    ENVIRONMENT,
    MAIL_DOMAIN,
    PASS,
    PEOPLE,
    SHOP,
)
from chaos.wire import (
    Wire,
    nothing,
)
from undivided.aws import clients, wiring
from undivided.aws.desks import Rosters
from undivided.aws.dynamo import Store
from undivided.aws.items import conversation as read_conversation
from undivided.aws.items import read_desk, read_entry
from undivided.desk import Desk
from undivided.mail.keys import KeyRing
from undivided.outbox import ENTRY_TAG, Entry
from undivided.question import About, Question, Shopper
from undivided.record import Record, Roster
from undivided.runtime import Runtime
from undivided.state import Conversation
from undivided.steps.ask import ask
from undivided.values import Address, ConversationId, SpecialistId


@dataclass(slots=True)
class World(Delivery):
    """A shop at work: what people do in it, and what stands in the end."""

    # --- what people do ----------------------------------------------------------------------------------------

    def ask(self, text: str = "Which blade fits?", sku: str = "S-1", name: str = "ida") -> ConversationId:
        """Ask with the form, and again while it answers with an error."""
        self._asked += 1
        key = ConversationId(f"aaaaaaaaaa{'abcdefghij'[self._asked]}a")
        shopper = Shopper(name.title(), Address(f"{name}@mail.example"), "en")
        asked = Question(key, shopper, About(sku), text, self.now, None)
        for _ in range(MOST_RECEIVES):
            if self.process(lambda: ask(asked, self.runtime)):
                return key
        raise AssertionError("the shopper gave up")

    def reply(
        self,
        to: Sent,
        text: str,
        sender: str | None = None,
        headers: Mapping[str, str] = MappingProxyType({}),
        verdicts: dict[str, Any] | None = None,
    ) -> str:
        """Answer a mail that came from us, from the mailbox that it reached; return SES's id for the answer."""
        mail = EmailMessage(policy=policy.SMTP)
        mail["From"] = sender or to.to
        mail["To"] = to.mail["Reply-To"]
        mail["Subject"] = f"Re: {to.mail['Subject']}"
        mail["Message-ID"] = f"<reply-{len(self.notices)}@people.example>"
        mail["In-Reply-To"] = f"<{to.ses_id.partition('@')[0]}@{moto.REGION}.amazonses.com>"
        mail["References"] = mail["In-Reply-To"]
        for name, value in headers.items():
            mail[name] = value
        mail.set_content(text)
        recipient = to.mail["Reply-To"].addresses[0].addr_spec
        return self.arrive(bytes(mail), [recipient], sender or to.to, verdicts)

    def arrive(self, raw: bytes, recipients: list[str], source: str, verdicts: dict[str, Any] | None = None) -> str:
        """Receive a mail as SES does: stored first, then announced."""
        ses_id = f"in-{len(self.notices) + 1:04d}"
        self.notices.append(ses_id)
        key = f"received/{ses_id}"
        self.stack.s3.put_object(Bucket=moto.BUCKET, Key=key, Body=raw)
        action = {"type": "S3", "bucketName": moto.BUCKET, "objectKey": key}
        receipt = {"recipients": recipients, "action": action, **PASS, **(verdicts or {})}
        mail = {"messageId": ses_id, "source": source, "destination": recipients}
        notice = {"notificationType": "Received", "mail": mail, "receipt": receipt}
        self.queues["received"].put(json.dumps(notice), self.now)
        return ses_id

    def event(self, kind: str, sent: Sent, **detail: Any) -> None:
        """Have SES publish what became of a mail that it took."""
        mail = {"messageId": sent.ses_id, "destination": [sent.to], "tags": {ENTRY_TAG: [sent.tag]}}
        self.queues["deliveries"].put(json.dumps({"eventType": kind, "mail": mail, **detail}), self.now)

    def bounce(self, sent: Sent) -> None:
        people = [{"emailAddress": sent.to, "diagnosticCode": "550 nobody here"}]
        self.event("Bounce", sent, bounce={"bounceType": "Permanent", "bouncedRecipients": people})

    def sweep(self) -> None:
        self.queues["timers"].put('{"sweep": true}', self.now)

    def to(self, address: str) -> list[Sent]:
        return [one for one in self.sent if one.to == address]

    def last_to(self, address: str) -> Sent:
        return self.to(address)[-1]

    def asked(self, name: str = "ida") -> None:
        """Put a question into the queue with a fixed promise, and with no trouble on the way there."""
        happening, self.wire.happening = self.wire.happening, nothing
        self.ask(name=name)
        self.wire.happening = happening

    # --- what stands in the end --------------------------------------------------------------------------------

    @property
    def runtime(self) -> Runtime:
        """The runtime as a new process has it, for looking at the outcome."""
        return wiring.runtime()

    def conversation(self, key: ConversationId) -> Conversation:
        return self.record(key).conversation

    def record(self, key: ConversationId) -> Record:
        found = self.runtime.conversations.record(key)
        assert found, f"{key} is lost"
        return found

    def conversations(self) -> dict[ConversationId, Conversation]:
        found = map(read_conversation, self.items("CONV#", "META"))
        return {one.id: one for one in sorted(found, key=lambda one: one.id)}

    def desks(self) -> dict[str, Desk]:
        known = {desk.specialist: desk for desk in map(read_desk, self.items("SPEC#"))}
        return {who: known.get(SpecialistId(who), Desk(SpecialistId(who))) for who, _ in PEOPLE}

    def entries(self) -> list[Entry]:
        return [read_entry(one) for one in self.items("", "OUT#")]


@contextmanager
def world(**fields: Any) -> Iterator[World]:
    """Make a world in a fresh moto account, with the process' environment and clients pointing into it."""
    with moto.stack(MAIL_DOMAIN) as stack, mock.patch.dict(os.environ, ENVIRONMENT):
        made = World(stack, Wire(), **fields)
        made.queues = {
            name: Queue(name, function, batch)
            for name, function, batch in (
                ("questions", "router", 5),
                ("received", "email_in", 5),
                ("timers", "clock", 10),
                ("deliveries", "email_events", 10),
                (moto.LESSONS, "learn", 10),
            )
        }
        made.readers = (
            Reader.of("email_out", "EmailOutFunction", "Outbox"),
            Reader.of("effects", "EffectsFunction", "Changes"),
        )
        _fill(stack)
        made.wire.lay(stack.clients())
        made.wire.listeners.append(made.listen)
        with _patched(made):
            yield made


def _fill(stack: moto.Stack) -> None:
    stack.s3.put_object(Bucket=moto.BUCKET, Key="config/shop.json", Body=json.dumps(SHOP).encode())
    known = Roster(shop=str(SHOP["version"]), people=tuple(SpecialistId(who) for who, _ in PEOPLE))
    Rosters(Store(stack.dynamodb, moto.TABLE)).save(known)
    ring = KeyRing({1: b"k" * 32})
    stack.ssm.put_parameter(Name=moto.KEYS, Type="SecureString", Value=ring.to_json())


@contextmanager
def _patched(made: World) -> Iterator[None]:
    """Point the bootstrap's clients and clock into the world; everything else of it is real."""
    names = ("dynamodb", "s3", "sqs", "ses", "scheduler", "events", "ssm")
    made_of = {**{name: name for name in names}, "s3_brief": "s3"}
    wiring.runtime.cache_clear()
    with (
        mock.patch.multiple(
            clients, **{name: mock.Mock(return_value=getattr(made.stack, one)) for name, one in made_of.items()}
        ),
        mock.patch.object(wiring, "_now", lambda: made.now),  # noqa: PT008 - the time is asked anew at each call
        mock.patch.object(boto3, "client", _no_other_client),
    ):
        yield
    wiring.runtime.cache_clear()


def _no_other_client(service: str, *_args: Any, **_options: Any) -> Any:
    raise AssertionError(f"a client for {service} was built outside of aws/clients.py: the harness cannot see it")
