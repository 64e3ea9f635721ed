"""Everybody's mail program: it reads Maildirs and sends over SMTP, as mutt or Thunderbird would."""

from __future__ import annotations

import mailbox
import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path

from console.local.letters import Draft, reply_to, show, write

PATIENCE = 200
"""Seconds. Many journeys run at once on two processors; a mail of a single one takes three."""
OK = 250
"""SMTP's answer to what was taken."""

Test = Callable[[EmailMessage], bool]


def everything(_: EmailMessage) -> bool:
    return True


@dataclass(frozen=True)
class Post:
    host: str
    port: int
    maildir: Path
    _read: dict[tuple[str, str], EmailMessage] = field(default_factory=dict, repr=False)
    """Mails that were read before: several threads look again and again, and reading costs more than waiting."""

    def mails(self, address: str) -> list[EmailMessage]:
        """Return all mail in the mailbox of `address`, oldest first."""
        folder = self.maildir / address.lower()
        if not folder.is_dir():
            return []
        box = mailbox.Maildir(folder, factory=None, create=False)
        return [self._mail(address, box, key) for key in sorted(box.keys())]

    def _mail(self, address: str, box: mailbox.Maildir, key: str) -> EmailMessage:
        known = self._read.get((address, key))
        if known is None:
            known = self._read[address, key] = message_from_bytes(box.get_bytes(key), policy=policy.default)
        return known

    def wait(self, address: str, test: Test = everything, *, count: int = 1, seconds: float = PATIENCE) -> EmailMessage:
        """Return the `count`-th mail of `address` for which `test` holds, as soon as it is there."""
        deadline = time.monotonic() + seconds
        tested: dict[int, bool] = {}
        while True:
            mails = self.mails(address)
            tested.update({id(one): test(one) for one in mails if id(one) not in tested})
            found = [one for one in mails if tested[id(one)]]
            if len(found) >= count:
                return found[count - 1]
            if time.monotonic() > deadline:
                subjects = [str(one["Subject"]) for one in mails]
                raise AssertionError(
                    f"{address} got {len(found)} of {count} mails within {seconds} s; subjects: {subjects}"
                )
            time.sleep(0.2)

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
        return self.send(answer(mail, sender, text, name=name))

    def write(self, sender: str, to: str, subject: str, text: str, *, name: str = "") -> EmailMessage:
        return self.send(write(Draft(sender, name, to, subject, text), datetime.now(UTC)))

    def send(self, mail: EmailMessage, source: str = "") -> EmailMessage:
        """Send a finished mail; `source` is the envelope's sender, by default the one in From."""
        self.hand_in(mail, source)
        return mail

    def hand_in(self, mail: EmailMessage, source: str = "") -> str:
        """Send a finished mail, and return the id that its receiver gave it: SES's, for mail to the mail domain."""
        sender = source or getaddresses([str(mail["From"])])[0][1]
        recipients = [address for _, address in getaddresses([str(mail["To"])])]
        with smtplib.SMTP(self.host, self.port, timeout=60) as connection:
            connection.ehlo()
            connection.mail(sender)
            for one in recipients:
                code, said = connection.rcpt(one)
                if code != OK:
                    raise smtplib.SMTPRecipientsRefused({one: (code, said)})
            code, said = connection.data(mail.as_bytes())
        if code != OK:
            raise smtplib.SMTPDataError(code, said)
        return said.decode().rpartition(" ")[2]


def answer(mail: EmailMessage, sender: str, text: str, *, name: str = "") -> EmailMessage:
    """Write an answer to `mail`, addressed, threaded and above its quote; it can be changed before it is sent."""
    draft = reply_to(mail.as_bytes(), sender, name)
    whole = Draft(
        sender, name, draft.to, draft.subject, text + draft.text,
        in_reply_to=draft.in_reply_to, references=draft.references,
    )  # fmt: skip
    return write(whole, datetime.now(UTC))


def words(mail: EmailMessage) -> str:
    """Return the plain text of a mail."""
    return show(mail.as_bytes()).text


def holds(text: str) -> Test:
    """Return a test for mails that say `text`, and not only in a quote."""
    return lambda mail: any(text in line and not line.startswith(">") for line in words(mail).splitlines())


def every_byte(mail: EmailMessage) -> str:
    """Return all that a reader could find in a mail: header, texts and names, decoded."""
    header = "\n".join(f"{name}: {value}" for name, value in mail.items())
    parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    names = [part.get_filename() or "" for part in mail.walk()]
    return "\n".join((header, *parts, *names))
