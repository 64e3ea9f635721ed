from __future__ import annotations

import json

import pytest

from console.local import emulator
from console.local.ports import ports_from


def saved(folder, positions):
    folder.mkdir(exist_ok=True)
    path = folder / "lambda.json"
    scoped = {"__account_region_scoped__": True, "data": positions}
    told = {"__ministack_format__": 2, "payload": {"functions": {"kept": 1}, "dynamodb_stream_positions": scoped}}
    path.write_text(json.dumps(told))
    return path


def test_stream_positions_go_back_to_the_start_and_nothing_else_changes(tmp_path):
    path = saved(tmp_path, {"0\0us-east-1\0'a'": 17, "0\0us-east-1\0'b'": 3})
    emulator.rewind_streams(tmp_path)
    told = json.loads(path.read_text())
    assert told["payload"]["dynamodb_stream_positions"]["data"] == {"0\0us-east-1\0'a'": 0, "0\0us-east-1\0'b'": 0}
    assert told["payload"]["functions"] == {"kept": 1}


@pytest.mark.parametrize("text", [None, "", "{", "{}"])
def test_a_first_run_has_nothing_to_rewind(tmp_path, text):
    if text is not None:
        (tmp_path / "lambda.json").write_text(text)
    emulator.rewind_streams(tmp_path)


def test_functions_find_nothing_of_the_users_aws_account(tmp_path, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_SESSION_TOKEN", "UNDIVIDED_STACK", "SECRET"):
        monkeypatch.setenv(name, "the user's")
    told = emulator.environment(tmp_path, ports_from({}))
    assert "the user's" not in told.values()
    assert told["AUTH"] == "true"
    assert told["BIND_HOST"] == "127.0.0.1"


def test_everything_it_writes_is_in_the_demos_folder(tmp_path):
    told = emulator.environment(tmp_path, ports_from({}))
    assert all(told[name].startswith(str(tmp_path)) for name in ("STATE_DIR", "S3_DATA_DIR", "TMPDIR"))


def test_nothing_answers_where_nothing_listens(ports):
    assert not emulator.answers(f"http://127.0.0.1:{ports.aws}/")
