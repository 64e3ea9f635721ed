"""Builds with `sam build` and deploys with `sam deploy`, exactly as for a real account; both only when something changed."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import platform
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from console.local.adapt import adapt
from console.local.failures import DemoFailure
from console.local.state import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

STACK = "undivided"
ARTIFACTS = "undivided-artifacts"
"""Bucket to which `sam deploy` uploads the built code."""
_LAYER = {"LAYER_PLATFORM": "local", "LAYER_PYTHON": sys.executable}
"""What the layer's Makefile builds for: this machine."""
ADAPTATION = Path(__file__).with_name("adapt.py")
_SKIPPED = {"__pycache__", ".mypy_cache", ".ruff_cache"}


@dataclass(frozen=True, slots=True)
class Project:
    """What is deployed, from where, and as which stack; the tests deploy a smaller one."""

    root: Path = ROOT
    build: Path = ROOT / ".local" / "build"
    """Shared by all demos and tests of this clone: what is built depends on the sources alone."""
    stack: str = STACK

    @property
    def template(self) -> Path:
        return self.root / "template.yaml"


def local_runtime() -> dict[str, str]:
    """Return the parameters that make the build fit this machine: the emulator runs functions with its own Python."""
    architecture = "arm64" if platform.machine().lower() in {"arm64", "aarch64"} else "x86_64"
    return {"LambdaRuntime": f"python3.{sys.version_info.minor}", "LambdaArchitecture": architecture}


def fingerprint(project: Project) -> str:
    """Return a hash of everything that a build depends on: sources, Python, tool versions."""
    digest = hashlib.sha256(f"{sys.version} {platform.machine()} {version('aws-sam-cli')} {version('uv')}".encode())
    digest.update(ADAPTATION.read_bytes())
    for path in _sources(project.root):
        digest.update(f"{path.relative_to(project.root)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _sources(root: Path) -> Iterator[Path]:
    yield root / "template.yaml"
    for folder in ("functions", "layers"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and not _SKIPPED.intersection(path.parts) and path.suffix != ".pyc":
                yield path


def build(project: Project, log: Path) -> str:
    """Run `sam build` unless nothing changed since the last one; return the fingerprint of what is built."""
    if not project.template.exists():
        raise DemoFailure(f"{project.template} is missing; the demo runs from a complete clone of the project")
    built = project.build / "fingerprint"
    with _alone(project.build):
        compile_shop(project)
        print_of_now = fingerprint(project)
        if not built.exists() or built.read_text() != print_of_now:
            built.unlink(missing_ok=True)
            overrides = [f"{name}={value}" for name, value in local_runtime().items()]
            _sam(
                project,
                log,
                {},
                "build",
                "--build-dir",
                str(project.build / "sam"),
                "--parameter-overrides",
                *overrides,
            )
            adapt(project.build / "sam" / "template.yaml")
            built.write_text(print_of_now)
    return print_of_now


def compile_shop(project: Project) -> None:
    """Put the shop as it is written into the layer: functions fall back to it until a roster is applied."""
    written, compiled = (
        project.root / "undivided.yaml",
        project.root / "layers" / "undivided" / "undivided" / "shop.json",
    )
    if not written.exists():
        return
    command = [sys.executable, "-m", "console.roster", "compile", str(written), str(compiled)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DemoFailure(f"{written} cannot be used:\n{done.stdout}{done.stderr}")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time build in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def deploy(project: Project, log: Path, parameters: Mapping[str, str], environment: Mapping[str, str]) -> None:
    """Run `sam deploy` of the last build; `environment` names the endpoint and the keys to use."""
    overrides = [f"{name}={value}" for name, value in (local_runtime() | dict(parameters)).items()]
    _sam(
        project, log, environment, "deploy",
        "--template-file", str(project.build / "sam" / "template.yaml"),
        "--stack-name", project.stack,
        "--s3-bucket", ARTIFACTS, "--s3-prefix", project.stack,
        "--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND",
        "--no-confirm-changeset", "--no-fail-on-empty-changeset", "--no-progressbar",
        "--parameter-overrides", *overrides,
    )  # fmt: skip


def _sam(project: Project, log: Path, environment: Mapping[str, str], *words: str) -> None:
    """Run one `sam` command; raise `DemoFailure` with the end of what it printed when it fails."""
    bin_folder = Path(sys.executable).parent
    no_config = project.build / "samconfig.toml"  # the project's own one is for real accounts
    no_config.write_text("version = 0.1\n")
    command = [str(bin_folder / "sam"), words[0], "--config-file", str(no_config), *words[1:]]
    with log.open("ab") as written:
        written.write(f"\n$ {' '.join(command)}\n".encode())
        written.flush()
        done = subprocess.run(
            command,
            cwd=project.root,
            env=_environment(project, bin_folder) | dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        end = "\n".join(log.read_text(errors="replace").splitlines()[-25:])
        raise DemoFailure(f"`sam {words[0]}` failed; the end of {log}:\n{end}")


def _environment(project: Project, bin_folder: Path) -> dict[str, str]:
    """Return our environment less the user's AWS account, with this Python's tools (`uv`) first on the path."""
    home = project.build / "sam-home"
    home.mkdir(parents=True, exist_ok=True)
    # Without a check of today, sam asks the package index for a newer version of itself at the end of each command.
    (home / "metadata.json").write_text(json.dumps({"telemetryEnabled": False, "lastVersionCheck": time.time()}))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return kept | {
        "PATH": f"{bin_folder}{os.pathsep}{os.environ.get('PATH', '')}",
        "SAM_CLI_TELEMETRY": "0",
        "__SAM_CLI_APP_DIR": str(home),
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
