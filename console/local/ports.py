"""The demo's ports: fixed, so that links and mail programs keep working, and each can be moved by a variable."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from console.local.failures import DemoFailure

if TYPE_CHECKING:
    from collections.abc import Mapping

HOST = "127.0.0.1"
VARIABLES = {
    "form": ("UNDIVIDED_FORM_PORT", 8400),
    "mail": ("UNDIVIDED_MAIL_PORT", 8401),
    "smtp": ("UNDIVIDED_SMTP_PORT", 8425),
    "relay": ("UNDIVIDED_RELAY_PORT", 8426),
    "aws": ("UNDIVIDED_AWS_PORT", 8466),
}
"""What listens there -> the variable that moves it, and where it is otherwise."""
_HIGHEST = 65535


@dataclass(frozen=True, slots=True)
class Ports:
    form: int
    """The shop's form and the status page (the API behind a fixed address)."""
    mail: int
    """The start page and the mailboxes."""
    smtp: int
    """Mail that people send: what the MX of the mail domain is on a real account."""
    relay: int
    """Mail that SES delivers to people."""
    aws: int
    """The emulator."""


def ports_from(environment: Mapping[str, str]) -> Ports:
    """Read the ports; raise `DemoFailure` for something that is no port, or two that are the same."""
    found = {
        name: _port(environment.get(variable) or default, variable) for name, (variable, default) in VARIABLES.items()
    }
    if len(set(found.values())) < len(found):
        raise DemoFailure(f"two of the demo's ports are the same ({found}); give each of {_variables()} its own number")
    return Ports(**found)


def _port(text: str | int, variable: str) -> int:
    if not str(text).isdecimal() or not 0 < int(text) <= _HIGHEST:
        raise DemoFailure(f"{variable}={text} is no port; write a number from 1 to {_HIGHEST}")
    return int(text)


def _variables() -> str:
    return ", ".join(variable for variable, _ in VARIABLES.values())


def check_free(ports: Ports) -> None:
    """Raise `DemoFailure` naming the first port on which something else already listens."""
    for name, (variable, _) in VARIABLES.items():
        port = getattr(ports, name)
        if _taken(port):
            raise DemoFailure(
                f"port {port} is taken by another program. End that program (an earlier demo: `make demo-down`), "
                f"or choose another port: {variable}={_free_port()} make demo"
            )


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        # Without this, a port that a demo left seconds ago still looks taken (TIME_WAIT).
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
