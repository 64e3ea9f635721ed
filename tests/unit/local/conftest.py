from __future__ import annotations

import socket
from contextlib import ExitStack

import pytest

from console.local.ports import HOST, Ports


@pytest.fixture
def ending():
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def ports(socket_enabled) -> Ports:
    """Five free ports; between here and their use somebody else could take one, but only on a very busy machine."""
    held = [socket.socket() for _ in range(5)]
    for one in held:
        one.bind((HOST, 0))
    numbers = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return Ports(*numbers)
