"""Whether a mail comes from who its From header names: SES's verdicts alone decide, never a header of the mail.

| DMARC | and | authentic |
|---|---|---|
| PASS | | yes |
| FAIL | | no |
| GRAY, PROCESSING_FAILED | SPF PASS, and the envelope sender's domain is aligned with From's | yes |
| GRAY, PROCESSING_FAILED | DKIM PASS, and the `d=` of every signature is aligned with From's domain | yes |
| GRAY, PROCESSING_FAILED | neither | no |

GRAY is what SES says where the sender's domain publishes no DMARC policy; many honest domains do not. Aligned means
the same domain, or one below the other, as DMARC's relaxed mode does. SES does not say which signature passed: one
foreign signature beside an aligned one proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

_MOST_HEADER = 200_000
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_FOLD = re.compile(rb"\r?\n[ \t]+")
_SIGNATURE = re.compile(rb"(?im)^dkim-signature:([^\r\n]*)")
_DOMAIN_TAG = re.compile(rb"(?:^|;)[ \t]*d[ \t]*=[ \t]*([^;\s]+)")


class Verdict(StrEnum):
    """What SES says of one check."""

    PASS = "PASS"  # noqa: S105 - a verdict of SES, no password
    FAIL = "FAIL"
    GRAY = "GRAY"
    PROCESSING_FAILED = "PROCESSING_FAILED"
    DISABLED = "DISABLED"


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The five verdicts of a receipt notice."""

    spf: Verdict = Verdict.GRAY
    dkim: Verdict = Verdict.GRAY
    dmarc: Verdict = Verdict.GRAY
    spam: Verdict = Verdict.GRAY
    virus: Verdict = Verdict.GRAY


def authentic(verdicts: Verdicts, sender: str, envelope: str, signed_by: Sequence[str]) -> bool:
    """Say whether the From address `sender` is proven, given the envelope sender and the `d=` of the signatures."""
    if verdicts.dmarc in (Verdict.PASS, Verdict.FAIL):
        return verdicts.dmarc is Verdict.PASS
    domain = _domain(sender)
    if not domain:
        return False
    if verdicts.spf is Verdict.PASS and _aligned(domain, _domain(envelope)):
        return True
    return verdicts.dkim is Verdict.PASS and bool(signed_by) and all(_aligned(domain, one) for one in signed_by)


def signers(raw: bytes) -> tuple[str, ...]:
    """Return the `d=` of each DKIM signature in the header of a raw mail."""
    header = _HEADER_END.split(raw[:_MOST_HEADER], maxsplit=1)[0]
    unfolded = _FOLD.sub(b" ", header)
    domains = (_DOMAIN_TAG.search(field) for field in _SIGNATURE.findall(unfolded))
    return tuple(found[1].decode("ascii", "replace").lower().rstrip(".") if found else "" for found in domains)


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower().rstrip(".") if "@" in address else ""


def _aligned(one: str, other: str) -> bool:
    if "." not in one or "." not in other:
        return False
    return one == other or one.endswith("." + other) or other.endswith("." + one)
