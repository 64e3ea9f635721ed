"""Colours that people can read: 4.5 to 1 for words, 3 to 1 for the edges of controls (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re

import pytest
from undivided.rendering import FOLDER

WORDS = [
    ("ink", "paper"),
    ("ink", "card"),
    ("quiet", "paper"),
    ("quiet", "card"),
    ("act", "paper"),
    ("act", "card"),
    ("act", "badpaper"),
    ("on-act", "act"),
    ("bad", "paper"),
    ("ink", "badpaper"),
]
EDGES = [("line", "paper"), ("act", "paper"), ("bad", "paper")]
PAPER = {"light": ("#ffffff", "#f6f8fa"), "dark": ("#121212", "#20252b")}
"""Backgrounds of mails: the program's own, and the card's."""


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def palettes():
    css = (FOLDER / "pages" / "page.css").read_text("utf-8")
    return [
        dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})", block))
        for block in re.findall(r":root\s*{([^}]*--[^}]*)}", css)
    ]


@pytest.mark.parametrize(("colours", "least"), [(pair, 4.5) for pair in WORDS] + [(pair, 3.0) for pair in EDGES])
def test_pages_are_readable_by_light_and_by_dark(colours, least):
    light, dark = palettes()
    for palette in (light, dark):
        assert contrast(palette[colours[0]], palette[colours[1]]) >= least


def test_the_measure_is_right():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_mails_are_readable_by_light_and_by_dark():
    sources = "\n".join(path.read_text("utf-8") for path in (FOLDER / "mail").glob("_*.html.j2"))
    inline = set(re.findall(r"(?<![-\w])color:(#[0-9a-f]{6})\"", sources)) | set(
        re.findall(r"(?<![-\w])color:(#[0-9a-f]{6});(?!.*background)", sources)
    )
    dark = set(re.findall(r"(?<![-\w])color: (#[0-9a-f]{6}) !important", sources))
    assert inline
    assert dark
    for paper in PAPER["light"]:
        assert all(contrast(colour, paper) >= 4.5 for colour in inline)
    for paper in PAPER["dark"]:
        assert all(contrast(colour, paper) >= 4.5 for colour in dark)
