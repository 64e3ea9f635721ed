"""What a step works with: the ports, the shop, the keys and the clock. Built once per process, on the first call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from undivided import ports
from undivided.config import Shop
from undivided.expertise.model import Model
from undivided.mail.keys import KeyRing
from undivided.promise.calibration import Calibration


@dataclass(frozen=True, slots=True)
class Settings:
    """What the deployment says: nothing in it changes while a process lives."""

    public_url: str
    region: str
    configuration_set: str


class Runtime(Protocol):
    """Everything a step may use. Attributes are built when first asked for, so that each function pays for its own."""

    @property
    def settings(self) -> Settings: ...
    @property
    def shop(self) -> Shop: ...
    @property
    def ring(self) -> KeyRing: ...
    @property
    def model(self) -> Model: ...
    @property
    def calibration(self) -> Calibration: ...
    @property
    def now(self) -> Callable[[], datetime]: ...
    @property
    def conversations(self) -> ports.Conversations: ...
    @property
    def desks(self) -> ports.Desks: ...
    @property
    def lines(self) -> ports.Lines: ...
    @property
    def outbox(self) -> ports.Outbox: ...
    @property
    def entries(self) -> ports.Entries: ...
    @property
    def index(self) -> ports.MailIndex: ...
    @property
    def received(self) -> ports.Received: ...
    @property
    def due(self) -> ports.Due: ...
    @property
    def questions(self) -> ports.Queue: ...
    @property
    def schedules(self) -> ports.Schedules: ...
    @property
    def mails(self) -> ports.MailStore: ...
    @property
    def ses(self) -> ports.Ses: ...
    @property
    def texts(self) -> ports.Texts: ...
    @property
    def bus(self) -> ports.Bus: ...
