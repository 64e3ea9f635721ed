"""Decoded headers. The standard library's parser dies of some headers of real mail; they are then read undecoded."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

_PARSER_FAILURES = (ValueError, IndexError, AttributeError, TypeError)
"""What `email` raises on broken headers, which is documented nowhere (CPython issues 100884, 105802 and others)."""


def parse(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def text(mail: EmailMessage, name: str) -> str:
    """Return one header as text, empty if there is none."""
    try:
        return printable(str(mail.get(name, "")))
    except _PARSER_FAILURES:
        return printable(next((value for field, value in mail.raw_items() if field.lower() == name.lower()), ""))


def people(mail: EmailMessage, name: str) -> list[str]:
    """Return each person of an address header, `Anna <anna@mail.example>`."""
    try:
        return [printable(str(one)) for field in mail.get_all(name, []) for one in field.addresses]
    except _PARSER_FAILURES:
        return [found] if (found := text(mail, name)) else []


def addresses(mail: EmailMessage, name: str) -> list[str]:
    """Return each bare address of an address header."""
    try:
        return [one.addr_spec for field in mail.get_all(name, []) for one in field.addresses if one.addr_spec]
    except _PARSER_FAILURES:
        return []


def printable(text: str) -> str:
    """Replace what were bytes but no UTF-8: neither JSON nor a page can carry them."""
    return text.encode("utf-8", "replace").decode("utf-8")
