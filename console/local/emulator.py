"""Starts and ends the emulated AWS (ministack): one process, IAM enforced, its state kept in the demo's folder."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING

from console.local.failures import DemoFailure
from console.local.ports import HOST, Ports
from console.local.state import ROOT

if TYPE_CHECKING:
    from pathlib import Path

REGION = "us-east-1"
START_SECONDS = 60
STOP_SECONDS = 30
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "SYSTEMROOT")
"""What the emulator inherits: its functions see its whole environment, and must not find the user's AWS keys there."""


@dataclass(slots=True)
class Emulator:
    process: subprocess.Popen[bytes]
    endpoint_url: str
    log: Path

    def wait_ready(self, seconds: float = START_SECONDS) -> None:
        """Return once it answers; raise `DemoFailure` with the end of its log when it died or stays silent."""
        deadline = time.monotonic() + seconds
        while not answers(f"{self.endpoint_url}/_ministack/ready"):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise DemoFailure(f"the emulator did not start; the end of {self.log}:\n{tail(self.log)}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Let it save its state and end; kill it when that takes longer than `STOP_SECONDS`."""
        if self.process.stdin:
            self.process.stdin.close()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)  # its group is its own, see start
            self.process.wait()


def start(local: Path, ports: Ports) -> Emulator:
    """Start the emulator with the state of the last run; return at once, `wait_ready` waits for it."""
    rewind_streams(local / "aws")
    shutil.rmtree(local / "tmp", ignore_errors=True)  # code that the functions of the last run were started from
    (local / "tmp").mkdir(parents=True)
    log = local / "emulator.log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "console.local.leash"],
            env=environment(local, ports),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches the demo alone, which ends everything in order
        )
    return Emulator(process, f"http://{HOST}:{ports.aws}", log)


def environment(local: Path, ports: Ports) -> dict[str, str]:
    """Return the emulator's whole environment (its settings are variables)."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {
        "AUTH": "true",
        "AWS_ENDPOINT_URL": f"http://{HOST}:{ports.aws}",
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(ports.aws),
        "IOT_MTLS_ENABLED": "0",
        "MINISTACK_HOST": "localhost",
        "MINISTACK_REGION": REGION,
        "PERSIST_STATE": "1",
        "S3_DATA_DIR": str(local / "s3"),
        "S3_PERSIST": "1",
        "SFTP_ENABLED": "0",
        "SMTP_HOST": f"{HOST}:{ports.relay}",
        "STATE_DIR": str(local / "aws"),
        "TMPDIR": str(local / "tmp"),
    }


def rewind_streams(saved: Path) -> None:
    """Set the saved stream positions to the start.

    The emulator saves how far each reader of a DynamoDB stream has come, but not the records, which begin at 0 again:
    readers would wait for a position that the new stream reaches only much later, and nothing would be sent till then.
    A position of 0, and none at all, differ: without one, a reader that starts at LATEST skips its first record.
    """
    path = saved / "lambda.json"
    try:
        told = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return
    positions = told.get("payload", {}).get("dynamodb_stream_positions", {}).get("data", {})
    positions.update(dict.fromkeys(positions, 0))
    path.write_text(json.dumps(told))


def answers(url: str, seconds: float = 2) -> bool:
    """Say whether `url` answers with success within `seconds`."""
    try:
        with urllib.request.urlopen(url, timeout=seconds):  # noqa: S310 - loopback addresses that the demo made itself
            return True
    except (urllib.error.URLError, OSError):
        return False


def tail(log: Path, lines: int = 20) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
