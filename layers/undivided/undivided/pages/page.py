"""What comes from a browser, and what goes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    """One request: header names in lower case, the first value of each query parameter, the body's raw bytes."""

    method: str
    path: str
    parts: Mapping[str, str] = field(default_factory=dict)
    """The route's own parameters, like `key`."""
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    source: str = ""
    """Network address of the caller, as API Gateway saw it."""

    @property
    def wants_json(self) -> bool:
        accepts, sends = self.headers.get("accept", ""), self.headers.get("content-type", "")
        return "application/json" in f"{accepts} {sends}" and "text/html" not in accepts


@dataclass(frozen=True, slots=True)
class Page:
    """An HTTP answer, ready to be sent."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
