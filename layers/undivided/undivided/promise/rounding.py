"""Coarse times, always up: a promise to the minute claims a knowledge that nobody has, and is broken by a minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from undivided.promise.zones import local

STEPS = (5, 10, 15, 20, 30, 40, 50, 60)
"""Minutes from now; what is farther away is told by the clock."""
_NEAR = timedelta(minutes=60)
_HALVES = timedelta(hours=3)
"""Up to here the clock is told in half hours, beyond it in whole ones."""


def minutes_up(wait: timedelta) -> int:
    """Return the first step that is not shorter than `wait`, in minutes; 60 for anything longer."""
    return next((step for step in STEPS if timedelta(minutes=step) >= wait), STEPS[-1])


def up(due: datetime, now: datetime, zone: str) -> datetime:
    """Round `due` up: within the hour to a step from `now`, later to the half or whole hour of the clock in `zone`."""
    if due - now <= _NEAR:
        return now + timedelta(minutes=minutes_up(due - now))
    grid = 30 if due - now <= _HALVES else 60
    wall = local(due, zone)
    past = timedelta(minutes=wall.minute % grid, seconds=wall.second, microseconds=wall.microsecond)
    return (due + (timedelta(minutes=grid) - past if past else past)).astimezone(UTC)
