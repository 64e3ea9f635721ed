"""The local post office: an SMTP server on two ports.

On the `smtp` port people's mail programs deliver to the mail domain, as they would to its MX on a real account, and to
each other's mailboxes. On the `relay` port the emulated SES delivers to people. Mail is taken (250) only after it is
stored; whatever fails before that is answered with a code that makes the sender try again or give up, as RFC 5321 says.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from aiosmtpd.controller import Controller
from botocore.exceptions import BotoCoreError, ClientError

from console.local.absence import absence_notice, is_absent
from console.local.ports import HOST, Ports
from console.local.rawmail import put_before
from console.local.receiving import UnknownOverride
from console.local.sesevents import SIMULATOR, Relayed, bounces, read_relayed

if TYPE_CHECKING:
    from contextlib import ExitStack

    from console.local.maildirs import Maildirs

LARGEST = 40 * 1024 * 1024
"""Bytes of the largest mail that SES takes in, and sends."""
_log = logging.getLogger("undivided.postoffice")


class Receiving(Protocol):
    def receive(self, source: str, recipients: list[str], raw: bytes, now: datetime) -> str: ...


class Publishing(Protocol):
    def publish(self, mail: Relayed, now: datetime) -> None: ...


@dataclass(slots=True)
class PostOffice:
    """What both ports share. `receiver` and `events` are None until the stack is deployed; mail then waits (451)."""

    mail_domain: str
    maildirs: Maildirs
    receiver: Receiving | None = None
    events: Publishing | None = None

    def is_ours(self, address: str) -> bool:
        return address.lower().rpartition("@")[2] == self.mail_domain

    def take_from_person(self, source: str, recipients: list[str], raw: bytes) -> str:
        """Take a mail from a mail program and return the SMTP reply."""
        self._file(source, [one for one in recipients if not self.is_ours(one)], raw)
        return self._receive(source, [one for one in recipients if self.is_ours(one)], raw)

    def take_from_ses(self, source: str, recipients: list[str], raw: bytes) -> str:
        """Take a mail from the emulated SES and return the SMTP reply."""
        now = datetime.now(UTC)
        mail = read_relayed(source, recipients, raw)
        reached = [one for one in recipients if not bounces(one)]
        self._file(source, [one for one in reached if not self.is_ours(one)], mail.raw)
        reply = self._receive(source, [one for one in reached if self.is_ours(one)], mail.raw)
        if self.events is not None:
            self.events.publish(mail, now)
        for one in filter(is_absent, reached):
            self._receive("", [source], absence_notice(mail, one, now))
        return reply

    def _file(self, source: str, recipients: list[str], raw: bytes) -> None:
        for recipient in recipients:
            if recipient.lower().rpartition("@")[2] != SIMULATOR:
                self.maildirs.deliver(
                    recipient, put_before(raw, [("Return-Path", f"<{source}>"), ("Delivered-To", recipient)])
                )

    def _receive(self, source: str, recipients: list[str], raw: bytes) -> str:
        if not recipients:
            return "250 OK"
        if self.receiver is None:
            return "451 4.3.2 The stack is not deployed yet, try again in a minute"
        try:
            return f"250 OK {self.receiver.receive(source, recipients, raw, datetime.now(UTC))}"
        except UnknownOverride as unknown:
            return f"554 5.6.0 {unknown}"


Take = Callable[[str, list[str], bytes], str]
Knows = Callable[[str], bool]


@dataclass(slots=True)
class Counter:
    """One port's handler for aiosmtpd: `knows` decides which recipients exist, `take` stores the mail."""

    knows: Knows
    take: Take

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if not self.knows(address):
            return "550 5.1.1 Requested action not taken: mailbox unavailable"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        try:
            return await asyncio.to_thread(
                self.take, envelope.mail_from or "", list(envelope.rcpt_tos), envelope.content
            )
        except (ClientError, BotoCoreError, OSError) as failure:
            _log.exception("mail from %s not taken", envelope.mail_from)
            return f"451 4.3.0 {type(failure).__name__}, try again"


def open_counters(office: PostOffice, ports: Ports, ending: ExitStack) -> None:
    """Listen on both ports until `ending` is closed."""

    def known_to_people(address: str) -> bool:
        return office.is_ours(address) or (_is_fileable(address) and office.maildirs.has(address))

    _listen(ports.smtp, Counter(known_to_people, office.take_from_person), ending)
    _listen(ports.relay, Counter(_is_fileable, office.take_from_ses), ending)


def _is_fileable(address: str) -> bool:
    local, _, domain = address.rpartition("@")
    return bool(local and domain) and not local.startswith(".") and "/" not in address


def _listen(port: int, counter: Counter, ending: ExitStack) -> None:
    controller = Controller(
        counter,
        hostname=HOST,
        port=port,
        data_size_limit=LARGEST,
        ready_timeout=10,
        ident="Undivided local post office",
    )
    controller.start()
    ending.callback(controller.stop)
