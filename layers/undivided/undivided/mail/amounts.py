"""Amounts of money as people write them: `49,90 €`, `$1,299`, `CHF 20.-`, `1 299,00 EUR`, `1'299.50`.

    amount   = [currency] number [currency]           at most one currency; none means the shop's
    number   = digits [group ...] [decimals]
    group    = ("." | "," | "'" | space) 3 digits     the same sign throughout
    decimals = ("." | ",") (1 or 2 digits | "-" | "--" | "–" | "—")

The last sign decides: one or two digits behind it are decimals, three are a group, except in currencies with three
decimals. `0,500` is neither and is refused.
"""

from __future__ import annotations

import re
from decimal import Decimal

from undivided.values import Money, Unusable

_LISTED = (
    "AED ARS AUD BGN BHD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JOD JPY KES KRW KWD MAD "
    "MXN MYR NGN NOK NZD OMR PEN PHP PKR PLN QAR RON RSD SAR SEK SGD THB TND TRY TWD UAH USD UYU VND ZAR"
)
CODES = frozenset(_LISTED.split())
_KNOWN_SMALL = frozenset(("EUR", "USD", "GBP", "CHF"))
"""Codes that are read in small letters too: `try` and `pen` are words."""
_SIGNS = {
    "€": "EUR", "EURO": "EUR", "EUROS": "EUR", "£": "GBP", "US$": "USD", "C$": "CAD", "CA$": "CAD", "A$": "AUD",
    "AU$": "AUD", "NZ$": "NZD", "R$": "BRL", "ZŁ": "PLN", "KČ": "CZK", "₺": "TRY", "₹": "INR", "₩": "KRW", "₴": "UAH",
    "FR": "CHF", "FR.": "CHF", "SFR": "CHF", "SFR.": "CHF",
}  # fmt: skip
_KRONOR = ("SEK", "NOK", "DKK", "ISK")
_SHARED = {
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "TWD", "ARS", "CLP", "COP"),
    "¥": ("JPY", "CNY"),
    "KR": _KRONOR,
    "KR.": _KRONOR,
}
"""Signs of several currencies: the shop's own if it is one of them, else the first."""
_DECIMALS = {
    **dict.fromkeys(("CLP", "ISK", "JPY", "KRW", "VND"), 0),
    **dict.fromkeys(("BHD", "JOD", "KWD", "OMR", "TND"), 3),
}
_USUAL_DECIMALS = 2
_GROUP = 3
_MOST_DIGITS = 12
_SPACES = " \t\u00a0\u2009\u202f"
_SIGN = r"(?:(?:US|CA|AU|NZ|[CAR])?\$|[€£¥₺₹₩₴]|(?:S?Fr|kr)\.?(?![^\W\d_])|[^\W\d_]{2,5}(?![^\W\d_]))"
_AMOUNT = re.compile(
    rf"(?P<before>{_SIGN})?[{_SPACES}]*"
    rf"(?P<number>\d+(?:[.,'’]\d+|[{_SPACES}]\d{{3}}(?!\d))*)(?:[.,](?:--?|[–—]))?"
    rf"(?P<end>[{_SPACES}]*)(?P<after>{_SIGN})?",
    re.IGNORECASE,
)


def read_amount(text: str, currency: str) -> tuple[Money, str]:
    """Return the amount that `text` begins with, and the words behind it; raise `Unusable` if there is none.

    `currency` is the shop's, for amounts that name none.
    """
    bare = text.strip()
    match = _AMOUNT.match(bare)
    before, after = (_code(match[name] or "", currency) for name in ("before", "after")) if match else (None, None)
    if match is None or (match["before"] and not before):
        raise _unreadable(bare, currency)
    if before and after and before != after:
        raise Unusable(f"{match[0].strip()[:40]!r} names two currencies; write one, like 49.90 {currency}")
    rest = bare[match.end() if after else match.end("end") :]
    glued = not after and not match["end"] and rest[:1] and rest[0] not in ",;:!."
    if glued or rest.strip().isdigit():
        raise _unreadable(bare, currency)
    named = before or after or currency
    return Money(_decimal(match["number"], named), named), rest.strip(" \t.,;:!-–—")


def _code(sign: str, own: str) -> str | None:
    """Return the currency that a sign or word means; None for an ordinary word."""
    upper = sign.upper()
    if upper == own or (upper in CODES and (sign == upper or upper in _KNOWN_SMALL)):
        return upper
    if shared := _SHARED.get(upper):
        return own if own in shared else shared[0]
    return _SIGNS.get(upper)


def _decimal(number: str, currency: str) -> Decimal:
    """Return the value of `number`, with the decimals that `currency` is counted in."""
    places = _DECIMALS.get(currency, _USUAL_DECIMALS)
    groups, signs = re.split(r"\D", number), re.findall(r"\D", number)
    part, point = "", ""
    if signs and signs[-1] in ".," and len(groups[-1]) in ((1, 2, 3) if places == _GROUP else (1, 2)):
        part, point = groups.pop(), signs.pop()
    grouped = not signs or (len(set(signs)) == 1 and signs[0] != point and len(groups[0]) <= _GROUP)
    whole = "".join(groups)
    fits = all(len(group) == _GROUP for group in groups[1:]) and (not whole.startswith("0") or whole == "0")
    if not grouped or not fits or len(whole) > _MOST_DIGITS or not int(whole + part):
        raise _unreadable(number, currency)
    value = Decimal(f"{whole}.{part}" if part else whole)
    return value.quantize(Decimal(1).scaleb(-max(places, len(part))))


def _unreadable(text: str, currency: str) -> Unusable:
    return Unusable(f"{text[:40]!r} does not begin with an amount of money; write it like 49.90 {currency}")
