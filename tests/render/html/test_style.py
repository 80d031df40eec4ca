"""Everything on a page can be read, in light, in dark and on paper: contrast by the rule of WCAG 2, 4.5 to 1."""

from __future__ import annotations

import re

import pytest

from gradcalc.render.html.page import style

VARIABLE = re.compile(r"--([\w-]+): (#[0-9a-f]{6})\b")
DARK = re.compile(r"@media screen and \(prefers-color-scheme: dark\) \{\s*\.gradcalc \{.*?\}\s*\}", re.DOTALL)
WRITTEN = ("ink", "quiet", "good", "bad", "forward", "backward", "c0", "c1", "c2", "c3", "touch", "point")
GROUNDS = ("ground", "panel")


def themes() -> dict[str, dict[str, str]]:
    """The colours of each theme, by name."""
    screen, paper = style().split("@media print")
    dark = "".join(DARK.findall(screen))
    light = dict(VARIABLE.findall(DARK.sub("", screen)))
    return {
        "light": light,
        "dark": light | dict(VARIABLE.findall(dark)),
        "paper": light | dict(VARIABLE.findall(paper)),
    }


def luminance(colour: str) -> float:
    """How light a colour is, from 0 to 1. Source: WCAG 2.2, relative luminance."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark", "paper"])
def test_every_colour_can_be_read_on_every_ground(theme: str) -> None:
    colours = themes()[theme]
    pairs = [(ink, ground) for ink in WRITTEN for ground in GROUNDS]
    pairs += [("ink", "mark"), ("ink", "leaf"), ("quiet", "leaf"), ("forward", "leaf")]
    weak = [pair for pair in pairs if contrast(*(colours[name] for name in pair)) < 4.5]
    assert weak == []


def test_the_themes_differ() -> None:
    found = themes()
    assert luminance(found["light"]["ground"]) > 0.9 > 0.1 > luminance(found["dark"]["ground"])
    assert found["paper"]["ground"] == "#ffffff"


def test_contrast_is_measured() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48
