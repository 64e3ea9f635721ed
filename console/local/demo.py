"""`make demo`: the whole product on this machine, from the form to the sale, and nothing left running afterwards."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import signal
import webbrowser
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from console.local import deploy, running, shop, state
from console.local.assembly import Demo, start
from console.local.failures import DemoFailure
from console.local.ports import HOST, check_free, ports_from

WEBHOOK = "UNDIVIDED_WEBHOOK_URL"
_FORGOTTEN = ("aws", "s3", "tmp", "mail", "deployed", "stack.json")
"""What `--fresh` removes; the build is kept, it depends on the sources alone."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Ended(BaseException):
    """Ctrl-C or SIGTERM: not an Exception, so that no handler of failures takes it for one."""


def run(given: argparse.Namespace) -> int:
    """Run the demo until Ctrl-C or `demo-down`; return the exit status."""
    local = state.local_folder()
    ports, webhook_url = ports_from(os.environ), webhook_from(os.environ)
    with ExitStack() as ending, until_ended():
        ending.enter_context(running.only_one(local))
        state.stack_file(local).unlink(missing_ok=True)  # of a run that was killed
        check_free(ports)
        if given.fresh:
            forget(local)
        shop_file = (given.shop or state.ROOT / "undivided.yaml").resolve()
        demo = Demo(local, ports, deploy.Project(), shop.read(shop_file), shop_file, webhook_url)
        start(demo, ending)
        announce(demo)
        if not given.no_open and os.environ.get("OPEN", "1") != "0":
            webbrowser.open(demo.mailbox_url)
        signal.pause()
    print("ended", flush=True)
    return 0


def webhook_from(environment: Mapping[str, str]) -> str:
    """Read where the demo sends its events; empty sends none. Raise `DemoFailure` for what is no address."""
    url = environment.get(WEBHOOK, "")
    if url and not re.fullmatch(r"https?://\S+", url):
        raise DemoFailure(f"{WEBHOOK}={url} is no address; write one like http://127.0.0.1:9000/events")
    return url


def down(_: argparse.Namespace | None = None) -> int:
    """End the demo that runs in another terminal; return the exit status."""
    print("ended" if running.end(state.local_folder()) else "no demo is running")
    return 0


@contextlib.contextmanager
def until_ended() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the block, and nothing, not even a second Ctrl-C, interrupt what follows it.

    What follows is the way down, on which the emulator saves its state.
    """

    def end(*_: object) -> None:
        _ignore_signals()
        raise Ended

    for number in _SIGNALS:
        signal.signal(number, end)
    try:
        with contextlib.suppress(Ended):
            yield
    finally:
        _ignore_signals()


def _ignore_signals() -> None:
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def forget(local: Path) -> None:
    """Remove what earlier runs left."""
    for name in _FORGOTTEN:
        path = local / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def announce(demo: Demo) -> None:
    print(
        f"""
{demo.shop["name"]} is open.

  Everything on one page   {demo.mailbox_url}
  The form                 {demo.form_url}
  SMTP for your mail       {HOST}:{demo.ports.smtp}
  Maildirs                 {demo.maildirs.folder}
  For scripts              {state.stack_file(demo.local)}

Ctrl-C ends it, or `make demo-down` in another terminal.""",
        flush=True,
    )
