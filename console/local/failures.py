"""The one error of the local stack."""

from __future__ import annotations


class DemoFailure(Exception):
    """The local stack cannot go on; the message says why and what to do about it."""
