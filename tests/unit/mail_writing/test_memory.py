"""What the two mail functions take in memory for the largest mail that SES receives, each in a process of its own.

`VmHWM` is the peak of that process alone; `getrusage` would count its parent's before the exec.
"""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
MEGABYTE = 1024 * 1024
LIMITS = {"email-out": "EmailOutFunction", "email-in": "EmailInFunction"}
HEADER = (
    b"From: anna@people.example\r\nTo: r-x@ask.shop.example\r\nSubject: Re: saw\r\nMessage-ID: <1@people.example>\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/plain\r\n\r\nHere they are.\r\n"
)
KINDS = {"one film": [27.8], "many photos": [2.78] * 10, "photos and a film": [1.4, 1.4, 1.4, 1.4, 22.2]}
"""Megabytes of each attachment; together, encoded, just under the 40 MB that SES receives."""

COMMON = """
import sys
from dataclasses import replace
sys.path[:0] = sys.argv[3:]
import boto3
from undivided.aws.bucket import Bucket, MailStore

class S3:
    def get_object(self, Bucket, Key):
        return {"Body": open(sys.argv[1], "rb")}
    def put_object(self, **given):
        assert given["Body"]

mails, kept = MailStore(Bucket(S3(), "mails")), []
"""
WRITES = (
    COMMON
    + """
from undivided.mail.compose import compose
from undivided.mail.parse import read
from undivided.message import File
from unit.mail_writing.letters import CONTEXT, MESSAGES, written

files = tuple(File(f"{number}.jpg", "image/jpeg", int(size), number) for number, size in enumerate(sys.argv[2].split(), 2))
brought = replace(MESSAGES[2], raw="received/1", files=files)
one, record = written("answer")
record = replace(record, messages=tuple(brought if old is MESSAGES[2] else old for old in record.messages))
keep = lambda key, content, kind: kept.append(len(content))
composed = compose(one, record, replace(CONTEXT, attachment=mails.part, keep=keep))
mails.keep_sent("x.1.0", composed.raw)
inside = sum(found.size for found in read(composed.raw).attachments)
assert inside + sum(kept) == sum(file.size for file in files), (inside, kept)
print(next(int(line.split()[1]) // 1024 for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
)
READS = (
    COMMON
    + """
from undivided.steps.receive import receive
from undivided.mail.arrival import Notice
from unit.rules.mailroom import CONVERSATION, KEY, PASS, address, runtime

rt = runtime(CONVERSATION)
rt.mails = mails
fate = receive(Notice("in-1", "received/in-1", (address(1),), "anna@people.example", PASS), rt)
assert rt.memory.messages.get(KEY), fate
said = next(iter(rt.memory.messages[KEY].values()))
assert [file.size for file in said.files] == [int(size) for size in sys.argv[2].split()], (fate, said)
print(next(int(line.split()[1]) // 1024 for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
)


def sizes(kind: str) -> list[int]:
    return [int(one * MEGABYTE) // 3 * 3 for one in KINDS[kind]]


QUICK = "photos and a film"


@pytest.fixture(
    scope="module", params=[pytest.param(kind, marks=[pytest.mark.slow] * (kind != QUICK)) for kind in KINDS]
)
def stored(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    path = tmp_path_factory.mktemp("mail") / "raw"
    with path.open("wb") as out:
        out.write(HEADER)
        for number, size in enumerate(sizes(request.param)):
            out.write(
                b"--b\r\nContent-Type: image/jpeg; name=%d.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n" % number
            )
            out.write(base64.encodebytes(os.urandom(size)).replace(b"\n", b"\r\n"))
        out.write(b"--b--\r\n")
    assert 39_000_000 < path.stat().st_size < 40_000_000
    yield path, " ".join(map(str, sizes(request.param)))
    path.unlink()


def peak(program: str, stored: tuple[Path, str]) -> int:
    """Return the peak memory in MiB."""
    paths = [str(ROOT / "layers" / "undivided"), str(ROOT / "tests")]
    done = subprocess.run(
        [sys.executable, "-c", program, str(stored[0]), stored[1], *paths],
        check=False,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert not done.returncode, done.stderr
    return int(done.stdout)


def memory(function: str) -> int:
    template = (ROOT / "template.yaml").read_text(encoding="utf-8")
    found = re.search(rf"(?ms)^  {LIMITS[function]}:.*?MemorySize: (\d+)", template)
    assert found
    return int(found[1])


def test_a_mail_with_forty_megabytes_of_files_is_written_in_half_of_what_its_function_has(
    stored: tuple[Path, str],
) -> None:
    assert peak(WRITES, stored) < memory("email-out") / 2


def test_a_mail_of_forty_megabytes_is_taken_in_within_half_of_what_its_function_has(stored: tuple[Path, str]) -> None:
    assert peak(READS, stored) < memory("email-in") / 2
