"""What is too large for the table: whole mails, files, texts; and what became of each received mail."""

from __future__ import annotations

from typing import Protocol

from undivided.record import Received as ReceivedMail


class Received(Protocol):
    """Know what became of each received mail."""

    def fate(self, ses_id: str) -> ReceivedMail | None: ...

    def record(self, received: ReceivedMail) -> None:
        """Record the fate of a mail that changes nothing else; raise `Duplicate` when it has one."""


class MailStore(Protocol):
    """Keep whole mails, received and sent."""

    def raw(self, key: str) -> bytes:
        """Return a whole mail; raise `NotThereYet` for a key that has no object."""

    def keep_sent(self, entry_id: str, raw: bytes) -> bytes:
        """Keep a mail as it was first written out, and return that: sent again, it is the same mail."""

    def part(self, key: str, number: int) -> bytes:
        """Return the decoded content of part `number` of the mail under `key`, as `mail.files.Attachment` numbers them.

        Empty if there is no such part.
        """


class Files(Protocol):
    """Keep files that are too large for a mail."""

    def keep(self, key: str, content: bytes, content_type: str) -> None: ...

    def address(self, key: str, name: str, content_type: str) -> str:
        """Return where anybody can download it for five minutes, saved under `name`, never shown.

        Raises `NotThereYet` for a key that has no object.
        """


class Texts(Protocol):
    """Keep what is too large for the table, and the few objects that every process reads."""

    def get(self, key: str) -> bytes:
        """Raise `NotThereYet` for a key that has no object."""

    def put(self, key: str, content: bytes, content_type: str) -> None: ...

    def delete(self, key: str) -> None:
        """Remove an object; nothing happens if there is none."""
