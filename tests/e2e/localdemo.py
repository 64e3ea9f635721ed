"""A demo that a test starts and ends, as its users do, beside the one that a person may run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
PORTS = int(os.environ.get("UNDIVIDED_E2E_PORTS", "8500"))
SAWS = Path(__file__).with_name("morning.yaml")
"""Another shop than the one that the project builds, down to the mail domain."""
START_SECONDS = 270
STOP_SECONDS = 60


@dataclass
class LocalDemo:
    """`ports` is the first of five; two demos need ten apart. `UNDIVIDED_E2E_PORTS` moves all of them."""

    folder: Path = ROOT / ".local" / "e2e"
    ports: int = PORTS
    more: dict[str, str] = field(default_factory=dict)
    """Variables beside those of the ports and the folder."""
    process: subprocess.Popen[bytes] | None = field(default=None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "UNDIVIDED_"))}
        names = ("FORM", "MAIL", "SMTP", "RELAY", "AWS")
        ports = {f"UNDIVIDED_{name}_PORT": str(self.ports + number) for number, name in enumerate(names)}
        return kept | ports | {"UNDIVIDED_LOCAL": str(self.folder), "OPEN": "0"} | self.more

    def start(self, *options: str) -> None:
        """Start and return once it is ready; fail with what it printed when it is not."""
        self.folder.mkdir(parents=True, exist_ok=True)
        printed = self.folder / "demo.log"
        with printed.open("wb") as written:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "console.main", "demo", *options],
                cwd=ROOT, env=self.environment(), stdin=subprocess.DEVNULL, stdout=written, stderr=subprocess.STDOUT,
            )  # fmt: skip
        deadline = time.monotonic() + START_SECONDS
        while not self._ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise AssertionError(f"the demo did not start; it printed:\n{printed.read_text()[-6000:]}")
            time.sleep(0.1)

    def _ready(self) -> bool:
        """Say whether this process stands; one that was killed has left its own stack.json behind."""
        told = self.told()
        return self.process is not None and told.get("pid") == self.process.pid and bool(told["ready"])

    def told(self) -> dict[str, Any]:
        """Return what its stack.json says; empty while there is none."""
        try:
            told: dict[str, Any] = json.loads((self.folder / "stack.json").read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return told

    def stop(self) -> int:
        """Press Ctrl-C and return the exit status."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(STOP_SECONDS)

    def command(self, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """Run an `undivided` command that finds this demo, with `typed` as its input."""
        return subprocess.run(
            [sys.executable, "-m", "console.main", *words],
            cwd=ROOT, env=self.environment(), input=typed, capture_output=True, text=True, timeout=90, check=False,
        )  # fmt: skip

    def processes(self) -> list[int]:
        """Return every process below the demo: the emulator, and those of its functions."""
        return _below(self.process.pid) if self.process else []


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _below(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += [int(child), *_below(int(child))]
    return found
