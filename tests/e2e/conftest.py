"""One demo for the whole session, started as its users start it, on ports and in a folder of its own.

`UNDIVIDED_E2E_STACK=.local/stack.json` uses a demo that already runs instead, which is quicker while writing a test.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import browser
import pytest
from e2e import shop
from e2e.hooks import Hooks, listening
from e2e.journeys import Journey, longest_first, side_by_side
from e2e.localdemo import PORTS, ROOT, SAWS, LocalDemo
from e2e.mail import Post
from e2e.world import World
from playwright.sync_api import Browser, Page

from console import roster

ORDER = (
    "test_journey",
    "test_demo",
    "test_commands",
    "test_knowledge",
    "test_links",
    "test_mail_faults",
    "test_orders",
    "test_expertise",
    "test_shop_morning",
    "test_undo",
    "test_demo_ends",
)
"""In the browser first, while the journeys go on; then what has a stack of its own, or changes the shop for everybody."""

FOLDER = Path(__file__).parent
HOLD = "25s"
"""Longer than a mail takes on a busy machine, or there would be nothing left to take back."""
COUNTS_AFTER = 61
"""Seconds in which every function has read a shop that was applied."""


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


@pytest.fixture(scope="session")
def hooks() -> Iterator[Hooks]:
    """The server of the second shop's owner, which refuses one answer."""
    with listening(lambda said: bool(said["type"] == "answered")) as started:
        yield started


@pytest.fixture(scope="session")
def hold_counts_from(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[float]:
    """Let the first shop hold every answer back, and return from when on (monotonic) all functions know of it."""
    folder = tmp_path_factory.mktemp("hold")
    plain, holding = shop.write(folder / "plain.yaml"), shop.write(folder / "holding.yaml", hold=HOLD)
    assert roster.apply(holding, world.stack()) == 0
    yield time.monotonic() + COUNTS_AFTER
    assert roster.apply(plain, world.stack()) == 0


@pytest.fixture(scope="session")
def saws(hooks: Hooks, request: pytest.FixtureRequest) -> Iterator[LocalDemo]:
    """A second demo beside the first: another shop, with a mail domain, times and a webhook of its own."""
    if any("hold_counts_from" in getattr(item, "fixturenames", ()) for item in request.session.items):
        request.getfixturevalue("hold_counts_from")  # a minute that this demo's morning fills
    more = {"UNDIVIDED_WEBHOOK_URL": hooks.url}
    with LocalDemo(ROOT / ".local" / "e2e-saws", PORTS + 10, more) as demo:
        demo.start("--fresh", "--shop", str(SAWS))
        yield demo


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
    context.set_default_timeout(60_000)  # other journeys are under way
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of this folder in the order in which the modules are named; pytest's own is kept within a module."""
    ours = [item for item in items if item.path.parent == FOLDER and item.path.stem in ORDER]
    order = iter(sorted(ours, key=lambda item: ORDER.index(item.path.stem)))
    items[:] = [next(order) if item in ours else item for item in items]


@pytest.fixture(scope="session")
def under_way(request: pytest.FixtureRequest, world: World) -> Iterator[Mapping[Journey, Future[Any]]]:
    """Return what will come of each journey of the tests that were chosen."""
    params = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    with side_by_side(longest_first(one["journey"] for one in params if "journey" in one), world) as started:
        yield started


@pytest.fixture(scope="session")
def world(stack: dict[str, Any], post: Post, aws: Any) -> World:
    """What journeys need, all at once."""
    return World(stack, post, aws)
