"""Side by side: who finds the new words of a mail, and how fast. `python tests/bench/mail_reading.py`.

The others are bench extras, no dependencies: `pip install mail-parser-reply quotequail email-reply-parser`; one that is
missing is named and left out. All get the same decoded text and are timed on that alone; "whole mail" adds what only ours
does: taking the bytes apart, HTML, attachments, automatic mail and bounces. The corpus is our own, so the accuracy here
says how the others do on it, not how ours does on foreign mail.
"""

from __future__ import annotations

import importlib
import statistics
import sys
import time
import tomllib
from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path

from undivided.mail.lines import from_text, to_text
from undivided.mail.parse import Mail, read
from undivided.mail.quotes import split

CORPUS = Path(__file__).parents[1] / "golden" / "mail"
Reader = Callable[[str, str], str]
ROUNDS = 5
ALIKE = 0.9


def ours(text: str, subject: str) -> str:
    return to_text(split(from_text(text), subject).kept)


def mail_parser_reply() -> Reader:
    parser = importlib.import_module("mailparser_reply").EmailReplyParser(
        languages=["en", "de", "fr", "es", "it", "nl", "pl", "sv", "da", "cs", "ja", "ko", "zh"]
    )
    return lambda text, _: parser.parse_reply(text=text) or ""


def quotequail() -> Reader:
    unwrap = importlib.import_module("quotequail").quote
    return lambda text, _: "\n".join(part for shown, part in unwrap(text) if shown)


def email_reply_parser() -> Reader:
    parse = importlib.import_module("email_reply_parser").EmailReplyParser.parse_reply
    return lambda text, _: parse(text)


def readers() -> dict[str, Reader]:
    """Return all that are installed, ours first."""
    found: dict[str, Reader] = {"undivided": ours}
    for make in (mail_parser_reply, quotequail, email_reply_parser):
        try:
            found[make.__name__.replace("_", "-")] = make()
        except (ModuleNotFoundError, ValueError) as error:
            print(f"{make.__name__}: left out ({error})")
    return found


def cases() -> list[tuple[str, Mail, bytes]]:
    """Return the golden mails whose reply is named, with their wanted words."""
    index = tomllib.loads((CORPUS / "index.toml").read_text(encoding="utf-8"))
    named = [
        (entry["reply_text"], (CORPUS / f"{name}.eml").read_bytes())
        for name, entry in index.items()
        if entry.get("reply_text", "").strip()
    ]
    return [(wanted, read(raw), raw) for wanted, raw in named]


def squeezed(text: str) -> str:
    return " ".join(text.split())


def alike(one: str, other: str) -> float:
    return SequenceMatcher(None, squeezed(one), squeezed(other), autojunk=False).ratio()


def seconds(task: Callable[[], object]) -> float:
    begin = time.perf_counter()
    task()
    return time.perf_counter() - begin


def measure(reader: Reader, mails: list[tuple[str, Mail, bytes]]) -> tuple[float, float, float, int]:
    """Return the shares exact and alike, the median milliseconds, and on how many mails it raised."""
    exact = near = raised = 0
    times = list[float]()
    for wanted, mail, _ in mails:
        try:
            got = reader(mail.text, mail.subject)
            times.append(min(seconds(lambda: reader(mail.text, mail.subject)) for _ in range(ROUNDS)))  # noqa: B023 - called at once
        except Exception as error:  # noqa: BLE001 - another project's faults are a part of the result
            raised, got = raised + 1, repr(error)
        exact += squeezed(got) == squeezed(wanted)
        near += alike(got, wanted) >= ALIKE
    return exact / len(mails), near / len(mails), statistics.median(times or [0.0]) * 1000, raised


def main() -> int:
    mails = cases()
    print(f"{len(mails)} mails\n{'':20}{'exact':>8}{'>= 0.9':>8}{'median ms':>11}{'raised':>8}")
    for name, reader in readers().items():
        exact, near, milliseconds, raised = measure(reader, mails)
        print(f"{name:20}{exact:8.1%}{near:8.1%}{milliseconds:11.3f}{raised:8}")
    exact = sum(squeezed(mail.reply_text) == squeezed(wanted) for wanted, mail, _ in mails) / len(mails)
    whole = statistics.median(min(seconds(lambda: read(raw)) for _ in range(ROUNDS)) for _, _, raw in mails) * 1000  # noqa: B023 - called at once
    print(f"{'undivided, whole mail':20}{exact:7.1%}{'':8}{whole:11.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
