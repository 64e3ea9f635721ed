from __future__ import annotations

import http.client
import json
from http.server import BaseHTTPRequestHandler

import pytest

from console.local.failures import DemoFailure
from console.local.ports import HOST
from console.local.proxy import LARGEST, serve, serve_api

API = "https://6af4075c.execute-api.us-east-1.amazonaws.com/live"


class Echo(BaseHTTPRequestHandler):
    """Answers with what it got."""

    protocol_version = "HTTP/1.1"

    def _echo(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        told = {
            "method": self.command,
            "path": self.path,
            "headers": self.headers.items(),
            "body": body.decode("latin-1"),
        }
        answer = json.dumps(told).encode()
        self.send_response(303)
        for name, value in (("Location", "/status/1"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")):
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _echo  # noqa: N815 - http.server's names

    def log_message(self, *_):
        pass


@pytest.fixture
def proxy(ports, ending):
    serve(ports.aws, Echo, ending)
    serve_api(ports.form, API, ports.aws, ending)
    return ports.form


def ask(port: int, method: str = "GET", path: str = "/ask?sku=A%20B", body: bytes | None = None, **headers: str):
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer, json.loads(content) if content.startswith(b"{") else content


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_everything_goes_through_unchanged(proxy, method):
    body = bytes(range(256)) if method not in {"GET", "OPTIONS", "DELETE"} else None
    answer, told = ask(proxy, method, body=body, **{"Content-Type": "image/png", "Accept-Language": "de"})
    assert (told["method"], told["path"], told["body"]) == (
        method,
        "/live/ask?sku=A%20B",
        (body or b"").decode("latin-1"),
    )
    assert {"Content-Type": "image/png", "Accept-Language": "de"}.items() <= dict(told["headers"]).items()
    assert (answer.status, answer.headers["Location"]) == (303, "/status/1")
    assert answer.headers.get_all("Set-Cookie") == ["a=1", "b=2"]


def test_the_function_sees_the_host_of_its_api(proxy, ports):
    _, told = ask(proxy)
    hosts = [value for name, value in told["headers"] if name.lower() == "host"]
    assert hosts == [f"6af4075c.execute-api.localhost:{ports.aws}"]


def test_head_has_no_body(proxy):
    answer, content = ask(proxy, "HEAD")
    assert answer.status == 303
    assert content == b""


def test_more_than_ten_megabytes_is_refused_like_api_gateway_does(proxy):
    connection = http.client.HTTPConnection(HOST, proxy, timeout=10)
    connection.putrequest("POST", "/questions")
    connection.putheader("Content-Length", str(LARGEST + 1))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_a_dead_api_is_a_bad_gateway(ports, ending):
    serve_api(ports.form, API, ports.aws, ending)
    answer, content = ask(ports.form)
    assert answer.status == 502
    assert b"does not answer" in content


@pytest.mark.parametrize(
    "url", ["", "http://x/live", "https://abc.example.com/live", "https://abc.execute-api.us-east-1.amazonaws.com/"]
)
def test_an_output_that_is_no_api_address_is_named(ports, ending, url):
    with pytest.raises(DemoFailure, match="ApiUrl"):
        serve_api(ports.form, url, ports.aws, ending)
