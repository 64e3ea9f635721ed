"""Everybody's mail program: it reads Maildirs and sends over SMTP, as mutt or Thunderbird would."""

from __future__ import annotations

import mailbox
import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path

from console.local.letters import Draft, reply_to, show, write

SECONDS = 40
"""A mail passes up to four cold functions, each a second or two on a busy machine."""

Test = Callable[[EmailMessage], bool]


def everything(_: EmailMessage) -> bool:
    return True


@dataclass(frozen=True)
class Post:
    host: str
    port: int
    maildir: Path

    def mails(self, address: str) -> list[EmailMessage]:
        """Return all mail in the mailbox of `address`, oldest first."""
        folder = self.maildir / address.lower()
        if not folder.is_dir():
            return []
        box = mailbox.Maildir(folder, factory=None, create=False)
        return [message_from_bytes(box.get_bytes(key), policy=policy.default) for key in sorted(box.keys())]

    def wait(self, address: str, test: Test = everything, *, count: int = 1, seconds: float = SECONDS) -> EmailMessage:
        """Return the `count`-th mail of `address` for which `test` holds, as soon as it is there."""
        deadline = time.monotonic() + seconds
        while len(found := [one for one in self.mails(address) if test(one)]) < count:
            if time.monotonic() > deadline:
                subjects = [str(one["Subject"]) for one in self.mails(address)]
                raise AssertionError(
                    f"{address} got {len(found)} of {count} mails within {seconds} s; subjects: {subjects}"
                )
            time.sleep(0.2)
        return found[count - 1]

    def stays_away(self, address: str, test: Test, seconds: float = 3) -> bool:
        """Say whether no such mail comes within `seconds`."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if any(test(one) for one in self.mails(address)):
                return False
            time.sleep(0.2)
        return True

    def reply(self, mail: EmailMessage, sender: str, text: str, *, name: str = "") -> EmailMessage:
        """Answer `mail` above its quote, as mail programs do, and return what was sent."""
        draft = reply_to(mail.as_bytes(), sender, name)
        answer = Draft(
            sender, name, draft.to, draft.subject, text + draft.text,
            in_reply_to=draft.in_reply_to, references=draft.references,
        )  # fmt: skip
        return self.send(write(answer, datetime.now(UTC)))

    def write(self, sender: str, to: str, subject: str, text: str, *, name: str = "") -> EmailMessage:
        return self.send(write(Draft(sender, name, to, subject, text), datetime.now(UTC)))

    def send(self, mail: EmailMessage, source: str = "") -> EmailMessage:
        """Send a finished mail; `source` is the envelope's sender, by default the one in From."""
        sender = source or getaddresses([str(mail["From"])])[0][1]
        recipients = [address for _, address in getaddresses([str(mail["To"])])]
        with smtplib.SMTP(self.host, self.port, timeout=30) as connection:
            connection.sendmail(sender, recipients, mail.as_bytes())
        return mail


def words(mail: EmailMessage) -> str:
    """Return the plain text of a mail."""
    return show(mail.as_bytes()).text
