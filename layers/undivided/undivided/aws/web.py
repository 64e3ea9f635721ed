"""Calls to the outside, and putting off those that failed."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from undivided.aws.faults import translated
from undivided.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

TIMEOUT = 10
"""Seconds, for the connection and for the answer."""
PAUSES = (60, 600, 3600, 21600)
"""Seconds before the second, third, fourth and fifth attempt; then the queue sets it aside."""


class Web:
    """The adapter behind the port of the same name."""

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        parts = urlsplit(url)
        link = _link(parts.scheme, parts.hostname or "", parts.port)
        try:
            link.request("POST", (parts.path or "/") + ("?" + parts.query if parts.query else ""), body, dict(headers))
            return link.getresponse().status
        except (OSError, http.client.HTTPException) as why:
            raise Unavailable(f"{parts.hostname} gave no answer: {type(why).__name__}: {why}") from why
        finally:
            link.close()


def _link(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=TIMEOUT)


@dataclass(frozen=True, slots=True)
class Later:
    """Keeps a message out of sight of its queue's readers for as long as its next attempt is away."""

    client: SQSClient
    queue: str

    def put_off(self, receipt: str, attempt: int) -> None:
        """`attempt` counts from 1: the one that has just failed."""
        seconds = PAUSES[min(attempt, len(PAUSES)) - 1]
        with translated():
            self.client.change_message_visibility(QueueUrl=self.queue, ReceiptHandle=receipt, VisibilityTimeout=seconds)
