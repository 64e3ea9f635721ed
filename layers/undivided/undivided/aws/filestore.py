"""Files that are too large for a mail, each an object of its own in the mail bucket: nobody reads a whole mail for one."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from undivided.aws.bucket import Bucket
from undivided.aws.faults import translated
from undivided.errors import Fault, NotThereYet

_LIVES = 300
"""Seconds in which a download must begin."""


@dataclass(frozen=True, slots=True)
class Files:
    """The adapter behind the port of the same name."""

    bucket: Bucket

    def keep(self, key: str, content: bytes, content_type: str) -> None:
        self.bucket.put(key, content, content_type)

    def address(self, key: str, name: str, content_type: str) -> str:
        where = {"Bucket": self.bucket.name, "Key": key}
        try:
            with translated():
                self.bucket.client.head_object(Bucket=self.bucket.name, Key=key)
        except Fault as fault:
            if fault.code in ("404", "NoSuchKey", "NotFound"):
                raise NotThereYet(f"{key} has no object", fault.code) from fault
            raise
        said = {"ResponseContentType": content_type, "ResponseContentDisposition": disposition(name)}
        return self.bucket.client.generate_presigned_url("get_object", Params={**where, **said}, ExpiresIn=_LIVES)


def disposition(name: str) -> str:
    """Have a browser save a file under its name, and never show it; RFC 6266 has both spellings."""
    plain = "".join(
        letter if letter.isascii() and letter.isprintable() and letter not in '"\\;%' else "_" for letter in name
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
