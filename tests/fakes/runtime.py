"""A runtime whose ports are the doubles of this folder, all on one memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fakes import memory as fake
from fakes import outside
from undivided.config import Shop
from undivided.mail.keys import KeyRing
from undivided.runtime import Settings


@dataclass(slots=True)
class FakeRuntime:
    """`time` is in the test's hands."""

    shop: Shop
    ring: KeyRing
    time: datetime
    memory: fake.Memory = field(default_factory=fake.Memory)
    order_secrets: outside.Secret = field(default_factory=outside.Secret)
    texts: outside.Texts = field(default_factory=outside.Texts)
    bus: outside.Bus = field(default_factory=outside.Bus)
    alarms: outside.Alarms = field(default_factory=outside.Alarms)
    files: outside.Files = field(default_factory=outside.Files)
    ses: outside.Ses = field(default_factory=outside.Ses)
    mails: outside.MailStore = field(default_factory=outside.MailStore)
    settings: Settings = field(default=Settings("https://desk.shop.example", "eu-central-1", "undivided"))

    def now(self) -> datetime:
        return self.time

    def __getattr__(self, name: str) -> Any:
        """Build a port of the table's when it is asked for; the doubles hold nothing themselves."""
        kinds = {
            "conversations": fake.Conversations,
            "desks": fake.Desks,
            "lines": fake.Lines,
            "entries": fake.Entries,
            "outbox": fake.Outbox,
            "askers": fake.Askers,
            "orders": fake.Orders,
            "quiet": fake.Quiet,
            "turns": fake.Turns,
            "rosters": fake.Rosters,
            "index": fake.MailIndex,
            "received": fake.Received,
            "publications": fake.Publications,
        }
        if name not in kinds:
            raise AttributeError(name)
        return kinds[name](self.memory)
