"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# A busy machine stops for longer than any deadline that would find something; bounded time is measured beside a yardstick.
settings.register_profile("undivided", deadline=None)
settings.load_profile("undivided")
