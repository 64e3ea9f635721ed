"""What SES wrote on top of a mail that it stored: the notice's facts, where there is no notice.

SES puts its fields before all others, in one run (developer guide, "Email receiving"); what stands below the first field
that is not SES's was written by whoever sent the mail, and proves nothing. Only the first recipient of the envelope stands
there; the others are looked for in To and Cc.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from undivided.mail.trust import Verdict, Verdicts

_OURS = frozenset(
    (
        "return-path", "received", "x-ses-spam-verdict", "x-ses-virus-verdict", "received-spf",
        "authentication-results", "x-ses-receipt", "x-ses-dkim-signature",
    )
)  # fmt: skip
_MOST = 100_000
_FIELD = re.compile(r"(?P<name>[!-9;-~]+):[ \t]*(?P<value>[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)(?:\r?\n|$)")
_FOR = re.compile(r"\bfor <?([^\s<>;]+@[^\s<>;]+)")
_PASSED = {"pass": Verdict.PASS, "fail": Verdict.FAIL}


@dataclass(frozen=True, slots=True)
class Stamp:
    """The envelope as far as it is known, and the verdicts; what is not told is GRAY, which proves nothing."""

    source: str
    recipients: tuple[str, ...]
    verdicts: Verdicts


def stamp_of(raw: bytes) -> Stamp:
    """Read the fields of SES at the head of a stored mail."""
    fields = _run(raw[:_MOST].decode("utf-8", "replace"))
    results = fields.get("authentication-results", "")
    told = {name: _told(results, name) for name in ("spf", "dkim", "dmarc")}
    scanned = {name: _scanned(fields.get(f"x-ses-{name}-verdict", "")) for name in ("spam", "virus")}
    recipient = _FOR.search(fields.get("received", ""))
    return Stamp(
        fields.get("return-path", "").strip().strip("<>"),
        (recipient[1],) if recipient else (),
        Verdicts(**told, **scanned),
    )


def _run(text: str) -> dict[str, str]:
    """Return SES's fields: up to the first of another name, and up to a second of the same name."""
    found: dict[str, str] = {}
    at = 0
    while (field := _FIELD.match(text, at)) and (name := field["name"].lower()) in _OURS and name not in found:
        found[name] = field["value"]
        at = field.end()
    return found


def _told(results: str, check: str) -> Verdict:
    """A signature that passed counts, however many others failed; whose it is, is looked at elsewhere."""
    said = [one.lower() for one in re.findall(rf"\b{check}=(\w+)", results, re.IGNORECASE)]
    return Verdict.PASS if "pass" in said else _PASSED.get(said[0], Verdict.GRAY) if said else Verdict.GRAY


def _scanned(said: str) -> Verdict:
    said = said.strip().upper()
    return Verdict(said) if said in Verdict.__members__ else Verdict.GRAY
