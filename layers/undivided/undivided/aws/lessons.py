"""Lessons in their queue, unwrapped."""

from __future__ import annotations

from undivided.aws.messages import unpacked
from undivided.plain import from_plain
from undivided.steps.learn import Lesson


def lesson(body: str) -> Lesson:
    return from_plain(Lesson, unpacked(body))
