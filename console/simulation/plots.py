"""Plots as plain SVG: readable in a browser and in a text editor, no library."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT = 720, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 20, 40, 50
_MOST_TICKS = 8
_COLOURS = ("#0b6e4f", "#c1440e", "#33658a", "#8d6a9f", "#b59500", "#5c5c5c", "#d1495b", "#2e86ab")

Line = tuple[str, Sequence[tuple[float, float]]]


def lines(
    title: str, across: str, up: str, several: Sequence[Line], *, mark: float | None = None, dots: bool = False
) -> str:
    """Draw one line a series, or dots with their names; `mark` is a horizontal line, for a target."""
    points = [point for _, series in several for point in series]
    xs, ys = [x for x, _ in points], [y for _, y in points] + ([mark] if mark is not None else [])
    frame = _Frame((min(xs), max(xs)), (min([*ys, 0.0]), max(ys) * 1.05))
    parts = [frame.axes(title, across, up)]
    if mark is not None:
        parts.append(frame.rule(mark))
    for number, (name, series) in enumerate(several):
        colour = _COLOURS[number % len(_COLOURS)]
        parts.append(frame.dots(series, colour, name) if dots else frame.path(series, colour))
        if not dots:
            parts.append(_legend(number, name, colour))
    return _svg(title, parts)


def bars(
    title: str, unit: str, values: Sequence[tuple[str, float]], *, mark: float | None = None, digits: int = 2
) -> str:
    """Draw one lying bar for each named value."""
    most = max([value for _, value in values] + ([mark] if mark else [])) or 1.0
    step = 34
    start, width = 260, WIDTH - 340
    parts = [_text(WIDTH / 2, 24, title, size=16, anchor="middle")]
    for number, (name, value) in enumerate(values):
        y = 50 + number * step
        parts.append(_text(start - 10, y + 16, name, anchor="end"))
        parts.append(
            f'<rect x="{start}" y="{y}" width="{max(value, 0) / most * width:.1f}" height="22" fill="{_COLOURS[0]}"/>'
        )
        parts.append(_text(start + max(value, 0) / most * width + 8, y + 16, f"{value:.{digits}f} {unit}"))
    height = 70 + len(values) * step
    if mark is not None:
        x = start + mark / most * width
        parts.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="40" y2="{height - 20}" stroke="{_COLOURS[1]}" stroke-dasharray="4 4"/>'
        )
    return _svg(title, parts, height)


class _Frame:
    def __init__(self, across: tuple[float, float], up: tuple[float, float]) -> None:
        self.across, self.up = across, (up[0], up[1] if up[1] > up[0] else up[0] + 1)

    def x(self, value: float) -> float:
        low, high = self.across
        return _LEFT + (value - low) / ((high - low) or 1) * (WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        low, high = self.up
        return HEIGHT - _BOTTOM - (value - low) / (high - low) * (HEIGHT - _TOP - _BOTTOM)

    def axes(self, title: str, across: str, up: str) -> str:
        parts = [
            _text(WIDTH / 2, 24, title, size=16, anchor="middle"),
            _text(WIDTH / 2, HEIGHT - 10, across, anchor="middle"),
        ]
        parts.append(f'<g transform="translate(16 {HEIGHT / 2}) rotate(-90)">{_text(0, 0, up, anchor="middle")}</g>')
        for value in _ticks(*self.up):
            y = self.y(value)
            parts.append(f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
            parts.append(_text(_LEFT - 8, y + 4, f"{value:g}", anchor="end"))
        parts += [
            _text(self.x(value), HEIGHT - _BOTTOM + 18, f"{value:g}", anchor="middle") for value in _ticks(*self.across)
        ]
        return "".join(parts)

    def rule(self, value: float) -> str:
        y = self.y(value)
        return (
            f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#000" stroke-dasharray="5 4"/>'
        )

    def path(self, series: Sequence[tuple[float, float]], colour: str) -> str:
        points = " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in series)
        return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'

    def dots(self, series: Sequence[tuple[float, float]], colour: str, name: str) -> str:
        x, y = series[-1]
        marks = "".join(f'<circle cx="{self.x(a):.1f}" cy="{self.y(b):.1f}" r="4" fill="{colour}"/>' for a, b in series)
        last = self.x(x) > WIDTH * 2 / 3
        return marks + _text(
            self.x(x) + (-8 if last else 8), self.y(y) + 4, name, anchor="end" if last else "start", fill=colour
        )


def _ticks(low: float, high: float) -> list[float]:
    """Return the round values between `low` and `high`, at most nine."""
    steps = (digit * 10.0**power for power in range(-4, 7) for digit in (1, 2, 5))
    step = next(one for one in steps if (high - low) / one <= _MOST_TICKS)
    return [round(number * step, 6) for number in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _legend(number: int, name: str, colour: str) -> str:
    y = _TOP + 16 + 18 * number
    x = WIDTH - _RIGHT - 210
    return f'<rect x="{x}" y="{y - 10}" width="12" height="12" fill="{colour}"/>' + _text(x + 18, y, name)


def _text(x: float, y: float, words: str, *, size: int = 12, anchor: str = "start", fill: str = "#222") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{fill}">{escape(words)}</text>'
    )


def _svg(title: str, parts: Sequence[str], height: int = HEIGHT) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img"'
    font = 'font-family="system-ui, sans-serif"'
    body = "\n".join(parts)
    return f'{head} {font}>\n<title>{escape(title)}</title>\n<rect width="{WIDTH}" height="{height}" fill="#fff"/>\n{body}\n</svg>\n'
