"""The page with the mailboxes, for trying the shop without a mail program: read, write and reply.

It listens on loopback only, and a GET changes nothing: what is new in a Maildir stays new for real mail programs.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from console.local.ports import HOST
from console.local.proxy import serve
from console.local.website import Answer, Website

LARGEST_POST = 45 * 1024 * 1024
"""Bytes: a mail as large as SES takes, before its attachments are encoded, and the form around it."""


class Page(BaseHTTPRequestHandler):
    """Speaks HTTP for a `Website`."""

    protocol_version = "HTTP/1.1"
    site: ClassVar[Website]
    port: ClassVar[int]

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        self._answer(lambda: self.site.get(url.path, parse_qs(url.query)))

    do_HEAD = do_GET  # noqa: N815 - http.server's name

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_POST or not self._from_here():
            self.close_connection = True
            self._send(Answer(b"refused\n", "text/plain", HTTPStatus.FORBIDDEN))
            return
        body = self.rfile.read(length)
        self._answer(lambda: self.site.post(urlsplit(self.path).path, self.headers.get("Content-Type", ""), body))

    def _from_here(self) -> bool:
        """Say whether our own page posts: any website could otherwise send mail with a hidden form."""
        return self.headers.get("Origin", self._own()[0]) in self._own()

    def _own(self) -> tuple[str, str]:
        return f"http://{HOST}:{self.port}", f"http://localhost:{self.port}"

    def _answer(self, make: Callable[[], Answer]) -> None:
        # A name that somebody points at 127.0.0.1 must not read the mailboxes (DNS rebinding).
        if f"http://{self.headers.get('Host', '')}" not in self._own():
            self._send(
                Answer(b"Use the address that make demo prints.\n", "text/plain", HTTPStatus.MISDIRECTED_REQUEST)
            )
            return
        self._send(make())

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in (("Content-Type", answer.type), ("Cache-Control", "no-store"), *answer.headers):
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Stay silent."""


def serve_mailboxes(port: int, site: Website, ending: ExitStack) -> None:
    """Show `site` on `port` until `ending` is closed."""

    class OneSite(Page):
        pass

    OneSite.site, OneSite.port = site, port
    serve(port, OneSite, ending)
