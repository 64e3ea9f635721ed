from __future__ import annotations

import subprocess
import sys
import time

import pytest

from console.local.failures import DemoFailure
from console.local.running import end, only_one

HOLDER = """
import signal, sys, time
from pathlib import Path
from console.local.running import only_one
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE)
    assert process.stdout
    assert process.stdout.readline() == b"held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_second_demo_in_the_same_folder_is_refused(tmp_path, holder):
    with pytest.raises(DemoFailure, match="already runs"), only_one(tmp_path):
        pass


def test_another_terminal_ends_it_and_waits(tmp_path, holder):
    assert end(tmp_path) is True
    assert holder.wait(5) == 0
    assert end(tmp_path) is False


def test_a_killed_demo_holds_nothing(tmp_path, holder):
    holder.kill()
    holder.wait()
    assert end(tmp_path) is False
    with only_one(tmp_path):
        pass


def test_there_may_be_nothing_to_end(tmp_path):
    began = time.monotonic()
    assert end(tmp_path / "never") is False
    assert time.monotonic() - began < 1
