"""A picture for a badge that brings none: drawn from a seed, so that each is its own, and all kin.

Inline SVG with attributes only: the content policy allows no inline style.
"""

import hashlib
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Final

from markupsafe import Markup, escape

# Ground, its darker rim, and the lines upon it: contrast of line to ground is at least 4.5.
_COLOURS: Final = (
    ("#23389c", "#162466", "#cdd8ff"),
    ("#0f5f63", "#083c3f", "#b9eee9"),
    ("#6a2a7d", "#431950", "#f1cffc"),
    ("#8a3324", "#591d13", "#ffd5c7"),
    ("#2f5d2a", "#1b3a18", "#d2f2c6"),
    ("#1f4f7c", "#123251", "#c6e4ff"),
    ("#7b4b0c", "#4f2f05", "#ffe3b3"),
    ("#7a2250", "#4d1231", "#ffd0e4"),
)
GOLD: Final = "#f2c46b"
_CENTRE: Final = 60.0

# What stands in the middle, drawn in a square of 24 around the origin.
_EMBLEMS: Final = (
    "M-10-7C-5-9-2-8 0-5 2-8 5-9 10-7V7C5 5 2 6 0 9-2 6-5 5-10 7ZM0-5V9",
    "M0-11 3-3 11 0 3 3 0 11-3 3-11 0-3-3Z",
    "M-5-4A5 5 0 1 0-5 6 5 5 0 1 0-5-4M5-4A5 5 0 1 0 5 6 5 5 0 1 0 5-4",
    "M0 11V-2M0 1C-8 1-9-4-9-8-3-8 0-4 0 1 0-6 3-10 9-10 9-4 7-2 0-2",
    "M-10 9H-4V3H2V-3H8V-9",
    "M-11-4C-7-10-4-10 0-4S7 2 11-4M-11 5C-7-1-4-1 0 5S7 11 11 5",
    "M-9-9H9V3H1L-5 9V3H-9Z",
    "M0-11A11 11 0 1 0 0 11 11 11 0 1 0 0-11M5-5 2 2-5 5-2-2Z",
    "M-9 10V-8L0-11 9-8V10M-4 10V2A4 4 0 0 1 4 2V10",
    "M0-10 9-5V5L0 10-9 5V-5ZM-9-5 0 0 9-5M0 0V10",
)


@dataclass(frozen=True, slots=True)
class Design:
    """The choices that the seed makes; colours as #rrggbb."""

    ground: str
    rim: str
    line: str
    lobes: int
    waves: int
    swing: float
    turns: int
    emblem: str


def medallion(name: str, level: str, seed: str, *, size: str = "") -> Markup:
    """The picture of an achievement as inline SVG; `size` is "", "small" or "large".

    The same seed always gives the same picture. `level` is a short text such as "7".
    """
    design = design_of(seed)
    title = f"{name}, level {level}" if level else name
    size_class = f" medallion-{size}" if size in {"small", "large"} else ""
    return Markup(  # noqa: S704 - everything that is not drawn here is escaped
        f'<svg class="medallion{size_class}" viewBox="0 0 120 120" role="img" '
        f'aria-label="{escape(title)}" xmlns="http://www.w3.org/2000/svg">'
        f'<path fill="{design.rim}" d="{_curve(56.5, 2.2, design.lobes, 2)}"/>'
        f'<circle cx="60" cy="60" r="51" fill="{design.ground}"/>'
        f'<g fill="none" stroke="{design.line}">{_rosettes(design)}'
        f'<circle cx="60" cy="60" r="51" stroke="{GOLD}" stroke-width="1.2"/>'
        f'<circle cx="60" cy="60" r="48.5" stroke-width=".5" stroke-opacity=".6"/></g>'
        f'<circle cx="60" cy="60" r="22.5" fill="{design.rim}" stroke="{GOLD}" '
        f'stroke-width="1.2"/>'
        f'<path d="{design.emblem}" transform="translate(60 60) scale(1.02)" fill="none" '
        f'stroke="{design.line}" stroke-width="2" stroke-linejoin="round" '
        f'stroke-linecap="round"/>{_level(level, design)}</svg>'
    )


def design_of(seed: str) -> Design:
    """The choices for an achievement; the same seed always gives the same."""
    draw = hashlib.sha256(seed.encode()).digest()
    ground, rim, line = _COLOURS[draw[0] % len(_COLOURS)]
    return Design(
        ground=ground,
        rim=rim,
        line=line,
        lobes=(16, 20, 24, 28, 32)[draw[1] % 5],
        waves=5 + draw[2] % 6,
        swing=4.5 + draw[3] % 5,
        turns=3 + draw[4] % 3,
        emblem=_EMBLEMS[draw[5] % len(_EMBLEMS)],
    )


def _rosettes(design: Design) -> str:
    """The same wavy ring, turned a little each time, as on a banknote."""
    ring = _curve(36.5, design.swing, design.waves, 6)
    turn = 360 / design.waves / design.turns
    return "".join(
        f'<path d="{ring}" stroke-width=".7" stroke-opacity=".75" '
        f'transform="rotate({number * turn:.2f} 60 60)"/>'
        for number in range(design.turns)
    )


def _curve(radius: float, swing: float, waves: int, points_per_wave: int) -> str:
    """A closed ring whose radius swings `waves` times, as quadratic curves through midpoints."""
    count = waves * points_per_wave
    points = []
    for number in range(count):
        angle = 2 * pi * number / count
        reach = radius + swing * cos(waves * angle)
        points.append((_CENTRE + reach * cos(angle), _CENTRE + reach * sin(angle)))
    middles = [
        ((x + points[number - 1][0]) / 2, (y + points[number - 1][1]) / 2)
        for number, (x, y) in enumerate(points)
    ]
    ends = [*middles[1:], middles[0]]
    path = f"M{middles[0][0]:.1f} {middles[0][1]:.1f}"
    for (x, y), (end_x, end_y) in zip(points, ends, strict=True):
        path += f"Q{x:.1f} {y:.1f} {end_x:.1f} {end_y:.1f}"
    return path + "Z"


def _level(level: str, design: Design) -> str:
    if not level:
        return ""
    width = 13 + 7 * len(level)
    return (
        f'<rect x="{60 - width / 2:.1f}" y="92" width="{width}" height="19" rx="9.5" '
        f'fill="{GOLD}" stroke="{design.rim}" stroke-width="2"/>'
        f'<text x="60" y="106" text-anchor="middle" font-family="Georgia, serif" '
        f'font-weight="700" font-size="13" fill="{design.rim}">{escape(level)}</text>'
    )
