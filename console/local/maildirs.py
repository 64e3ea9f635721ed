"""The mailboxes: one Maildir for each lower-case address, which mutt, Thunderbird and scripts can read as they are."""

from __future__ import annotations

import mailbox
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SENT = "Sent"
_SAFE = re.compile(r"[^/\x00-\x20.][^/\x00-\x20]{0,253}")


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail in a mailbox; `key` is stable while the mail stays there."""

    key: str
    raw: bytes
    arrived: float
    """Seconds since 1970."""
    sent: bool = False
    """True: written by the mailbox's owner."""


@dataclass(frozen=True, slots=True)
class Maildirs:
    """All mailboxes under one folder. Reading changes nothing: what is new stays new."""

    folder: Path

    def has(self, address: str) -> bool:
        return (self._path(address) / "new").is_dir()

    def make(self, address: str) -> None:
        self._open(address)

    def deliver(self, address: str, raw: bytes) -> None:
        self._open(address).add(_on_disk(raw))

    def keep_sent(self, address: str, raw: bytes) -> None:
        """File a copy of what the owner of `address` wrote in the subfolder that mail programs show as Sent."""
        box = self._open(address)
        folder = box.get_folder(SENT) if SENT in box.list_folders() else box.add_folder(SENT)
        message = mailbox.MaildirMessage(_on_disk(raw))
        message.set_subdir("cur")
        message.add_flag("S")
        folder.add(message)

    def addresses(self) -> list[str]:
        if not self.folder.is_dir():
            return []
        return sorted(entry.name for entry in self.folder.iterdir() if (entry / "new").is_dir())

    def letters(self, address: str) -> list[Letter]:
        """Return everything in the mailbox, newest first."""
        path = self._path(address)
        found = [_letter(file, sent=False) for part in ("new", "cur") for file in _files(path / part)]
        found += [_letter(file, sent=True) for file in _files(path / f".{SENT}" / "cur")]
        return sorted(
            (letter for letter in found if letter), key=lambda letter: (letter.arrived, letter.key), reverse=True
        )

    def letter(self, address: str, key: str) -> Letter | None:
        return next((letter for letter in self.letters(address) if letter.key == key), None)

    def _open(self, address: str) -> mailbox.Maildir:
        self.folder.mkdir(parents=True, exist_ok=True)
        return mailbox.Maildir(self._path(address), factory=None, create=True)

    def _path(self, address: str) -> Path:
        if not _SAFE.fullmatch(address):
            raise ValueError(f"{address!r} cannot be a mailbox: it would leave the folder of the mailboxes")
        return self.folder / address.lower()


def _on_disk(raw: bytes) -> bytes:
    """Return a mail with the line ends that Maildirs have: mutt shows those of SMTP as ^M."""
    return raw.replace(b"\r\n", b"\n")


def _files(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _letter(file: Path, *, sent: bool) -> Letter | None:
    """Read one file; None when a mail program moved it away meanwhile."""
    try:
        return Letter(file.name.partition(":")[0], file.read_bytes(), file.stat().st_mtime_ns / 1e9, sent)
    except FileNotFoundError:
        return None
