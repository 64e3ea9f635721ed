from __future__ import annotations

import os
import sys

import pytest

from console import replay
from console.stack import NoStack, Stack

HANDLER = """
import os
import neighbour


def handler(event, context):
    assert context.get_remaining_time_in_millis() > 0
    return {"said": event["say"], "table": os.environ["TABLE"], "who": context.function_name, "x": neighbour.X}
"""


class Aws:
    """The two calls that replaying makes."""

    class exceptions:  # noqa: N801 - boto3's name
        ClientError = LookupError

    def describe_stack_resource(self, StackName, LogicalResourceId):  # noqa: N803 - boto3's names
        if LogicalResourceId != "EmailInFunction":
            raise LookupError(LogicalResourceId)
        return {"StackResourceDetail": {"PhysicalResourceId": "undivided-email-in"}}

    def get_function_configuration(self, FunctionName):  # noqa: N803 - boto3's name
        return {"FunctionName": FunctionName, "FunctionArn": "arn", "Environment": {"Variables": {"TABLE": "T"}}}


@pytest.fixture
def stack(monkeypatch) -> Stack:
    monkeypatch.setattr(Stack, "client", lambda self, service: Aws())
    return Stack(
        "undivided", "us-east-1", {}, "http://127.0.0.1:1", {"aws_access_key_id": "K", "aws_secret_access_key": "S"}
    )


@pytest.fixture
def clone(tmp_path, monkeypatch):
    monkeypatch.setattr(replay, "ROOT", tmp_path)
    monkeypatch.setattr(os, "environ", os.environ.copy())
    monkeypatch.setattr(sys, "path", sys.path.copy())
    folder = tmp_path / "functions" / "email_in"
    folder.mkdir(parents=True)
    (folder / "handler.py").write_text(HANDLER)
    (folder / "neighbour.py").write_text("X = 7\n")
    events = tmp_path / "events" / "email_in"
    events.mkdir(parents=True)
    (events / "one.json").write_text('{"say": "grüße"}')
    return tmp_path


def test_the_handler_runs_with_the_environment_of_the_deployed_function(clone, stack, capsys):
    assert replay.replay(clone / "events/email_in/one.json", stack) == 0
    printed = capsys.readouterr().out
    assert '"table": "T"' in printed
    assert '"who": "undivided-email-in"' in printed
    assert '"x": 7' in printed
    assert os.environ["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"
    assert os.environ["AWS_ACCESS_KEY_ID"] == "K"


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("events/email_in/none.json", None, "does not exist"),
        ("events/email_in/bad.json", "{", "is no JSON"),
        ("events/nobody/one.json", "{}", "has no NobodyFunction"),
    ],
)
def test_what_cannot_be_replayed_is_explained(clone, stack, path, text, said):
    if text is not None:
        (clone / path).parent.mkdir(exist_ok=True)
        (clone / path).write_text(text)
    with pytest.raises(NoStack, match=said):
        replay.replay(clone / path, stack)


def test_a_function_without_a_handler_is_named(clone, stack):
    (clone / "functions/email_in/handler.py").unlink()
    with pytest.raises(NoStack, match=r"has no handler\.py"):
        replay.replay(clone / "events/email_in/one.json", stack)
