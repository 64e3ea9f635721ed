"""Counting mail against caps in constant space: for each window one count that begins anew when its time is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from undivided.config import Cap

MOST_NAMES = 20
"""So many of the last mails are known by name, so that one that is tried again counts once."""


@dataclass(frozen=True, slots=True)
class Window:
    """What one window holds."""

    until: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Counted:
    """How much automatic mail one address had lately; `windows` by their length in seconds."""

    version: int = 0
    windows: Mapping[str, Window] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    complained: bool = False


def count(counted: Counted, caps: tuple[Cap, ...], name: str, now: datetime) -> Counted | None:
    """Return the counts with one mail more; None if a cap forbids it. One that has a name already is not counted."""
    if name in counted.names:
        return counted
    windows = dict[str, Window]()
    for cap in caps:
        length = str(int(cap.window.total_seconds()))
        held = counted.windows.get(length)
        if held is None or held.until <= now:
            held = Window(now + cap.window, 0)
        if held.count >= cap.count:
            return None
        windows[length] = Window(held.until, held.count + 1)
    return Counted(counted.version, windows, (*counted.names, name)[-MOST_NAMES:], counted.complained)
