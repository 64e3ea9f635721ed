"""Single values as an owner writes them: durations, money, days off, caps, zones, domains, links.

Each function returns the value or raises `Unusable`, whose message says what to write instead.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from undivided.config import Cap
from undivided.values import Address, Money, Unusable
from undivided.values import address as bare_address

from console.shopfile.problems import nearest

_UNITS = {
    "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1,
    "m": 60, "min": 60, "mins": 60, "minute": 60, "minutes": 60,
    "h": 3600, "hour": 3600, "hours": 3600,
    "d": 86400, "day": 86400, "days": 86400,
    "w": 604800, "week": 604800, "weeks": 604800,
}  # fmt: skip
_PIECE = re.compile(r"\s*([0-9]{1,6}(?:\.[0-9]{1,3})?)\s*([a-z]+)")
_LONGEST = timedelta(days=3650)
_DOMAIN = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


def duration(text: str) -> timedelta:
    """Read `2h`, `30 min`, `1h 30min`, `3 days`; at most ten years."""
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text.strip()):
        raise Unusable(f"{text} names no unit; write {text}s, {text}min, {text}h or {text} days")
    pieces = list(_PIECE.finditer(text.casefold()))
    if not pieces or "".join(one[0] for one in pieces).strip() != text.casefold().strip():
        raise Unusable(f"{text[:80]!r} is not a duration; write it like 2h, 1h 30min or 3 days")
    seconds = sum(Decimal(one[1]) * _unit(one[2]) for one in pieces)
    if seconds > _LONGEST.total_seconds():
        raise Unusable(f"{text[:80]!r} is longer than ten years; write at most 3650 days")
    return timedelta(seconds=int(seconds))


def _unit(name: str) -> int:
    if name not in _UNITS:
        raise Unusable(f"{name[:80]!r} is no unit of time; write s, min, h, days or weeks")
    return _UNITS[name]


def money(text: str) -> Money:
    """Read `49.90 EUR`; not below zero."""
    found = re.fullmatch(r"([0-9]{1,12}(?:[.,][0-9]{1,3})?)\s*(\S*)", text.strip())
    if not found:
        raise Unusable(f"{text[:80]!r} is not an amount of money; write it like 49.90 EUR")
    amount, currency = found[1].replace(",", "."), found[2]
    if not currency:
        raise Unusable(f"{text} names no currency; write {amount} EUR (or your own)")
    if not re.fullmatch("[A-Z]{3}", currency):
        raise Unusable(f"{currency[:20]!r} is not a currency; write its code of three capitals, like {amount} EUR")
    if "," in found[1]:
        raise Unusable(f"{text[:80]!r} has a decimal comma; write {amount} {currency}")
    return Money(Decimal(amount), currency)


def cap(text: str) -> Cap:
    """Read `10 in 10min`."""
    count, word, window = text.partition(" in ")
    if not word or not re.fullmatch(r"\s*[1-9][0-9]{0,6}\s*", count):
        raise Unusable(f"{text[:80]!r} is not a cap; write it like 10 in 10min")
    length = duration(window)
    if not length:
        raise Unusable(f"{text[:80]!r} has no length of time; write it like 10 in 10min")
    return Cap(int(count), length)


def day(text: str) -> date:
    """Read `2026-12-24`."""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9][0-9]-[0-9][0-9]", text.strip()):
            return date.fromisoformat(text.strip())
    except ValueError:
        raise Unusable(f"{text!r} is not in the calendar; check month and day") from None
    raise Unusable(f"{text[:80]!r} is not a day; write it like 2026-12-24")


def vacation(text: str) -> tuple[date, date]:
    """Read `2026-07-01..2026-07-14` or a single day; both ends are days off."""
    first, dots, last = text.partition("..")
    start = day(first)
    end = day(last) if dots else start
    if end < start:
        raise Unusable(f"{text} ends before it starts; write {end}..{start}")
    return start, end


def zone(text: str) -> str:
    """Read an IANA zone."""
    known = _zones()
    if text in known:
        return text
    city = next((one for one in sorted(known) if one.rpartition("/")[2].casefold() == _city(text)), None)
    meant = nearest(text, known) or city
    say = f'did you mean "{meant}"?' if meant else "write an IANA name like Europe/Berlin"
    raise Unusable(f"{text[:80]!r} is not a time zone; {say}")


def _city(text: str) -> str:
    return text.rpartition("/")[2].strip().replace(" ", "_").casefold()


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def address(text: str) -> Address:
    """Read a mail address that SES can send to: plain ASCII, as it takes no SMTPUTF8."""
    found = bare_address(text)
    local, _, host = found.rpartition("@")
    if not local.isascii():
        raise Unusable(f"{text!r} has letters before the @ that mail cannot carry everywhere; write an address in a-z")
    if not host.isascii():
        raise Unusable(f"{text!r} has a domain that is not ASCII; write {local}@{_ascii(host)}")
    return found


def domain(text: str) -> str:
    """Read a host name in lower case, without scheme or path."""
    if _DOMAIN.fullmatch(text):
        return text
    bare = (urlsplit(text if "//" in text else f"//{text}").hostname or "").removeprefix("*.").rpartition("@")[2]
    bare = bare if bare.isascii() else _ascii(bare)
    say = f"write {bare}" if bare and _DOMAIN.fullmatch(bare) and bare != text else "write it like ask.shop.example"
    raise Unusable(f"{text[:80]!r} is not a domain; {say}")


def _ascii(host: str) -> str:
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return "xn--…"


def link(text: str) -> str:
    """Read a web address, http or https."""
    try:
        read = urlsplit(text)
        sound = read.scheme in ("http", "https") and bool(read.hostname) and not re.search(r"[\s<>\"\x00-\x1f]", text)
    except ValueError:
        sound = False
    if not sound:
        raise Unusable(f"{text[:80]!r} is not a web address; write it like https://shop.example/page")
    return text


def line(text: str) -> str:
    """Read text that stands in one line of a mail's header: no line break, no control character."""
    if not text.strip() or re.search(r"[\x00-\x1f\x7f\u2028\u2029]", text):
        raise Unusable(f"{text[:80]!r} must be one line of text; remove line breaks and control characters")
    return text
