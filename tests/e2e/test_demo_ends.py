"""A demo leaves nothing running, however it ends, and the next start finds what it left: a shop of its own, with its mail."""

from __future__ import annotations

import smtplib
import time
from pathlib import Path

import pytest
from e2e.localdemo import SAWS, LocalDemo, alive

pytestmark = pytest.mark.e2e

OWNER = "owner@saws.example"


def _gone(running: list[int]) -> bool:
    return not any(map(alive, running))


def test_it_ends_without_a_trace_and_remembers(saws: LocalDemo) -> None:
    """Ctrl-C, start again without building or deploying, `demo-down`, and each time nothing is left running."""
    told, running = saws.told(), saws.processes()
    assert running
    with smtplib.SMTP(told["smtp_host"], told["smtp_port"]) as connection:
        connection.sendmail("anna@mail.example", [OWNER], b"Subject: remember me\r\n\r\nhi\r\n")
    assert saws.stop() == 0
    assert _gone(running)
    assert saws.told() == {}

    saws.start("--shop", str(SAWS))
    assert not (saws.folder / "deploy.log").exists(), "it was built or deployed again"
    assert saws.told()["outputs"] == told["outputs"]
    kept = (Path(told["maildir"]) / OWNER / "new").iterdir()
    assert any(b"remember me" in mail.read_bytes() for mail in kept)
    running = saws.processes()
    done = saws.command("demo-down")
    assert (done.stdout, done.stderr) == ("ended\n", "")
    assert saws.stop() == 0, "it had ended already"
    assert _gone(running)


def test_even_a_killed_demo_leaves_nothing_running(saws: LocalDemo) -> None:
    if not saws.told():
        saws.start("--shop", str(SAWS))
    running = saws.processes()
    assert saws.process
    saws.process.kill()
    saws.process.wait()
    deadline = time.monotonic() + 20
    while not _gone(running) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert _gone(running)
