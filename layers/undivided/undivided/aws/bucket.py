"""The mail bucket: whole mails received and sent, and texts that are too large for the table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from undivided.aws.faults import translated
from undivided.errors import Fault
from undivided.outbox import sent_key

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from undivided.mail.mime import Tree

MAIL = "message/rfc822"


@dataclass(frozen=True, slots=True)
class Bucket:
    """The adapter behind the port `Texts`, and what `MailStore` stands on."""

    client: S3Client
    name: str

    def get(self, key: str) -> bytes:
        with translated():
            return self.client.get_object(Bucket=self.name, Key=key)["Body"].read()

    def put(self, key: str, content: bytes, content_type: str) -> None:
        with translated():
            self.client.put_object(Bucket=self.name, Key=key, Body=content, ContentType=content_type)

    def delete(self, key: str) -> None:
        with translated():
            self.client.delete_object(Bucket=self.name, Key=key)

    def keep_first(self, key: str, content: bytes, content_type: str) -> bytes:
        """Put an object unless there is one; return what stands there."""
        try:
            with translated():
                self.client.put_object(
                    Bucket=self.name, Key=key, Body=content, ContentType=content_type, IfNoneMatch="*"
                )
        except Fault as fault:
            if fault.code != "PreconditionFailed":
                raise
            return self.get(key)
        return content


@dataclass(slots=True)
class MailStore:
    """The adapter behind the port of the same name. It keeps the last mail that was taken apart: one mail has many parts."""

    bucket: Bucket
    _last: tuple[str, Tree | None] = field(default=("", None), repr=False)

    def raw(self, key: str) -> bytes:
        return self.bucket.get(key)

    def keep_sent(self, entry_id: str, raw: bytes) -> bytes:
        return self.bucket.keep_first(sent_key(entry_id), raw, MAIL)

    def part(self, key: str, number: int) -> bytes:
        from undivided.mail import files  # noqa: PLC0415 - only who sends files reads mails apart
        from undivided.mail.mime import read_tree  # noqa: PLC0415

        known, tree = self._last
        if known != key or tree is None:
            tree = read_tree(self.raw(key))
            self._last = key, tree
        return files.data(tree, number)
