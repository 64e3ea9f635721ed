"""One demo for the whole session, started as its users start it, on ports and in a folder of its own.

`UNDIVIDED_E2E_STACK=.local/stack.json` uses a demo that already runs instead, which is quicker while writing a test.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browser
import pytest
from e2e import shop
from e2e.localdemo import LocalDemo
from e2e.mail import Post
from e2e.world import World
from playwright.sync_api import Browser, Page


@pytest.fixture(scope="session")
def stack() -> Iterator[dict[str, Any]]:
    """What `stack.json` says, once the deployed stack and everything around it answers."""
    if given := os.environ.get("UNDIVIDED_E2E_STACK"):
        yield json.loads(Path(given).read_text())
        return
    with LocalDemo() as demo:
        demo.folder.mkdir(parents=True, exist_ok=True)
        demo.start("--fresh", "--shop", str(shop.write(demo.folder / "undivided.yaml")))
        _no_welcome(demo.told())
        yield demo.told()
        lost = [line for line in (demo.folder / "emulator.log").read_text().splitlines() if "SMTP relay failed" in line]
    # The emulator drops what it cannot relay (mail that is not 7 bit) and only writes this line.
    assert lost == []


def _no_welcome(told: dict[str, Any]) -> None:
    """Take back the welcome mails of a whole roster: a minute after the start they would delay everything else."""
    import boto3

    sqs = boto3.client("sqs", region_name=told["region"], endpoint_url=told["endpoint_url"], **told["credentials"])
    sqs.purge_queue(QueueUrl=told["outputs"]["TimersQueueUrl"])


@pytest.fixture(scope="session")
def post(stack: dict[str, Any]) -> Post:
    """Everybody's mail program."""
    return Post(stack["smtp_host"], stack["smtp_port"], Path(stack["maildir"]))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with browser.chromium() as started:
        yield started


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def either_page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """A browser tab; the test runs twice."""
    yield from _tab(chromium, javascript=request.param)


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A browser tab without JavaScript: nothing here needs it."""
    yield from _tab(chromium, javascript=False)


def _tab(chromium: Browser, *, javascript: bool) -> Iterator[Page]:
    context = chromium.new_context(java_script_enabled=javascript, locale="en-GB")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def aws(stack: dict[str, Any]) -> Any:
    """Return boto3 clients of the stack's owner: `aws("dynamodb")`."""
    import boto3

    def client(service: str) -> Any:
        return boto3.client(
            service, region_name=stack["region"], endpoint_url=stack["endpoint_url"], **stack["credentials"]
        )

    return client


@pytest.fixture(scope="session")
def world(stack: dict[str, Any], post: Post, aws: Any) -> World:
    """What journeys need, all at once."""
    return World(stack, post, aws)
