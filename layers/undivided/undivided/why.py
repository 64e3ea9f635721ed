"""Reasons in words: what `expertise` found, written out for whoever reads it (`why.<code>` in the locales)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from undivided.texts import say, spoken, texts

if TYPE_CHECKING:
    from undivided.expertise.asked import Reason


def said(reason: Reason, language: str) -> str:
    """Return a reason in one of our languages; "" for a code that a newer release has stored and this one cannot say."""
    key = f"why.{reason.code}"
    return say(language, key, **reason.args) if key in texts(spoken(language)) else ""


def listed(reasons: Iterable[Reason], language: str) -> str:
    """Return several reasons on one line."""
    return "; ".join(filter(None, (said(one, language) for one in reasons)))
