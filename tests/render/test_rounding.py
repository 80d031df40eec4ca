"""Numbers rounded for slides, and what is left as it is."""

from __future__ import annotations

import pytest

from gradcalc.render.document import Document, Facts, Note
from gradcalc.render.rounding import rounded

ROUNDED = {
    "a long number": ("0.924141819", "0.9241"),
    "trailing zeros are digits": ("0.99995460", "1.000"),
    "a number of few digits": ("0.5", "0.5"),
    "inside a sentence": ("p = 0.924141819 here", "p = 0.9241 here"),
    "with an exponent": ("4.539889921686465e-05", "4.540e-05"),
    "a whole number": ("123456", "123456"),
    "the user's own decimal": ("0.044715*x", "0.044715*x"),
    "a version is no number": ("1.234567.8", "1.234567.8"),
}


@pytest.mark.parametrize(("text", "short"), ROUNDED.values(), ids=ROUNDED)
def test_numbers_are_rounded(text: str, short: str) -> None:
    page = Document((Facts((("value", text),)), Note(text)))
    assert rounded(page, 4, "sin(0.044715*x)") == Document((Facts((("value", short),)), Note(short)))
