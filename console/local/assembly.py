"""Puts the demo together: emulator, stack, post office, mailboxes and the fixed port, in the order of their needs."""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from console.local import accounts, deploy, emulator, shop, stacks, state
from console.local.failures import DemoFailure
from console.local.mailbox_web import serve_mailboxes
from console.local.maildirs import Maildirs
from console.local.people import people_of
from console.local.ports import HOST, Ports
from console.local.postoffice import PostOffice, open_counters
from console.local.proxy import serve_api
from console.local.receiving import Receiver
from console.local.sesevents import EventPublisher
from console.local.website import Website
from console.stack import Stack, aws_client, local_stack, outputs_of


@dataclass(slots=True)
class Demo:
    """One run: where it keeps things, where it listens, what it deploys, and its shop."""

    local: Path
    ports: Ports
    project: deploy.Project
    shop: dict[str, Any]
    shop_file: Path
    webhook_url: str = ""
    """Where the stack sends its events; empty: nowhere."""

    @property
    def mail_domain(self) -> str:
        return str(self.shop["mail_domain"]).lower()

    @property
    def public_url(self) -> str:
        return f"http://{HOST}:{self.ports.form}"

    @property
    def form_url(self) -> str:
        return f"{self.public_url}/ask"

    @property
    def mailbox_url(self) -> str:
        return f"http://{HOST}:{self.ports.mail}/"

    @property
    def package(self) -> Path:
        """Where the build is put together with this demo's shop."""
        return self.local / "package"

    @property
    def parameters(self) -> dict[str, str]:
        """Return those of the stack that are the demo's own."""
        return {
            "MailDomain": self.mail_domain, "PublicUrl": self.public_url, "Receiving": "none",
            # Said even if empty: `sam deploy` would keep the one of an earlier run.
            "WebhookUrl": self.webhook_url or '""',
        }  # fmt: skip

    @property
    def maildirs(self) -> Maildirs:
        return Maildirs(self.local / "mail")


def start(demo: Demo, ending: ExitStack) -> dict[str, Any]:
    """Start everything, in the order in which the parts need each other, and return what `stack.json` says."""
    _log_to(demo.local / "post-office.log")
    office = PostOffice(demo.mail_domain, demo.maildirs)
    open_counters(office, demo.ports, ending)
    stack = deployed(demo, ending)
    told = describe(demo, stack)
    state.write(state.stack_file(demo.local), told)
    ending.callback(state.stack_file(demo.local).unlink, missing_ok=True)
    _connect(office, demo, stack)
    people = people_of(demo.shop)
    for person in people.known:
        demo.maildirs.make(person.address)
    serve_api(demo.ports.form, stack.output("ApiUrl"), demo.ports.aws, ending)
    website = Website(demo.maildirs, people, told, shop.product_links(demo.shop, demo.form_url))
    serve_mailboxes(demo.ports.mail, website, ending)
    apply_roster(demo)
    with step("form"):
        _wait_for(demo.form_url)
    told["ready"] = True
    state.write(state.stack_file(demo.local), told)
    return told


def deployed(demo: Demo, ending: ExitStack) -> Stack:
    """Start the emulator with the stack in it, built and deployed if anything changed."""
    log = demo.local / "deploy.log"
    log.unlink(missing_ok=True)
    with step("emulator"):
        aws = emulator.start(demo.local, demo.ports)
        ending.callback(aws.stop)
        aws.wait_ready()
        keys = accounts.owner_keys(demo.local, aws.endpoint_url, emulator.REGION)
    with step("build"):
        built = deploy.build(demo.project, demo.shop_file, demo.package, log)
    with step("deploy"):
        _deploy(demo, aws.endpoint_url, keys, built, log)
    outputs = outputs_of(demo.project.stack, emulator.REGION, aws.endpoint_url, keys)
    return Stack(demo.project.stack, emulator.REGION, outputs, aws.endpoint_url, keys)


def _deploy(demo: Demo, endpoint_url: str, keys: accounts.Keys, built: str, log: Path) -> None:
    """Deploy unless the same build already stands there with the same parameters."""
    cloudformation = aws_client("cloudformation", emulator.REGION, endpoint_url, keys)
    wanted = f"{built} {sorted(demo.parameters.items())}"
    done = demo.local / "deployed"
    if (
        done.exists()
        and done.read_text() == wanted
        and stacks.status(cloudformation, demo.project.stack) in stacks.STANDING
    ):
        return
    done.unlink(missing_ok=True)
    stacks.clear_fallen(cloudformation, demo.project.stack)
    aws_client("s3", emulator.REGION, endpoint_url, keys).create_bucket(Bucket=deploy.ARTIFACTS)
    environment = {"AWS_ENDPOINT_URL": endpoint_url, "AWS_DEFAULT_REGION": emulator.REGION}
    try:
        deploy.deploy(
            demo.project, demo.package, log, demo.parameters,
            environment | {name.upper(): value for name, value in keys.items()},
        )  # fmt: skip
    except DemoFailure as failure:
        why = stacks.why_failed(cloudformation, demo.project.stack)
        raise DemoFailure(f"{failure}\n\n{why}") from failure
    done.write_text(wanted)


def describe(demo: Demo, stack: Stack) -> dict[str, Any]:
    """Return what `stack.json` tells scripts; `ready` is false until everything answers."""
    return {
        "endpoint_url": stack.endpoint_url,
        "region": stack.region,
        "stack": stack.name,
        "outputs": dict(stack.outputs),
        "credentials": dict(stack.credentials),
        "api_url": demo.public_url,
        "form_url": demo.form_url,
        "smtp_host": HOST,
        "smtp_port": demo.ports.smtp,
        "maildir": str(demo.maildirs.folder),
        "mailbox_url": demo.mailbox_url,
        "mail_domain": demo.mail_domain,
        "shop_name": demo.shop["name"],
        "stack_file": str(state.stack_file(demo.local)),
        "emulator_log": str(demo.local / "emulator.log"),
        "pid": os.getpid(),
        "ready": False,
    }


def _connect(office: PostOffice, demo: Demo, stack: Stack) -> None:
    """Let the post office store received mail and publish events, with keys of its own."""
    keys = accounts.post_office_keys(demo.local, stack)
    s3, sns = (aws_client(service, stack.region, stack.endpoint_url, keys) for service in ("s3", "sns"))
    office.receiver = Receiver(s3, sns, stack.output("MailBucket"), stack.output("ReceivedTopicArn"))
    office.events = EventPublisher(sns, stack.output("EventsTopicArn"))


def apply_roster(demo: Demo) -> None:
    """Load the shop into the stack, as `undivided roster apply` does; it puts everybody on duty day and night here."""
    with step("roster"), (demo.local / "roster.log").open("w") as log, contextlib.redirect_stdout(log):
        status = importlib.import_module("console.roster").apply(demo.shop_file, local_stack(demo.local))
    if status:
        raise DemoFailure(f"{demo.shop_file} could not be applied; what is wrong with it stands above")


def _wait_for(url: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not emulator.answers(url, seconds=15):
        if time.monotonic() > deadline:
            raise DemoFailure(f"{url} does not answer; the functions' errors are in emulator.log beside stack.json")
        time.sleep(0.3)


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """Print what is being done, and the seconds that it took."""
    print(f"  {name:10}", end="", flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        print()
        raise
    print(f"{time.monotonic() - began:5.1f} s", flush=True)


def _log_to(path: Path) -> None:
    logger = logging.getLogger("undivided.postoffice")
    logger.propagate = False
    logger.handlers = [logging.FileHandler(path)]
