"""A whole stack in one process: the real handlers on moto, fed as Lambda feeds them, with time and trouble in the test's hands.

`World` is a shop with three specialists who are always on duty. `settle()` delivers until nothing is left to deliver;
`survive()` lets the time pass that recovery needs. `sweep()` runs an act once without trouble, and then again and again,
with trouble at each of its AWS calls.
"""

from __future__ import annotations

from chaos.delivery import Sent
from chaos.shop import MAIL_DOMAIN, MINUTE, MONDAY, PEOPLE, SHOP
from chaos.sweeps import (
    READS,
    Point,
    Sweep,
    Troubles,
    crashes,
    distinct_crashes,
    overtaken,
    refusals,
    sweep,
    warm,
)
from chaos.world import World, world

__all__ = [
    "MAIL_DOMAIN",
    "MINUTE",
    "MONDAY",
    "PEOPLE",
    "READS",
    "SHOP",
    "Point",
    "Sent",
    "Sweep",
    "Troubles",
    "World",
    "crashes",
    "distinct_crashes",
    "overtaken",
    "refusals",
    "sweep",
    "warm",
    "world",
]
