"""A secret that `setup` created in the Parameter Store, read at most every five minutes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from undivided.aws.faults import translated
from undivided.errors import Retryable

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

FRESH = 300.0
"""Seconds; a rotated key ring is in use everywhere after that."""


@dataclass(slots=True)
class Secret:
    """The adapter behind the port `Secrets`. It keeps the last text while the service fails."""

    client: SSMClient
    name: str
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)
    _text: str = field(default="", repr=False)
    _read_at: float = field(default=-FRESH, repr=False)

    def secret(self) -> str:
        """Raise `NotThereYet` when `setup` has not created it."""
        if self.clock() - self._read_at >= FRESH or not self._text:
            self._refresh()
        return self._text

    def _refresh(self) -> None:
        try:
            with translated():
                answer = self.client.get_parameter(Name=self.name, WithDecryption=True)
        except Retryable:
            if not self._text:
                raise
            return
        self._text, self._read_at = answer["Parameter"].get("Value", ""), self.clock()
