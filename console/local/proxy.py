"""A fixed address before the API: its id, and so its own address, changes whenever its routes change.

The Host header becomes the one that the API has on a real account, so that functions see the same event there and here.
"""

from __future__ import annotations

import http.client
import re
import sys
import threading
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from console.local.failures import DemoFailure
from console.local.ports import HOST

LARGEST = 10 * 1024 * 1024
"""Bytes of the largest body that API Gateway takes."""
SECONDS = 30
"""API Gateway gives up after 29."""
_API_URL = re.compile(r"https://(?P<id>[a-z0-9]+)\.execute-api\.[^/]+/(?P<stage>[^/]+)/?")
_HOP_BY_HOP = {
    "connection", "host", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer",
    "transfer-encoding", "upgrade", "content-length",
}  # fmt: skip
_ADDED_BY_SERVER = {"date", "server"}


def serve_api(port: int, api_url: str, aws_port: int, ending: ExitStack) -> None:
    """Pass everything on `port` on to the deployed API until `ending` is closed."""
    match = _API_URL.fullmatch(api_url)
    if not match:
        raise DemoFailure(
            f"cannot read the stack's ApiUrl {api_url!r}; it should be https://ID.execute-api.REGION.…/STAGE"
        )

    class OneApi(ApiProxy):
        pass

    OneApi.host = f"{match['id']}.execute-api.localhost:{aws_port}"
    OneApi.stage = match["stage"]
    OneApi.target = aws_port
    serve(port, OneApi, ending)


def serve(port: int, handler: type[BaseHTTPRequestHandler], ending: ExitStack) -> None:
    """Answer HTTP on `port` with `handler`, a thread for each connection, until `ending` is closed."""
    server = _Server((HOST, port), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    ending.callback(server.server_close)
    ending.callback(server.shutdown)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing when a browser went away before its answer; everything else is a bug and is printed."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class ApiProxy(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    host: ClassVar[str]
    stage: ClassVar[str]
    target: ClassVar[int]

    def _pass_on(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST:
            self.close_connection = True
            self._answer(413, [("Content-Type", "application/json")], b'{"message":"Request Too Long"}')
            return
        body = self.rfile.read(length) if length else None
        try:
            status, headers, answer = self._ask(body)
        except (OSError, http.client.HTTPException) as failure:
            status, headers, answer = (
                502,
                [("Content-Type", "text/plain")],
                f"The emulator does not answer: {failure}".encode(),
            )
        self._answer(status, headers, answer)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _pass_on  # noqa: N815 - http.server's names

    def _ask(self, body: bytes | None) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection(HOST, self.target, timeout=SECONDS)
        try:
            connection.putrequest(self.command, f"/{self.stage}{self.path}", skip_host=True, skip_accept_encoding=True)
            for name, value in self._headers(body):
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def _headers(self, body: bytes | None) -> list[tuple[str, str]]:
        kept = [(name, value) for name, value in self.headers.items() if name.lower() not in _HOP_BY_HOP]
        kept += [("Host", self.host), ("X-Forwarded-For", self.client_address[0]), ("X-Forwarded-Proto", "http")]
        return kept + ([("Content-Length", str(len(body)))] if body is not None else [])

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in _HOP_BY_HOP | _ADDED_BY_SERVER:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Stay silent: the emulator's log has every request."""
