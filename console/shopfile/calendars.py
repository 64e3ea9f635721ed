"""Calendars that `holidays` names: a file beside undivided.yaml, or an address from which it is fetched."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from undivided.values import Unusable

SECONDS = 20
LARGEST = 5_000_000
"""Bytes. A calendar of public holidays has some ten thousand."""


def is_calendar(entry: str) -> bool:
    """Say whether an entry of `holidays` names a calendar, and not a country or a day."""
    return "://" in entry or entry.strip().casefold().endswith(".ics")


def checked(entry: str) -> str:
    """Check how a calendar is named; raise `Unusable` for an address that nobody should fetch from."""
    if "://" not in entry:
        return entry
    address = urlsplit(entry.strip())
    secure = address.scheme in ("https", "webcal")
    if not address.hostname or not (secure or (address.scheme == "http" and _is_here(address.hostname))):
        raise Unusable(f"{entry[:80]!r} is no address of a calendar; write https://… or the name of an .ics file")
    return entry


def read(entry: str, folder: Path) -> str:
    """Return the text of a calendar; raise `Unusable`, with the reason, when there is none."""
    raw = _fetched(entry.strip()) if "://" in entry else _opened(folder / entry.strip(), entry)
    if len(raw) > LARGEST:
        raise Unusable(f"{entry[:80]} has more than {LARGEST:,} bytes; export only what is off")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unusable(f"{entry[:80]} is not UTF-8, which iCalendar files are; export it again") from None


def _opened(path: Path, entry: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unusable(f"{entry[:80]} cannot be read ({error.strerror}); put it beside undivided.yaml") from None


def _fetched(address: str) -> bytes:
    url = f"https{address.removeprefix('webcal')}" if address.startswith("webcal:") else address
    try:
        with urlopen(Request(url, headers={"User-Agent": "Undivided"}), timeout=SECONDS) as answer:  # noqa: S310 - the scheme has been checked
            return bytes(answer.read(LARGEST + 1))
    except (URLError, OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise Unusable(
            f"{address[:80]} cannot be fetched ({reason}); check the address, or save it as a file beside undivided.yaml"
        ) from None


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
