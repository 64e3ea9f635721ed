"""A real `sam build` of this project, in a copy of it, for the machine that the tests run on."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from samtranslator.yaml_helper import yaml_parse

from console.local import emulator
from console.local.emulator import REGION
from console.local.ports import Ports

ROOT = Path(__file__).resolve().parents[2]
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION}
ACCOUNT = "000000000000"
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


def run(*words: str | Path, cwd: Path, status: int = 0, **environment: str) -> str:
    """Run a program of the virtual environment and return what it says; its whole output is the test's failure."""
    programs = Path(sys.executable).parent
    env = os.environ | {"SAM_CLI_TELEMETRY": "0", "PATH": f"{programs}:{os.environ['PATH']}"} | environment
    done = subprocess.run(words, cwd=cwd, env=env, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == status, f"{words[0]} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of what is built, with the shop compiled into the layer as the docs say."""
    copy = tmp_path_factory.mktemp("source")
    junk = shutil.ignore_patterns("__pycache__", "shop.json")
    for folder in ("functions", "layers"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=junk)
    shutil.copy(ROOT / "template.yaml", copy)
    shop = copy / "layers/undivided/undivided/shop.json"
    run(sys.executable, "-m", "console.roster", "compile", "undivided.yaml", shop, cwd=ROOT)
    return copy


@dataclass(frozen=True)
class Built:
    folder: Path

    @property
    def layer(self) -> Path:
        return self.folder / "UndividedLayer" / "python"


@pytest.fixture(scope="session")
def built(source: Path) -> Built:
    machine = "arm64" if os.uname().machine in ("arm64", "aarch64") else "x86_64"
    parameters = f"LambdaRuntime=python{PYTHON} LambdaArchitecture={machine} MailDomain=ask.shop.example"
    target = {"LAYER_PLATFORM": "local", "LAYER_PYTHON": sys.executable}
    run("sam", "build", "--region", REGION, "--parameter-overrides", parameters, cwd=source, **target)
    return Built(source / ".aws-sam/build")


@pytest.fixture(scope="session")
def arm64(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the layer as it is built for Lambda when nothing is said, its folder `python`."""
    folder = tmp_path_factory.mktemp("arm64")
    inherited = {name: "" for name in ("LAYER_PLATFORM", "LAYER_PYTHON") if name in os.environ}
    assert not inherited, "unset LAYER_PLATFORM and LAYER_PYTHON: this builds the default"
    run("make", "build-UndividedLayer", f"ARTIFACTS_DIR={folder}", cwd=source / "layers/undivided")
    return folder / "python"


@pytest.fixture(scope="session")
def runtimes_boto3(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what Lambda's Python has besides the standard library, and nothing else."""
    folder = tmp_path_factory.mktemp("runtime")
    installed = Path(boto3.__file__).parents[1]
    for name in ("boto3", "botocore", "s3transfer", "jmespath", "urllib3", "dateutil", "six.py"):
        (folder / name).symlink_to(installed / name)
    return folder


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of a loopback AWS that holds what the handlers need, all of it empty."""
    ports = Ports(form=0, mail=0, smtp=0, relay=free_port(), aws=free_port())  # nothing is started but the emulator
    emulated = emulator.start(tmp_path_factory.mktemp("aws"), ports)
    try:
        emulated.wait_ready()
        _lay_out(emulated.endpoint_url)
        yield emulated.endpoint_url
    finally:
        emulated.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def client(service: str, url: str) -> Any:
    """Return a client of the loopback AWS; `test` is its root user."""
    session: Any = boto3.session.Session("test", "test", region_name=REGION)
    return session.client(service, endpoint_url=url)


def _lay_out(url: str) -> None:
    table = yaml_parse((ROOT / "template.yaml").read_text())["Resources"]["Table"]["Properties"]
    needed = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    client("dynamodb", url).create_table(TableName="table", **{key: table[key] for key in needed})
    client("s3", url).create_bucket(Bucket="mail")
    for queue in ("questions", "timers"):
        client("sqs", url).create_queue(QueueName=queue)
