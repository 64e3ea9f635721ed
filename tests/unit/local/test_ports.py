from __future__ import annotations

import socket
from dataclasses import astuple

import pytest

from console.local.failures import DemoFailure
from console.local.ports import HOST, VARIABLES, check_free, ports_from


def test_the_ports_are_fixed():
    assert astuple(ports_from({})) == (8400, 8401, 8425, 8426, 8466)


@pytest.mark.parametrize("name", VARIABLES)
def test_each_port_can_be_moved_alone(name):
    variable, default = VARIABLES[name]
    moved = ports_from({variable: "9999"})
    assert getattr(moved, name) == 9999
    assert {one: getattr(moved, one) for one in VARIABLES if one != name} == {
        one: port for one, (_, port) in VARIABLES.items() if one != name
    }
    assert getattr(ports_from({variable: ""}), name) == default


@pytest.mark.parametrize("text", ["0", "65536", "-1", "http", "8400.5", " "])
def test_what_is_no_port_is_named(text):
    with pytest.raises(DemoFailure, match=r"UNDIVIDED_SMTP_PORT=.* is no port; write a number"):
        ports_from({"UNDIVIDED_SMTP_PORT": text})


def test_two_ports_cannot_be_the_same():
    with pytest.raises(DemoFailure, match="are the same"):
        ports_from({"UNDIVIDED_SMTP_PORT": "8400"})


@pytest.mark.parametrize("name", VARIABLES)
def test_a_taken_port_is_named_with_what_to_do(ports, name):
    check_free(ports)
    with socket.socket() as other:
        other.bind((HOST, getattr(ports, name)))
        other.listen()
        with pytest.raises(
            DemoFailure, match=rf"port {getattr(ports, name)} is taken.*{VARIABLES[name][0]}=\d+ make demo"
        ):
            check_free(ports)
