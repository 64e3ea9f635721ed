"""What is wrong with a file of the owner's, said so that they can put it right at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong; a `warning` stops nothing."""

    file: str
    line: int
    words: str
    """What is wrong; what to write instead."""
    warning: bool = False

    def __str__(self) -> str:
        kind = "warning: " if self.warning else ""
        words = "".join(sign if sign.isprintable() else "\ufffd" for sign in self.words)
        return f"{self.file}:{self.line}: {kind}{words}"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the one of `known` that somebody who wrote `word` most likely meant; None if none is like it."""
    folded = {one.casefold(): one for one in known}
    found = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def instead(word: str, known: Iterable[str]) -> str:
    """Say what to write instead of `word`: the one like it, or the few that there are."""
    known = list(known)
    meant = nearest(word, known)
    if meant:
        return f'did you mean "{meant}"?'
    return f"write one of {', '.join(known[:20])}{', …' if len(known) > 20 else ''}"  # noqa: PLR2004 - what one line holds
