"""At most one demo in a folder, and a way to end it from another terminal."""

from __future__ import annotations

import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from console.local.failures import DemoFailure

DOWN_SECONDS = 60


@contextmanager
def only_one(local: Path) -> Iterator[None]:
    """Hold the folder; raise `DemoFailure` when a demo runs in it. The lock goes with the process, however it ends."""
    local.mkdir(parents=True, exist_ok=True)
    with _lock_file(local).open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoFailure(f"a demo already runs in {local}: use it, or end it with `make demo-down`") from None
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        yield
        held.truncate(0)


def end(local: Path) -> bool:
    """End the demo that runs in `local` and wait for it; False when none runs."""
    pid = _holder(local)
    if pid is None:
        return False
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + DOWN_SECONDS
    while _holder(local) == pid:
        if time.monotonic() > deadline:
            raise DemoFailure(f"the demo (process {pid}) did not end within {DOWN_SECONDS} s; see {local}/*.log")
        time.sleep(0.1)
    return True


def _holder(local: Path) -> int | None:
    """Return the process that holds the folder. The number alone proves nothing: the lock must be held as well."""
    try:
        with _lock_file(local).open("r+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(file.read() or 0) or None
    except FileNotFoundError:
        pass
    return None


def _lock_file(local: Path) -> Path:
    return local / "demo.lock"
