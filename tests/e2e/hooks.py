"""The owner's own server, to which events are sent: it keeps every call, and fails once where it is told to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from time import time
from typing import Any

OK, FAILED = 204, 500


@dataclass(frozen=True)
class Call:
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes
    at: float
    answered: int

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def said(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class Hooks:
    """`fails` names the one call that is answered with 500: the first for which it holds."""

    fails: Callable[[dict[str, Any]], bool]
    url: str = ""
    calls: list[Call] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def take(self, headers: dict[str, str], body: bytes) -> int:
        with self._lock:
            failed = not any(one.answered == FAILED for one in self.calls) and self.fails(json.loads(body))
            self.calls.append(Call(headers, body, time(), FAILED if failed else OK))
            return self.calls[-1].answered

    @property
    def taken(self) -> set[str]:
        """Return the ids of all events that were taken."""
        return {one.id for one in list(self.calls) if one.answered == OK}


@contextmanager
def listening(fails: Callable[[dict[str, Any]], bool]) -> Iterator[Hooks]:
    hooks = Hooks(fails)

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(hooks.take({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        hooks.url = f"http://127.0.0.1:{server.server_port}/events"
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        yield hooks
        server.shutdown()
