"""Colour: where it is used, by the variables that people set for it, and that it can be read."""

from __future__ import annotations

import io
import re

import pytest

from gradcalc.base.errors import UsageError
from gradcalc.cli.output import for_people
from gradcalc.render import colour, error, terminal
from gradcalc.render.document import BAD, GOOD, Branch, Document, Note, Table, Tree

VARIABLES = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM")


class Terminal(io.StringIO):
    """A stream that a person reads."""

    def isatty(self) -> bool:
        return True


WANTED = [
    ("", True, "terminal"),
    ("", False, "plain"),
    ("TERM=dumb", True, "plain"),
    ("NO_COLOR=1", True, "uncoloured"),
    ("NO_COLOR=", True, "terminal"),
    ("NO_COLOR=1 FORCE_COLOR=1", True, "uncoloured"),
    ("NO_COLOR=1 CLICOLOR_FORCE=1", False, "plain"),
    ("FORCE_COLOR=1", False, "terminal"),
    ("FORCE_COLOR=", False, "plain"),
    ("FORCE_COLOR=1 TERM=dumb", False, "terminal"),
    ("CLICOLOR=0", True, "uncoloured"),
    ("CLICOLOR=1", True, "terminal"),
    ("CLICOLOR=1", False, "plain"),
    ("CLICOLOR_FORCE=1", False, "terminal"),
    ("CLICOLOR_FORCE=0", False, "plain"),
    ("CLICOLOR=0 CLICOLOR_FORCE=1", False, "terminal"),
]


@pytest.mark.parametrize(("given", "watched", "form"), WANTED)
def test_what_is_set_decides_on_colour(monkeypatch: pytest.MonkeyPatch, given: str, watched: bool, form: str) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, _, value in (one.partition("=") for one in given.split()):
        monkeypatch.setenv(name, value)
    stream = Terminal() if watched else io.StringIO()
    assert for_people(stream) == form
    assert colour.wanted(stream) is (form == "terminal")


PAGE = Document(
    (
        Note("fine", GOOD),
        Note("not fine", BAD),
        Table(("head", "verdict"), (("x", "agree"),), (GOOD,), title="title"),
        Tree(Branch("root", branches=(Branch("leaf", "above"),))),
    )
)


def test_without_colour_nothing_is_dim_or_bold_either() -> None:
    assert "\x1b" in terminal.render(PAGE)
    assert "\x1b" not in terminal.uncoloured(PAGE)
    assert re.sub(r"\x1b\[[0-9;]*m", "", terminal.render(PAGE)) == terminal.uncoloured(PAGE)


def test_an_error_is_marked_on_a_terminal() -> None:
    problem = UsageError("no `y`", hint="write x").located("x + y")
    assert error.render(problem, coloured=True).startswith("\x1b[1;38;5;196merror:\x1b[0m no `y`\n")
    assert "\x1b[1;38;5;30mhint:\x1b[0m write x" in error.render(problem, coloured=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", error.render(problem, coloured=True)) == error.render(problem)


STEPS = (0, 95, 135, 175, 215, 255)
GROUNDS = {"white": (255, 255, 255), "cream": (253, 246, 227), "black": (0, 0, 0), "dark grey": (30, 30, 30)}


def components(index: int) -> tuple[int, int, int]:
    """The red, green and blue of one of a terminal's 256 colours."""
    if index >= 232:
        return (8 + 10 * (index - 232),) * 3
    return STEPS[(index - 16) // 36], STEPS[(index - 16) // 6 % 6], STEPS[(index - 16) % 6]


def luminance(rgb: tuple[int, int, int]) -> float:
    """The relative luminance, by WCAG 2.2."""
    linear = [one / 255 / 12.92 if one <= 10 else ((one / 255 + 0.055) / 1.055) ** 2.4 for one in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("index", [colour.GREEN, colour.RED, colour.GREY, colour.BLUE])
def test_every_colour_can_be_read_on_light_and_on_dark_ground(index: int, ground: str) -> None:
    low, high = sorted((luminance(components(index)), luminance(GROUNDS[ground])))
    assert (high + 0.05) / (low + 0.05) >= 3.4  # WCAG asks for 3 of large and bold text
