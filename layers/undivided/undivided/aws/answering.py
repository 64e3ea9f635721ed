"""The one answer that CloudFormation waits for when it calls a custom resource.

Without it a stack hangs for an hour. So it is given on success, on every exception, and by a timer shortly before the
function's own end; never twice. CloudFormation's side of this is "Custom resource response objects" in its user guide.
"""

from __future__ import annotations

import json
import logging
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

NEVER_MADE = "never-made"
"""Stands for a resource whose creation failed, in the removal that CloudFormation asks for afterwards."""

_MARGIN = 10.0
"""Seconds that are left for the answer itself when time runs out."""
_LONGEST_REASON = 1000
"""Characters; the whole answer may have 4,096 bytes."""
_TRIES = 3

Send = Callable[[str, bytes], None]

log = logging.getLogger(__name__)


def put(url: str, body: bytes) -> None:
    """PUT `body` to the presigned address; it must carry no content type, or S3 refuses the signature."""
    request = urllib.request.Request(url, data=body, method="PUT", headers={"Content-Type": ""})  # noqa: S310 - below
    for left in reversed(range(_TRIES)):
        try:
            # The address comes from CloudFormation: only it may invoke the function.
            with urllib.request.urlopen(request, timeout=10):  # noqa: S310 - see above
                return
        except OSError:
            if not left:
                raise
            time.sleep(1)


class Answer:
    """Answers one request at most once, from whichever thread comes first."""

    def __init__(self, event: Mapping[str, Any], send: Send = put) -> None:
        self._event = event
        self._send = send
        self._lock = threading.Lock()
        self.given: dict[str, Any] | None = None

    def success(self, resource: str, data: Mapping[str, str]) -> None:
        self._give({"Status": "SUCCESS", "PhysicalResourceId": resource, "Data": dict(data)})

    def failure(self, reason: str) -> None:
        """Say why it failed, so that a person can read it in the stack's events."""
        resource = self._event.get("PhysicalResourceId") or NEVER_MADE
        self._give({"Status": "FAILED", "PhysicalResourceId": resource, "Reason": reason[:_LONGEST_REASON]})

    def _give(self, answer: dict[str, Any]) -> None:
        with self._lock:
            if self.given is not None:
                return
            same = {name: self._event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
            self._send(self._event["ResponseURL"], json.dumps(answer | same).encode())
            self.given = answer

    @contextmanager
    def always(self, seconds: float) -> Iterator[None]:
        """Answer for the block that runs inside: its exception, or that it was not done when `seconds` are almost over.

        Nothing is raised, but for an answer that could not be sent: then Lambda calls again, and all is done again.
        """
        timer = threading.Timer(
            max(seconds - _MARGIN, 0.0), self.failure, [f"not done within {seconds:.0f} seconds; try again"]
        )
        timer.daemon = True
        timer.start()
        try:
            yield
        except Exception as error:
            log.exception("setup failed")
            self.failure(f"{type(error).__name__}: {error}")
        finally:
            timer.cancel()
