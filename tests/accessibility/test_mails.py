"""The HTML of every mail, in a narrow window, by light and by dark."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest
from accessibility.conftest import Sight
from undivided.mail.compose import compose
from undivided.pages.page import Page
from undivided.texts import LANGUAGES
from unit.mail_writing.letters import MAILS, in_language

ALL = [*MAILS, "answer.last"]
"""Of the variants, those that have more than other words."""
TURNS = [(name, LANGUAGES[turn % len(LANGUAGES)]) for turn, name in enumerate(ALL)]


def html(name: str, language: str) -> Page:
    """Return the mail as a mail program shows it: in a page of its own, without any policy."""
    mail = message_from_bytes(compose(*in_language(language, name)).raw, policy=policy.default)
    body = mail.get_body(("html",))
    assert body is not None
    return Page(200, body.get_content(), {"Content-Type": "text/html; charset=utf-8"})


@pytest.mark.parametrize(("name", "language"), TURNS)
def test_axe_finds_nothing_by_light_and_no_lack_of_contrast_by_dark(sight: Sight, name: str, language: str) -> None:
    sight.show(html(name, language))
    assert sight.violations() == []
    with sight.by_dark():
        sight.tab.add_style_tag(content="html { background: #121212 }")  # chromium's own; axe takes it for white
        assert sight.hard_to_read() == []


@pytest.mark.parametrize("name", ALL)
def test_nothing_stands_out_at_320_pixels_in_any_language(sight: Sight, name: str) -> None:
    for language in LANGUAGES:
        sight.show(html(name, language))
        assert sight.overflow() == 0, language
