"""An address that somebody has just typed: whether mail can be sent to it, and whether they meant another."""

from __future__ import annotations

from undivided.values import Address, Unusable, address

_LISTED = (
    "gmail.com googlemail.com yahoo.com yahoo.de yahoo.fr yahoo.es yahoo.it yahoo.co.uk ymail.com hotmail.com hotmail.de hotmail.fr "
    "hotmail.es hotmail.it hotmail.co.uk outlook.com outlook.de outlook.fr outlook.es outlook.it live.com live.de live.fr live.it "
    "msn.com icloud.com me.com mac.com aol.com mail.com email.com gmx.de gmx.net gmx.at gmx.ch gmx.com web.de t-online.de freenet.de "
    "posteo.de mailbox.org proton.me protonmail.com pm.me orange.fr wanadoo.fr free.fr laposte.net sfr.fr bbox.fr libero.it "
    "virgilio.it tiscali.it alice.it telefonica.net terra.es bluewin.ch hey.com fastmail.com zoho.com comcast.net verizon.net "
    "att.net btinternet.com sky.com talktalk.net"
)
COMMON = tuple(_LISTED.split())
_SHORT = 6
"""Domains up to this many letters are too close to each other for a guess (`me.com` and `pm.me` are both right)."""


def usable(text: str) -> Address:
    """Return the address with its domain in ASCII; raise `Unusable` if no mail could be sent to it through SES.

    SES takes no letters outside ASCII before the @ (it lacks SMTPUTF8), and such domains only as Punycode.
    """
    found = address(text)
    local, _, domain = found.rpartition("@")
    if not local.isascii() or local.startswith(".") or local.endswith(".") or ".." in local:
        raise Unusable(f"{found[:80]!r} cannot receive mail from us; write an address like anna@example.com")
    try:
        plain = domain if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError:
        raise Unusable(f"{domain[:80]!r} is not a domain; write an address like anna@example.com") from None
    labels = plain.split(".")
    if (
        not all(label.strip("-") == label and label.replace("-", "").isalnum() for label in labels)
        or labels[-1].isdigit()
    ):
        raise Unusable(f"{domain[:80]!r} is not a domain; write an address like anna@example.com")
    return Address(f"{local}@{plain}")


def meant(text: str) -> str:
    """Return the address that was perhaps meant, or nothing: `anna@gmial.com` -> `anna@gmail.com`. Never a reason to refuse."""
    local, _, domain = text.strip().rpartition("@")
    domain = domain.lower()
    if not local or domain in COMMON:
        return ""
    near = next((common for common in COMMON if len(common) > _SHORT and _one_slip(domain, common)), "")
    return f"{local}@{near}" if near else ""


def _one_slip(one: str, other: str) -> bool:
    """Say whether one letter too many, too few, another one, or two swapped make the difference."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    rest, wanted = one[start:], other[start:]
    swapped = len(rest) > 1 and rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:]
    return swapped or rest[1:] == wanted or rest == wanted[1:] or rest[1:] == wanted[1:]
