"""Builds with `sam build` and deploys with `sam deploy`, exactly as for a real account; both only when something changed."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import platform
import shutil
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
_LAYER_ROOT = Path("layers/undivided")
_SHOP = Path("undivided/shop.json")
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
    """Return a hash of everything that a build depends on, less the shop: sources, Python, tool versions."""
    digest = hashlib.sha256(f"{sys.version} {platform.machine()} {version('aws-sam-cli')} {version('uv')}".encode())
    digest.update(ADAPTATION.read_bytes())
    for path in _sources(project.root):
        digest.update(f"{path.relative_to(project.root)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _sources(root: Path) -> Iterator[Path]:
    yield root / "template.yaml"
    for folder in ("functions", "layers"):
        for path in sorted((root / folder).rglob("*")):
            if (
                path.is_file()
                and path != root / _LAYER_ROOT / _SHOP
                and not _SKIPPED.intersection(path.parts)
                and path.suffix != ".pyc"
            ):
                yield path


def build(project: Project, shop_file: Path, package: Path, log: Path) -> str:
    """Put what `sam build` makes, with this shop in it, into `package`; build only if a source has changed.

    Return a fingerprint of all that. A package is one demo's own: others may build meanwhile, or have another shop.
    """
    if not project.template.exists():
        raise DemoFailure(f"{project.template} is missing; the demo runs from a complete clone of the project")
    with _alone(project.build):
        _compile_shop(project, shop_file)
        print_of_now = fingerprint(project)
        built = project.build / "fingerprint"
        if not built.exists() or built.read_text() != print_of_now:
            built.unlink(missing_ok=True)
            _sam_build(project, log)
            built.write_text(print_of_now)
        return f"{print_of_now} {_pack(project, package)}"


def _sam_build(project: Project, log: Path) -> None:
    folder = project.build / "sam"
    overrides = [f"{name}={value}" for name, value in local_runtime().items()]
    _sam(project, log, _LAYER, "build", "--build-dir", str(folder), "--parameter-overrides", *overrides)
    adapt(folder / "template.yaml")


def _compile_shop(project: Project, shop_file: Path) -> None:
    """Put the demo's shop into the layer, as `make build` does with an owner's: it names the mail domain to deploy for."""
    command = [
        sys.executable,
        "-m",
        "console.roster",
        "compile",
        str(shop_file),
        str(project.root / _LAYER_ROOT / _SHOP),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DemoFailure(f"{shop_file} cannot be used:\n{done.stdout}{done.stderr}")


def _pack(project: Project, package: Path) -> str:
    """Copy the build to `package`, put the compiled shop into its layer, and return the shop's hash."""
    shop = (project.root / _LAYER_ROOT / _SHOP).read_bytes()
    shutil.rmtree(package, ignore_errors=True)
    shutil.copytree(project.build / "sam", package)
    (package / "UndividedLayer" / "python" / _SHOP).write_bytes(shop)
    return hashlib.sha256(shop).hexdigest()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time build in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def deploy(
    project: Project, package: Path, log: Path, parameters: Mapping[str, str], environment: Mapping[str, str]
) -> None:
    """Run `sam deploy` of `package`; `environment` names the endpoint and the keys to use."""
    overrides = [f"{name}={value}" for name, value in (local_runtime() | dict(parameters)).items()]
    _sam(
        project, log, environment, "deploy",
        "--template-file", str(package / "template.yaml"),
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
