"""The colours of the design against WCAG 2.2, 1.4.3 and 1.4.11, in light and in dark."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[3] / "service" / "static" / "learnometer.css"
_LIGHT, _DARK = (
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
    for block in re.findall(r":root \{(.*?)\}", CSS.read_text(), re.DOTALL)
)
THEMES = {"light": _LIGHT, "dark": _LIGHT | _DARK}

TEXT = [
    *(("ink", ground) for ground in ("paper", "card", "sunken", "accent-wash")),
    *(("ink", f"{state}-wash") for state in ("valid", "warning", "invalid", "unknown")),
    *(("ink-soft", ground) for ground in ("paper", "card", "sunken")),
    *(("accent", ground) for ground in ("paper", "card")),
    *((state, f"{state}-wash") for state in ("valid", "warning", "invalid", "unknown")),
    *((state, "card") for state in ("valid", "warning", "invalid")),
    ("accent-ink", "accent"),
    ("card", "invalid"),
]
EDGES = [("line-strong", "card"), ("line-strong", "paper"), ("accent", "sunken")]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_is_readable_on_its_ground(theme: str, text: str, ground: str) -> None:
    colours = THEMES[theme]
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_the_edges_of_controls_can_be_seen(theme: str, edge: str, ground: str) -> None:
    colours = THEMES[theme]
    assert contrast(colours[edge], colours[ground]) >= 3
