"""Numbers of hundreds of digits as sums of short ones."""

from __future__ import annotations

from fractions import Fraction

import pytest

from gradcalc import api
from gradcalc.functions.printer import to_text
from gradcalc.syntax.sparse import short

TINY, HUGE = Fraction(1, 10**300), Fraction(10) ** 300
NUMBERS = [
    (1 - TINY, "1 - 1e-300"),
    (2 + 3 * TINY, "2 + 3e-300"),
    (HUGE - 1, "1e300 - 1"),
    (HUGE**2 * 2 - HUGE * 3 + 1, "2e600 - 3e300 + 1"),
    (Fraction(5, 4) - TINY / 4, "1.25 - 2.5e-301"),
    (HUGE, None),  # short as it is
    (Fraction(3, 7), None),
    (Fraction(7**200), None),  # nothing but digits
    (1 + Fraction(1, 2**300), None),
]


@pytest.mark.parametrize(("value", "text"), NUMBERS)
def test_a_number_is_a_sum_of_short_ones(value: Fraction, text: str | None) -> None:
    found = short(value)
    assert (None if found is None else to_text(found)) == text


FORMULAS = [
    ("x**1e-300", 1, "1/(1e300*x**(1 - 1e-300))"),
    ("x**1e300", 1, "1e300*x**(1e300 - 1)"),
    ("x**1e-300", 3, "(2e600 - 3e300 + 1)/(1e900*x**(3 - 1e-300))"),
    ("x**(2 + 1e-200)", 2, "(2 + 3e-200 + 1e-400)*x**1e-200"),
    ("x**(1/3 + 1e-90)", 1, "(1e90 + 3)/(3e90*x**((2e90 - 3)/3e90))"),
    ("(1 + x)**1e200", 3, "(1e600 - 3e400 + 2e200)*(1 + x)**(1e200 - 3)"),
]


@pytest.mark.parametrize(("source", "order", "formula"), FORMULAS)
def test_a_formula_has_no_number_of_hundreds_of_digits(source: str, order: int, formula: str) -> None:
    assert api.diff(source, order=order).scalar("x").formula == formula
