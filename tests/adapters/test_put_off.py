"""A notice that is faster than its mail, and what else a retry may cure: it comes again in seconds, from a real queue."""

from __future__ import annotations

import importlib.util
import json
from types import SimpleNamespace

import pytest
from chaos import stack as moto
from chaos.stack import ROOT
from undivided.aws.later import OURS, Later
from undivided.errors import NotThereYet

NOTICE = json.dumps(
    {
        "mail": {"messageId": "m1", "source": "anna@mail.example"},
        "receipt": {"recipients": ["r-abc@ask.shop.example"], "action": {"objectKey": "received/m1"}},
    }
)


@pytest.fixture
def handle(monkeypatch):
    def email_in(rt):
        spec = importlib.util.spec_from_file_location("email_in", ROOT / "functions" / "email_in" / "handler.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        monkeypatch.setattr(module, "runtime", lambda: rt)
        return module.handler

    return email_in


def not_there(_key):
    raise NotThereYet("no object")


def runtime(later):
    return SimpleNamespace(
        received=SimpleNamespace(fate=lambda _id: None), mails=SimpleNamespace(raw=not_there), soon=later
    )


def event(url, got):
    return {
        "Records": [
            {
                "messageId": one["MessageId"],
                "receiptHandle": one["ReceiptHandle"],
                "body": one["Body"],
                "attributes": one["Attributes"],
            }
            for one in got
        ]
    }


def test_a_notice_before_its_mail_comes_again_after_seconds(handle):
    with moto.stack() as stack:
        url = stack.sqs.create_queue(QueueName="mails", Attributes={"VisibilityTimeout": "360"})["QueueUrl"]
        stack.sqs.send_message(QueueUrl=url, MessageBody=NOTICE)
        asked = []
        client = SimpleNamespace(
            change_message_visibility=lambda **said: (
                asked.append(said["VisibilityTimeout"]),
                stack.sqs.change_message_visibility(**{**said, "VisibilityTimeout": 0}),
            )
        )
        for attempt in (1, 2):
            got = stack.sqs.receive_message(QueueUrl=url, AttributeNames=["All"])["Messages"]
            answer = handle(runtime(Later(client, url, OURS)))(event(url, got), None)
            assert answer == {"batchItemFailures": [{"itemIdentifier": got[0]["MessageId"]}]}
            assert asked == list(OURS[:attempt])


def test_what_cannot_be_put_off_comes_again_when_its_time_is_up(handle):
    with moto.stack() as stack:
        url = stack.sqs.create_queue(QueueName="mails")["QueueUrl"]
        stack.sqs.send_message(QueueUrl=url, MessageBody=NOTICE)
        got = stack.sqs.receive_message(QueueUrl=url, AttributeNames=["All"])["Messages"]
        gone = Later(stack.sqs, f"{url}-gone", OURS)
        answer = handle(runtime(gone))(event(url, got), None)
        assert answer == {"batchItemFailures": [{"itemIdentifier": got[0]["MessageId"]}]}
