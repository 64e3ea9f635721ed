"""Events to a webhook: over a real connection, verified as a receiver does it, tried again, and set aside in the end."""

from __future__ import annotations

import base64
import hashlib
import hmac
import importlib.util
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from chaos import stack as moto
from chaos.stack import ROOT
from fakes import outside
from undivided.aws.later import OTHERS, OURS, Later
from undivided.aws.web import Web
from undivided.errors import NotThereYet, Refused, Unavailable
from undivided.sale.webhooks import signed_standard
from undivided.steps.tell import message, tell

from console import webhook as command
from console.stack import Stack

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
SECRET, OLD = ("whsec_" + base64.b64encode(letter * 32).decode() for letter in (b"n", b"o"))
DETAIL = {
    "schema": 1,
    "id": "k7m2cqxd41ab.3.0",
    "conversation": "k7m2cqxd41ab",
    "specialist": "kevin",
    "reason": "zu groß",
}
EVENT = json.dumps(
    {
        "version": "0",
        "id": "e",
        "source": "undivided",
        "detail-type": "answered",
        "time": "2026-05-04T10:00:00Z",
        "detail": DETAIL,
    }
)


@dataclass
class Receiver:
    """Somebody's server: answers with the next of `statuses`, the last one for ever."""

    url: str = ""
    statuses: list[int] = field(default_factory=lambda: [204])
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def next(self) -> int:
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            made.got.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(made.next())
            self.send_header("location", "/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    made.url = f"http://127.0.0.1:{server.server_port}/hooks?shop=1"
    yield made
    server.shutdown()
    server.server_close()


def runtime(url: str, *secrets: str, later: Any = None) -> Any:
    text = json.dumps(secrets) if secrets else ""
    settings = SimpleNamespace(webhook_url=url)
    return SimpleNamespace(
        web=Web(), settings=settings, webhook_secrets=outside.Secret(text), now=lambda: NOW, later=later
    )


def test_an_event_arrives_signed_and_whole(receiver):
    assert tell(EVENT, runtime(receiver.url, SECRET)) == "delivered k7m2cqxd41ab.3.0"
    ((path, headers, body),) = receiver.got
    assert path == "/hooks?shop=1"
    assert json.loads(body) == {"type": "answered", "timestamp": "2026-05-04T10:00:00Z", "data": DETAIL}
    assert headers["content-type"] == "application/json"
    assert signed_standard(body, headers, [SECRET], NOW) == DETAIL["id"]
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    content = f"{DETAIL['id']}.{int(NOW.timestamp())}.".encode() + body
    assert (
        headers["webhook-signature"]
        == "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    )


def test_while_a_secret_is_changed_either_verifies(receiver):
    tell(EVENT, runtime(receiver.url, SECRET, OLD))
    ((_, headers, body),) = receiver.got
    for secret in (SECRET, OLD):
        signed_standard(body, headers, [secret], NOW)


@pytest.mark.parametrize("status", [301, 302, 400, 404, 429, 500, 503])
def test_whatever_is_no_2xx_is_tried_again_and_no_redirect_followed(receiver, status):
    receiver.statuses = [status, 204]
    rt = runtime(receiver.url, SECRET)
    with pytest.raises(Unavailable):
        tell(EVENT, rt)
    rt.now = lambda: NOW + timedelta(minutes=1)
    tell(EVENT, rt)
    first, second = (headers for _, headers, _ in receiver.got)
    assert [path for path, _, _ in receiver.got] == ["/hooks?shop=1"] * 2
    assert first["webhook-id"] == second["webhook-id"]
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 60


def test_a_receiver_that_is_gone_is_left_alone(receiver):
    receiver.statuses = [410]
    assert tell(EVENT, runtime(receiver.url, SECRET)).startswith("gone")


def test_no_answer_and_no_secret_are_tried_again(receiver):
    with pytest.raises(Unavailable):
        tell(EVENT, runtime("http://127.0.0.1:1/", SECRET))
    with pytest.raises(NotThereYet):
        tell(EVENT, runtime(receiver.url))
    assert receiver.got == []


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"detail-type": "x", "time": "", "detail": {}}'])
def test_what_is_no_event_is_refused(body):
    with pytest.raises(Refused):
        message(body)


# --- the queue -------------------------------------------------------------------------------------------------


def handler(monkeypatch: pytest.MonkeyPatch, rt: Any) -> Any:
    spec = importlib.util.spec_from_file_location("webhook_handler", ROOT / "functions" / "webhook" / "handler.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "runtime", lambda: rt)
    return module.handler


def record(body: str, attempt: int, receipt: str = "r") -> dict[str, Any]:
    return {
        "messageId": f"m{attempt}",
        "receiptHandle": receipt,
        "body": body,
        "attributes": {"ApproximateReceiveCount": str(attempt)},
    }


def test_only_what_failed_comes_back_and_later_each_time(receiver, monkeypatch):
    put_off: list[tuple[str, int]] = []
    later = SimpleNamespace(put_off=lambda receipt, attempt: put_off.append((receipt, attempt)))
    receiver.statuses = [204, 500]
    handle = handler(monkeypatch, runtime(receiver.url, SECRET, later=later))
    answer = handle({"Records": [record(EVENT, 1, "a"), record(EVENT, 3, "b"), record("nonsense", 2, "c")]}, None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m3"}, {"itemIdentifier": "m2"}]}
    assert put_off == [("b", 3)], "nonsense goes to the dead letters as fast as it may"


@pytest.mark.parametrize(("name", "pauses"), [("Webhook", OTHERS), ("Received", OURS)])
def test_the_pauses_grow_and_fit_the_queue(name, pauses):
    asked: list[int] = []
    client: Any = SimpleNamespace(change_message_visibility=lambda **said: asked.append(said["VisibilityTimeout"]))
    for attempt in range(1, 6):
        Later(client, "queue", pauses).put_off("r", attempt)
    assert asked == [*pauses, pauses[-1]]
    assert list(pauses) == sorted(set(pauses))
    queue = moto.resource(f"{name}Queue")
    assert len(pauses) == queue["RedrivePolicy"]["maxReceiveCount"] - 1
    assert sum(pauses) < queue["MessageRetentionPeriod"]
    assert max(pauses) < 12 * 3600, "SQS: the longest visibility"


def test_no_alarm_is_raised_while_an_attempt_is_still_to_come():
    assert sum(OTHERS) < moto.resource("WebhookAgeAlarm")["Threshold"]


def test_a_message_that_was_put_off_is_really_out_of_sight():
    with moto.stack() as stack:
        url = stack.sqs.create_queue(QueueName="hooks", Attributes={"VisibilityTimeout": "0"})["QueueUrl"]
        stack.sqs.send_message(QueueUrl=url, MessageBody=EVENT)
        (got,) = stack.sqs.receive_message(QueueUrl=url)["Messages"]
        Later(stack.sqs, url).put_off(got["ReceiptHandle"], 1)
        assert "Messages" not in stack.sqs.receive_message(QueueUrl=url)


# --- the command -----------------------------------------------------------------------------------------------


def test_a_secret_is_made_stored_and_shown_once(monkeypatch, capsys):
    with moto.stack() as stack:
        monkeypatch.setattr(Stack, "client", lambda _self, service: getattr(stack, service))
        monkeypatch.setattr("sys.stdin", io.StringIO())
        deployed = Stack("shop", moto.REGION, {"KeysParameter": "/undivided/shop/keys"})
        for _ in range(3):
            assert command.secret(deployed) == 0
        shown = capsys.readouterr().out.split()
        assert len(set(shown)) == 3
        kept = stack.ssm.get_parameter(Name="/undivided/shop/webhook", WithDecryption=True)["Parameter"]
        assert (kept["Type"], json.loads(kept["Value"])) == ("SecureString", [shown[2], shown[1]])
