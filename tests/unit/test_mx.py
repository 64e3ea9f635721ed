"""The small DNS client, against packets of every shape and a name server on loopback."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console import mx
from console.mx import CannotAsk, Exchanger, question, read

LABEL = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=20).filter(
    lambda one: one.strip("-") == one
)
NAME = st.lists(LABEL, min_size=1, max_size=5).map(".".join)


def name(text: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".")) + b"\0"


def reply(query: bytes, *records: bytes, code: int = 0, flags: int = 0x8180) -> bytes:
    (number,) = struct.unpack_from("!H", query)
    return struct.pack("!6H", number, flags | code, 1, len(records), 0, 0) + query[12:] + b"".join(records)


def record(rdata: bytes, kind: int = 15, owner: bytes = b"\xc0\x0c") -> bytes:
    return owner + struct.pack("!2HIH", kind, 1, 300, len(rdata)) + rdata


def mail(preference: int, host: bytes) -> bytes:
    return record(struct.pack("!H", preference) + host)


@given(NAME, st.lists(st.tuples(st.integers(0, 65535), NAME), max_size=6))
def test_what_is_written_is_read_best_first(domain: str, records: list[tuple[int, str]]) -> None:
    query = question(7, domain)
    answer = reply(query, *(mail(preference, name(host)) for preference, host in records))
    assert read(7, answer) == tuple(sorted(Exchanger(*one) for one in records))


def test_pointers_upper_case_and_other_records_are_understood() -> None:
    query = question(7, "ask.shop.example")
    alias = record(name("elsewhere.example"), kind=5)
    answer = reply(query, alias, mail(10, b"\x02MX\xc0\x10"))  # 0x10 is where "shop.example" stands in the question
    assert read(7, answer) == (Exchanger(10, "mx.shop.example"),)


@pytest.mark.parametrize("code", [0, 3])
def test_no_record_and_no_such_name_are_answers(code: int) -> None:
    assert read(7, reply(question(7, "ask.shop.example"), code=code)) == ()


@pytest.mark.parametrize(
    "answer",
    [
        reply(question(8, "ask.shop.example")),
        reply(question(7, "ask.shop.example"), code=2),
        reply(question(7, "ask.shop.example"), flags=0x8380),
        reply(question(7, "ask.shop.example"), mail(10, b"\xc0\x30")),  # a name that points at itself
    ],
    ids=["another question's", "server failure", "truncated", "a name without end"],
)
def test_what_is_no_answer_is_refused(answer: bytes) -> None:
    with pytest.raises(CannotAsk):
        read(7, answer)


@given(st.binary(max_size=80))
def test_rubbish_never_ends_in_anything_but_a_refusal(rubbish: bytes) -> None:
    with contextlib.suppress(CannotAsk, struct.error, IndexError, UnicodeError):
        read(7, rubbish)


@pytest.fixture
def server(socket_enabled: None) -> Iterator[tuple[str, int]]:
    """Yield a name server that has one record for everybody."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listening.bind(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            query, asker = listening.recvfrom(512)
            if query == b"end":
                return
            listening.sendto(reply(query, mail(10, name("inbound-smtp.eu-west-1.amazonaws.com"))), asker)

    thread = threading.Thread(target=serve)
    thread.start()
    yield listening.getsockname()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
        last.sendto(b"end", listening.getsockname())
    thread.join()
    listening.close()


def test_a_real_question_gets_its_answer(server: tuple[str, int]) -> None:
    assert mx.exchangers("ask.shop.example", (server,)) == (Exchanger(10, "inbound-smtp.eu-west-1.amazonaws.com"),)


def test_when_one_server_is_silent_the_next_is_asked(server: tuple[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mx, "TIMEOUT", 0.05)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        assert mx.exchangers("ask.shop.example", (silent.getsockname(), server))
        with pytest.raises(CannotAsk, match=r"127\.0\.0\.1: timed out"):
            mx.exchangers("ask.shop.example", (silent.getsockname(),))


def test_a_machine_without_resolv_conf_cannot_ask(tmp_path: Path) -> None:
    assert mx.name_servers(tmp_path / "none") == ()
    with pytest.raises(CannotAsk, match="names no name server"):
        mx.exchangers("ask.shop.example", ())


def test_name_servers_are_read_as_the_resolver_does(tmp_path: Path) -> None:
    path = tmp_path / "resolv.conf"
    path.write_text("# a comment\nnameserver 192.0.2.53\nsearch shop.example\nnameserver 2001:db8::53\nnameserver\n")
    assert mx.name_servers(path) == (("192.0.2.53", 53), ("2001:db8::53", 53))
