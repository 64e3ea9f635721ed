"""Runs the emulator so that it cannot outlive the demo: when the pipe on standard input closes, it saves and ends.

Ctrl-C, `make demo-down` and even `kill -9` of the demo all close that pipe. Without the leash the emulator, and the
Python process of each of its Lambda functions, would be left behind by the last of the three.
"""

from __future__ import annotations

import os
import signal
import sys
import threading


def main() -> None:
    threading.Thread(target=_end_with_the_pipe, daemon=True).start()
    from ministack.app import main as serve  # noqa: PLC0415 - importing it reads the environment and starts threads

    sys.argv = ["ministack"]
    try:
        serve()
    finally:
        _end_the_group()


def _end_the_group() -> None:
    """End the processes of the functions: one that is at work when the emulator ends would go on by itself."""
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)


def _end_with_the_pipe() -> None:
    while os.read(0, 1024):
        pass
    # SIGTERM, not an exit: the emulator saves its state only on the way out that a signal takes.
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
