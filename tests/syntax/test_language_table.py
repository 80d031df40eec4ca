"""The language table of the gallery: every formula in it is read, and what it says of one holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gradcalc.base.errors import GradcalcError
from gradcalc.base.limits import Limits
from gradcalc.functions.printer import to_text
from gradcalc.inputs.pose import pose
from gradcalc.problem.resolve import read

PAGE = (Path(__file__).parents[2] / "examples" / "language.md").read_text(encoding="utf-8")
TABLE = PAGE.partition("\n| ")[2].partition("\n\nAn error")[0]
QUOTED = re.compile(r"`([^`]+)`")
SAME = re.findall(r"`([^`]+)` (?:is|,) `([^`]+)`", TABLE)
REFUSED = {  # what the table says is refused or asked, and why
    "x(2)": "`x` is not a function", "A^-1": "it is unclear what a negative power of a matrix is",
    "x/2y": "it is unclear how much stands below the `/`",
}  # fmt: skip
SIGNS = re.compile(r"\W+|_|\w+ \w+ NAME|gradcalc .*|--\w+|#|;|f\(x\) = …|.*\\begin\{cases\}.*|\.T|e|comparisons")
FORMULAS = sorted({one for one in QUOTED.findall(TABLE) if not SIGNS.fullmatch(one)} - {*REFUSED})
SQUARE = {"shape": ["A=n,n"]}


def reading(text: str) -> str:
    """How a formula of the table is read."""
    return to_text(read(text, Limits()).root)


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_of_the_table_is_read(text: str) -> None:
    assert reading(text)


@pytest.mark.parametrize(("text", "same"), SAME)
def test_what_the_table_says_is_the_same_is_so(text: str, same: str) -> None:
    assert reading(text) == reading(same)


@pytest.mark.parametrize(("text", "message"), REFUSED.items())
def test_what_the_table_says_is_refused_is_so(text: str, message: str) -> None:
    latex = rf"\alpha {text}" if "y" in text else text
    with pytest.raises(GradcalcError) as raised:
        pose(latex, Limits(), **(SQUARE if "A" in text else {}))
    assert raised.value.message == message


def test_the_table_is_found() -> None:
    assert len(FORMULAS) > 60
    assert ("1/2x", "(1/2)*x") in SAME
