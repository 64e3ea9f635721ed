"""Doubles of what lies beyond the table: the bucket, SES, queues, schedules, the bus, the secret."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from undivided.errors import NotThereYet
from undivided.mail import files
from undivided.mail.mime import read_tree
from undivided.outbox import sent_key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from undivided.changes import Fact
    from undivided.values import ConversationId


@dataclass(slots=True)
class Texts:
    objects: dict[str, bytes] = field(default_factory=dict)

    def get(self, key: str) -> bytes:
        if key not in self.objects:
            raise NotThereYet(f"{key} has no object", "NoSuchKey")
        return self.objects[key]

    def put(self, key: str, content: bytes, content_type: str) -> None:
        self.objects[key] = content

    def delete(self, key: str) -> None:
        self.objects.pop(key, None)


@dataclass(slots=True)
class MailStore:
    texts: Texts = field(default_factory=Texts)

    def raw(self, key: str) -> bytes:
        return self.texts.get(key)

    def keep_sent(self, entry_id: str, raw: bytes) -> bytes:
        return self.texts.objects.setdefault(sent_key(entry_id), raw)

    def part(self, key: str, number: int) -> bytes:
        return files.data(read_tree(self.raw(key)), number)


@dataclass(slots=True)
class Files:
    objects: dict[str, bytes] = field(default_factory=dict)

    def keep(self, key: str, content: bytes, content_type: str) -> None:
        self.objects[key] = content

    def address(self, key: str, name: str, content_type: str) -> str:
        if key not in self.objects:
            raise NotThereYet(f"{key} has no object", "NoSuchKey")
        return f"https://bucket.example/{key}?as={content_type}&name={name}"


@dataclass(slots=True)
class Ses:
    """Takes every mail, until `fails` has an error: then that is raised, once, and the mail was taken if `takes`."""

    mails: list[tuple[str, bytes, str, tuple[str, ...]]] = field(default_factory=list)
    """SES id, raw mail, source, destinations."""
    fails: list[Exception] = field(default_factory=list)
    takes: bool = False

    def send(self, raw: bytes, source: str, destinations: tuple[str, ...]) -> str:
        ses_id = f"ses-{len(self.mails) + 1:04d}"
        if not self.fails or self.takes:
            self.mails.append((ses_id, raw, source, destinations))
        if self.fails:
            raise self.fails.pop(0)
        return ses_id


@dataclass(slots=True)
class Queue:
    messages: list[tuple[str, int]] = field(default_factory=list)
    """Body and delay in seconds."""

    def send(self, body: str, delay_seconds: int = 0) -> None:
        self.messages.append((body, delay_seconds))

    def send_all(self, bodies: Iterable[str]) -> None:
        for body in bodies:
            self.send(body)


@dataclass(slots=True)
class Schedules:
    looks: set[tuple[ConversationId, datetime]] = field(default_factory=set)

    def remind_at(self, conversation: ConversationId, when: datetime, now: datetime) -> None:
        self.looks.add((conversation, when))


@dataclass(slots=True)
class Bus:
    told: list[tuple[Fact, ConversationId, int, int]] = field(default_factory=list)

    def tell(self, fact: Fact, conversation: ConversationId, version: int, index: int) -> None:
        self.told.append((fact, conversation, version, index))


@dataclass(slots=True)
class Alarms:
    raised: list[str] = field(default_factory=list)

    def raise_for(self, what: str) -> None:
        self.raised.append(what)


@dataclass(slots=True)
class Secret:
    text: str = ""

    def secret(self) -> str:
        if not self.text:
            raise NotThereYet("setup has not created it")
        return self.text
