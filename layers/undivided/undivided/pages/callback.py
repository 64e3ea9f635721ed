"""The part of the form in which a shopper asks to be called: a number, a day, and between which times."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from undivided.promise.zones import instant
from undivided.question import CallBack

FIELDS = ("phone", "call_day", "call_from", "call_until")
FURTHEST = timedelta(days=14)
"""As far as promises go."""
SHORTEST = timedelta(minutes=15)
"""A shorter time could not be met by anybody with another shopper."""
_NUMBER = re.compile(r"\+?[0-9](?:[ ()/.-]{0,2}[0-9]){4,18}")
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.h]([0-5][0-9])")


def wrong_call(values: Mapping[str, str], zone: str, now: datetime) -> dict[str, str]:
    """Return field -> key of the message for what is wrong; nothing where no call is wanted."""
    wanted = [name for name in FIELDS[1:] if values.get(name)]
    if not wanted:
        return {}
    wrong = {} if _NUMBER.fullmatch(values.get("phone", "")) else {"phone": "phone"}
    call = read_call(values, zone)
    if call is None:
        missing = next((name for name in FIELDS[1:] if not values.get(name)), "call_day")
        return {**wrong, missing: "call_unclear"}
    if call.end - max(call.start, now) < SHORTEST or call.start > now + FURTHEST:
        return {**wrong, "call_day": "call_time"}
    return wrong


def read_call(values: Mapping[str, str], zone: str) -> CallBack | None:
    """Return when a call is wanted, on the clock of `zone`; None if that is not said, or not clearly."""
    try:
        day = date.fromisoformat(values.get("call_day", ""))
    except ValueError:
        return None
    start, end = (_TIME.fullmatch(values.get(name, "")) for name in FIELDS[2:])
    if start is None or end is None:
        return None
    return CallBack(*(instant(zone, day, int(one[1]) * 60 + int(one[2])) for one in (start, end)))
